"""Answers of the service: JSON as OneRoster writes it, refusals as its status information."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from phuong.gateway.api import NotApproved, TooOften, UnknownClient, WrongPlace
from phuong.kernel.gates import public
from phuong.kernel.refusals import NotThere, Refused
from phuong.roster.errors import BadQuery, BadToken, NoScope

View = Callable[..., HttpResponse]
_MINOR: tuple[tuple[type[Refused], str, int], ...] = (
    (BadToken, "unauthorisedrequest", 401),
    (UnknownClient, "unauthorisedrequest", 401),
    (NoScope, "forbidden", 403),
    (NotApproved, "forbidden", 403),
    (WrongPlace, "forbidden", 403),
    (NotThere, "unknownobject", 404),
    (TooOften, "server_busy", 429),
)
_NO_METHOD = 405


def answer(facts: Any, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Answer with JSON."""
    content = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=str)
    response = HttpResponse(content, content_type="application/json", headers=dict(headers or {}))
    response["Cache-Control"] = "private, no-store"
    return response


def status_of(refusal: Refused) -> HttpResponse:
    """Answer a refusal as ``imsx_StatusInfo``."""
    found = next(((minor, status) for kind, minor, status in _MINOR if isinstance(refusal, kind)), None)
    minor, status = found or ("invaliddata", 400)
    if isinstance(refusal, BadQuery):
        minor, status = refusal.minor, refusal.status
    return status_info(minor, status, refusal.detail)


def status_info(minor: str, status: int, words: str) -> HttpResponse:
    """Write ``imsx_StatusInfo``: what failed, and its minor code."""
    code = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
    facts = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": words,
        "imsx_CodeMinor": {"imsx_codeMinorField": [code]},
    }
    response = JsonResponse(facts, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def open_to_keys(view: View, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> View:
    """Let calls pass the gate of the session: they show a key or a token. Refusals answer as OneRoster says."""

    @wraps(view)
    def answered(request: Any, *args: Any, **named: Any) -> HttpResponse:
        if request.method not in methods:
            response = status_info("invaliddata", _NO_METHOD, f"{', '.join(methods)} only")
            response["Allow"] = ", ".join(methods)
            return response
        try:
            response = view(request, *args, **named)
        except Refused as refusal:
            request.must_roll_back = True
            if isinstance(refusal, NotThere):
                request.refused_access = "access.not_there"
            response = status_of(refusal)
        if allowance := getattr(request, "allowance", None):
            for name, value in allowance.headers().items():
                response[name] = value
        return response

    return csrf_exempt(public(answered))
