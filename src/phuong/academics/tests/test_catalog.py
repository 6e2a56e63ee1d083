"""The shipped profiles and programmes: complete, cited, doubted where uncertain, and told clearly when wrong."""

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from phuong.academics.errors import NoProfile
from phuong.academics.profiles import (
    CATALOG,
    preschool,
    primary,
    profile_for,
    profile_named,
    profiles,
    programme_for,
    programmes,
    read_profile,
    read_programme,
    secondary,
)
from phuong.academics.rules.profiles import SecondaryProfile, governing
from phuong.academics.rules.programme import Programme
from phuong.kernel.codelists import read_yaml

GENERAL = programme_for("upper_secondary", 10, 2026)
TT22 = CATALOG / "profiles" / "tt22-2021.yaml"
ELECTIVES = ["VATLI", "HOAHOC", "SINHHOC", "TINHOC"]
TOPICS = ["TOAN", "VATLI", "HOAHOC"]


def written(tmp_path: Path, source: Path, old: str, new: str) -> Path:
    text = source.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file = tmp_path / source.name
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_each_profile_has_a_source_and_says_what_is_uncertain() -> None:
    assert [each.rule for each in profiles()] == [
        "TT17/2009@1",
        "TT22/2021@1",
        "TT27/2020@1",
        "TT43/2021-THCS@1",
        "TT43/2021-THPT@1",
    ]
    assert all(each.source and each.doubts for each in profiles())
    assert all(each.source and each.doubts for each in programmes())
    assert len({each.digest for each in profiles()}) == 5


@pytest.mark.parametrize(
    ("level", "grade", "year", "rule"),
    [
        ("primary", 1, 2020, "TT27/2020@1"),
        ("primary", 5, 2026, "TT27/2020@1"),
        ("lower_secondary", 6, 2021, "TT22/2021@1"),
        ("lower_secondary", 9, 2024, "TT22/2021@1"),
        ("upper_secondary", 12, 2026, "TT22/2021@1"),
        ("continuing", 9, 2026, "TT43/2021-THCS@1"),
        ("continuing", 12, 2026, "TT43/2021-THPT@1"),
        ("preschool", 0, 2026, "TT17/2009@1"),
    ],
)
def test_a_grade_is_under_the_profile_of_its_level_and_year(level: str, grade: int, year: int, rule: str) -> None:
    assert profile_for(level, grade, year).rule == rule


@pytest.mark.parametrize(
    ("level", "grade", "year"),
    [("lower_secondary", 9, 2023), ("primary", 6, 2026), ("university", 1, 2026), ("primary", 1, 2019)],
)
def test_a_grade_that_no_profile_governs_is_refused(level: str, grade: int, year: int) -> None:
    with pytest.raises(NoProfile):
        profile_for(level, grade, year)
    with pytest.raises(NoProfile):
        programme_for(level, grade, 2010)


def test_a_draft_governs_nobody_until_it_is_switched_on_and_an_ended_profile_no_longer() -> None:
    rules = secondary()
    later = rules.changed(code="TT99/2027", grades_since={8: 2027}, draft=True)
    on = later.changed(draft=False)
    ended = rules.changed(until=dt.date(2027, 7, 31))

    assert governing([rules, later], "lower_secondary", 8, 2027) is rules
    assert governing([rules, on], "lower_secondary", 8, 2027) is on
    assert governing([rules, on], "lower_secondary", 8, 2026) is rules
    assert governing([rules, on], "lower_secondary", 7, 2027) is rules
    assert governing([ended], "lower_secondary", 8, 2026) is ended
    assert governing([ended], "lower_secondary", 8, 2027) is None
    assert later.digest == on.digest != rules.digest


def test_a_profile_is_found_by_code_or_by_code_and_version() -> None:
    assert profile_named("TT22/2021") is profile_named("TT22/2021@1") is secondary()
    for wrong in ("TT22/2021@9", "TT99/2030"):
        with pytest.raises(NoProfile):
            profile_named(wrong)
    for door, rule in ((secondary, "TT27/2020"), (primary, "TT22/2021"), (preschool, "TT22/2021")):
        with pytest.raises(NoProfile):
            door(rule)


def test_marks_of_a_profile_are_whole_tenths() -> None:
    rules = secondary()

    assert [(each.least, each.good, each.subjects) for each in rules.thresholds] == [
        (65, 80, 6),
        (50, 65, 6),
        (35, 50, 6),
    ]
    assert (rules.promotion.absences, rules.promotion.retest_below, rules.honours[0].good) == (45, 50, 90)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("good: 8.0", "good: 8.25", "thresholds.0.good: Value error, at most one decimal"),
        ("version: 1", "version: 0", "version"),
        ("absences: 45", "absense: 45", "promotion"),
        ("kind: secondary", "kind: tertiary", "tertiary"),
        ("  chua_dat: {tot: kha, kha: dat, dat: dat, chua_dat: chua_dat}\n", "", "conduct: a row and a column"),
        ("level: kha, failed", "level: tot, failed", "thresholds: tot, kha, dat expected"),
        ("{up_to: 70, marks: 3}", "{up_to: 30, marks: 3}", "regular_marks: rising"),
        ("  retest: điều 14\n", "", "articles: retest not cited"),
        ("code: TT22/2021", "code: twenty-two", "code"),
        ("kind: secondary", "kind: {", "line"),
    ],
)
def test_a_profile_with_a_mistake_is_refused_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = written(tmp_path, TT22, old, new)

    with pytest.raises(ImproperlyConfigured) as refused:
        read_profile(file)

    assert str(refused.value).startswith("tt22-2021.yaml: ")
    assert told in str(refused.value)


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"gone\.yaml"):
        read_profile(tmp_path / "gone.yaml")


def test_a_new_circular_is_a_new_file_and_changes_the_digest(tmp_path: Path) -> None:
    draft = read_profile(written(tmp_path, TT22, "absences: 45", "absences: 40"))

    assert isinstance(draft, SecondaryProfile)
    assert draft.promotion.absences == 40
    assert draft.digest != secondary().digest


def test_the_periods_of_the_programme_add_up_to_what_it_prints() -> None:
    totals = {1: 875, 2: 875, 3: 980, 4: 1050, 5: 1050, 6: 1015, 7: 1015, 8: 1032, 9: 1032}

    assert GENERAL.totals == {**totals, 10: 997, 11: 997, 12: 997}
    assert {grade: GENERAL.periods_of(grade) for grade in GENERAL.totals} == GENERAL.totals


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("10: 997", "10: 998", "totals.10: 998 expected, the subjects add up to 997"),
        ("code: KHTN", "code: LSDL", "a code stands there twice"),
        ("{4: 70, 5: 70}}", "{4: 70, 5: 70}, topics: [10]}", "grades without periods"),
        ("12: 2024}", "13: 2024}", "grades_since"),
    ],
)
def test_a_programme_that_does_not_add_up_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = written(tmp_path, CATALOG / "programmes" / "gdpt-2018.yaml", old, new)

    with pytest.raises(ImproperlyConfigured) as refused:
        read_programme(file)

    assert told in str(refused.value)


def test_subjects_of_a_grade_are_told_by_their_standing() -> None:
    optional = [each.code for each in GENERAL.subjects_of(1, "optional")]
    electives = [each.code for each in GENERAL.subjects_of(10, "elective")]
    compulsory = {each.code for each in GENERAL.subjects_of(10, "compulsory")}

    assert optional == ["NN1", "TIENGDT"]
    assert len(electives) == 9
    assert compulsory == {"NGUVAN", "TOAN", "NN1", "LICHSU", "GDTC", "GDQPAN", "HDTN", "GDDP"}
    music = GENERAL.subject("AMNHAC")
    assert music is not None
    assert (music.assessment, music.standing(10)) == ("remarked", "elective")
    assert GENERAL.subject("LATIN") is None


@pytest.mark.parametrize(
    ("electives", "topics", "wrong"),
    [
        (ELECTIVES, TOPICS, []),
        (ELECTIVES[:3], ["TOAN", "VATLI", "NGUVAN"], [("electives", "4")]),
        ([*ELECTIVES[:3], "VATLI"], TOPICS, [("electives", "4")]),
        ([*ELECTIVES[:3], "TOAN"], TOPICS, [("no_elective", "TOAN")]),
        (ELECTIVES, ["TOAN", "VATLI", "DIALI"], [("not_taken", "DIALI")]),
        (ELECTIVES, ["TOAN", "VATLI", "GDTC"], [("no_topics", "GDTC")]),
        (ELECTIVES, ["TOAN"], [("topics", "3")]),
    ],
)
def test_a_class_chooses_four_electives_and_three_topic_groups(
    electives: list[str], topics: list[str], wrong: list[tuple[str, str]]
) -> None:
    assert GENERAL.wrong_choices(10, electives, topics) == wrong


def test_nothing_is_chosen_below_grade_ten() -> None:
    assert GENERAL.wrong_choices(8, [], []) == []
    assert GENERAL.wrong_choices(8, ["TOAN"], []) == [("no_elective", "TOAN"), ("electives", "0")]


def registered() -> dict[str, dict[str, object]]:
    """Read the registry's list of subjects, whose codes and titles the programmes share."""
    file = Path(apps.get_app_config("registry").path) / "catalog" / "lists" / "subject.yaml"
    return {entry["code"]: entry["attributes"] for entry in read_yaml(file)["entries"]}


@pytest.mark.parametrize("programme", programmes(), ids=lambda each: each.code)
def test_every_subject_is_one_of_the_registry_with_the_same_periods_and_assessment(programme: Programme) -> None:
    listed = registered()

    for subject in programme.subjects:
        periods = {int(grade): count for grade, count in listed[subject.code]["periods"].items()}
        assert {grade: periods[grade] for grade in subject.periods} == subject.periods
        assert listed[subject.code]["assessment"] == subject.assessment
    if programme.code == "GDPT2018":
        assert {each.code for each in programme.subjects} == set(listed)
        assert all(set(each.periods) == set(map(int, listed[each.code]["periods"])) for each in programme.subjects)


def test_the_tests_of_primary_grades_are_those_of_the_registrys_list() -> None:
    tested = {code: facts.get("tested_grades", []) for code, facts in registered().items()}

    for grade, periods in primary().tests.items():
        assert sorted(periods["end2"]) == sorted(code for code, grades in tested.items() if grade in grades)
