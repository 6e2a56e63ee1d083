"""Preschool: age bands, indicators by domain, what a growth index means."""

import pytest

from phuong.academics.profiles import preschool
from phuong.academics.rules.preschool import NORMAL, Domain, development, growth, next_measuring, stage_at

RULES = preschool()


@pytest.mark.parametrize(
    ("months", "stage"),
    [(2, None), (3, "nursery"), (35, "nursery"), (36, "kindergarten"), (71, "kindergarten"), (72, None)],
)
def test_a_child_belongs_to_the_band_of_its_age(months: int, stage: str | None) -> None:
    assert stage_at(RULES, months) == stage


def test_indicators_are_counted_by_domain_without_an_overall_mark() -> None:
    found = development(RULES, "kindergarten", {"THECHAT": [1, 0, None], "NGONNGU": [1, 1]})

    assert list(found) == ["THECHAT", "NHANTHUC", "NGONNGU", "TCXH", "THAMMI"]
    assert found["THECHAT"] == Domain(met=1, told=2, missing=1)
    assert found["NGONNGU"] == Domain(2, 2, 0)
    assert found["TCXH"] == Domain(0, 0, 0)
    assert len(development(RULES, "nursery", {})) == 4


def test_a_domain_of_another_band_is_refused() -> None:
    with pytest.raises(KeyError, match="THAMMI"):
        development(RULES, "nursery", {"THAMMI": [1]})


@pytest.mark.parametrize(
    ("index", "deviation", "finding"),
    [
        ("weight_for_age", -200, NORMAL),
        ("weight_for_age", -201, "underweight"),
        ("weight_for_age", -300, "underweight"),
        ("weight_for_age", -301, "severely_underweight"),
        ("weight_for_age", 350, NORMAL),
        ("height_for_age", -201, "stunted"),
        ("height_for_age", -301, "severely_stunted"),
        ("weight_for_height", -201, "wasted"),
        ("weight_for_height", 200, NORMAL),
        ("weight_for_height", 201, "overweight"),
        ("weight_for_height", 300, "overweight"),
        ("weight_for_height", 301, "obese"),
        ("bmi_for_age", -301, "severely_wasted"),
    ],
)
def test_growth_is_judged_by_standard_deviations(index: str, deviation: int, finding: str) -> None:
    assert growth(RULES, {index: deviation}).findings == {index: finding}


def test_several_indices_are_told_together() -> None:
    found = growth(RULES, {"weight_for_age": -250, "height_for_age": 0})

    assert found.findings == {"weight_for_age": "underweight", "height_for_age": NORMAL}
    assert [reason.text for reason in found.because] == ["weight_for_age: Nhẹ cân"]
    assert growth(RULES, {"height_for_age": 0}).because[0].text == "Bình thường"


@pytest.mark.parametrize(("months", "every"), [(6, 1), (23, 1), (24, 3), (60, 3), (80, 3)])
def test_the_youngest_are_measured_every_month(months: int, every: int) -> None:
    assert next_measuring(RULES, months) == every
