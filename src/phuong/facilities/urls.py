"""Addresses of facilities."""

from django.urls import path

from phuong.facilities import views

app_name = "facilities"
urlpatterns = [path("truong/<uuid:organisation_id>/phong/", views.rooms, name="rooms")]
