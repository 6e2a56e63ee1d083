"""Addresses of data sharing."""

from django.urls import path

from phuong.sharing import views

app_name = "sharing"
urlpatterns = [
    path("chia-se-du-lieu/", views.services, name="services"),
    path("chia-se-du-lieu/<uuid:service_id>/", views.by_key, name="by_key"),
    path("chia-se-du-lieu/<str:code>/", views.service, name="service"),
    path("chia-se-du-lieu/<str:code>/thoa-thuan/", views.agree, name="agree"),
    path("chia-se-du-lieu/<str:code>/<str:act>/", views.act, name="act"),
]
