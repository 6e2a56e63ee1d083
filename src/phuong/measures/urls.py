"""Addresses of figures."""

from django.urls import path

from phuong.measures import views

app_name = "measures"
urlpatterns = [
    path("chi-so/", views.measures, name="measures"),
    path("chi-so/tinh-lai/", views.refresh, name="refresh"),
    path("chi-so/<str:code>/<uuid:area_id>/", views.figure, name="figure"),
    path("chi-so/<str:code>/<uuid:area_id>/ho-so/", views.records, name="records"),
]
