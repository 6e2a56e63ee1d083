"""Is the journal what it was? Walks the chain and its signed heads, in the order of places, in bounded memory."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils.translation import gettext as _

from phuong.kernel.chain import COLUMNS, GENESIS, LONGEST_TRANSACTION, head_message, key_name, link_hash, signing_key
from phuong.kernel.keys import first_key_at
from phuong.kernel.models import AuditEntry, AuditHead, AuditLink

MOST_REASONS = 20
CHUNK = 5000
_WALK = f"""
select l.place, l.hash, {COLUMNS} from kernel_auditlink l left join kernel_auditentry e on e.id = l.entry_id
where l.place >= %s and l.place <= %s order by l.place
"""
_UNLINKED = """
select count(*), min(e.id::text) from kernel_auditentry e
where e.id < %s and not exists (select 1 from kernel_auditlink l where l.entry_id = e.id)
"""
_LOOSE = """
select min(place) from kernel_auditlink where place > coalesce((select max(place) from kernel_audithead), 0)
"""


@dataclass
class Verdict:
    """What the walk found. ``first_bad``: the lowest place that is not as it was signed."""

    entries: int = 0
    chained: int = 0
    heads: int = 0
    valid: bool = True
    first_bad: int | None = None
    because: list[str] = field(default_factory=list)

    def blame(self, place: int | None, words: str) -> None:
        """Note one thing that is wrong."""
        self.valid = False
        if place is not None and (self.first_bad is None or place < self.first_bad):
            self.first_bad = place
        if len(self.because) < MOST_REASONS:
            self.because.append(words)


def verify(start: int = 1, *, witness: tuple[int, bytes] | None = None, public: bytes = b"") -> dict[str, Any]:
    """Check the journal from a place on (everything before it is trusted).

    ``witness``: a head (place, hash) somebody kept elsewhere; ``public``: the key to check signatures by, this
    installation's when empty. Sees a changed, deleted or inserted entry, a cut tail, a forged head.
    """
    verdict = Verdict(entries=AuditEntry.objects.count())
    heads = {head.place: head for head in AuditHead.objects.filter(place__gte=start).order_by("place")}
    last = max(heads, default=0)
    expected = {place: bytes(head.hash) for place, head in heads.items()}
    verdict.heads = len(heads)
    _check_signatures(verdict, heads.values(), public or signing_key().public_key().public_bytes_raw())
    reached = _walk(verdict, start, last, expected)
    _check_ends(verdict, reached, heads)
    if witness is not None and _hash_at(witness[0]) != witness[1]:
        verdict.blame(witness[0], _("Mục %d không khớp đầu chuỗi giữ ở nơi khác.") % witness[0])
    return asdict(verdict)


def _check_signatures(verdict: Verdict, heads: Any, public: bytes) -> None:
    key, name = Ed25519PublicKey.from_public_bytes(public), key_name(public)
    for head in heads:
        try:
            key.verify(bytes(head.signature), head_message(head))
        except InvalidSignature:
            other = "" if head.key == name else " " + _("(ký bằng khóa %s)") % head.key
            verdict.blame(head.place, _("Chữ ký của đầu chuỗi tại mục %d không đúng.") % head.place + other)


def _walk(verdict: Verdict, start: int, last: int, heads: dict[int, bytes]) -> int:
    """Check each link against its entry and the link before; gives the last place there is."""
    before, place = _hash_at(start - 1) if start > 1 else GENESIS, start - 1
    if before is None:
        verdict.blame(start - 1, _("Không có mục %d để bắt đầu từ đó.") % (start - 1))
        before = b""
    for number, link, entry in _links(start, last):
        if number != place + 1:
            verdict.blame(place + 1, _("Thiếu mắt xích từ mục %(a)d đến %(b)d.") % {"a": place + 1, "b": number - 1})
        elif entry[0] is None:
            verdict.blame(number, _("Mục %d đã bị xóa khỏi nhật ký.") % number)
        elif link_hash(before, entry) != link:
            verdict.blame(number, _("Mục %d đã bị sửa.") % number)
        if heads.get(number, link) != link:
            verdict.blame(number, _("Mắt xích %d khác đầu chuỗi đã ký.") % number)
        verdict.chained += 1
        before, place = link, number
    return place


def _links(start: int, last: int) -> Iterator[tuple[int, bytes, Sequence[Any]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WALK, [start, last])
        while rows := cursor.fetchmany(CHUNK):
            yield from ((row[0], bytes(row[1]), row[2:]) for row in rows)


def _hash_at(place: int) -> bytes | None:
    found = AuditLink.objects.filter(place=place).first()
    return bytes(found.hash) if found else None


def _check_ends(verdict: Verdict, reached: int, heads: dict[int, AuditHead]) -> None:
    last = max(heads, default=0)
    if last > reached:
        words = _("Nhật ký bị cắt đuôi: đầu chuỗi đã ký tới mục %(a)d, chỉ còn đến mục %(b)d.")
        verdict.blame(reached + 1, words % {"a": last, "b": reached})
    if loose := _first_loose():
        verdict.blame(loose, _("Từ mục %d trở đi không có đầu chuỗi nào ký.") % loose)
    if heads:
        _check_inserted(verdict, heads[last].covers)


def _first_loose() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOOSE)  # one statement: a head signed meanwhile is seen together with its links
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def _check_inserted(verdict: Verdict, covers: dt.datetime) -> None:
    """Find entries with a key from a time that had been linked long before they came."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED, [first_key_at(covers - LONGEST_TRANSACTION)])
        count, first = cursor.fetchone()
    if count:
        words = _("%(n)d mục được chen vào sau khi chuỗi đã đi qua, mục đầu là %(id)s.")
        verdict.blame(None, words % {"n": count, "id": first})
