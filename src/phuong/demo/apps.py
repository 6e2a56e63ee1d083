"""The app ``demo``: a synthetic province, for trying out, testing and measuring."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Makes rows for other apps; has no tables of its own."""

    name = "phuong.demo"
    label = "demo"
