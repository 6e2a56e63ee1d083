"""Addresses of data coming in."""

from django.urls import path, re_path

from phuong.intake import views

app_name = "intake"
urlpatterns = [
    path("nap-du-lieu/", views.batches, name="batches"),
    path("nap-du-lieu/loai/<slug:kind>/", views.bring, name="bring"),
    path("nap-du-lieu/mau/<slug:kind>/", views.template, name="template"),
    path("nap-du-lieu/hien-co/<slug:kind>/", views.present, name="present"),
    path("nap-du-lieu/<uuid:batch_id>/", views.batch, name="batch"),
    path("nap-du-lieu/<uuid:batch_id>/ghep-cot/", views.map_batch, name="map"),
    path("nap-du-lieu/<uuid:batch_id>/loi/", views.problems, name="problems"),
    re_path(
        r"^nap-du-lieu/(?P<batch_id>[0-9a-f-]{36})/(?P<step>ap-dung|hoan-tac|tiep-tuc|bo|dung)/$", views.act, name="act"
    ),
]
