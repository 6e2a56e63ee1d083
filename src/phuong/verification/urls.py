"""Addresses of verification."""

from django.urls import path

from phuong.verification.views import cases, person, progress

app_name = "verification"
urlpatterns = [
    path("doi-chieu-dan-cu/", cases.cases, name="cases"),
    path("doi-chieu-dan-cu/tien-do/", progress.progress, name="progress"),
    path("doi-chieu-dan-cu/tien-do/chay/", progress.run, name="run"),
    path("doi-chieu-dan-cu/tien-do/<uuid:dispatch_id>/gui-lai/", progress.let_go, name="let_go"),
    path("doi-chieu-dan-cu/<uuid:person_id>/", cases.case, name="case"),
    path("nguoi/<uuid:person_id>/doi-chieu-dan-cu/", person.person, name="person"),
    path("nguoi/<uuid:person_id>/doi-chieu-dan-cu/hoi/", person.ask, name="ask"),
]
