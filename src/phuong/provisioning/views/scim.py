"""The door of the SCIM interface."""

import json
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from scim2_server.requests import ScimRequest

from phuong.kernel.gates import public
from phuong.provisioning.rest.service import answer

ROOT = "/scim/v2"


@public
@csrf_exempt
@never_cache
def scim(request: Any, path: str = "") -> HttpResponse:
    """Answer another system, which shows a key instead of a session."""
    told = answer(
        ScimRequest(
            method=request.method,
            base_url=request.build_absolute_uri(ROOT),
            path=f"/{path}".removesuffix(".scim"),
            query=request.GET.dict(),
            headers=dict(request.headers),
            body=request.body,
        )
    )
    body = b"" if told.body is None else json.dumps(told.body, ensure_ascii=False).encode()
    return HttpResponse(body, status=int(told.status), headers=told.headers)
