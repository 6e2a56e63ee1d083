"""Addresses of reports."""

from django.urls import path

from phuong.reports import views

app_name = "reports"
urlpatterns = [
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/chua-gui/", views.owed, name="owed"),
    path("bao-cao/chua-gui/nhac/", views.reminders, name="remind"),
    path("bao-cao/tai-ve/", views.collected, name="collected"),
    path("bao-cao/dot/<uuid:job_id>/", views.run, name="run"),
    path("bao-cao/dot/<uuid:job_id>/dung/", views.stop, name="stop"),
    path("bao-cao/dot/<uuid:job_id>/chay-lai/", views.again, name="again"),
    path("bao-cao/<uuid:report_id>/", views.report, name="report"),
    path("bao-cao/<uuid:report_id>/tep.<str:form>", views.paper, name="paper"),
    path("bao-cao/<uuid:report_id>/dinh-chinh/", views.correct, name="correct"),
    path("bao-cao/<uuid:report_id>/buoc/<slug:act>/", views.step, name="step"),
]
