"""Addresses of tasks."""

from django.urls import path

from phuong.tasks.views import giving, lists, one, rules

app_name = "tasks"
urlpatterns = [
    path("nhiem-vu/", lists.tasks, name="tasks"),
    path("nhiem-vu/bang/", lists.board, name="board"),
    path("nhiem-vu/lich/", lists.timeline, name="timeline"),
    path("nhiem-vu/khoi-luong/", lists.load, name="load"),
    path("nhiem-vu/doi-chieu/", lists.printed, name="printed"),
    path("nhiem-vu/nhac/", lists.reminders, name="remind"),
    path("nhiem-vu/moi/", giving.new, name="new"),
    path("nhiem-vu/bao-cap-tren/", rules.rules, name="rules"),
    path("nhiem-vu/bao-cap-tren/moi/", rules.new_rule, name="new_rule"),
    path("nhiem-vu/bao-cap-tren/<uuid:rule_id>/", rules.rule, name="rule"),
    path("nhiem-vu/<uuid:assignment_id>/", one.task, name="task"),
    path("nhiem-vu/<uuid:assignment_id>/giao-xuong/", giving.assign_down, name="assign_down"),
    path("nhiem-vu/<uuid:assignment_id>/nguoi/", one.person, name="person"),
    path("nhiem-vu/<uuid:assignment_id>/kinh-phi/", one.budget, name="budget"),
    path("nhiem-vu/<uuid:assignment_id>/<slug:act>/", one.move, name="move"),
]
