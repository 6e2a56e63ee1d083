"""The page about the interface, and its OpenAPI document."""

import json
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from phuong.gateway.rest import api
from phuong.kernel.gates import public


@cache
def document_text() -> str:
    """Write the OpenAPI 3.1 document; the same on every machine."""
    with override("vi"):
        return json.dumps(
            api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder
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
    """Explain the interface: resources, paging, changes, writes, errors."""
    paths = json.loads(document_text())["paths"]
    resources: dict[str, list[tuple[str, str]]] = {}
    for address, acts in paths.items():
        for act, facts in acts.items():
            resources.setdefault(facts["tags"][0], []).append((act.upper(), address))
    return render(request, "gateway/guide.html", {"resources": sorted(resources.items())})
