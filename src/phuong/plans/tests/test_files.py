"""Plan files that are refused: each with file, line, code and cure, and nothing is written."""

from pathlib import Path

import pytest

from phuong.kernel.models import AuditEntry
from phuong.plans.actions.importing import import_plan
from phuong.plans.errors import BadPlanFile
from phuong.plans.files import read_plan
from phuong.plans.models import Indicator, Plan, Target, Task

GOOD = """plan:
  code: thu
  title: Kế hoạch thử
  issuer: Sở Giáo dục và Đào tạo
  province: '31'
  issued_on: 2026-01-15
  starts: 2026
  ends: 2030
indicators:
  - code: A1
    title: Học sinh có số định danh
    unit: percent
    targets:
      - {year: 2026, comparator: '>=', value: '90'}
      - {year: 2030, comparator: '=', value: '99.7'}
  - code: A2
    title: Hoàn thành cơ sở dữ liệu
    unit: yes_no
    targets:
      - {year: 2027, text: Cơ bản hoàn thành}
tasks:
  - code: N1
    title: Rà soát hồ sơ
duties:
  - {code: B1, who: Trường, what: Báo cáo tháng}
"""
# what is changed in the good file: from, to, then the line, code and place that must be named
REFUSALS = [
    ("comparator: '>='", "comparator: '=>'", 14, "literal_error", "indicators.0.targets.0.comparator"),
    ("code: A2", "code: A1", 16, "duplicate_code", "indicators.1.code"),
    ("{year: 2030, comp", "{year: 2026, comp", 13, "duplicate_year", "indicators.0.targets"),
    ("unit: percent", "unit: percentage", 12, "literal_error", "indicators.0.unit"),
    ("value: '90'", "value: 90", 14, "string_type", "indicators.0.targets.0.value"),
    ("value: '90'", "value: '90 %'", 14, "string_pattern_mismatch", "indicators.0.targets.0.value"),
    ("value: '90'", "value: '90,5'", 14, "string_pattern_mismatch", "indicators.0.targets.0.value"),
    ("starts: 2026", "starts: '2026'", 7, "int_type", "plan.starts"),
    ("starts: 2026", "starts: true", 7, "int_type", "plan.starts"),
    ("starts: 2026", "starts: 1926", 7, "greater_than_equal", "plan.starts"),
    ("ends: 2030", "ends: 2025", 8, "ends_before_starts", "plan.ends"),
    ("unit: yes_no", "unit: yes_no\n    colour: red", 19, "extra_forbidden", "indicators.1.colour"),
    ("    title: Rà soát hồ sơ", "    group: x", 22, "missing", "tasks.0.title"),
    ("  issuer: Sở Giáo dục và Đào tạo\n", "", 1, "missing", "plan.issuer"),
    (", value: '90'", "", 14, "target_kind", "indicators.0.targets.0"),
    ("text: Cơ bản hoàn thành", "text: ''", 20, "string_too_short", "indicators.1.targets.0.text"),
    ("province: '31'", "province: 31", 5, "string_type", "plan.province"),
    ("code: N1", "code: 'N 1'", 22, "string_pattern_mismatch", "tasks.0.code"),
    ("who: Trường, ", "", 25, "missing", "duties.0.who"),
    ("code: thu", "code: [thu", 3, "yaml", ""),
    ("  title: Kế hoạch thử", "\ttitle: Kế hoạch thử", 3, "yaml", ""),
    ("issuer: Sở", "title: Hai lần\n  issuer: Sở", 4, "yaml", ""),
]


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "ke-hoach.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal_of(file: Path) -> list[dict[str, object]]:
    with pytest.raises(BadPlanFile) as caught:
        read_plan(file)
    return caught.value.places


def test_the_good_file_is_good(tmp_path: Path) -> None:
    plan, digest = read_plan(written(tmp_path, GOOD))

    assert [line.code for line in plan.indicators] == ["A1", "A2"]
    assert str(plan.indicators[0].targets[1].number) == "99.7"
    assert len(digest) == 64


@pytest.mark.parametrize(
    ("good", "bad", "line", "code", "at"), REFUSALS, ids=[f"{row[3]} {row[4] or row[1][:12]}" for row in REFUSALS]
)
def test_a_bad_file_is_refused_with_file_line_code_and_cure(
    tmp_path: Path, good: str, bad: str, line: int, code: str, at: str
) -> None:
    assert GOOD.count(good) == 1 or good.startswith("issuer")

    (place,) = refusal_of(written(tmp_path, GOOD.replace(good, bad, 1)))

    assert (place["file"], place["code"], place["at"]) == ("ke-hoach.yaml", code, at)
    assert place["line"] == line
    assert len(str(place["message"])) > 15


def test_a_wrong_word_is_answered_with_the_words_that_would_do(tmp_path: Path) -> None:
    (place,) = refusal_of(written(tmp_path, GOOD.replace("'>='", "'=>'")))

    assert "=>" in str(place["message"])
    assert all(f"'{each}'" in str(place["message"]) for each in (">=", ">", "=", "<=", "<"))


def test_every_bad_place_is_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("unit: percent", "unit: parrot").replace("starts: 2026", "starts: x")

    places = refusal_of(written(tmp_path, text))

    assert [(place["line"], place["at"]) for place in places] == [(7, "plan.starts"), (12, "indicators.0.unit")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.encode("utf-16"), "unreadable"),
        (GOOD.encode().replace("Kế".encode(), b"K\xff"), "unreadable"),
        (b"", "model_type"),
        (b"- one\n- two\n", "model_type"),
        (b"just words", "model_type"),
        (GOOD.replace("Kế", "K\x07").encode(), "yaml"),  # a control character, as scans leave them
    ],
    ids=["utf-16", "bytes", "empty", "list", "words", "control"],
)
def test_what_is_no_plan_file_at_all_is_refused_on_line_1(tmp_path: Path, text: bytes, code: str) -> None:
    (place,) = refusal_of(written(tmp_path, text))

    assert (place["file"], place["code"]) == ("ke-hoach.yaml", code)
    assert place["line"] in (1, 3)
    assert place["message"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    (place,) = refusal_of(tmp_path / "khong-co.yaml")

    assert (place["file"], place["line"], place["code"]) == ("khong-co.yaml", 1, "unreadable")


@pytest.mark.parametrize("day", ["'2026-13-45'", "'15/01/2026'", "15"])
def test_a_day_that_is_none_is_refused_at_its_line(tmp_path: Path, day: str) -> None:
    places = refusal_of(written(tmp_path, GOOD.replace("2026-01-15", day)))

    assert {(place["line"], str(place["at"]).startswith("plan.issued_on")) for place in places} == {(6, True)}
    assert all(str(place["code"]).islower() for place in places)


@pytest.mark.django_db
@pytest.mark.parametrize("row", REFUSALS, ids=[f"{row[3]} {row[4] or row[1][:12]}" for row in REFUSALS])
def test_a_refused_file_writes_nothing(tmp_path: Path, row: tuple[str, str, int, str, str]) -> None:
    with pytest.raises(BadPlanFile):
        import_plan(written(tmp_path, GOOD.replace(row[0], row[1], 1)))

    assert [model.objects.count() for model in (Plan, Indicator, Target, Task, AuditEntry)] == [0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_a_refused_file_leaves_the_plan_as_it_stood(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))

    with pytest.raises(BadPlanFile):
        import_plan(written(tmp_path, GOOD.replace("'90'", "'95'").replace("yes_no", "no_yes")))

    assert Plan.objects.get().version == 1
    assert sorted(Target.objects.values_list("year", "version")) == [(2026, 1), (2027, 1), (2030, 1)]
