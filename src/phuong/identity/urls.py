"""Addresses of signing in and out."""

from django.urls import path

from phuong.identity import views

app_name = "identity"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("vai-tro/", views.switch_role, name="switch_role"),
]
