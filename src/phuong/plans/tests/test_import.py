"""Reading plan files in: once, twice, changed, withdrawn; and the five shipped ones."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps

from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import current_actor
from phuong.plans.actions.doubts import settle_doubt
from phuong.plans.actions.importing import import_plan
from phuong.plans.decisions import shipped_plans
from phuong.plans.models import Doubt, Duty, Indicator, Plan, Target, Task
from phuong.plans.queries import targets_of
from phuong.plans.tests.test_files import GOOD, written

pytestmark = pytest.mark.django_db
EVENTS = ("PlanEvent", "IndicatorEvent", "TaskEvent", "DutyEvent", "DoubtEvent")
SHIPPED = shipped_plans()


def kept_rows() -> dict[str, int]:
    return {name: apps.get_model("plans", name).objects.count() for name in EVENTS}


def everything() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in (Plan, Indicator, Target, Task, Duty, Doubt)]


def targets(code: str = "A1") -> list[tuple[int, int, Decimal | None]]:
    rows = Target.objects.filter(indicator__code=code).order_by("year", "version")
    return list(rows.values_list("year", "version", "value"))


def test_a_file_is_read_in_whole(tmp_path: Path) -> None:
    done = import_plan(written(tmp_path, GOOD))

    assert (done.plan, done.changed, done.indicators, done.tasks, done.duties) == ("thu", True, 2, 1, 1)
    assert (done.new_targets, done.changed_targets) == (3, [])
    assert targets() == [(2026, 1, Decimal(90)), (2030, 1, Decimal("99.7"))]
    assert AuditEntry.objects.filter(did="plans.imported").count() == 1


def test_reading_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))
    before, kept = everything(), kept_rows()

    done = import_plan(written(tmp_path, GOOD))

    assert not done.changed
    assert everything() == before
    assert kept_rows() == kept == dict.fromkeys(EVENTS, 0)
    assert AuditEntry.objects.filter(did="plans.imported").count() == 1


def test_a_remark_in_the_file_keeps_no_history_of_its_lines(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))

    import_plan(written(tmp_path, GOOD + "# đã đối chiếu bản gốc\n"))

    assert {name: count for name, count in kept_rows().items() if count} == {"PlanEvent": 1}
    assert Plan.objects.get().version == 2
    assert {version for _, version, _ in targets()} == {1}


def test_a_changed_target_is_a_new_version_and_the_baseline_stays(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))
    baseline = list(Target.objects.order_by("pk").values())

    done = import_plan(written(tmp_path, GOOD.replace("value: '90'", "value: '85'")))

    assert (done.new_targets, done.changed_targets) == (1, ["A1 2026"])
    assert targets() == [(2026, 1, Decimal(90)), (2026, 2, Decimal(85)), (2030, 1, Decimal("99.7"))]
    assert list(Target.objects.filter(version=1).order_by("pk").values()) == baseline
    assert [fact.value for fact in targets_of(Indicator.objects.filter(code="A1")).popitem()[1]] == [
        85,
        Decimal("99.7"),
    ]


def test_a_target_changed_back_is_a_third_version(tmp_path: Path) -> None:
    for text in (GOOD, GOOD.replace("value: '90'", "value: '85'"), GOOD):
        import_plan(written(tmp_path, text))

    assert targets()[:3] == [(2026, 1, Decimal(90)), (2026, 2, Decimal(85)), (2026, 3, Decimal(90))]


def test_the_same_number_written_otherwise_is_no_change(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))

    done = import_plan(written(tmp_path, GOOD.replace("value: '90'", "value: '90.0'")))

    assert (done.new_targets, done.changed_targets) == (0, [])


def test_a_target_that_the_file_no_longer_has_binds_no_more(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))

    import_plan(written(tmp_path, GOOD.replace("      - {year: 2026, comparator: '>=', value: '90'}\n", "")))

    assert [fact.year for fact in targets_of(Indicator.objects.filter(code="A1")).popitem()[1]] == [2030]
    assert (2026, 1, Decimal(90)) in targets()  # the baseline stays readable


def test_what_the_file_no_longer_has_is_withdrawn_not_deleted(tmp_path: Path) -> None:
    import_plan(written(tmp_path, GOOD))
    start, end = GOOD.index("  - code: A2"), GOOD.index("tasks:")

    import_plan(written(tmp_path, GOOD[:start] + GOOD[end:].replace("N1", "N2")))

    assert dict(Indicator.objects.values_list("code", "is_withdrawn")) == {"A1": False, "A2": True}
    assert dict(Task.objects.values_list("code", "is_withdrawn")) == {"N1": True, "N2": False}
    assert Target.objects.filter(indicator__code="A2").count() == 1


def test_what_comes_back_is_no_longer_withdrawn(tmp_path: Path) -> None:
    start, end = GOOD.index("  - code: A2"), GOOD.index("tasks:")
    for text in (GOOD, GOOD[:start] + GOOD[end:], GOOD):
        import_plan(written(tmp_path, text))

    assert set(Indicator.objects.values_list("is_withdrawn", flat=True)) == {False}
    assert Target.objects.filter(indicator__code="A2").count() == 1


def test_a_settled_doubt_stays_settled_when_the_file_is_read_again(tmp_path: Path) -> None:
    text = GOOD.replace("unit: percent", "unit: percent\n    doubts: [Số mờ]")
    import_plan(written(tmp_path, text))
    doubt = Doubt.objects.get()
    settle_doubt(plan=doubt.plan, doubt_id=doubt.pk, words="Bản gốc ghi 90", by=current_actor())

    import_plan(written(tmp_path, text + "# xem lại\n"))

    assert Doubt.objects.get().settlement == "Bản gốc ghi 90"
    assert Doubt.objects.get().settled_at is not None


def test_the_five_shipped_plans_are_read_in_whole() -> None:
    done = [import_plan(file) for file in SHIPPED]

    assert len(done) == 5
    assert Indicator.objects.count() == sum(each.indicators for each in done) == 189
    assert Task.objects.count() == sum(each.tasks for each in done) == 257
    assert Duty.objects.count() == sum(each.duties for each in done) == 51
    assert Target.objects.count() == sum(each.new_targets for each in done) == 495
    assert Target.objects.exclude(version=1).count() == 0


def test_the_shipped_plans_read_in_twice_change_nothing() -> None:
    for file in SHIPPED:
        import_plan(file)
    before = everything()

    again = [import_plan(file).changed for file in SHIPPED]

    assert again == [False] * 5
    assert everything() == before
    assert kept_rows() == dict.fromkeys(EVENTS, 0)
