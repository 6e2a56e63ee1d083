"""The composing layer as a Django app: it carries the operators' commands."""

from django.apps import AppConfig


class Config(AppConfig):
    """Above all floors."""

    name = "phuong.config"
    label = "config"
