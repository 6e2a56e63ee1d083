"""``phuong audit verify|chain|key|head``: is the journal what it was; who may say so elsewhere."""

import base64
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.chain import chain, key_name, signing_key
from phuong.kernel.commands import ANSWERED, REFUSED, JsonCommand
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditHead
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.verifying import verify

HASH_BYTES = 32


class Unreadable(BadInput):
    """The journal cannot be read here."""

    code: ClassVar[str] = "kernel.journal_unreadable"
    message: ClassVar = gettext_lazy("Không đọc được nhật ký. Chạy «phuong upgrade» rồi kiểm tra lại.")


class Command(JsonCommand):
    """Verify the journal, link what waits, publish the key and the newest head."""

    help = "Kiểm tra chuỗi nhật ký; nối chuỗi; đưa ra khóa công khai, đầu chuỗi mới nhất."
    verbs = ("verify", "chain", "key", "head")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take from where, and what somebody kept elsewhere."""
        if verb == "verify":
            parser.add_argument("--from", dest="start", type=int, default=1, metavar="PLACE", help="từ mục này trở đi")
            parser.add_argument("--head", default="", metavar="PLACE:HASH", help="đầu chuỗi đã giữ ở nơi khác")
            parser.add_argument("--key", default="", metavar="BASE64", help="khóa công khai, khi kiểm tra ở máy khác")

    def do_verify(self, start: int, head: str, key: str) -> dict[str, Any]:
        """Say whether the journal is what it was."""
        if start < 1:
            raise BadInput(_("--from phải từ 1 trở lên."))
        witness, public = _witness(head), _public(key)
        try:
            return verify(start, witness=witness, public=public)
        except DatabaseError as error:
            raise Unreadable from error

    def do_chain(self) -> dict[str, Any]:
        """Link what waits now, instead of waiting for the clock."""
        return dict(chain(Progress()))

    def do_key(self) -> dict[str, Any]:
        """Publish the key that signatures are checked by."""
        public = signing_key().public_key().public_bytes_raw()
        return {"algorithm": "Ed25519", "name": key_name(public), "key": base64.b64encode(public).decode()}

    def do_head(self) -> dict[str, Any]:
        """Give the newest signed head, to be kept elsewhere."""
        head = AuditHead.objects.order_by("-place").first()
        if head is None:
            raise NotThere
        facts = {"head": f"{head.place}:{bytes(head.hash).hex()}", "covers": head.covers.isoformat()}
        return {**facts, "signed_at": head.signed_at.isoformat(), "signature": bytes(head.signature).hex()}

    def code_of(self, verb: str, answer: Any) -> int:
        """Leave with 1 when the journal is not what it was."""
        return REFUSED if verb == "verify" and not answer["valid"] else ANSWERED


def _witness(text: str) -> tuple[int, bytes] | None:
    if not text:
        return None
    place, _colon, digest = text.partition(":")
    try:
        kept = int(place), bytes.fromhex(digest)
    except ValueError as error:
        raise BadInput(_("--head phải có dạng MỤC:HASH, như «phuong audit head» đưa ra.")) from error
    if len(kept[1]) != HASH_BYTES:
        raise BadInput(_("--head phải có dạng MỤC:HASH, như «phuong audit head» đưa ra."))
    return kept


def _public(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadInput(_("--key phải là khóa Ed25519 dạng base64, như «phuong audit key» đưa ra.")) from error
    if raw and len(raw) != HASH_BYTES:
        raise BadInput(_("--key phải là khóa Ed25519 dạng base64, như «phuong audit key» đưa ra."))
    return raw
