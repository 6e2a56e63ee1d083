"""The journal chained: a link an entry, each hashed over the one before, and heads that the installation signs.

Writers pay nothing: the clock links what was written since. What is not linked yet is found by the time in the key and
an anti-join over the last hours, not by transaction numbers: those begin anew where a backup is brought back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache, partial
from hashlib import blake2b
from typing import Any
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.kernel.jobs import JobKind, Progress
from phuong.kernel.keys import first_key_at, moment_of
from phuong.kernel.models import AuditHead
from phuong.kernel.scope import SYSTEM, acting

log = structlog.get_logger()
GENESIS = bytes(32)
BATCH = 20_000
LONGEST_TRANSACTION = dt.timedelta(hours=6)  # an entry comes to light this long after its key at most
_LOCK = 0x6A6F75726E  # of PostgreSQL's advisory locks: one chain, one writer
FIELDS = (
    *("id", "path", "at", "account_id", "actor_name", "role", "unit"),
    *("did", "refused", "on_kind", "on_id", "about", "note"),
)
COLUMNS = ", ".join(f"e.{name}" for name in FIELDS)
_UNLINKED = f"""
select {COLUMNS} from kernel_auditentry e
where e.id >= %s and not exists (select 1 from kernel_auditlink l where l.entry_id = e.id and l.entry_id >= %s)
order by e.id limit {BATCH}
"""
_COPY = "copy kernel_auditlink (place, entry_id, hash) from stdin (format binary)"


def canonical(entry: Sequence[Any]) -> bytes:
    """Write an entry, its columns in the order of ``FIELDS``, as the bytes that are hashed."""
    return json.dumps(list(entry), ensure_ascii=False, separators=(",", ":"), default=_text).encode()


def _text(value: Any) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds") if isinstance(value, dt.datetime) else str(value)


def link_hash(before: bytes, entry: Sequence[Any]) -> bytes:
    """Hash an entry onto the hash of the link before (SHA-256, 32 bytes)."""
    return hashlib.sha256(before + canonical(entry)).digest()


def head_message(head: AuditHead) -> bytes:
    """Write what the signature of a head is made over."""
    moments = (_text(head.covers), _text(head.signed_at))
    return json.dumps(["phuong-journal-head-1", head.place, bytes(head.hash).hex(), *moments]).encode()


@cache
def _signer(seed: str) -> Ed25519PrivateKey:
    raw = blake2b(seed.encode(), digest_size=32, person=b"phuong-journal").digest()
    return Ed25519PrivateKey.from_private_bytes(raw)


def signing_key() -> Ed25519PrivateKey:
    """Give the key of this installation that signs heads; it is kept outside the database."""
    return _signer(settings.PHUONG_AUDIT_KEY)


def key_name(public: bytes) -> str:
    """Give the name of a public key: the beginning of its hash."""
    return hashlib.sha256(public).hexdigest()[:16]


def chain(progress: Progress) -> Mapping[str, Any]:
    """Link and sign what was written since the last time, a batch a transaction; safe to run twice."""
    linked = 0
    while True:
        with acting(SYSTEM):
            added = _chain_batch()
        linked += added
        progress.step(linked, linked)
        if added < BATCH:
            return {"linked": linked}


def _chain_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    head, now = AuditHead.objects.order_by("-place").first(), timezone.now()
    entries = _unlinked(head)
    if not entries:
        return 0
    place, link = (head.place, bytes(head.hash)) if head else (0, GENESIS)
    links: list[tuple[int, UUID, bytes]] = []
    for number, entry in enumerate(entries, start=place + 1):
        link = link_hash(link, entry)
        links.append((number, entry[0], link))
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["int8", "uuid", "bytea"])
        for row in links:
            copy.write_row(row)
    _sign(links[-1][0], link, covers=_covered(head, now, entries))
    return len(entries)


def _unlinked(head: AuditHead | None) -> list[Sequence[Any]]:
    since = first_key_at(head.covers - LONGEST_TRANSACTION) if head else UUID(int=0)
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED, [since, since])
        return list(cursor.fetchall())


def _covered(head: AuditHead | None, now: dt.datetime, entries: Sequence[Sequence[Any]]) -> dt.datetime:
    """Say up to when all is linked: now, or as far as a full batch went; never earlier than before."""
    reached = moment_of(entries[-1][0]) if len(entries) == BATCH else now
    return max(reached, head.covers) if head else reached


def _sign(place: int, link: bytes, *, covers: dt.datetime) -> None:
    head = AuditHead(place=place, hash=link, covers=covers, signed_at=timezone.now())
    head.key = key_name(signing_key().public_key().public_bytes_raw())
    head.signature = signing_key().sign(head_message(head))
    head.save(force_insert=True)
    # a witness outside the database: `audit verify --head`
    transaction.on_commit(partial(log.info, "audit.head", place=place, hash=link.hex()))


CHAIN = JobKind("kernel.chain", _("Nối chuỗi nhật ký"), chain, every=10)
