"""Addresses of notices."""

from django.urls import path

from phuong.notices import views

app_name = "notices"
urlpatterns = [
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.all_read, name="all_read"),
    path("thong-bao/cai-dat/", views.wishes, name="wishes"),
    path("thong-bao/<uuid:notice_id>/", views.follow, name="follow"),
]
