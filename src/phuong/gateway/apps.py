"""Gateway as a Django app."""

from django.apps import AppConfig


class Gateway(AppConfig):
    """Floor 4: the programming interface for other systems."""

    name = "phuong.gateway"
    label = "gateway"
