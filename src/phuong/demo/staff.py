"""Staff of a group of schools: posts, subjects, qualifications."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import EPOCH, Chance, Flags, Places, blanked, dates
from phuong.demo.classes import Classes
from phuong.demo.people import Crowd, Homes, Scribe, years
from phuong.demo.schools import SchoolUnit

_LEARNERS_PER_POST = 15.5
_STAFFING = {"preschool": 1.2, "primary": 0.95, "lower_secondary": 1.0, "upper_secondary": 0.95, "continuing": 0.8}
_SUPPORT = ("accountant", "clerk", "medical", "librarian", "equipment", "guard", "it", "caretaker")
_SUPPORT_PRESCHOOL = ("accountant", "cook", "medical", "cook", "guard", "cook", "clerk", "cook")
_POSTS = ("principal", "deputy_principal", "teacher", "director", "deputy_director")
_SUBJECTS = {
    "primary": ("TIENGVIET",) * 8 + ("NN1", "NN1", "GDTC", "TINCN", "NGHETHUAT"),
    "lower_secondary": (
        "NGUVAN",
        "TOAN",
        "NN1",
        "KHTN",
        "LSDL",
        "KHTN",
        "TOAN",
        "NGUVAN",
        "NN1",
        "GDTC",
        "TINHOC",
        "CONGNGHE",
        "GDCD",
        "NGHETHUAT",
    ),
    "upper_secondary": (
        "TOAN",
        "NGUVAN",
        "NN1",
        "VATLI",
        "HOAHOC",
        "LICHSU",
        "SINHHOC",
        "DIALI",
        "TINHOC",
        "GDTC",
        "GDKTPL",
        "CONGNGHE",
        "GDQPAN",
        "TOAN",
        "NGUVAN",
        "NN1",
    ),
    "continuing": ("TOAN", "NGUVAN", "LICHSU", "DIALI", "VATLI", "HOAHOC", "SINHHOC", "GDKTPL"),
}
_WOMEN = {"preschool": 0.985, "primary": 0.86, "lower_secondary": 0.74, "upper_secondary": 0.66, "continuing": 0.60}
LEVELS_OF_DEGREE = ("intermediate", "college", "bachelor", "master", "doctor")
_DEGREES = {  # shares by LEVELS_OF_DEGREE
    "preschool": (0.055, 0.30, 0.62, 0.025, 0),
    "primary": (0.003, 0.052, 0.90, 0.045, 0),
    "lower_secondary": (0, 0.058, 0.842, 0.10, 0),
    "upper_secondary": (0, 0.008, 0.71, 0.275, 0.007),
    "continuing": (0, 0.03, 0.80, 0.17, 0),
    "support": (0.25, 0.35, 0.40, 0, 0),
}
_AWARDED_BY = (
    "Trường Đại học Hải Phòng",
    "Trường Đại học Sư phạm Hà Nội",
    "Trường Đại học Sư phạm Hà Nội 2",
    "Trường Đại học Giáo dục",
    "Trường Cao đẳng Hải Dương",
    "Trường Đại học Sư phạm Thái Nguyên",
)
LAST_SERIAL = 999_999  # staff count down from here, guardians up from 0: their numbers never meet


@dataclass(frozen=True)
class Posts:
    """Posts of a group of schools as columns, in the order of schools; within a school teachers come last."""

    ids: pl.Series
    home: Places
    position: pl.Series
    group: pl.Series
    subject: pl.Series
    level: list[str]
    teaches: Flags
    first_teacher: Places  # place of the first teacher of each school


def hire(chance: Chance, schools: tuple[SchoolUnit, ...], classes: Classes) -> Posts:
    """Give each school its managers, support staff and teachers; every class has a teacher of its own."""
    class_count = np.bincount(classes.school, minlength=len(schools))
    position: list[str] = []
    subject: list[str] = []
    home: list[int] = []
    first_teacher: list[int] = []
    for place, school in enumerate(schools):
        posts = _posts(school)
        wanted = round(school.learners / _LEARNERS_PER_POST * _STAFFING[school.level])
        teachers = max(wanted - len(posts), int(class_count[place]) + 1)
        subjects = _SUBJECTS.get(school.level, ("",))
        first_teacher.append(len(position) + len(posts))
        position += posts + ["teacher"] * teachers
        subject += [""] * len(posts) + [subjects[number % len(subjects)] for number in range(teachers)]
        home += [place] * (len(posts) + teachers)
    series = pl.Series(position)
    managers = series.is_in(["principal", "deputy_principal", "director", "deputy_director"])
    teaches = series == "teacher"
    group = pl.select(
        pl.when(managers).then(pl.lit("manager")).when(teaches).then(pl.lit("teacher")).otherwise(pl.lit("staff"))
    ).to_series()
    return Posts(
        chance.keys(len(home)),
        np.array(home),
        series,
        group,
        pl.Series(subject),
        [schools[place].level for place in home],
        teaches.to_numpy(),
        np.array(first_teacher),
    )


def _posts(school: SchoolUnit) -> list[str]:
    head, deputy = (
        ("director", "deputy_director") if school.level == "continuing" else ("principal", "deputy_principal")
    )
    deputies = 1 + (school.learners > 450) + (school.learners > 1100)
    support = max(2, round(school.learners / (90 if school.level == "preschool" else 190)))
    kinds = _SUPPORT_PRESCHOOL if school.level == "preschool" else _SUPPORT
    return [head] + [deputy] * deputies + [kinds[number % len(kinds)] for number in range(support)]


def homerooms(posts: Posts, classes: Classes) -> pl.Series:
    """Give the key of each class's homeroom teacher: teacher number n of the school for class number n."""
    return posts.ids.gather(posts.first_teacher[classes.school] + classes.number)


def write(chance: Chance, scribe: Scribe, posts: Posts, homes: Homes, *, serial: int) -> tuple[pl.DataFrame, Places]:
    """Write the rows of ``Person``; also give the birth days. ``serial``: staff written before."""
    size = len(posts.home)
    women = chance.flags(np.array([_WOMEN.get(level, 0.5) for level in posts.level]), size)
    is_female = (women | (posts.position == "cook").to_numpy()) & ~(posts.position == "guard").to_numpy()
    managers = (posts.group == "manager").to_numpy()
    age = chance.between(24, 58, size) + managers * 6
    born = (scribe.today - EPOCH).days - np.minimum(age, 59) * 365 - chance.below(365, size)
    surname = scribe.book.surnames_for(chance, size)
    missing = np.full(size, defects.STAFF.missing)
    serials = LAST_SERIAL - serial - np.arange(size)
    crowd = Crowd(posts.ids, posts.home, is_female, born, surname, serials, defects.STAFF, missing)
    written = scribe.rows(chance, crowd, homes)
    codes = pl.Series(3_190_000_000 + serial + np.arange(size)).cast(pl.String)
    local = written.columns["search_key"].str.replace_all(" ", "") + "." + codes.str.slice(4)
    hidden = chance.flags(defects.rate(0.10, homes.laxity[posts.home]), size)
    level = chance.places((0.02, 0.07, 0.91), size)
    return written.frame(
        role="is_staff",
        code=codes,
        work_email=blanked(local + "@haiphong.edu.vn", hidden, ""),
        citizen_identity_level=pl.Series(level).cast(pl.Int16),
    ), born


def positions(chance: Chance, posts: Posts, homes: Homes, private: Flags, born: Places, today: dt.date) -> pl.DataFrame:
    """Write the rows of ``StaffPosition``: the present post, a few earlier ones, a few that ended."""
    size = len(posts.home)
    year = today.year
    since = np.minimum(np.maximum(years(born) + 23 + chance.below(4, size), year - 22) + chance.below(9, size), year)
    starts = (np.array([f"{one}-08-15" for one in range(1970, year + 1)], dtype="datetime64[D]")).astype(np.int64)
    start = np.minimum(starts[since - 1970], (today - EPOCH).days - 20)
    ended = chance.flags(0.008, size) & (start < (today - EPOCH).days - 400)
    end = blanked(dates(np.full(size, (dt.date(year, 6, 1) - EPOCH).days)), ~ended)
    now = _rows(chance, posts, homes, private, np.arange(size), posts.home, (dates(start), end))
    moved = np.flatnonzero(chance.flags(0.03, size) & posts.teaches)
    school_before = (posts.home[moved] + 1) % len(homes.ids)
    before = _rows(
        chance,
        posts,
        homes,
        private,
        moved,
        school_before,
        (dates(start[moved] - 365 * chance.between(1, 6, len(moved))), dates(start[moved])),
    )
    return pl.concat([now, before])


def _rows(  # noqa: PLR0913
    chance: Chance,
    posts: Posts,
    homes: Homes,
    private: Flags,
    rows: Places,
    home: Places,
    span: tuple[pl.Series, pl.Series],
) -> pl.DataFrame:
    size = len(rows)
    contract = blanked(
        chance.pick(("permanent", "fixed_term", "probation", "decree_111"), (0.84, 0.10, 0.03, 0.03), size),
        private[home],
        None,
    ).fill_null(chance.pick(("labour_permanent", "labour_fixed"), (0.6, 0.4), size))
    return pl.DataFrame(
        {
            "id": chance.keys(size),
            "path": homes.paths.gather(home),
            "person_id": posts.ids.gather(rows),
            "organisation_id": homes.ids.gather(home),
            "position": posts.position.gather(rows),
            "group": posts.group.gather(rows),
            "subject": posts.subject.gather(rows),
            "contract": contract,
            "is_main": pl.Series(np.ones(size, dtype=bool)),
            "during": pl.select(pl.format("[{},{})", span[0], span[1].cast(pl.String).fill_null(""))).to_series(),
        }
    )


def qualifications(chance: Chance, posts: Posts, homes: Homes, born: Places, ranks: dict[str, int]) -> pl.DataFrame:
    """Write the rows of ``Qualification``: one for each member of staff, the highest."""
    size = len(posts.home)
    levels = ["support" if group == "staff" else level for group, level in zip(posts.group, posts.level, strict=True)]
    edges = np.cumsum(np.array([_DEGREES.get(level, _DEGREES["upper_secondary"]) for level in levels]), axis=1)
    drop = np.clip(homes.laxity[posts.home] - 1, -0.5, 1.5) * 0.03  # laxer places employ more of the lower degrees
    dice = np.clip(chance.uniform(size) - drop, 0, 0.999999)
    degree = np.minimum((dice[:, None] >= edges).sum(axis=1), len(LEVELS_OF_DEGREE) - 1)
    awarded = born + 365 * (22 + degree) + chance.below(700, size)
    return pl.DataFrame(
        {
            "id": chance.keys(size),
            "path": homes.paths.gather(posts.home),
            "person_id": posts.ids,
            "level": pl.Series(LEVELS_OF_DEGREE).gather(degree),
            "rank": pl.Series([ranks[name] for name in LEVELS_OF_DEGREE], dtype=pl.Int16).gather(degree),
            "field": posts.subject,
            "awarded_by": chance.pick(_AWARDED_BY, (0.34, 0.2, 0.12, 0.08, 0.16, 0.1), size),
            "awarded_on": dates(np.minimum(awarded, born.max() + 365 * 24)),
        }
    )
