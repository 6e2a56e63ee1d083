"""The page about the interface, and its OpenAPI document."""

import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from phuong.gateway.actions.keeping import ANSWER_DAYS
from phuong.gateway.errors import (
    BadCursor,
    CursorTooOld,
    NotApproved,
    OtherBody,
    TooOften,
    UnknownClient,
    WrongPlace,
)
from phuong.gateway.rest import document_text
from phuong.gateway.rest.feed import MOST
from phuong.kernel.changes import KEPT_DAYS
from phuong.kernel.gates import public
from phuong.kernel.refusals import BadInput, NotThere
from phuong.records.api import BadValues, CannotEnd, ChangedMeanwhile

_REFUSALS = (
    UnknownClient,
    NotApproved,
    WrongPlace,
    NotThere,
    BadInput,
    BadValues,
    BadCursor,
    OtherBody,
    ChangedMeanwhile,
    CannotEnd,
    CursorTooOld,
    TooOften,
)


@public
@require_safe
def document(request: Any) -> HttpResponse:
    """Hand over the document."""
    del request
    return HttpResponse(document_text(), content_type="application/json")


@public
@require_safe
def guide(request: Any) -> HttpResponse:
    """Explain the interface: keys, paging, changes, writes, errors, rates; every resource with its acts."""
    page = {
        "resources": _resources(is_english=(get_language() or "").startswith("en")),
        "refusals": [(each.status, each.code, each.message) for each in _REFUSALS],
        "most": MOST,
        "kept_days": KEPT_DAYS,
        "answer_days": ANSWER_DAYS,
        "base": request.build_absolute_uri("/api/v1/").rstrip("/"),
    }
    return render(request, "gateway/guide.html", page)


@cache
def _resources(*, is_english: bool) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Give (resource, [(verb, address, summary)]), in the order of the document."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for address, acts in json.loads(document_text())["paths"].items():
        for act, facts in acts.items():
            summary = facts["summary"].split(". ")[1 if is_english else 0]
            found.setdefault(facts["tags"][0], []).append((act.upper(), address, summary))
    return list(found.items())
