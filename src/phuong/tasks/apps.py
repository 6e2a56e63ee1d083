"""Tasks as a Django app."""

from django.apps import AppConfig


class Tasks(AppConfig):
    """Floor 4: who does what by when, and what came of it."""

    name = "phuong.tasks"
    label = "tasks"
