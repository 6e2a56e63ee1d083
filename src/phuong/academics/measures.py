"""What is counted of results: completion of a level, going on to the next one, promotion, classes with marks.

Two years are spoken of: the one that ended last (from June on the year just over), and for going on to the next level
the one before the present, whose pupils are looked for in the classes of this year.
"""

import ibis
import ibis.expr.types as ir

from phuong.academics.models import EntryWindow, GradeSheet, GrowthCheck, Mark, Result
from phuong.academics.models.preschool import LEVELS as PRESCHOOL
from phuong.academics.profiles import preschool
from phuong.kernel.expressions import table_of, this_school_year
from phuong.kernel.measures import Measure, Population
from phuong.kernel.models import CodeEntry
from phuong.registry.api import ClassGroup, Enrolment, Person, TeachingAssignment

NO: ir.BooleanValue = ibis.literal(value=False)
PRIMARY, LOWER, UPPER = 5, 9, 12  # the last grades of the levels
MARKED_LEVELS = ("lower_secondary", "upper_secondary", "continuing")
_PRESENT = ("studying", "transferred_in", "repeating")  # code list enrolment_status, present
_GONE = ("transferred_out", "transferred_out_of_province", "deceased")  # code list enrolment_status

_last_year = (ibis.today() - ibis.interval(months=5)).year() - 1
_enrolments, _classes, _people = table_of(Enrolment), table_of(ClassGroup), table_of(Person)
_results = table_of(Result)
_of_year = _results.filter(_results.part == 0)

_groups = _classes.filter((_classes.school_year == _last_year) & (_classes.grade >= 1))
_sat = _enrolments.filter(_enrolments.school_year == _last_year)
_later = _sat.group_by("learner_id").agg(starts_on=_sat.starts_on.max())  # where each sat last in the year
_last = _sat.semi_join(_later, ["learner_id", "starts_on"]).filter(lambda row: row.status.notin(_GONE))
pupils_table: ir.Table = (
    _last.join(_groups, _last.class_group_id == _groups.id)
    .join(_people, _last.learner_id == _people.id)
    .left_join(_of_year, _last.id == _of_year.enrolment_id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_last.organisation_id,
        grade=_groups.grade,
        has_dropped=_last.status == "dropped_out",
        outcome=_of_year.outcome.fill_null(""),
        honour=_of_year.honour.fill_null(""),
    )
)
PUPILS = Population(
    "academics.pupils", "Học sinh của năm học gần nhất đã hết", pupils_table, url="/nguoi/{id}/", personal=True
)

_this_year = _classes.filter(_classes.school_year == this_school_year())
_now = _enrolments.filter(_enrolments.school_year == this_school_year())
_grades = _now.join(_this_year, _now.class_group_id == _this_year.id).select(
    learner_id=_now.learner_id, grade=_this_year.grade
)
_onward = _grades.group_by("learner_id").agg(grade=_grades.grade.max())
_done = _of_year.filter((_of_year.outcome == "completed") & (_of_year.school_year == this_school_year() - 1))
_seats = _enrolments.filter(_enrolments.school_year == this_school_year() - 1)
completers_table: ir.Table = (
    _done.join(_seats, _done.enrolment_id == _seats.id)
    .join(_classes, _seats.class_group_id == _classes.id)
    .join(_people, _done.learner_id == _people.id)
    .left_join(_onward, _done.learner_id == _onward.learner_id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_done.organisation_id,
        grade=_classes.grade,
        goes_on=(_onward.grade > _classes.grade).fill_null(NO),
    )
)
COMPLETERS = Population(
    "academics.completers", "Học sinh hoàn thành cấp học năm trước", completers_table, url="/nguoi/{id}/", personal=True
)

_sheets, _marks = table_of(GradeSheet), table_of(Mark)
_written = _sheets.semi_join(_marks, _sheets.id == _marks.sheet_id)
_begun = _written.group_by("class_group_id").agg(sheets=_written.count())
classes_table: ir.Table = _this_year.left_join(_begun, _this_year.id == _begun.class_group_id).select(
    id=_this_year.id,
    label=_this_year.name,
    organisation_id=_this_year.organisation_id,
    level=_this_year.level,
    sheets=_begun.sheets.fill_null(0),
)
CLASSES = Population("academics.classes", "Lớp học của năm học, sổ điểm", classes_table, url="/lop/{id}/")

_checks = table_of(GrowthCheck)
_measured = _checks.filter(_checks.weight.notnull() | _checks.height.notnull())
_last_check = _measured.group_by("learner_id").agg(day=_measured.day.max())
_groups_now = _this_year.filter(_this_year.level.isin(PRESCHOOL))
_sitting = _now.filter(_now.ends_on.isnull() & _now.status.isin(_PRESENT))
children_table: ir.Table = (
    _sitting.join(_groups_now, _sitting.class_group_id == _groups_now.id)
    .join(_people, _sitting.learner_id == _people.id)
    .left_join(_last_check, _sitting.learner_id == _last_check.learner_id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_sitting.organisation_id,
        birth_date=_people.birth_date,
        measured_on=_last_check.day,
    )
)
CHILDREN = Population("academics.children", "Trẻ mầm non đang học", children_table, url="/nguoi/{id}/", personal=True)

# What was to be written by now: columns whose window is over. An assigned subject without a sheet is known by its
# assignment, in the last term that is over.
_windows, _teaching, _titles = table_of(EntryWindow), table_of(TeachingAssignment), table_of(CodeEntry)
_past = _windows.filter((_windows.school_year == this_school_year()) & (_windows.closes_on < ibis.today()))
_until = _past.group_by("organisation_id", "term").agg(
    midterm_until=_past.closes_on.max(where=_past.column == "midterm"),
    final_until=_past.closes_on.max(where=_past.column == "final"),
)
_over = _until.filter(_until.midterm_until.notnull() | _until.final_until.notnull())
_last_over = _over.group_by("organisation_id").agg(term=_over.term.max())
_taught = _teaching.filter(
    (_teaching.starts_on <= ibis.today()) & (_teaching.ends_on.isnull() | (_teaching.ends_on > ibis.today()))
)
_unwritten = _taught.join(_last_over, "organisation_id").anti_join(_sheets, ["class_group_id", "subject", "term"])
_ASKED = ("id", "organisation_id", "class_group_id", "subject", "term")
_asked = ibis.union(
    _sheets.filter(_sheets.school_year == this_school_year()).select(*_ASKED), _unwritten.select(*_ASKED)
)
_marked_groups = _this_year.filter(_this_year.level.isin(MARKED_LEVELS))
_subjects = _titles.filter(_titles.list == "subject")
_seats_asked = (
    _asked.join(_over, ["organisation_id", "term"])
    .join(_marked_groups, _asked.class_group_id == _marked_groups.id)
    .join(_sitting, _asked.class_group_id == _sitting.class_group_id)
    .left_join(_subjects, _asked.subject == _subjects.code)
    .left_join(_marks, (_asked.id == _marks.sheet_id) & (_sitting.learner_id == _marks.learner_id))
    .select(
        id=_asked.id,
        organisation_id=_asked.organisation_id,
        label=_marked_groups.name
        + ", "
        + _subjects.title.fill_null(_asked.subject)
        + ibis.ifelse(_asked.term == 1, ", học kì I", ", học kì II"),
        starts_on=_sitting.starts_on,
        is_exempt=_marks.is_exempt.fill_null(NO),
        midterm=_marks.midterm,
        midterm_on=_marks.midterm_on,
        midterm_until=_over.midterm_until,
        final=_marks.final,
        final_on=_marks.final_on,
        final_until=_over.final_until,
    )
)
_s = _seats_asked.filter(~_seats_asked.is_exempt)


def _cells(which: str) -> tuple[ir.IntegerValue, ir.IntegerValue, ir.IntegerValue]:
    """Count the cells of a column that were due by its last day, that are there, that were there in time."""
    until, mark, first = _s[f"{which}_until"], _s[which], _s[f"{which}_on"]
    due = (until.notnull() & (_s.starts_on <= until)).fill_null(NO)
    there = due & mark.notnull()
    return due.sum(), there.sum(), (there & (first.isnull() | (first <= until))).sum()


_of_midterm, _of_final = _cells("midterm"), _cells("final")
sheets_table: ir.Table = _s.group_by("organisation_id", "id", "label").agg(
    due=_of_midterm[0] + _of_final[0], there=_of_midterm[1] + _of_final[1], in_time=_of_midterm[2] + _of_final[2]
)
SHEETS = Population("academics.sheets", "Sổ điểm đã hết hạn nhập", sheets_table, url="/so-diem/so/{id}/")

_p, _c, _g, _k, _t = pupils_table, completers_table, classes_table, children_table, sheets_table


def _within(months: int) -> ir.BooleanValue:
    return _k.measured_on >= ibis.today() - ibis.interval(months=months)


def _measured_in_time() -> ir.BooleanValue:
    """Say whether the last measuring lies within the interval the profile asks for at the age of that day."""
    *early, oldest = preschool().measuring
    is_fresh = _within(oldest.every_months)
    for step in reversed(early):
        is_younger = _k.birth_date > _k.measured_on - ibis.interval(months=step.to_month)
        is_fresh = ibis.ifelse(is_younger.fill_null(NO), _within(step.every_months), is_fresh)
    return is_fresh.fill_null(NO)


_UNDONE = {
    "dropped": ("Bỏ học ở lớp cuối cấp", "Dropped out in the last grade"),
    "retained": ("Không hoàn thành, ở lại lớp", "Did not complete, stays"),
    "waiting": ("Chờ đánh giá lại, đánh giá bổ sung, rèn luyện hè", "Awaits another assessment or summer training"),
    "open": ("Chưa có kết luận cả năm", "The year is not decided"),
}
_why_undone = ibis.cases(
    (_p.has_dropped, "dropped"),
    (_p.outcome == "retained", "retained"),
    (_p.outcome.isin(("retest", "summer_training", "support", "principal")), "waiting"),
    else_="open",
)
_NOT_HERE = {"not_here": ("Không thấy ở lớp cấp trên năm học này", "Not found in a class of the next level this year")}


def _completion(code: str, title: str, title_en: str, grade: int) -> Measure:
    """Count who completed a level, of all who sat in its last grade and did not move away."""
    return Measure(
        f"academics.{code}",
        title,
        title_en,
        PUPILS,
        among=_p.grade == grade,
        meets=_p.outcome == "completed",
        reasons=_UNDONE,
        why=_why_undone,
        source="hai-phong-strategy-2045",
    )


def _going_on(code: str, title: str, title_en: str, grade: int) -> Measure:
    """Count who sits in a class of the next level this year, of all who completed a level the year before."""
    return Measure(
        f"academics.{code}",
        title,
        title_en,
        COMPLETERS,
        among=_c.grade == grade,
        meets=_c.goes_on,
        reasons=_NOT_HERE,
        source="hai-phong-strategy-2045",
    )


MEASURES = (
    _completion("completed_primary", "Học sinh lớp 5 hoàn thành cấp tiểu học", "Grade 5 completing primary", PRIMARY),
    _completion("completed_lower", "Học sinh lớp 9 hoàn thành cấp THCS", "Grade 9 completing lower secondary", LOWER),
    _completion("completed_upper", "Học sinh lớp 12 hoàn thành cấp THPT", "Grade 12 completing upper secondary", UPPER),
    _going_on(
        "primary_to_lower",
        "Học sinh hoàn thành tiểu học năm trước đang học THCS",
        "Last year's primary completers in lower secondary",
        PRIMARY,
    ),
    _going_on(
        "lower_to_upper",
        "Học sinh hoàn thành THCS năm trước đang học THPT, GDTX",
        "Last year's lower secondary completers in upper secondary or continuing education",
        LOWER,
    ),
    Measure(
        "academics.promoted",
        "Học sinh được lên lớp hoặc hoàn thành cấp học",
        "Pupils promoted or completing their level",
        PUPILS,
        meets=_p.outcome.isin(("promoted", "completed")),
        reasons={**_UNDONE, "dropped": ("Bỏ học trong năm", "Dropped out during the year")},
        why=_why_undone,
        source="TT 22/2021/TT-BGDĐT; TT 27/2020/TT-BGDĐT",
    ),
    Measure(
        "academics.honours",
        "Học sinh được khen thưởng cuối năm học",
        "Pupils with honours at the end of the year",
        PUPILS,
        meets=_p.honour != "",
        reasons={"none": ("Không có danh hiệu", "No honour")},
        is_share=True,
        source="TT 22/2021/TT-BGDĐT, Điều 15; TT 27/2020/TT-BGDĐT, Điều 13",
    ),
    Measure(
        "academics.classes_with_marks",
        "Lớp trung học đã ghi điểm vào sổ điểm điện tử trong năm học",
        "Secondary classes with marks in the electronic gradebook this year",
        CLASSES,
        among=_g.level.isin(MARKED_LEVELS),
        meets=_g.sheets > 0,
        reasons={"none": ("Chưa có điểm nào trong sổ", "No mark in the gradebook")},
        source="TT 15/2026/TT-BGDĐT, Điều 21",
    ),
    Measure(
        "academics.children_measured",
        "Trẻ mầm non được cân đo đúng hạn",
        "Preschool children weighed and measured in time",
        CHILDREN,
        meets=_measured_in_time(),
        reasons={
            "never": ("Chưa có lần cân đo nào trong sổ", "Never measured"),
            "late": ("Đã quá hạn cân đo", "The next measuring is overdue"),
        },
        why=ibis.cases((_k.measured_on.isnull(), "never"), else_="late"),
        source="Thông tư 17/2009/TT-BGDĐT",
    ),
    Measure(
        "academics.sheets_in_time",
        "Sổ điểm ghi đủ điểm giữa kì, cuối kì đúng hạn",
        "Grade sheets with all midterm and final marks entered in time",
        SHEETS,
        among=_t.due > 0,
        meets=_t.in_time >= _t.due,
        reasons={
            "empty": ("Hết hạn mà chưa có điểm nào", "No mark although the time is over"),
            "lacking": ("Hết hạn mà còn thiếu điểm", "Marks lack although the time is over"),
            "late": ("Đủ điểm, có điểm ghi sau hạn", "Complete, with marks entered too late"),
        },
        why=ibis.cases((_t.there == 0, "empty"), (_t.there < _t.due, "lacking"), else_="late"),
        source="TT 22/2021/TT-BGDĐT; thời hạn nhập điểm do trường đặt",
    ),
    Measure(
        "academics.marks_in_time",
        "Điểm giữa kì, cuối kì ghi đúng hạn",
        "Midterm and final marks entered in time",
        SHEETS,
        among=_t.due > 0,
        meets=_t.due > 0,
        amount=_t.in_time,
        per=_t.due,
        reasons={"lacking": ("Còn thiếu hoặc ghi sau hạn", "Lacking, or entered too late")},
        source="TT 22/2021/TT-BGDĐT; thời hạn nhập điểm do trường đặt",
    ),
)
