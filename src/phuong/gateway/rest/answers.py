"""Answers: JSON with a version, or a problem."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse

from phuong.gateway.errors import UnknownClient
from phuong.kernel.refusals import BadInput, NotThere, Refused


def answer(facts: Any, *, status: int = 200, version: str = "") -> HttpResponse:
    """Answer with JSON; ``version`` travels as ETag."""
    content = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=str)
    response = HttpResponse(content, content_type="application/json", status=status)
    version = version or (facts.get("version") or "" if isinstance(facts, dict) else "")
    if version:
        response["ETag"] = f'"{version}"'
    response["Cache-Control"] = "private, no-store"
    return response


def tells_allowance(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let every answer to a known client say how many calls it has left, and when to call again."""

    @wraps(view)
    def answered(request: Any, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        if allowance := getattr(request, "allowance", None):
            for name, value in allowance.headers().items():
                response[name] = value
        return response

    return answered


def no_answer() -> HttpResponse:
    """Answer with nothing but success."""
    return HttpResponse(status=204)


def problem(request: Any, refusal: Refused) -> HttpResponse:
    """Answer a refusal as ``application/problem+json``, and undo what the call wrote before it."""
    request.must_roll_back = True
    if isinstance(refusal, NotThere):
        request.refused_access = "access.not_there"
    response = JsonResponse(
        refusal.problem(),
        status=refusal.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False, "default": str},
    )
    if isinstance(refusal, UnknownClient):
        response["WWW-Authenticate"] = "Bearer"
    return response


def bad_request(request: Any, errors: Any) -> HttpResponse:
    """Answer a request whose shape is wrong: each place with what is wrong there."""
    places = {".".join(str(part) for part in each["loc"]): str(each["msg"]) for each in errors.errors}
    return problem(request, BadInput("; ".join(f"{place}: {words}" for place, words in places.items()), errors=places))


def unreadable(request: Any, error: Any) -> HttpResponse:
    """Answer a body that is no JSON."""
    return problem(request, BadInput(str(error)))
