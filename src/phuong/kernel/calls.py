"""Calls to another office: HTTPS with our certificate, each request signed, each answer verified."""

import datetime as dt
import json
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from phuong.kernel.signing import (
    DIGEST,
    REQUEST_ID,
    SIGNATURE,
    SIGNED_AT,
    BadSignature,
    digest_of,
    private_key,
    public_key,
    sign,
    verify,
)

MOST_WORDS = 200
MOST_WAIT = 86_400.0
BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 3600)
NEEDED = ("url", "cert", "key", "ca", "answers")
_LATER = (408, 425, 429, 500, 502, 503, 504)
_OURS = (401, 403)  # our certificate or signature: no request can pass


class NotNow(Exception):
    """An outage, a quota, an answer that cannot be trusted: try again. ``wait``: the seconds that were asked for."""

    def __init__(self, words: str, wait: float = 0, *, is_ours: bool = False) -> None:
        """Keep the words; ``is_ours``: no request of ours can pass until somebody mends certificate or key."""
        super().__init__(words[:MOST_WORDS])
        self.wait, self.is_ours = min(wait, MOST_WAIT), is_ours


class SignedCalls:
    """A connection to one address, for one job.

    ``told``: ``url``; the PEM files ``cert`` and ``key`` (ours), ``ca`` (whom to trust as server) and ``answers`` (what
    signs the answers); ``timeout`` in seconds.

    :raises OSError: a certificate or key cannot be read
    :raises ValueError: it is not of the kind that is needed
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        """Read the certificates; nothing is sent yet."""
        context = ssl.create_default_context(cafile=told["ca"])
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(told["cert"], told["key"])
        self._key, self._theirs = private_key(told["key"]), public_key(told["answers"])
        self._http = httpx.Client(verify=context, timeout=told["timeout"], follow_redirects=False, trust_env=False)
        self._url = httpx.URL(told["url"])
        self._below = self._url.path.rstrip("/")

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def call(self, method: str, path: str, request_id: str, body: bytes = b"") -> httpx.Response:
        """Ask for ``path`` (query included) below the address; the signature of the answer is not looked at yet.

        :raises NotNow: nothing came, or what says that it may work later
        """
        at, digest = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", digest_of(body)
        whole = f"{self._below}{path}"
        headers = {
            REQUEST_ID: request_id,
            SIGNED_AT: at,
            DIGEST: digest,
            SIGNATURE: sign((method, whole, request_id, at, digest), self._key),
            "Content-Type": "application/json",
        }
        try:
            answer = self._http.request(
                method, self._url.copy_with(raw_path=whole.encode()), content=body, headers=headers
            )
        except httpx.HTTPError as gone:
            raise NotNow(f"{type(gone).__name__} {gone}".strip()) from gone
        if answer.status_code in _LATER or answer.status_code in _OURS:
            raise NotNow(words_of(answer), _wait(answer), is_ours=answer.status_code in _OURS)
        return answer

    def trusted(self, answer: httpx.Response, request_id: str) -> dict[str, Any]:
        """Verify the signature of an answer; gives its JSON object, an empty one where it is none.

        :raises NotNow: it cannot be trusted
        """
        try:
            verify(answer.status_code, answer.headers, answer.content, request_id=request_id, key=self._theirs)
            told = json.loads(answer.content)
        except BadSignature as error:
            raise NotNow(f"{answer.status_code} with a bad signature ({error})") from error
        except ValueError as error:
            raise NotNow(f"{answer.status_code} without JSON") from error
        return told if isinstance(told, dict) else {}


def try_after(tries: int, asked_seconds: float = 0) -> dt.timedelta:
    """Give how long to leave the other side alone after ``tries`` failures, not less than it asked for itself."""
    own = BACK_OFF_SECONDS[min(max(tries - 1, 0), len(BACK_OFF_SECONDS) - 1)]
    return dt.timedelta(seconds=max(own, asked_seconds) if asked_seconds else own)


def lacks(told: Mapping[str, Any]) -> str:
    """Name what is not told of an address, without which nothing can be asked; empty when it is whole."""
    return next((name for name in NEEDED if not told.get(name)), "")


def words_of(answer: httpx.Response) -> str:
    """Give status and error of an answer, for people."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    detail = told.get("error", "") if isinstance(told, dict) else ""
    return f"{answer.status_code} {detail}".strip()[:MOST_WORDS]


def _wait(answer: httpx.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0
