"""Writing one record: make, change, end. Each act is one transaction with its reason."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from phuong.kernel.attachments import Upload, keep_file
from phuong.kernel.audit import LIST_SEEN, SEEN, record, seen
from phuong.kernel.contributions import AfterWrite, contributions
from phuong.kernel.models import Attachment
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.kernel.today import today
from phuong.records.access import may_write, record_for
from phuong.records.declarations import RECORD, RecordKind, Why
from phuong.records.errors import BadValues, CannotEnd, ChangedMeanwhile
from phuong.records.values import value_of, version_of

REMOVE = "remove"


def make_record(kind: RecordKind, *, owner: Any, values: Mapping[str, Any], by: Actor, reason: str = "") -> Any:
    """Make a record that belongs to ``owner``; gives the new row.

    :raises NotThere: the actor may not write here
    :raises BadValues: the values break a rule of this kind
    """
    if not may_write(by, kind):
        raise NotThere
    _check(kind, values, None, owner)
    with acting(by, reason=reason), _explained(kind):
        row = kind.make(values, owner, by) if kind.make else _new_row(kind, values, owner)
        _tell(kind, row)
        record("record.made", note=reason, **_of(kind, row))
    return row


def _new_row(kind: RecordKind, values: Mapping[str, Any], owner: Any) -> Any:
    row = kind.model()
    if kind.owner:
        setattr(row, kind.owner, owner)
    _put(kind, row, values, owner)
    row.save(force_insert=True)
    return row


def change_record(kind: RecordKind, record_id: UUID, *, values: Mapping[str, Any], by: Actor, why: Why) -> Any:
    """Change some fields of a record; gives the row. With a version nobody else's change is written over.

    :raises NotThere: not a record this actor may change
    :raises ChangedMeanwhile: it is no longer that version
    :raises BadValues: the values break a rule of this kind
    """
    with acting(by, reason=why.reason, effective_on=why.effective_on):
        row = record_for(by, kind, record_id, writing=True)
        present = version_of(kind, row)
        if why.version and why.version != present:
            raise ChangedMeanwhile(present, row)
        owner = kind.owner_of(row)
        changed = {name: value for name, value in values.items() if _differs(kind, row, name, value)}
        if not changed:
            return row
        _check(kind, _whole(kind, row) | dict(values), row, owner)
        with _explained(kind):
            _put(kind, row, _whole(kind, row) | dict(values), owner)
            row.save(force_update=True)
        _tell(kind, row)
        record("record.changed", note=", ".join(sorted(changed)), **_of(kind, row))
    return row


def end_record(kind: RecordKind, record_id: UUID, *, on: dt.date, by: Actor, reason: str) -> None:
    """End a record from a day on; a kind that is removed instead keeps its last state in the history.

    :raises NotThere: not a record this actor may change
    :raises CannotEnd: others still hang on it, or it ends before it began
    """
    if not kind.ending:
        raise NotThere
    with acting(by, reason=reason, effective_on=on):
        row = record_for(by, kind, record_id, writing=True)
        of = _of(kind, row)
        if kind.end_check and (words := kind.end_check(row)):
            raise CannotEnd(words)
        if kind.ending == REMOVE:
            with _explained(kind):
                row.delete()
        else:
            _end(kind, row, on)
        _tell(kind, row)
        record("record.ended", note=reason, **of)


def note_opened(kind: RecordKind, row: Any) -> None:
    """Keep in the journal that somebody opened a person's record, by whatever page."""
    if person := kind.person_of(row):
        seen(SEEN, on_kind="person", on_id=person, about=person, path=getattr(row, "path", ""))


def note_listed(kind: RecordKind) -> None:
    """Keep in the journal that somebody read a list of persons' records."""
    if kind.about:
        seen(LIST_SEEN, on_kind="list", on_id=kind.code)


def _of(kind: RecordKind, row: Any) -> dict[str, Any]:
    """Say for the journal of which record, of whom and where."""
    about, path = kind.person_of(row), getattr(row, "path", "")
    return {"on_kind": kind.code, "on_id": row.pk, "about": about, "path": path}


def keep_evidence(kind: RecordKind, row: Any, *, upload: Upload, by: Actor) -> Attachment:
    """Keep a file beside a record; whoever may read the record may read the file.

    :raises NotThere: the actor may not write here
    :raises BadFile: too large, or of a kind that is not accepted
    """
    if not may_write(by, kind):
        raise NotThere
    owner = row if hasattr(row, "path") else kind.owner_of(row)
    with transaction.atomic():
        return keep_file(upload, on_kind=kind.code, on_id=row.pk, path=owner.path, permission=kind.read, by=by)


def _end(kind: RecordKind, row: Any, on: dt.date) -> None:
    if kind.ending == "during":
        start = row.during.lower
        if start and on <= start:
            raise CannotEnd(_("Ngày kết thúc phải sau ngày bắt đầu %s.") % f"{start:%d/%m/%Y}")
        row.during = (start, on)
        row.save(update_fields=["during"])
        return
    setattr(row, kind.ending, on)
    with _explained(kind):
        row.save(update_fields=[kind.ending])


def _tell(kind: RecordKind, row: Any) -> None:
    """Let upper apps follow at once, in the same transaction."""
    for each in contributions(AfterWrite):
        if kind.code in each.kinds:
            each.run(kind.code, row)


def _whole(kind: RecordKind, row: Any) -> dict[str, Any]:
    return {field.name: value_of(field, row) for field in kind.fields}


def _differs(kind: RecordKind, row: Any, name: str, value: Any) -> bool:
    field = kind.field(name)
    if field is None:
        return False
    present = value_of(field, row)
    if field.type == RECORD:
        return str(present or "") != str(value or "")
    return bool(present != value) and not (present in (None, "", []) and value in (None, "", []))


def _check(kind: RecordKind, values: Mapping[str, Any], row: Any, owner: Any) -> None:
    if errors := kind.check(values, row, owner):
        raise BadValues(errors)


def _put(kind: RecordKind, row: Any, values: Mapping[str, Any], owner: Any) -> None:
    for name, value in values.items():
        field = kind.field(name)
        if field is not None and not field.virtual:
            setattr(row, field.column, value)
    for column, value in kind.fill(values, row, owner).items():
        setattr(row, column, value)
    if hasattr(row, "updated_on"):
        row.updated_on = today()


@contextmanager
def _explained(kind: RecordKind) -> Iterator[None]:
    """Turn a constraint of the database into words at the field that breaks it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", "") or ""
        if name in kind.conflicts:
            field, words = kind.conflicts[name]
            raise BadValues({field: str(words)}) from error
        if kind.ending == REMOVE and "foreign key" in str(error):
            raise CannotEnd(_("Còn hồ sơ khác dùng đến mục này. Chuyển chúng sang nơi khác trước.")) from error
        raise
