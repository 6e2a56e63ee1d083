"""Every nasty file ends as it must: read right, with what the person is told, or refused with the cure."""

import pytest

from phuong.intake.reading import Unreadable, read_table
from phuong.intake.tests import nasty_cases, nasty_texts
from phuong.intake.tests.nasty import Case, known

CASES = [
    pytest.param(case, id=case.title, marks=[pytest.mark.slow] if case.is_heavy else [])
    for case in (*nasty_cases.CASES, *nasty_texts.CASES)
]


@pytest.mark.parametrize("case", CASES)
def test_a_nasty_file_ends_as_it_must(case: Case) -> None:
    if case.refused:
        with pytest.raises(Unreadable) as refusal:
            read_table(case.make(), case.name, known=known)
        assert refusal.value.code == f"intake.{case.refused}"
        assert refusal.value.problem()["detail"] == refusal.value.message
        return

    table = read_table(case.make(), case.name, known=known)

    assert table.headings == case.headings
    assert [tuple(row) for row in table.rows] == list(case.rows)
    assert {notice.code for notice in table.notices} == case.notices
    assert table.encoding == case.encoding
    assert len(table.numbers) == len(table.rows)
