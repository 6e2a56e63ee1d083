"""Addresses of the frame: home, search, functions, jobs, help, the gallery of components."""

from __future__ import annotations

from django.urls import path

from phuong.ui import pages, views

app_name = "ui"

urlpatterns = [
    path("", pages.home, name="home"),
    path("tim-kiem/", pages.search, name="search"),
    path("chuc-nang/", pages.all_functions, name="all_functions"),
    path("cong-viec/", pages.job_list, name="jobs"),
    path("cong-viec/<uuid:job_id>/dung/", pages.cancel_job, name="cancel_job"),
    path("cong-viec/<uuid:job_id>/chay-lai/", pages.ask_job_again, name="ask_job_again"),
    path("tep/<uuid:attachment_id>/", pages.attachment, name="attachment"),
    path("tro-giup/", pages.guide, name="help"),
    path("ui/", views.gallery, name="gallery"),
    path("ui/theme/", views.set_theme, name="theme"),
]
