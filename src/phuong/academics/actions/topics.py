"""The column of a study-topic group (chuyên đề): its result counts as one regular mark of the subject (TT 22/2021)."""

from django.db import transaction

from phuong.academics.access import standing_in
from phuong.academics.actions.marks import locked_sheet
from phuong.academics.errors import ColumnClosed, NotTheirSheet
from phuong.academics.models import GradeSheet, Mark
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.topics import base_columns, has_topics
from phuong.kernel.audit import record
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup


@transaction.atomic
def set_topic_column(group: ClassGroup, subject: str, term: int, *, is_there: bool, by: Actor) -> GradeSheet:
    """Give a sheet the column of its study-topic group, or take it away while nobody has a mark in it.

    :raises NotTheirSheet: the actor neither teaches this subject in this class nor manages marks
    :raises YearClosed: the school has closed the year
    :raises ColumnClosed: the subject has no topics in this grade, it stands so already, or marks stand in it
    """
    standing = standing_in(by, group, subject)
    if not (standing.teaches or standing.manages):
        raise NotTheirSheet
    must_be_open(group.organisation_id, group.school_year)
    sheet = locked_sheet(group, subject, term)
    base = base_columns(group, subject)
    if not has_topics(group, subject) or (sheet.columns > base) == is_there:
        raise ColumnClosed
    column = base + 1
    if not is_there:
        rows = Mark.objects.filter(sheet=sheet).values_list("regular", flat=True)
        if f"r{column}" in sheet.locks or any(len(row) >= column and row[base] is not None for row in rows):
            raise ColumnClosed
    sheet.columns = column if is_there else base
    sheet.save(update_fields=["columns"])
    note = f"{subject} {term}: {'+' if is_there else '-'}"
    record("academics.topic_column", on_kind="class", on_id=group.pk, note=note, path=sheet.path)
    return sheet
