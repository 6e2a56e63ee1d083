"""The night: whoever lets a day pass is told, and the unit above; what nobody touches is closed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phuong.identity.testing import an_account
from phuong.kernel.contributions import contribution
from phuong.kernel.jobs import JobKind, Progress
from phuong.kernel.models import AuditEntry
from phuong.notices.api import Notice
from phuong.registry.api import Organisation
from phuong.registry.testing import a_learner
from phuong.transfers.actions.watching import watch
from phuong.transfers.models import Step, Transfer
from phuong.transfers.testing import Cast, a_transfer

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def above(cast: Cast) -> dict[str, str]:
    """Officers of the two communes and of the department."""
    for place in (cast.old.parent, cast.new.parent):
        an_account("commune_officer", place)
    an_account("division_officer", Organisation.objects.get(path="vn.p31.sgd"), path="vn.p31")
    return {
        "old": f"commune_officer.{cast.old.parent.code}",
        "new": f"commune_officer.{cast.new.parent.code}",
        "sgd": "division_officer.sgd",
    }


def told() -> set[str]:
    return set(Notice.objects.filter(kind="transfers.late").values_list("account__username", flat=True))


@pytest.mark.parametrize(("state", "side"), [("requested", "new"), ("accepted", "old"), ("released", "new")])
def test_the_school_that_owes_the_step_and_the_unit_above_it_are_told_once(
    cast: Cast, above: dict[str, str], state: str, side: str
) -> None:
    transfer = a_transfer(cast.an, cast.new, state=state, stepped_on=MONDAY)
    school = {"old": cast.old, "new": cast.new}[side]
    late = (transfer.due_on or MONDAY) + dt.timedelta(days=1)

    early = watch(Progress(), day=str(transfer.due_on))
    first = watch(Progress(), day=late.isoformat())
    again = watch(Progress(), day=late.isoformat())

    assert early == {"late": 0, "told": 0, "expired": 0}
    assert first["late"] == again["late"] == 1
    assert told() == {f"principal.{school.code}", f"clerk.{school.code}", above[side]}
    assert Notice.objects.filter(kind="transfers.late").count() == 3
    notice = Notice.objects.filter(kind="transfers.late").order_by("id")[0]
    assert notice.title.startswith("Quá hạn chuyển trường, em Đỗ Khánh An: Chờ")
    assert school.name in notice.detail
    assert Transfer.objects.get().state == state


def test_a_later_step_that_is_late_too_is_told_anew(cast: Cast) -> None:
    transfer = a_transfer(cast.an, cast.new, stepped_on=MONDAY)
    watch(Progress(), day="2026-12-20")
    Transfer.objects.filter(pk=transfer.pk).update(state="released", due_on=dt.date(2026, 12, 25))

    watch(Progress(), day="2026-12-26")

    assert Notice.objects.filter(kind="transfers.late", account__username=f"clerk.{cast.new.code}").count() == 2


def test_what_nobody_touches_for_a_quarter_of_a_year_is_closed_and_told(cast: Cast) -> None:
    transfer = a_transfer(cast.an, cast.new, state="released", stepped_on=MONDAY)

    assert watch(Progress(), day="2027-02-20")["expired"] == 0
    assert watch(Progress(), day="2027-02-21")["expired"] == 1
    assert watch(Progress(), day="2027-02-22") == {"late": 0, "told": 0, "expired": 0}

    transfer.refresh_from_db()
    assert (transfer.state, transfer.due_on) == ("expired", None)
    step = Step.objects.order_by("-id")[0]
    assert (step.act, step.by_name, step.learner_id) == ("expire", "", cast.an.pk)
    assert Notice.objects.filter(kind="transfers.step", account__username="binh").count() == 1
    assert AuditEntry.objects.filter(did="transfers.expire").count() == 1


def test_the_night_asks_as_little_for_many_as_for_few(cast: Cast) -> None:
    def asked(count: int) -> int:
        for place in range(count):
            a_transfer(a_learner(cast.old, cast.group, name=f"Lê Văn {place}"), cast.new, stepped_on=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            watch(Progress(), day="2026-12-20")
        return len(queries)

    assert asked(2) == asked(60)


def test_the_clock_asks_for_it_every_night() -> None:
    kind = contribution(JobKind, "transfers.watch")

    assert kind is not None
    assert kind.nightly
