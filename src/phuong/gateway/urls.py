"""Addresses of the programming interface."""

from typing import Any

from django.urls import URLPattern, path

from phuong.gateway.rest import api
from phuong.gateway.rest.answers import tells_allowance
from phuong.gateway.views import clients, guide, hooks


def _open(found: tuple[list[Any], str, str]) -> tuple[list[Any], str, str]:
    """Let calls pass the gate of the session, they show a key instead; tell each how many are left."""
    for pattern in found[0]:
        if isinstance(pattern, URLPattern):
            pattern.callback = tells_allowance(pattern.callback)
            pattern.callback.login_required = False  # type: ignore[attr-defined]
    return found


_calls = _open(api.urls)
_feed: Any = next(each.callback for each in _calls[0] if isinstance(each, URLPattern) and each.name == "feed")
app_name = "gateway"
urlpatterns = [
    path("api/", guide.guide, name="guide"),
    path("api/v1/openapi.json", guide.document, name="document"),
    path("api/v1/", _calls),
    path("feed/", _feed, name="feed"),  # the same as api/v1/feed
    path("he-thong-ket-noi/", clients.clients, name="clients"),
    path("he-thong-ket-noi/moi/", clients.new, name="new_client"),
    path("he-thong-ket-noi/<uuid:client_id>/", clients.client, name="client"),
    path("he-thong-ket-noi/<uuid:client_id>/doi-khoa/", clients.rotate, name="rotate"),
    path("he-thong-ket-noi/<uuid:client_id>/duyet/", clients.approve, name="approve"),
    path("he-thong-ket-noi/<uuid:client_id>/ra-soat/", clients.review, name="review"),
    path("he-thong-ket-noi/<uuid:client_id>/ngung/", clients.end, name="end"),
    path("he-thong-ket-noi/<uuid:client_id>/webhook/", hooks.hooks, name="hooks"),
    path("he-thong-ket-noi/<uuid:client_id>/webhook/moi/", hooks.new, name="new_hook"),
    path("he-thong-ket-noi/webhook/<uuid:hook_id>/", hooks.hook, name="hook"),
    path("he-thong-ket-noi/webhook/<uuid:hook_id>/doi-khoa/", hooks.rotate, name="rotate_hook"),
    path("he-thong-ket-noi/webhook/<uuid:hook_id>/xoa/", hooks.remove, name="remove_hook"),
    path("he-thong-ket-noi/webhook/<uuid:hook_id>/gui-lai/<uuid:delivery_id>/", hooks.resend, name="resend"),
    path("he-thong-ket-noi/webhook/<uuid:hook_id>/<str:act>/", hooks.act, name="hook_act"),
]
