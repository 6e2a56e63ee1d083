"""Every printed word of the plans about time is read, or says why not."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phuong.plans
from phuong.kernel.codelists import read_yaml
from phuong.tasks.rules import Recurrence, occurrences, parse_timing

CATALOG = Path(phuong.plans.__file__).parent / "catalog"


def printed() -> set[str]:
    texts = set()
    for file in CATALOG.glob("*.yaml"):
        content = read_yaml(file)
        if isinstance(content, dict) and "tasks" in content:
            texts |= {str(line.get("timing") or "") for line in content["tasks"]}
            texts |= {
                str(line.get("when") or "")
                for part in content.values()
                if isinstance(part, list)
                for line in part
                if isinstance(line, dict) and "when" in line
            }
    return texts


TEXTS = sorted(printed())


def test_the_plans_hold_many_ways_to_say_when() -> None:
    assert len(TEXTS) > 40


@pytest.mark.parametrize("text", TEXTS)
def test_every_printed_time_has_days_a_round_or_a_reason(text: str) -> None:
    read = parse_timing(text, 2025, 2030)

    assert read.original == text
    assert read.because or read.due_on or read.recurrence is not Recurrence.ONCE
    assert read.is_certain == (read.because == "")


@pytest.mark.parametrize(
    ("text", "starts", "due"),
    [
        ("Quý II/2025", dt.date(2025, 4, 1), dt.date(2025, 6, 30)),
        ("Quý IV, năm 2026", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        ("Trước tháng 08/2025", dt.date(2025, 1, 1), dt.date(2025, 7, 31)),
        ("Tháng 10/2025", dt.date(2025, 10, 1), dt.date(2025, 10, 31)),
        ("Trước ngày 20/10/2025", dt.date(2025, 1, 1), dt.date(2025, 10, 19)),
        ("2026-2027", dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
        ("Thường xuyên", dt.date(2025, 1, 1), dt.date(2030, 12, 31)),
    ],
)
def test_words_become_days(text: str, starts: dt.date, due: dt.date) -> None:
    read = parse_timing(text, 2025, 2030)

    assert (read.starts_on, read.due_on) == (starts, due)


def test_a_monthly_report_is_due_before_the_fifth_of_the_next_month() -> None:
    read = parse_timing("Trước ngày 05 hằng tháng", 2025, 2030)

    rounds = occurrences(read, dt.date(2026, 11, 1), dt.date(2026, 12, 31))

    assert [(each.label, each.due_on) for each in rounds] == [
        ("10/2026", dt.date(2026, 11, 4)),
        ("11/2026", dt.date(2026, 12, 4)),
    ]


def test_a_yearly_day_comes_back_every_year() -> None:
    rounds = occurrences(parse_timing("10/10 hằng năm", 2025, 2030), dt.date(2026, 1, 1), dt.date(2027, 12, 31))

    assert [each.due_on for each in rounds] == [dt.date(2026, 10, 10), dt.date(2027, 10, 10)]


_WORDS = st.sampled_from(["trước", "ngày", "tháng", "quý", "iv", "hằng", "năm", "2025", "31/2/2026", "99", "mốc", "/"])


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=8).map(" ".join)), st.integers(), st.integers())
def test_no_text_is_ever_too_strange(text: str, starts: int, ends: int) -> None:
    read = parse_timing(text, starts, ends)

    assert read.original == text
    if read.starts_on and read.due_on:
        assert read.starts_on <= read.due_on
