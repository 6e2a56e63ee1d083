"""Addresses of open data."""

from django.urls import path

from phuong.opendata.views import desk, public

app_name = "opendata"
urlpatterns = [
    path("du-lieu-mo/", public.opened, name="opened"),
    path("du-lieu-mo/catalog.jsonld", public.catalog, name="catalog"),
    path("du-lieu-mo/quan-li/", desk.desk, name="desk"),
    path("du-lieu-mo/quan-li/<slug:code>/", desk.preview, name="preview"),
    path("du-lieu-mo/quan-li/<slug:code>/cong-khai/", desk.open_it, name="open"),
    path("du-lieu-mo/quan-li/<slug:code>/ngung/", desk.shut_it, name="shut"),
    path("du-lieu-mo/<slug:province>/<slug:code>/", public.dataset, name="dataset"),
    path("du-lieu-mo/<slug:province>/<slug:code>.csv", public.file, name="file"),
    path("du-lieu-mo/<slug:province>/<slug:code>.csv-metadata.json", public.schema, name="schema"),
]
