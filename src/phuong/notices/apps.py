"""Notices as a Django app."""

from django.apps import AppConfig


class Notices(AppConfig):
    """Floor 1: what people are told, on the page and by e-mail."""

    name = "phuong.notices"
    label = "notices"
