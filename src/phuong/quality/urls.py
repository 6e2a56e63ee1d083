"""Addresses of quality."""

from django.urls import path

from phuong.quality import views

app_name = "quality"
urlpatterns = [
    path("chat-luong/", views.unit, name="own"),
    path("chat-luong/quy-tac/", views.weights, name="weights"),
    path("chat-luong/quy-tac/<str:measure>/", views.weight, name="weight"),
    path("chat-luong/<uuid:unit_id>/", views.unit, name="unit"),
    path("chat-luong/<uuid:unit_id>/giao/<str:measure>/", views.ask, name="ask"),
    path("chat-luong/viec/<uuid:fix_id>/bo/", views.drop, name="drop"),
]
