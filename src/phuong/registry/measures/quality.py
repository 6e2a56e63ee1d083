"""What tells whether records are right, unique, consistent and alive; the app ``quality`` weighs these."""

import ibis

from phuong.kernel.expressions import table_of, this_school_year
from phuong.kernel.measures import Measure, Population
from phuong.registry.measures.populations import CLASSES, NO, SCHOOLS, classes_table, schools_table
from phuong.registry.models import ClassGroup, Enrolment, Person, School

FEWEST, MOST = 5, 55  # outside of these a class is more likely wrong than odd
YOUNGEST, OLDEST = 5, 9  # years of age less grade in which nearly every pupil lies
_PRESENT = ("studying", "transferred_in", "repeating")  # code list enrolment_status, present
_people, _enrolments, _classes, _schools = table_of(Person), table_of(Enrolment), table_of(ClassGroup), table_of(School)
_current = _enrolments.filter(_enrolments.ends_on.isnull() & _enrolments.status.isin(_PRESENT))
_learners = _people.filter(_people.is_learner)
_same_name = (
    _learners.group_by("place_id", "search_key", "birth_date")
    .agg(alike=_learners.count())
    .filter(lambda t: t.alike > 1)
)
_numbers = _people.filter(_people.number_check != "missing")
_same_number = _numbers.group_by("number_hash").agg(holders=_numbers.count()).filter(lambda t: t.holders > 1)
_seated = (
    _current.join(_people, _current.learner_id == _people.id)
    .join(_classes, _current.class_group_id == _classes.id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_current.organisation_id,
        place_id=_people.place_id,
        search_key=_people.search_key,
        birth_date=_people.birth_date,
        number_hash=_people.number_hash,
        grade=_classes.grade,
        school_year=_classes.school_year,
        updated_on=_people.updated_on,
    )
)
_named = _seated.left_join(_same_name, ["place_id", "search_key", "birth_date"]).select(
    *(_seated[name] for name in _seated.columns), alike=_same_name.alike
)
seats_table = _named.left_join(_same_number, _named.number_hash == _same_number.number_hash).select(
    *(_named[name] for name in _named.columns if name != "number_hash"), holders=_same_number.holders
)
SEATS = Population("registry.seats", "Học sinh ngồi lớp", seats_table, url="/nguoi/{id}/", personal=True)
_s, _c = seats_table, classes_table
_age_less_grade = _s.school_year - _s.birth_date.year() - _s.grade
_fits = ibis.ifelse(
    _s.grade > 0,
    (_age_less_grade >= YOUNGEST) & (_age_less_grade <= OLDEST),
    (_s.school_year - _s.birth_date.year()) <= 7,
)
_elsewhere = _s.place_id != _s.organisation_id

MEASURES = (
    Measure(
        "registry.ages_plausible",
        "Học sinh có ngày sinh hợp với khối lớp",
        "Pupils whose birth date fits their grade",
        SEATS,
        meets=_fits.fill_null(NO),
        reasons={
            "none": ("Chưa có ngày sinh", "No birth date"),
            "odd": ("Tuổi lệch nhiều so với khối lớp: kiểm tra ngày sinh và lớp", "Far from the age of the grade"),
        },
        why=ibis.ifelse(_s.birth_date.isnull(), "none", "odd"),
    ),
    Measure(
        "registry.learners_unique",
        "Học sinh không trùng hồ sơ trong trường",
        "Pupils with one record at the school",
        SEATS,
        meets=_s.alike.isnull(),
        reasons={
            "alike": (
                "Cùng họ tên và ngày sinh với một hồ sơ khác của trường",
                "Another record has this name and birth date",
            )
        },
    ),
    Measure(
        "registry.numbers_unique",
        "Học sinh có số định danh không trùng với ai",
        "Pupils whose personal number nobody else has",
        SEATS,
        meets=_s.holders.isnull(),
        reasons={"shared": ("Số định danh trùng với hồ sơ khác", "Another record has this personal number")},
    ),
    Measure(
        "registry.seats_consistent",
        "Học sinh có hồ sơ ở đúng trường đang học",
        "Pupils whose record is kept where they sit",
        SEATS,
        meets=~_elsewhere & (_s.school_year == this_school_year()),
        reasons={
            "place": ("Hồ sơ do trường khác giữ", "Another school keeps the record"),
            "year": ("Còn ngồi ở lớp của năm học trước", "Still in a class of an earlier school year"),
        },
        why=ibis.ifelse(_elsewhere, "place", "year"),
    ),
    Measure(
        "registry.learners_fresh",
        "Hồ sơ học sinh được cập nhật trong 12 tháng",
        "Pupils whose record was updated within 12 months",
        SEATS,
        meets=(_s.updated_on >= ibis.today() - ibis.interval(months=12)).fill_null(NO),
        reasons={"stale": ("Hơn 12 tháng chưa rà lại", "Not looked at for over 12 months")},
    ),
    Measure(
        "registry.class_sizes_plausible",
        "Lớp có sĩ số hợp lí",
        "Classes of a plausible size",
        CLASSES,
        meets=(_c.enrolled >= FEWEST) & (_c.enrolled <= MOST),
        reasons={
            "empty": ("Lớp chưa có học sinh", "Nobody sits in the class"),
            "few": ("Dưới 5 học sinh: kiểm tra lại", "Fewer than 5 pupils"),
            "many": ("Trên 55 học sinh: kiểm tra lại", "More than 55 pupils"),
        },
        why=ibis.cases((_c.enrolled == 0, "empty"), (_c.enrolled < FEWEST, "few"), else_="many"),
    ),
    Measure(
        "registry.connection_checked",
        "Trường rà lại kết nối Internet trong 12 tháng",
        "Schools that checked their connection within 12 months",
        SCHOOLS,
        meets=(schools_table.connection_checked_on >= ibis.today() - ibis.interval(months=12)).fill_null(NO),
        reasons={"stale": ("Chưa rà lại trong 12 tháng", "Not checked for 12 months")},
    ),
)
