"""Where a client changes its key for a short-lived token (OAuth 2 client credentials, RFC 6749 §4.4)."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from phuong.gateway.api import NotApproved, TooOften, UnknownClient, WrongPlace, address_of, caller_of, take_call
from phuong.kernel.refusals import Refused
from phuong.roster.access import TOKEN_SECONDS, shown_secret, token_for
from phuong.roster.errors import NoScope

_ERRORS: tuple[tuple[type[Refused], str, int], ...] = (
    (UnknownClient, "invalid_client", 401),
    (NotApproved, "unauthorized_client", 403),
    (WrongPlace, "unauthorized_client", 403),
    (NoScope, "invalid_scope", 400),
    (TooOften, "slow_down", 429),
)


def token(request: Any) -> HttpResponse:
    """Give a token for an hour to a client that shows its id and key, by HTTP Basic or in the body."""
    if request.POST.get("grant_type") != "client_credentials":
        return _answer({"error": "unsupported_grant_type"}, 400)
    address = address_of(request)
    try:
        header = request.headers.get("Authorization", "")
        shown = shown_secret(header, request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
        caller = caller_of("Bearer {}.{}".format(*shown), address)
        request.allowance = take_call(caller.id, caller.rate)
        if request.allowance.wait:
            raise TooOften
        made, scopes = token_for(*shown, request.POST.get("scope", "").split(), address)
    except Refused as refusal:
        request.must_roll_back = True
        error, status = next((error, status) for kind, error, status in _ERRORS if isinstance(refusal, kind))
        return _answer({"error": error, "error_description": refusal.detail}, status)
    facts = {"access_token": made, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": " ".join(scopes)}
    return _answer(facts, 200)


def _answer(facts: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(facts, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="oneroster"'
    return response
