"""Addresses of plans."""

from django.urls import path

from phuong.plans import views

app_name = "plans"
urlpatterns = [
    path("chi-tieu/", views.indicators, name="indicators"),
    path("dia-ban/<uuid:area_id>/", views.area, name="area"),
    path("ke-hoach/", views.plans, name="plans"),
    path("ke-hoach/<str:plan_code>/", views.plan, name="plan"),
    path("ke-hoach/<str:plan_code>/nhiem-vu/", views.tasks, name="tasks"),
    path("ke-hoach/<str:plan_code>/chi-tieu/<str:code>/", views.indicator, name="indicator"),
    path("ke-hoach/<str:plan_code>/nghi-van/<uuid:doubt_id>/", views.settle, name="settle"),
]
