"""Files that prove something: kept in the database beside the record, read by those who may read the record."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.audit import record
from phuong.kernel.contributions import FileGate, contribution
from phuong.kernel.models import Attachment
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.text import nfc

MOST_BYTES = 10 * 1024 * 1024
MOST_NAME = 120
_KINDS = (  # first bytes, endings, media type
    (b"%PDF-", ("pdf",), "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", ("png",), "image/png"),
    (b"\xff\xd8\xff", ("jpg", "jpeg"), "image/jpeg"),
    (b"PK\x03\x04", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"PK\x03\x04", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"PK\x03\x04", ("odt",), "application/vnd.oasis.opendocument.text"),
    (b"PK\x03\x04", ("ods",), "application/vnd.oasis.opendocument.spreadsheet"),
)
ENDINGS = tuple(ending for _start, endings, _media in _KINDS for ending in endings)


class BadFile(BadInput):
    """A file that is too large, empty, or not what its name says."""

    code: ClassVar[str] = "kernel.bad_file"
    message: ClassVar = gettext_lazy("Tệp chưa nhận được.")


class Upload(Protocol):
    """A file as a form hands it over."""

    name: Any
    size: Any

    def read(self, size: int = ..., /) -> bytes:
        """Give the content."""


def media_type_of(name: str, start: bytes) -> str:
    """Say what a file is by its ending and its first bytes together; empty when they disagree or are not accepted."""
    ending = name.rpartition(".")[2].lower()
    return next((media for magic, endings, media in _KINDS if ending in endings and start.startswith(magic)), "")


def keep_file(upload: Upload, *, on_kind: str, on_id: UUID, path: str, permission: str, by: Actor) -> Attachment:
    """Keep one file beside the record ``on_kind:on_id``; whoever holds ``permission`` over ``path`` may read it.

    The same file given twice to the same record is kept once.

    :raises BadFile: empty, over 10 MB, or not a PDF, picture, Word or Excel file
    """
    name = nfc(str(upload.name or "").replace("\\", "/").rpartition("/")[2])[-MOST_NAME:]
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadFile(_("Tệp «%s» nặng quá 10 MB. Nén lại hoặc tách thành nhiều tệp.") % name)
    media_type = media_type_of(name, content[:16])
    if not media_type:
        raise BadFile(_("Tệp «%s» không phải PDF, ảnh JPG, PNG, Word hay Excel. Lưu lại đúng loại rồi gửi.") % name)
    kept, _is_new = Attachment.objects.get_or_create(
        on_kind=on_kind,
        on_id=on_id,
        digest=hashlib.sha256(content).hexdigest(),
        defaults={
            "path": path,
            "permission": permission,
            "name": name,
            "media_type": media_type,
            "size": len(content),
            "content": content,
            "added_by": by.account_id,
            "added_by_name": by.name,
        },
    )
    record("attachment.kept", on_kind=on_kind, on_id=on_id, note=name, path=path)
    return kept


def attachments_of(on_kind: str, ids: Iterable[UUID]) -> QuerySet[Attachment]:
    """Give the files of some records without their content, oldest first."""
    rows = Attachment.objects.filter(on_kind=on_kind, on_id__in=list(ids))
    return rows.defer("content").order_by("id")


def attachment_for(actor: Actor, attachment_id: UUID, *, of: UUID | None = None) -> Attachment:
    """Find one file the actor may read; ``of``: the record beside which it must lie.

    :raises NotThere: unknown, elsewhere, or the actor lacks the permission it asks for, or may not see the record
    """
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None or not actor.may(found.permission) or (of and found.on_id != of):
        raise NotThere
    gate = contribution(FileGate, found.on_kind)
    if gate is not None and not gate.may_read(actor, found.on_id):
        raise NotThere
    return found
