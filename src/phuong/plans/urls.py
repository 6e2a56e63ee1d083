"""Addresses of plans."""

from django.urls import path

from phuong.plans.views import matrix, plans, reporting

app_name = "plans"
urlpatterns = [
    path("chi-tieu/", plans.indicators, name="indicators"),
    path("dia-ban/<uuid:area_id>/", plans.area, name="area"),
    path("bao-so-lieu/", reporting.reporting, name="reporting"),
    path("bao-so-lieu/duyet/", reporting.review, name="review"),
    path("bao-so-lieu/so/<uuid:value_id>/", reporting.value, name="value"),
    path("bao-so-lieu/chua-bao/<str:plan_code>/<str:code>/", reporting.missing, name="missing"),
    path("bao-so-lieu/ke-hoach/<str:plan_code>/<str:code>/", reporting.report_one, name="report_one"),
    path("ke-hoach/", plans.plans, name="plans"),
    path("ke-hoach/doi-chieu/", matrix.matrix, name="matrix"),
    path("ke-hoach/<str:plan_code>/", plans.plan, name="plan"),
    path("ke-hoach/<str:plan_code>/nhiem-vu/", plans.tasks, name="tasks"),
    path("ke-hoach/<str:plan_code>/chi-tieu/<str:code>/", plans.indicator, name="indicator"),
    path("ke-hoach/<str:plan_code>/nghi-van/<uuid:doubt_id>/", plans.settle, name="settle"),
]
