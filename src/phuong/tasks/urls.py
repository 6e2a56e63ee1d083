"""Addresses of tasks."""

from django.urls import path

from phuong.tasks import views

app_name = "tasks"
urlpatterns = [
    path("nhiem-vu/", views.tasks, name="tasks"),
    path("nhiem-vu/bang/", views.board, name="board"),
    path("nhiem-vu/lich/", views.timeline, name="timeline"),
    path("nhiem-vu/khoi-luong/", views.load, name="load"),
    path("nhiem-vu/moi/", views.new, name="new"),
    path("nhiem-vu/nhac/", views.reminders, name="remind"),
    path("nhiem-vu/<uuid:assignment_id>/", views.task, name="task"),
    path("nhiem-vu/<uuid:assignment_id>/giao-xuong/", views.assign_down, name="assign_down"),
    path("nhiem-vu/<uuid:assignment_id>/kinh-phi/", views.budget, name="budget"),
    path("nhiem-vu/<uuid:assignment_id>/<slug:act>/", views.move, name="move"),
]
