"""Signed requests and answers: a detached JWS (RFC 7515, appendix F; ES256) over what must arrive as it left.

Of a request: method, path, request id, moment and digest of the body, a line each. Of an answer: status, request id,
moment and digest. Whoever calls another office signs so (``kernel.calls``).
"""

import hashlib
import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey as PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

SIGNATURE, REQUEST_ID, SIGNED_AT, DIGEST = "X-JWS-Signature", "X-Request-Id", "X-Signed-At", "Content-Digest"
_HALF = 32  # bytes of r and of s


class BadSignature(ValueError):
    """An answer that is not signed by the other side as it stands."""


def private_key(file: str) -> EllipticCurvePrivateKey:
    """Read the key that signs our requests (PEM, P-256).

    :raises ValueError: it is no such key
    """
    key = load_pem_private_key(Path(file).read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError(f"{file}: a P-256 key is needed")
    return key


def public_key(file: str) -> PublicKey:
    """Read the key that signs the other side's answers, out of a certificate or by itself (PEM, P-256).

    :raises ValueError: it is no such key
    """
    pem = Path(file).read_bytes()
    is_certificate = b"BEGIN CERTIFICATE" in pem
    key = x509.load_pem_x509_certificate(pem).public_key() if is_certificate else load_pem_public_key(pem)
    if not isinstance(key, PublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError(f"{file}: a P-256 key is needed")
    return key


def digest_of(body: bytes) -> str:
    """Give the ``Content-Digest`` (RFC 9530) of a body."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(parts: tuple[str, ...], key: EllipticCurvePrivateKey) -> str:
    """Give the detached signature of ``parts``."""
    head = _encoded(json.dumps({"alg": "ES256"}).encode())
    r, s = decode_dss_signature(key.sign(_signed(head, parts), ECDSA(SHA256())))
    return f"{head}..{_encoded(r.to_bytes(_HALF, 'big') + s.to_bytes(_HALF, 'big'))}"


def verify(status: int, headers: Mapping[str, str], body: bytes, *, request_id: str, key: PublicKey) -> None:
    """Make sure that an answer is the other side's, to this request, and unchanged.

    :raises BadSignature: it is not
    """
    digest = digest_of(body)
    if headers.get(REQUEST_ID) != request_id or headers.get(DIGEST) != digest:
        raise BadSignature("id or digest")
    head, middle, tail = (headers.get(SIGNATURE, "").split(".") + ["", "", ""])[:3]
    try:
        algorithm = json.loads(_decoded(head))["alg"]
        raw = _decoded(tail)
        if middle or algorithm != "ES256" or len(raw) != 2 * _HALF:
            raise BadSignature("form")
        signature = encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
        parts = (str(status), request_id, headers.get(SIGNED_AT, ""), digest)
        key.verify(signature, _signed(head, parts), ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise BadSignature(type(error).__name__) from error


def _signed(head: str, parts: tuple[str, ...]) -> bytes:
    return f"{head}.{_encoded(chr(10).join(parts).encode())}".encode()


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
