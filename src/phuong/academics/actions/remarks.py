"""Remarks of pupils in a subject: written as a set under the lock of the sheet, like marks; nobody's words are lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.access import must_write
from phuong.academics.actions.marks import keep_rows, locked_sheet, rows_of
from phuong.academics.models import GradeSheet, Mark
from phuong.academics.queries.closing import must_be_open
from phuong.academics.rules.cells import REMARK
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup

LONGEST = 500


@dataclass(frozen=True)
class Remark:
    """What is said of one pupil; ``was``: what its writer saw before, ``None``: what stood at version ``seen``."""

    learner: UUID
    text: str
    was: str | None = None


@dataclass
class Said:
    """What came of it: rows written, remarks somebody else had changed meanwhile, remarks not taken."""

    sheet: GradeSheet
    rows: list[Mark] = field(default_factory=list)
    conflicts: list[tuple[Remark, Mark]] = field(default_factory=list)
    closed: list[Remark] = field(default_factory=list)


@transaction.atomic
def save_remarks(
    group: ClassGroup, subject: str, term: int, remarks: Sequence[Remark], *, by: Actor, seen: int | None = None
) -> Said:
    """Write remarks of one sheet. One that is not what its writer saw is left as it is and told (``conflicts``).

    A locked column of remarks takes none; an exempt pupil may have one.

    :raises NotThere: the actor has nothing to do with this sheet
    :raises NotTheirSheet: the actor reads it, and does not teach this subject in this class
    :raises YearClosed: the school has closed the year
    """
    must_write(by, group, subject)
    must_be_open(group.organisation_id, group.school_year)
    sheet = locked_sheet(group, subject, term)
    said = Said(sheet)
    kept = {each.learner_id: each for each in Mark.objects.filter(sheet=sheet)}
    wanted = [each for each in remarks if each.text != (kept[each.learner].remark if each.learner in kept else "")]
    if REMARK in sheet.locks:
        said.closed = wanted
        return said
    marks = rows_of(sheet, sorted({each.learner for each in wanted}, key=str)) if wanted else {}
    for each in wanted:
        mark = marks.get(each.learner)
        if mark is None:  # no pupil of this class
            said.closed.append(each)
        elif mark.remark != each.was if each.was is not None else seen is not None and mark.version > seen:
            said.conflicts.append((each, mark))
        else:
            mark.remark = each.text
            said.rows.append(mark)
    keep_rows(sheet, said.rows)
    return said


def told_at(mark: Mark) -> str:
    """Say when a row was last written."""
    return timezone.localtime(mark.changed_at).strftime("%H:%M %d/%m") if mark.changed_at else ""
