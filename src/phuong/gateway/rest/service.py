"""The whole interface: its endpoints, who may call, how refusals are answered."""

from typing import Any

from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from phuong.gateway.access import address_of, caller_of
from phuong.gateway.declarations import PLURALS
from phuong.gateway.errors import TooOften, UnknownClient
from phuong.gateway.rest.answers import bad_request, problem, unreadable
from phuong.gateway.rest.lists import lists
from phuong.gateway.rest.records import router_of
from phuong.gateway.rest.steering import plans
from phuong.gateway.rest.stream import stream
from phuong.gateway.rest.tasks import tasks
from phuong.kernel.rates import take_call
from phuong.kernel.refusals import Refused
from phuong.records.api import kind_named


class ClientKey(HttpBearer):
    """The key of a client, as a bearer token."""

    def __call__(self, request: Any) -> Any:
        """Find the client and count the call."""
        caller = caller_of(request.headers.get("Authorization", ""), address_of(request))
        request.allowance = take_call(caller.id, caller.rate)
        if request.allowance.wait:
            raise TooOften(retry_after=request.allowance.wait)
        return caller

    def authenticate(self, request: Any, token: str) -> Any:  # pragma: no cover - ``__call__`` answers
        """Never asked."""
        raise UnknownClient


api = NinjaAPI(
    title="Phượng REST",
    version="1.0.0",
    urls_namespace="rest",
    auth=ClientKey(),
    docs_url=None,
    openapi_url=None,
)
for _code, _plural in PLURALS.items():
    api.add_router(f"/{_plural}", router_of(kind_named(_code), _plural))
api.add_router("/tasks", tasks)
api.add_router("/feed", stream)
api.add_router("/plans", plans)
api.add_router("/code-lists", lists)
api.add_exception_handler(Refused, problem)  # type: ignore[arg-type]
api.add_exception_handler(ValidationError, bad_request)
api.add_exception_handler(HttpError, unreadable)
