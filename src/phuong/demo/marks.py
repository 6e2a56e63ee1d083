"""Who teaches what at the school of the demo's teacher, and the marks of some classes there."""

import datetime as dt
import random

from phuong.academics.api import GradeSheet, Mark, Row, average_of, programme_for, secondary_profile, sheet_of
from phuong.demo.accounts import PASSWORD
from phuong.demo.preschool import fill_preschool
from phuong.demo.primary import fill_primary
from phuong.identity.api import account_named
from phuong.kernel.calendar import school_year_of
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person, StaffPosition, TeachingAssignment

WITH_MARKS = 3  # classes of the school
LEVELS = ("lower_secondary", "upper_secondary")
TEACHER, SUBJECT = "giaovien", "TOAN"


def fill_gradebook() -> int:
    """Assign the teachers of the school, and write marks of the first term; gives how many rows. Does nothing twice."""
    with acting(SYSTEM):
        account = account_named(TEACHER)
        if account is None or account.person is None:
            return 0
        school = account.person.place
        if TeachingAssignment.objects.filter(organisation=school).exists():
            return 0
        year = school_year_of(today())
        groups = list(ClassGroup.objects.filter(organisation=school, school_year=year.start, level__in=LEVELS))
        groups = sorted(groups, key=lambda group: (group.grade, group.name_key))
        taught = _assign(school, groups, account.person, year.opens_on)
        written = sum(_mark(group, taught[group.name]) for group in groups[:WITH_MARKS])
        written += fill_primary(school, year, WITH_MARKS, PASSWORD)
        return written + fill_preschool(school, year, WITH_MARKS, PASSWORD)


def _assign(school: Organisation, groups: list[ClassGroup], own: Person, since: dt.date) -> dict[str, list[str]]:
    """Give every class a teacher in each compulsory subject; mathematics of the first classes is the account's own."""
    posts = StaffPosition.objects.filter(organisation=school, ends_on=None, group="teacher").order_by("id")
    teachers = [post.person_id for post in posts] or [own.pk]
    taught: dict[str, list[str]] = {}
    rows = []
    for place, group in enumerate(groups):
        programme = programme_for(group.level, group.grade, group.school_year)
        taught[group.name] = [each.code for each in programme.subjects_of(group.grade, "compulsory")]
        for number, code in enumerate(taught[group.name]):
            person = (
                own.pk if code == SUBJECT and place < WITH_MARKS else teachers[(place + number * 7) % len(teachers)]
            )
            facts = {"organisation": school, "path": school.path, "class_group": group, "person_id": person}
            rows.append(TeachingAssignment(**facts, subject=code, during=(since, None), periods=2))
    TeachingAssignment.objects.bulk_create(rows, batch_size=2000)
    return taught


def _mark(group: ClassGroup, subjects: list[str]) -> int:
    """Write the marks of a class: regular and midterm ones of most pupils, no final ones yet."""
    chance = random.Random(group.name)  # noqa: S311 - made-up pupils
    profile = secondary_profile(group)
    sitting = list(Enrolment.objects.filter(class_group=group, ends_on=None).order_by("id"))
    able = {each.learner_id: chance.gauss(70, 14) for each in sitting}
    sheets, rows = [], []
    for code in subjects:
        sheet = sheet_of(group, code, 1)
        sheet.version = 1
        sheets.append(sheet)
        for each in sitting:
            row = _row(chance, sheet, able[each.learner_id])
            facts = {"path": sheet.path, "sheet": sheet, "enrolment": each, "learner_id": each.learner_id, "version": 1}
            marks = {"regular": list(row.regular), "midterm": row.midterm, "average": average_of(sheet, profile, row)}
            rows.append(Mark(**facts, **marks))
    GradeSheet.objects.bulk_create(sheets)
    Mark.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _row(chance: random.Random, sheet: GradeSheet, able: float) -> Row:
    if not sheet.is_scored:
        return Row((1,), 1 if able > 45 else 0)
    given = [max(0, min(100, round(chance.gauss(able, 9) / 5) * 5)) for _each in range(3)]
    return Row(tuple(given[:2]), given[2] if chance.random() < 0.8 else None)
