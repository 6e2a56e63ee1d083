"""What an account takes away in files: counted, capped by role and day, stopped when it is unusual."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from phuong.identity.api import Account
from phuong.identity.testing import assign
from phuong.kernel.models import AuditEntry
from phuong.notices.api import Notice
from phuong.oversight.declarations import limits
from phuong.oversight.models import ExportCap, ExportDay, ExportStop
from phuong.oversight.rules import FREE, OVER, UNUSUAL, Cap, Unusual, Volume, verdict
from phuong.registry.testing import a_learner
from tests.overseeing import signed_in
from tests.world import World, a_world

LEARNERS = "registry:learners"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def take(client: Client, route: str = LEARNERS, form: str = "csv") -> Any:
    return client.get(reverse(route) + f"?as={form}")


def cap(role: str, rows: int, units: int = 100) -> None:
    ExportCap.objects.create(role=role, rows=rows, units=units, set_by="x")


def days_of(world: World, role: str, rows: int, count: int) -> None:
    account = world.accounts["clerk"]
    today = timezone.localdate()
    ExportDay.objects.bulk_create(
        [
            ExportDay(
                path="vn.p31",
                account=account,
                role=role,
                day=today - dt.timedelta(days=back + 1),
                files=1,
                rows=rows,
                units=[],
            )
            for back in range(count)
        ]
    )


numbers = some.integers(0, 10_000)


@given(numbers, some.integers(0, 50), some.none() | numbers, some.integers(0, 30), numbers, some.integers(0, 50))
def test_a_free_file_is_within_every_limit(rows, units, median, days, cap_rows, cap_units) -> None:
    unusual = Unusual(10, 100, 5)

    found = verdict(Volume(rows, units, median, days), Cap(cap_rows, cap_units), unusual)

    if found == FREE:
        assert rows <= cap_rows
        assert cap_units == 0 or units <= cap_units
        assert median is None or days < 5 or rows < 100 or rows <= 10 * median
    assert found in (FREE, OVER, UNUSUAL)


def test_what_left_is_counted_once_a_day_for_all_files(world: World) -> None:
    client = world.client("principal")

    assert take(client).status_code == 200
    assert take(client, "registry:staff", "xlsx").status_code == 200

    day = ExportDay.objects.get()
    assert (day.files, day.rows, day.units) == (2, 4, [world.school.pk])
    assert day.role == "principal"


def test_a_file_without_persons_is_not_counted(world: World) -> None:
    assert take(world.client("principal"), "registry:schools").status_code == 200

    assert not ExportDay.objects.exists()


def test_over_the_cap_nothing_leaves_nothing_is_counted_and_the_alarm_rings(world: World) -> None:
    cap("principal", 3)
    client = world.client("principal")
    assert take(client).status_code == 200

    refused = take(client)

    assert refused.status_code == 403
    text = refused.content.decode()
    assert "hôm nay đã tải 2, tệp này 2 dòng" in text
    assert "Khánh An" not in text
    assert ExportDay.objects.get().rows == 2
    rung = Notice.objects.filter(kind="oversight.alarm").values_list("account__roles__role", flat=True)
    assert {"principal", "department_leader", "system_operator"} <= set(rung)
    assert AuditEntry.objects.filter(did="oversight.export_over", refused=True).count() == 1
    assert AuditEntry.objects.filter(did="registry.exported").count() == 1


def test_the_alarm_of_a_day_rings_once(world: World) -> None:
    cap("principal", 1)
    client = world.client("principal")

    for _try in range(3):
        take(client)

    assert Notice.objects.filter(kind="oversight.alarm", account=world.accounts["principal"]).count() == 1
    assert AuditEntry.objects.filter(did="oversight.export_over").count() == 3


def test_another_role_on_the_same_day_counts_on(world: World) -> None:
    account = world.accounts["principal"]
    assign(account, "clerk", world.school)
    cap("principal", 3)
    cap("clerk", 3)
    client = signed_in(world, "principal")
    assert take(client).status_code == 200

    client.post(reverse("identity:switch_role"), {"role": str(account.roles.get(role="clerk").pk)})

    assert take(client).status_code == 403
    assert ExportDay.objects.get().rows == 2


def test_a_day_ten_times_the_usual_stops_the_account_until_released(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("phuong.oversight.actions.exports.limits", lambda: _strict())
    days_of(world, "principal", 1, 6)
    for number in range(12):
        a_learner(world.school, world.group, name=f"Em {number}")
    client = signed_in(world, "principal")

    refused = take(client)
    again = take(client, "registry:staff")

    assert (refused.status_code, again.status_code) == (403, 403)
    stop = ExportStop.objects.get()
    assert (stop.account_id, stop.rows) == (world.accounts["principal"].pk, 14)
    assert Notice.objects.filter(title__startswith="Dừng tải tệp").exists()
    leader = signed_in(world, "department_leader")
    leader.post(reverse("oversight:reopen", args=[stop.pk]), {"because": "Kiểm kê theo CV 12"})
    assert take(client, "registry:staff").status_code == 200
    stop.refresh_from_db()
    assert stop.because == "Kiểm kê theo CV 12"
    assert AuditEntry.objects.filter(did="oversight.export_released").count() == 1


def _strict() -> Any:
    kept = limits()
    return type(kept)(**{**vars(kept), "unusual": Unusual(10, 10, 5)})


def test_too_many_schools_stop_the_account(world: World) -> None:
    cap("division_officer", 50_000, units=2)

    assert take(world.client("division_officer")).status_code == 403

    stop = ExportStop.objects.get()
    assert (stop.role, stop.units) == ("division_officer", 3)


def test_nobody_releases_the_own_account_or_one_out_of_reach(world: World) -> None:
    facts = {"path": "vn.p31", "organisation": world.commune, "role": "x", "rows": 1, "units": 1}
    leader = ExportStop.objects.create(account=world.accounts["department_leader"], **facts)

    answers = [
        signed_in(world, role).post(reverse("oversight:reopen", args=[leader.pk]), {"because": "x"}).status_code
        for role in ("department_leader", "principal", "division_officer")
    ]

    assert answers == [409, 404, 404]
    leader.refresh_from_db()
    assert leader.released_at is None


def test_the_operator_decides_a_cap_with_its_trace(world: World) -> None:
    operator = signed_in(world, "system_operator")

    operator.post(reverse("oversight:cap"), {"role": "clerk", "rows": "77", "units": "1"})
    wrong = operator.post(reverse("oversight:cap"), {"role": "clerk", "rows": "-1", "units": "1"})
    unknown = operator.post(reverse("oversight:cap"), {"role": "learner", "rows": "9", "units": "1"})

    assert (wrong.status_code, unknown.status_code) == (422, 404)
    assert list(ExportCap.objects.values_list("role", "rows", "units")) == [("clerk", 77, 1)]
    assert 'value="77"' in operator.get(reverse("oversight:exports")).content.decode()
    assert AuditEntry.objects.filter(did="oversight.export_cap", on_id="clerk").count() == 1


def test_counting_a_file_is_one_statement(world: World) -> None:
    client = world.client("principal")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        take(client)

    counting = [each["sql"] for each in asked if "oversight_" in each["sql"] and "select" in each["sql"].lower()]
    assert len(counting) == 2  # the count, and the cap of the role
    assert sum("oversight_exportday" in sql for sql in counting) == 1


@pytest.mark.parametrize("count", [2, 200])
def test_the_page_of_stops_costs_the_same(world: World, django_assert_num_queries: Any, count: int) -> None:
    accounts = Account.objects.bulk_create(
        [Account(path="vn.p31", username=f"n{number}", display_name="N") for number in range(count)]
    )
    facts = {"path": "vn.p31", "organisation": world.commune, "role": "clerk", "rows": 1, "units": 1}
    ExportStop.objects.bulk_create([ExportStop(account=account, account_name="N", **facts) for account in accounts])
    client = world.client("system_operator")
    client.get(reverse("oversight:exports"))

    with django_assert_num_queries(10):
        assert client.get(reverse("oversight:exports")).status_code == 200
