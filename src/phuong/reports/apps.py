"""Reports as a Django app."""

from django.apps import AppConfig


class Reports(AppConfig):
    """Floor 4: the reports units owe, drafted from live figures."""

    name = "phuong.reports"
    label = "reports"
