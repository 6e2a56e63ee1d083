"""A mail suite whose mailboxes are kept over SCIM 2.0, and shown on a page."""

import hmac
import json
import time
from typing import Any, ClassVar

from flask import Blueprint, Response, jsonify, render_template, request
from scim2_models import (
    Bulk,
    ChangePassword,
    Email,
    ETag,
    Filter,
    Patch,
    Resource,
    ResourceType,
    SCIMException,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    TooManyException,
    UnauthorizedException,
    UniquenessException,
    User,
)
from scim2_server.handler import ScimHandler
from scim2_server.memory import InMemoryStorage
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from phuong_sandbox.service import Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text

MOST_RESULTS = 200
MOST_MAILBOXES = 5000
RETRY_AFTER = "1"
SHOWN = 200
_WRITING = ("POST", "PUT", "PATCH")


class Mailboxes(InMemoryStorage):
    """Mailboxes in memory; an address, alias or not, belongs to one of them."""

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Keep a new mailbox, up to 5,000."""
        if len(self.resources) >= MOST_MAILBOXES:
            raise TooManyException
        self._check(resource)
        return super().create(resource_type, resource)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Change a mailbox."""
        self._check(resource)
        return super().update(resource_type, resource, expected_version=expected_version)

    def _check(self, resource: Resource[Any]) -> None:
        wanted = addresses_of(resource)
        for other in self.resources:
            if other.id != resource.id and wanted & addresses_of(other):
                raise UniquenessException(detail="address already in use")


class MailSuite(Service):
    """Keeps mailboxes for who shows the right key."""

    code: ClassVar[str] = "mailsuite"
    title: ClassVar[Text] = Text("Hộp thư công vụ", "Work mailboxes")
    purpose: ClassVar[Text] = Text(
        "Hệ thống thư: hộp thư được cấp, đổi tên, khóa qua SCIM 2.0.",
        "A mail suite: mailboxes are made, renamed and suspended over SCIM 2.0.",
    )

    def __init__(self, key: str) -> None:
        """Serve callers that show ``key`` as a bearer token."""
        self.key = key
        self.storage = Mailboxes()
        self.service = ScimService(ScimProvider(models=[User], config=_config()))
        self.switches = Switches(
            Switch("busy", Text("Quá nhiều lần gọi (429)", "Too many calls (429)")),
            Switch("down", Text("Ngừng phục vụ (503)", "Out of service (503)")),
            Switch("conflict", Text("Địa chỉ đã có người dùng (409)", "Address in use (409)")),
            Switch("lost", Text("Làm xong nhưng không trả lời (504)", "Done, but no answer (504)")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
        )

    def count(self) -> int:
        """Count the mailboxes kept."""
        return len(self.storage.resources)

    def reset(self) -> None:
        """Forget all mailboxes."""
        self.storage.resources = []
        self.switches.clear()

    def routes(self, pages: Blueprint) -> None:
        """Serve SCIM; show the mailboxes as a page and as JSON."""

        @pages.get("/")
        def page() -> str:
            boxes = self._named(request.args.get("to", ""))
            return render_template("mailsuite.html", service=self, boxes=boxes[:SHOWN], total=len(boxes))

        @pages.get("/messages.json")
        def messages() -> Response:
            boxes = self._named(request.args.get("to", ""))
            return jsonify({"count": len(boxes), "messages": boxes})

        @pages.route("/scim/v2/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
        def scim(path: str) -> Response:
            answer = self._answer(path, request.get_data())
            body = b"" if answer.body is None else json.dumps(answer.body).encode()
            return Response(body, status=int(answer.status), headers=answer.headers)

    def _answer(self, path: str, body: bytes) -> ScimResponse:
        time.sleep(self.switches.seconds("slow"))
        asked = ScimRequest(
            method=request.method,
            base_url=f"{request.url_root}{self.code}/scim/v2",
            path=f"/{path}",
            query=request.args.to_dict(),
            headers=dict(request.headers),
            body=body,
        )
        try:
            self._check_key(request.headers.get("Authorization", ""))
            failure = self._failure(_address_in(body)) if request.method in _WRITING else None
            if failure is not None:
                return failure
            answer = ScimHandler(self.service, self.storage).handle(asked)
        except SCIMException as refusal:
            return self.service.error_response(refusal)
        if request.method in _WRITING and self.switches.meets("lost", _address_in(body)):
            return self.service.error_response(_failed(504))
        return answer

    def _check_key(self, header: str) -> None:
        if not hmac.compare_digest(header.encode(), f"Bearer {self.key}".encode()):
            raise UnauthorizedException

    def _failure(self, address: str) -> ScimResponse | None:
        for code, status in (("down", 503), ("busy", 429), ("conflict", 409)):
            if self.switches.meets(code, address):
                answer = self.service.error_response(_failed(status))
                if status == 429:
                    answer.headers["Retry-After"] = RETRY_AFTER
                return answer
        return None

    def _named(self, address: str) -> list[dict[str, Any]]:
        wanted = address.strip().lower()
        found = [box for box in reversed(self.storage.resources) if not wanted or wanted in addresses_of(box)]
        return [_shown(box) for box in found]


def addresses_of(resource: Any) -> set[str]:
    """Give every address of a mailbox."""
    emails: list[Email] = resource.emails or []
    return {str(each).lower() for each in (resource.user_name, *(one.value for one in emails)) if each}


def _shown(box: Any) -> dict[str, Any]:
    return {
        "id": box.id,
        "address": box.user_name,
        "aliases": sorted(addresses_of(box) - {str(box.user_name).lower()}),
        "name": box.display_name or "",
        "external_id": box.external_id or "",
        "active": box.active is not False,
    }


def _failed(status: int) -> SCIMException:
    failure = SCIMException(detail="switched on in the sandbox")
    failure.status = status
    return failure


def _address_in(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("userName", "")) if isinstance(told, dict) else ""


def _config() -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
    )
