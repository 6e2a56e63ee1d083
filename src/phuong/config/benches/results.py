"""Results of a school of 2,000 pupils: computed, computed again, proved, printed; made for this and rolled back."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from phuong.academics.actions.cards import print_stack
from phuong.academics.actions.results import compute_results, prove_results
from phuong.academics.models import GradeSheet
from phuong.academics.profiles import programme_for, secondary
from phuong.academics.queries.cards import cards_of
from phuong.academics.rules.averages import regular_count
from phuong.config.benches.figures import figure, sizes, timed
from phuong.config.benches.measures import memory
from phuong.kernel.calendar import school_year_of
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.text import name_sort_key, search_key, vi_key
from phuong.paper.api import print_cards
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person, province_of

PUPILS = 2_000
A_CLASS = 45
GRADES = (6, 7, 8, 9)
PRINTED = 10  # classes
_MARKS = """
insert into academics_mark (id, path, sheet_id, enrolment_id, learner_id, regular, midterm, final, is_exempt, remark,
  version, changed_by)
select gen_random_uuid(), g.path, g.id, e.id, e.learner_id,
  array(select case when g.is_scored then 50 + (random() * 50)::int else 1 end
    from generate_series(1, g.columns) where e.id is not null),
  case when g.is_scored then 50 + (random() * 50)::int else 1 end,
  case when g.is_scored then 40 + (random() * 60)::int else 1 end, false, '', 0, ''
from academics_gradesheet g join registry_enrolment e on e.class_group_id = g.class_group_id
where g.organisation_id = %(school)s
"""
_RECORDS = """
insert into academics_termrecord (id, path, enrolment_id, learner_id, term, conduct, excused, unexcused, remark)
select gen_random_uuid(), e.path, e.id, e.learner_id, t, 2 + (random() * 1)::int, (random() * 5)::int, 0,
  'Chăm học, biết giúp bạn; cần đọc thêm sách và tập trình bày.'
from registry_enrolment e, generate_series(1, 2) t where e.organisation_id = %(school)s
"""
_READ = """
copy (select m.learner_id, g.subject, g.term, m.regular, m.midterm, m.final from academics_gradesheet g
  join academics_mark m on m.sheet_id = g.id where g.organisation_id = '{school}') to stdout
"""


_KEPT = """
select id, enrolment_id, learner_id, averages::text, remarks::text, rule, inputs_hash from academics_result
where organisation_id = %(school)s
"""


def results() -> Iterator[dict[str, Any]]:
    """Measure a school made for this; the floor of computing is a COPY of its marks out and of its results in."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        year = school_year_of(dt.date.today()).start  # noqa: DTZ011
        school = _a_school(province, year)
        floor = timed(lambda: _copied(school))
        told: dict[str, Any] = {}
        seconds = timed(lambda: told.update(vars(compute_results(school.pk, year))))
        floor += timed(lambda: _copied_in(school))
        yield figure(
            f"results of a school of {told['pupils']} pupils; floor: COPY of the same rows", seconds, "s", floor
        )
        again = timed(lambda: compute_results(school.pk, year))
        yield figure("computed again, nothing changes", again, "s", floor)
        proving = timed(lambda: told.update(proof=prove_results(school.pk, year)))
        if told["proof"].unproved or told["written"] != 3 * told["pupils"]:
            raise RuntimeError(str(told)[:500])
        yield figure(f"{told['proof'].results} results proved", proving, "s", None)
        yield figure("1,000,000 pupils at this pace, one process", seconds * 1e6 / told["pupils"] / 60, "min", None)
        yield from _printed(school)
        transaction.set_rollback(True)


def _printed(school: Organisation) -> Iterator[dict[str, Any]]:
    """Print the year cards of some classes; the floor is the press alone."""
    groups = list(ClassGroup.objects.filter(organisation=school).select_related("organisation__parent")[:PRINTED])
    made: list[Any] = []
    seconds = timed(lambda: made.extend(print_stack(cards_of(group, 0)) for group in groups))
    stacks = [cards_of(group, 0).cards for group in groups]
    floor = timed(lambda: [print_cards(stack) for stack in stacks])
    asked, pages = sum(each.asked for each in made), sum(each.made for each in made)
    if asked != pages:
        raise RuntimeError(f"{asked} asked, {pages} made")
    yield figure(
        f"report cards, {asked} asked, {pages} made; floor: the press alone", pages / seconds, "/s", pages / floor
    )
    yield figure("a card in the file of its class", sum(len(each.content) for each in made) / pages / 1024, "KB", None)
    alone = timed(lambda: made.append(print_cards(stacks[0][:1])))
    yield figure("a card alone", len(made[-1]) / 1024, "KB", None)
    yield figure("a card alone: printed in", alone * 1000, "ms", None)
    yield figure("Python memory of it", memory(), "MB", None)


def _a_school(province: Organisation, year: int) -> Organisation:
    name = "THCS Đo Tốc Độ"
    keys = {"short_name": name, "name_key": vi_key(name), "search_key": search_key(name)}
    school = Organisation.objects.create(
        kind="school", path=f"{province.path}.sbench", parent=province, name=name, code="BENCH", **keys
    )
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.bulk_load', 'on', true)")
        for place in range(-(-PUPILS // A_CLASS)):
            _a_class(school, place, min(A_CLASS, PUPILS - place * A_CLASS), year)
        cursor.execute(_MARKS, {"school": school.pk})
        cursor.execute(_RECORDS, {"school": school.pk})
        cursor.execute("select set_config('app.bulk_load', '', true)")
    return school


def _a_class(school: Organisation, place: int, count: int, year: int) -> None:
    grade = GRADES[place % len(GRADES)]
    name = f"{grade}A{place}"
    facts: dict[str, Any] = {"organisation": school, "school_year": year}
    group = ClassGroup.objects.create(
        **facts, name=name, name_key=vi_key(name), grade=grade, level="lower_secondary", kind="single"
    )
    names = [f"Nguyễn Thị Ngọc {chr(65 + each % 26)}" for each in range(count)]
    people = Person.objects.bulk_create(
        Person(
            place=school,
            path=school.path,
            full_name=each,
            name_key=name_sort_key(each),
            search_key=search_key(each),
            birth_date=dt.date(2013, 5, 1),
            is_learner=True,
        )
        for each in names
    )
    during = (dt.date(year, 9, 5), None)
    Enrolment.objects.bulk_create(
        Enrolment(learner=one, class_group=group, path=school.path, during=during, **facts) for one in people
    )
    rules = secondary()
    GradeSheet.objects.bulk_create(
        GradeSheet(
            **facts,
            path=school.path,
            class_group=group,
            term=term,
            subject=each.code,
            is_scored=each.assessment == "scored",
            columns=regular_count(rules, each.periods[grade]) if each.assessment == "scored" else rules.remark_marks,
        )
        for each in programme_for("lower_secondary", grade, year).subjects_of(grade, "compulsory")
        for term in (1, 2)
    )


def _copied(school: Organisation) -> int:
    """Take the marks out as they lie."""
    size = 0
    with connection.cursor() as cursor, cursor.copy(_READ.format(school=school.pk)) as copy:
        for piece in copy:
            size += len(piece)
    return size


def _copied_in(school: Organisation) -> None:
    """Put as many results as were kept into a bare table."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"school": school.pk})
        rows = cursor.fetchall()
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table bench_results (id uuid, e uuid, l uuid, a jsonb, r jsonb, rule text, h text)"
            " on commit drop"
        )
        with cursor.copy("copy bench_results from stdin") as copy:
            for row in rows:
                copy.write_row(row)


RESULTS = Bench("results", sizes, results)
