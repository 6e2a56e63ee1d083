"""Addresses of the registry."""

from django.urls import path

from phuong.registry.views import details, lists, network

app_name = "registry"
urlpatterns = [
    path("hoc-sinh/", lists.learners, name="learners"),
    path("doi-ngu/", lists.staff, name="staff"),
    path("truong/", lists.schools, name="schools"),
    path("truong/<uuid:organisation_id>/", details.school, name="school"),
    path("xa/<uuid:organisation_id>/", details.commune, name="commune"),
    path("lop/<uuid:class_id>/", details.class_group, name="class"),
    path("mang-luoi/", network.contacts, name="network"),
    path("nguoi/<uuid:person_id>/", details.person, name="person"),
]
