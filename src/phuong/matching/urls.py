"""Addresses of matching."""

from django.urls import path

from phuong.matching.views import desk, merges, runs

app_name = "matching"
urlpatterns = [
    path("doi-chieu-ho-so/", desk.pairs, name="pairs"),
    path("doi-chieu-ho-so/tim/", runs.runs, name="runs"),
    path("doi-chieu-ho-so/tim/<uuid:run_id>/dung/", runs.stop, name="stop"),
    path("doi-chieu-ho-so/da-gop/", merges.merges, name="merges"),
    path("doi-chieu-ho-so/da-gop/<uuid:merge_id>/", merges.merge, name="merge"),
    path("doi-chieu-ho-so/da-gop/<uuid:merge_id>/tach/", merges.undo, name="undo"),
    path("doi-chieu-ho-so/<uuid:pair_id>/", desk.pair, name="pair"),
    path("doi-chieu-ho-so/<uuid:pair_id>/<slug:act>/", desk.decide, name="decide"),
]
