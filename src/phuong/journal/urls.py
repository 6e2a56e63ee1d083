"""Addresses of the journal."""

from django.urls import path

from phuong.journal import views

app_name = "journal"
urlpatterns = [
    path("nhat-ky/", views.search, name="search"),
    path("nguoi/<uuid:person_id>/ai-da-xem/", views.openings, name="openings"),
]
