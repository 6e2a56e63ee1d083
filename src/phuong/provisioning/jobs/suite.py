"""A mail suite spoken to over SCIM 2.0: every order says all that a mailbox should be, so it may be told twice."""

import time
from typing import Any

import httpx

from phuong.provisioning.actions.telling import Order, Outcome

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MEDIA_TYPE = "application/scim+json"
TIMEOUT_SECONDS = 20.0
LEAST_WAIT, MOST_WAIT = 60.0, 3600.0
_LATER = (408, 425, 429, 500, 502, 503, 504)
_OURS = (401, 403)  # the key: no order can pass


class Suite:
    """A connection to the suite, at most ``rate`` calls a second."""

    def __init__(self, url: str, key: str, rate: float) -> None:
        """Speak to the SCIM endpoint ``url`` with a bearer ``key``."""
        headers = {"Authorization": f"Bearer {key}", "Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._url, self._pause, self._next = url, 1 / rate, 0.0

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def tell(self, order: Order) -> Outcome:
        """Bring one mailbox to what the order says."""
        try:
            return self._tell(order)
        except httpx.HTTPError as gone:
            return Outcome(order, "later", f"{type(gone).__name__}: {gone}")
        except ValueError:
            return Outcome(order, "later", "the answer is no SCIM")

    def _tell(self, order: Order) -> Outcome:
        suite_id = order.suite_id or (self._find("externalId", str(order.id)).get("id", "") if order.was_tried else "")
        if suite_id:
            answer = self._call("PUT", f"/Users/{suite_id}", _body(order, suite_id))
            if answer.status_code != httpx.codes.NOT_FOUND:
                return _outcome(order, answer, suite_id)
        if not order.is_active:
            return Outcome(order, "done", "")
        answer = self._call("POST", "/Users", _body(order))
        if answer.status_code == httpx.codes.CONFLICT:
            return self._settle(order, answer)
        return _outcome(order, answer)

    def _settle(self, order: Order, conflict: httpx.Response) -> Outcome:
        """Find out whose the address is: ours from a call without answer, recorded as the person's, or another's."""
        found = self._find("externalId", str(order.id))
        if not found and order.is_recorded:
            there = self._find("userName", order.address)
            found = there if there and not there.get("externalId") else {}
        if not found:
            return Outcome(order, "taken", _words(conflict))
        return _outcome(order, self._call("PUT", f"/Users/{found['id']}", _body(order, found["id"])), found["id"])

    def _find(self, attribute: str, value: str) -> dict[str, Any]:
        answer = self._call("GET", "/Users", params={"filter": f'{attribute} eq "{value}"'})
        answer.raise_for_status()
        found = answer.json().get("Resources") or []
        return dict(found[0]) if found else {}

    def _call(self, method: str, path: str, body: Any = None, params: Any = None) -> httpx.Response:
        now = time.monotonic()
        time.sleep(max(0.0, self._next - now))
        self._next = max(now, self._next) + self._pause
        return self._http.request(method, self._url + path, json=body, params=params)


def _body(order: Order, suite_id: str = "") -> dict[str, Any]:
    body = {
        "schemas": [USER],
        "userName": order.address,
        "externalId": str(order.id),
        "displayName": order.name,
        "active": order.is_active,
        "emails": [
            {"value": order.address, "type": "work", "primary": True},
            *({"value": alias, "type": "other", "primary": False} for alias in order.aliases),
        ],
    }
    return body | {"id": suite_id} if suite_id else body


def _outcome(order: Order, answer: httpx.Response, suite_id: str = "") -> Outcome:
    if answer.is_success:
        known = suite_id or str(answer.json().get("id", ""))
        return Outcome(order, "done" if known else "refused", _words(answer), known)
    if answer.status_code == httpx.codes.CONFLICT:
        return Outcome(order, "taken", _words(answer))
    if answer.status_code in _LATER or answer.status_code in _OURS:
        return Outcome(order, "later", _words(answer), wait=_wait(answer))
    return Outcome(order, "refused", _words(answer))


def _wait(answer: httpx.Response) -> float:
    if answer.status_code in _OURS:
        return LEAST_WAIT
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), MOST_WAIT) if asked.isdigit() else 0.0


def _words(answer: httpx.Response) -> str:
    """Write an answer as its status and what it says."""
    if answer.is_success:
        return str(answer.status_code)
    try:
        told = answer.json()
    except ValueError:
        told = {}
    detail = told.get("detail", "") if isinstance(told, dict) else ""
    return f"{answer.status_code} {detail}".strip()
