"""One call over SCIM, from request to answer: the key opens a place, and all is done within it or nothing."""

from scim2_models import SCIMException, UnauthorizedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService

from phuong.kernel.scope import acting
from phuong.provisioning.access import Caller, caller_of
from phuong.provisioning.errors import UnknownKey
from phuong.provisioning.rest.shapes import provider
from phuong.provisioning.rest.storage import AccountStorage

SERVICE = ScimService(provider())


def answer(request: ScimRequest) -> ScimResponse:
    """Serve a request; only the configuration of the service is told to everybody (RFC 7643, 5)."""
    try:
        target = SERVICE.match(request)
        if target.operation is Operation.service_provider_config:
            told = SERVICE.service_provider_config(request.url, request.query)
        else:
            told = _answer_as(_caller(request), request)
    except SCIMException as refusal:
        told = SERVICE.error_response(refusal)
    told.headers.setdefault("Location", request.url)
    return told


def _caller(request: ScimRequest) -> Caller:
    try:
        return caller_of(request.header("Authorization") or "")
    except UnknownKey as refusal:
        raise UnauthorizedException(detail=refusal.detail) from refusal


def _answer_as(caller: Caller, request: ScimRequest) -> ScimResponse:
    with acting(caller.actor):
        return ScimHandler(SERVICE, AccountStorage(caller)).handle(request)
