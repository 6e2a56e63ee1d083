"""Evidence files beside records: listed, read, kept."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field as Described

from phuong.gateway.access import Caller
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.feed import Key, done_once
from phuong.gateway.rest.schemas import PROBLEMS
from phuong.kernel.attachments import MOST_BYTES, attachment_for, attachments_of
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.scope import acting
from phuong.records.api import RecordKind, keep_evidence, note_opened, record_for


class FileItem(Schema):
    """One file, without its content."""

    id: UUID
    name: str
    media_type: str
    size: int
    digest: str = Described(..., description="SHA-256")
    added_at: str


class FilePage(Schema):
    """The files of one record."""

    items: list[FileItem]


def add_files(router: Router, kind: RecordKind) -> None:
    """Add the endpoints of the files beside records of one kind."""
    name = kind.code

    def list_files(request: Any, record_id: UUID) -> HttpResponse:
        caller: Caller = request.auth
        with acting(caller.actor) as actor:
            row = record_for(actor, kind, record_id)
            note_opened(kind, row)
            return answer({"items": [_item(each) for each in attachments_of(kind.code, [row.pk])]})

    def get_file(request: Any, record_id: UUID, file_id: UUID) -> HttpResponse:
        caller: Caller = request.auth
        with acting(caller.actor) as actor:
            row = record_for(actor, kind, record_id)
            note_opened(kind, row)
            file = attachment_for(actor, file_id, of=row.pk)
            let_leave(Leaving("file", rows=1))
            response = HttpResponse(bytes(file.content), content_type=file.media_type)
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or ""
        response["Cache-Control"] = "private, no-store"
        return response

    def keep_file(request: Any, record_id: UUID, file: File[UploadedFile], idempotency_key: Key = "") -> HttpResponse:
        actor = request.auth.actor

        def do() -> tuple[int, Any]:
            row = record_for(actor, kind, record_id, writing=True)
            file.seek(0)
            upload: Any = file
            return 201, _item(keep_evidence(kind, row, upload=upload, by=actor))

        digest = hashlib.sha256(file.read(MOST_BYTES + 1)).hexdigest()
        return done_once(request, idempotency_key, [str(file.name), digest], do)

    where = "/{uuid:record_id}/files"
    router.get(where, response={200: FilePage, **PROBLEMS}, operation_id=f"list_{name}_files")(list_files)
    router.post(where, response={201: FileItem, **PROBLEMS}, operation_id=f"keep_{name}_file")(keep_file)
    content: dict[str, Any] = {"responses": {200: {"content": {"application/octet-stream": {}}}}}
    one = router.get(
        where + "/{uuid:file_id}",
        response={200: None, **PROBLEMS},
        operation_id=f"get_{name}_file",
        openapi_extra=content,
    )
    one(get_file)


def _item(file: Any) -> dict[str, Any]:
    facts = {each: getattr(file, each) for each in ("id", "name", "media_type", "size", "digest")}
    return {**facts, "added_at": file.added_at.isoformat()}
