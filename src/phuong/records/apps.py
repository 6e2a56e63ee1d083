"""Records as a Django app."""

from django.apps import AppConfig


class Records(AppConfig):
    """Floor 0: one desk for every kind of record: create, change, close, history, bulk."""

    name = "phuong.records"
    label = "records"
