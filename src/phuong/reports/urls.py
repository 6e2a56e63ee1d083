"""Addresses of reports."""

from django.urls import path

from phuong.reports import views

app_name = "reports"
urlpatterns = [
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/<uuid:report_id>/", views.report, name="report"),
    path("bao-cao/<uuid:report_id>/tep.<str:form>", views.paper, name="paper"),
    path("bao-cao/<uuid:report_id>/dinh-chinh/", views.correct, name="correct"),
    path("bao-cao/<uuid:report_id>/buoc/<slug:act>/", views.step, name="step"),
]
