"""One call over SCIM, from request to answer: the key opens a place, and all is done within it or nothing."""

from scim2_models import SCIMException, UnauthorizedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService

from phuong.kernel.rates import Allowance, take_call
from phuong.kernel.scope import acting
from phuong.provisioning.access import Caller, caller_of
from phuong.provisioning.errors import UnknownKey
from phuong.provisioning.rest.shapes import provider
from phuong.provisioning.rest.storage import AccountStorage

SERVICE = ScimService(provider())


class TooOften(SCIMException):
    """More calls in a minute than agreed (RFC 6585, 4; RFC 7644 knows no scimType for it)."""

    status = 429
    _default_detail = "Too many calls within a minute: wait as Retry-After says"


def answer(request: ScimRequest) -> ScimResponse:
    """Serve a request; only the configuration of the service is told to everybody (RFC 7643, 5)."""
    allowance: Allowance | None = None
    try:
        target = SERVICE.match(request)
        if target.operation is Operation.service_provider_config:
            told = SERVICE.service_provider_config(request.url, request.query)
        else:
            caller = _caller(request)
            allowance = take_call(caller.client.pk, caller.client.rate_per_minute)
            told = _answer_as(caller, request, allowance)
    except SCIMException as refusal:
        told = SERVICE.error_response(refusal)
    told.headers.setdefault("Location", request.url)
    told.headers.update(allowance.headers() if allowance else {})
    return told


def _caller(request: ScimRequest) -> Caller:
    try:
        return caller_of(request.header("Authorization") or "")
    except UnknownKey as refusal:
        raise UnauthorizedException(detail=refusal.detail) from refusal


def _answer_as(caller: Caller, request: ScimRequest, allowance: Allowance) -> ScimResponse:
    if allowance.wait:
        raise TooOften
    with acting(caller.actor):
        return ScimHandler(SERVICE, AccountStorage(caller)).handle(request)
