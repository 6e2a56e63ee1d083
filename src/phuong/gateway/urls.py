"""Addresses of gateway."""

from typing import Any

app_name = "gateway"
urlpatterns: list[Any] = []
