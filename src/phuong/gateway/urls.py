"""Addresses of the programming interface."""

from typing import Any

from django.urls import URLPattern, path

from phuong.gateway import views
from phuong.gateway.rest import api


def _open(found: tuple[list[Any], str, str]) -> tuple[list[Any], str, str]:
    """Let calls pass the gate of the session: they show a key instead."""
    for pattern in found[0]:
        if isinstance(pattern, URLPattern):
            pattern.callback.login_required = False  # type: ignore[attr-defined]
    return found


app_name = "gateway"
urlpatterns = [
    path("api/", views.guide, name="guide"),
    path("api/v1/openapi.json", views.document, name="document"),
    path("api/v1/", _open(api.urls)),
]
