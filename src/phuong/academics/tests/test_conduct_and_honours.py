"""Conduct of the year by its table, and the honours of the year."""

import pytest

from phuong.academics.profiles import secondary
from phuong.academics.rules.conduct import conduct_year
from phuong.academics.rules.honour import honours
from phuong.academics.rules.levels import Level
from phuong.academics.testing import averages

RULES = secondary()
TABLE = {
    "tot": ("tot", "kha", "kha", "chua_dat"),
    "kha": ("tot", "kha", "dat", "chua_dat"),
    "dat": ("kha", "kha", "dat", "chua_dat"),
    "chua_dat": ("kha", "dat", "dat", "chua_dat"),
}
COLUMNS = ("tot", "kha", "dat", "chua_dat")


@pytest.mark.parametrize("term1", TABLE)
def test_the_conduct_of_the_year_is_the_cell_of_the_table(term1: str) -> None:
    found = [conduct_year(RULES, Level.of(term1), Level.of(term2)) for term2 in COLUMNS]

    assert tuple(each.level.code for each in found if each.level is not None) == TABLE[term1]
    assert {each.because[0].article for each in found} == {"Thông tư 22/2021/TT-BGDĐT, điều 8 khoản 2 điểm b"}


def test_better_conduct_in_a_term_never_lowers_the_year() -> None:
    for term2 in Level:
        year = [conduct_year(RULES, term1, term2).level for term1 in Level]
        assert year == sorted(year)
    for term1 in Level:
        year = [conduct_year(RULES, term1, term2).level for term2 in Level]
        assert year == sorted(year)


def test_without_a_term_there_is_no_conduct_of_the_year() -> None:
    assert conduct_year(RULES, None, Level.TOT).level is None
    assert conduct_year(RULES, Level.TOT, None).because[0].text.endswith("học kì II")


@pytest.mark.parametrize(
    ("result", "conduct", "values", "expected"),
    [
        ("tot", "tot", ["9.0"] * 6 + ["6.5"], "xuat_sac"),
        ("tot", "tot", ["9.0"] * 5 + ["8.9"] * 3, "gioi"),
        ("tot", "tot", [], "gioi"),
        ("tot", "kha", ["9.0"] * 8, None),
        ("kha", "tot", ["9.0"] * 8, None),
        ("dat", "dat", ["9.0"] * 8, None),
    ],
)
def test_an_honour_asks_for_both_results_and_enough_good_subjects(
    result: str, conduct: str, values: list[str], expected: str | None
) -> None:
    found = honours(RULES, Level.of(result), Level.of(conduct), averages(*values))

    assert found.honour == expected
    assert found.because[0].article.endswith("điều 15 khoản 1")


def test_an_honour_waits_for_both_results_and_skips_averages_that_lack() -> None:
    lacking = {**averages(*["9.0"] * 5), "TOAN": None}

    assert honours(RULES, None, Level.TOT, averages("9.0")).honour is None
    assert honours(RULES, Level.TOT, None, averages("9.0")).honour is None
    assert honours(RULES, Level.TOT, Level.TOT, lacking).honour == "gioi"
