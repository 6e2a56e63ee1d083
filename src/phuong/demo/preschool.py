"""A preschool of the demo: who was weighed and measured this autumn, how children develop; all of it made up."""

import datetime as dt
import random

from django.db import connection

from phuong.academics.api import DevelopmentRecord, GrowthCheck, preschool_domains
from phuong.demo.primary import class_accounts
from phuong.kernel.calendar import SchoolYear
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment, Organisation

PRESCHOOL_TEACHER, PRESCHOOL_PRINCIPAL = "giaovien.mn", "hieutruong.mn"
LEVELS = ("nursery", "kindergarten")
MIDDLE = 1  # giữa năm
_WHEN = ((9, 15), (10, 15), (11, 16))  # month and day
_OF_ALL = ("Mạnh dạn, thích trò chuyện.", "Biết giúp bạn cất đồ chơi.", "Cần tập tự xúc ăn.", "")


def fill_preschool(near: Organisation, year: SchoolYear, count: int, password: str) -> int:
    """Write what was measured and seen of ``count`` groups of a preschool; gives how many rows."""
    groups = ClassGroup.objects.filter(school_year=year.start, level__in=LEVELS, homeroom__isnull=False)
    first = groups.filter(organisation__parent=near.parent).first() or groups.first()
    if first is None:
        return 0
    school = first.organisation
    shown = sorted(groups.filter(organisation=school), key=lambda group: (group.level, group.name_key))[:count]
    class_accounts(school, shown[0], (PRESCHOOL_TEACHER, PRESCHOOL_PRINCIPAL), password)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.bulk_load', 'on', true)")
        written = sum(_say(group, year) for group in shown)
        cursor.execute("select set_config('app.bulk_load', 'off', true)")
    return written


def _say(group: ClassGroup, year: SchoolYear) -> int:
    """Write two or three measurings of most children of a group; one in eight missed the last one."""
    chance = random.Random(group.name)  # noqa: S311 - made-up children
    checks, records, domains = [], [], [*preschool_domains(group)]
    days = [day for day in (dt.date(year.start, *when) for when in _WHEN) if day <= today()]
    for pupil in Enrolment.objects.filter(class_group=group, ends_on=None).select_related("learner").order_by("id"):
        where = {"path": pupil.path, "enrolment": pupil, "learner_id": pupil.learner_id, "version": 1}
        build, birth = chance.gauss(1, 0.07), pupil.learner.birth_date or dt.date(year.start - 4, 1, 1)
        finding = "underweight" if build < 0.87 else "normal"
        for day in days[: len(days) - (chance.random() < 0.125)]:
            age = max(0.3, (day - birth).days / 365.25)
            kilograms = (9 + 2 * (age - 1) if age > 1 else 4 + 5 * age) * build
            weight, height = max(3, round(kilograms, 1)), (75 + 6.5 * (age - 1) if age > 1 else 52 + 23 * age)
            facts = {"weight": round(weight * 10) * 100, "height": round(height * 10)}
            checks.append(GrowthCheck(**where, day=day, **facts, findings={"weight_for_age": finding}))
        results = {code: int(chance.random() < 0.93) for code in domains}
        if chance.random() < 0.8:
            records.append(DevelopmentRecord(**where, period=MIDDLE, results=results, remark=chance.choice(_OF_ALL)))
    GrowthCheck.objects.bulk_create(checks, batch_size=1000)
    DevelopmentRecord.objects.bulk_create(records, batch_size=1000)
    return len(checks) + len(records)
