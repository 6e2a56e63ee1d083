"""Addresses of the registry."""

from django.urls import path

from phuong.registry.views import details, lists, network, restructure

app_name = "registry"
urlpatterns = [
    path("hoc-sinh/", lists.learners, name="learners"),
    path("doi-ngu/", lists.staff, name="staff"),
    path("truong/", lists.schools, name="schools"),
    path("truong/<uuid:organisation_id>/", details.school, name="school"),
    path("truong/<uuid:organisation_id>/sap-xep/", restructure.choose, name="restructure"),
    path("truong/<uuid:organisation_id>/sap-xep/<slug:act>/", restructure.carry_out, name="carry_out"),
    path("xa/<uuid:organisation_id>/", details.commune, name="commune"),
    path("lop/<uuid:class_id>/", details.class_group, name="class"),
    path("mang-luoi/", network.contacts, name="network"),
    path("nguoi/<uuid:person_id>/", details.person, name="person"),
]
