"""Signed requests and answers: a detached JWS (RFC 7515, appendix F; ES256) over what must not be changed on the way.

Of a request: method, path, request id, moment and digest of the body, a line each. Of an answer: status, request id,
moment and digest. The digest is that of RFC 9530 (``Content-Digest``); the moment has a header of its own, because
proxies write ``Date`` anew.
"""

import datetime as dt
import hashlib
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from phuong_sandbox.lgsp.certificates import pem_of

HEADER = "X-JWS-Signature"
ID_HEADER = "X-Request-Id"
AT_HEADER = "X-Signed-At"  # 2026-11-26T03:59:40Z
MOST_SECONDS = 300  # between the moment of a request and now


@dataclass(frozen=True)
class Asked:
    """The parts of a request that are signed, as they came."""

    method: str
    path: str
    request_id: str
    at: str
    digest: str
    signature: str
    body: bytes


def fault_of(asked: Asked, certificate: str) -> str:
    """Say what is wrong with the signature of a request; empty when it is good.

    ``certificate``: the one shown by the caller's end of the connection (PEM); its key must have signed.
    """
    if asked.digest != digest_of(asked.body):
        return "digest"
    if not _is_fresh(asked.at):
        return "moment"
    shown = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    if not isinstance(shown, EllipticCurvePublicKey):
        return "key"
    payload = "\n".join((asked.method, asked.path, asked.request_id, asked.at, asked.digest))
    return "" if _is_by(asked.signature, payload.encode(), shown) else "signature"


def digest_of(body: bytes) -> str:
    """Give the ``Content-Digest`` of a body."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def sealed(status: int, request_id: str, body: bytes, key: EllipticCurvePrivateKey) -> dict[str, str]:
    """Give the headers that sign an answer."""
    at, digest = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", digest_of(body)
    payload = "\n".join((str(status), request_id, at, digest)).encode()
    whole = jws.serialize_compact({"alg": "ES256"}, payload, ECKey.import_key(pem_of(key)), algorithms=["ES256"])
    return {AT_HEADER: at, "Content-Digest": digest, ID_HEADER: request_id, HEADER: jws.detach_content(whole)}


def _is_by(signature: str, payload: bytes, key: EllipticCurvePublicKey) -> bool:
    head, middle, tail = (signature.split(".") + ["", "", ""])[:3]
    if middle or not head or not tail:
        return False
    whole = f"{head}.{urlsafe_b64encode(payload).rstrip(b'=').decode()}.{tail}"
    known = ECKey.import_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    try:
        jws.deserialize_compact(whole, known, algorithms=["ES256"])
    except (JoseError, ValueError):
        return False
    return True


def _is_fresh(at: str) -> bool:
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return False
    if moment.tzinfo is None:
        return False
    return abs((dt.datetime.now(dt.UTC) - moment).total_seconds()) <= MOST_SECONDS
