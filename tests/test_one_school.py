"""No learner is ever in two schools or in none: whatever is done, in whatever order, at once, or killed half-way."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import OperationalError, connections, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from phuong.config import embedded
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.registry.actions.network import Order, merge_units, move_unit
from phuong.registry.api import Enrolment, Guardianship, Organisation, Person
from phuong.registry.testing import a_commune, a_learner, a_school
from phuong.transfers.actions.asking import Elsewhere, Wish, ask_for_child, ask_to_leave, ask_to_receive
from phuong.transfers.actions.completing import Arrival, Departure, complete_arrival, complete_departure
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.errors import WrongState
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.queries import Told
from phuong.transfers.testing import BORN, NUMBER, Cast, a_cast, a_transfer
from tests.server import template_name

NOW = dt.datetime.fromisoformat("2026-11-26T10:00:00+07:00")
TODAY = NOW.date()
FIRST = dt.date(2026, 9, 5)
PARTIES = ("mother", "head", "clerk", "new_head", "new_clerk")
ACTS = ("accept", "refuse", "release", "object", "withdraw", "complete", "depart", "ask", "receive", "leave")
EIGHT = Wish(8)
Doing = Callable[[Cast, Actor, Transfer | None, dt.date], Any]


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=True):
        yield a_cast()


def _group_of(cast: Cast, transfer: Transfer | None) -> Any:
    arriving_back = transfer is not None and transfer.to_school_id == cast.old.pk
    return cast.group.pk if arriving_back else cast.new_group.pk


DOING: dict[str, Doing] = {
    "ask": lambda cast, by, transfer, day: ask_for_child(cast.an.pk, cast.new.pk, EIGHT, by=by),
    "receive": lambda cast, by, transfer, day: ask_to_receive(Told(NUMBER, BORN), EIGHT, by=by),
    "leave": lambda cast, by, transfer, day: ask_to_leave(cast.an.pk, Elsewhere("X Y", "Quảng Ninh"), EIGHT, by=by),
    "complete": lambda cast, by, transfer, day: (
        transfer and complete_arrival(transfer.pk, Arrival(_group_of(cast, transfer), day), by=by)
    ),
    "depart": lambda cast, by, transfer, day: (
        transfer and complete_departure(transfer.pk, Departure("1", TODAY, day), by=by)
    ),
}


def do(cast: Cast, party: str, act: str, day: dt.date) -> None:
    """Let somebody try something; being refused is as good as doing nothing."""
    by: Actor = getattr(cast, party)
    open_one = Transfer.objects.filter(learner=cast.an).order_by("-id").first()
    try:
        if act in DOING:
            DOING[act](cast, by, open_one, day)
        elif open_one is not None:
            take_step(open_one.pk, act=act, reason="vì thế", by=by)
    except Refused:
        pass


def schools_on(day: dt.date) -> list[Any]:
    return list(Enrolment.objects.filter(during__contains=day).values_list("organisation", flat=True))


def is_away(cast: Cast) -> bool:
    return Transfer.objects.filter(learner=cast.an, kind="out", state="completed").exists()


WAYS = (  # how a transfer goes when all is well
    (("mother", "ask"), ("new_head", "accept"), ("head", "release"), ("new_clerk", "complete")),
    (
        ("new_clerk", "receive"),
        ("new_head", "accept"),
        ("head", "object"),
        ("head", "release"),
        ("new_head", "complete"),
    ),
    (("clerk", "receive"), ("head", "accept"), ("new_head", "release"), ("clerk", "complete")),  # and back again
    (("mother", "leave"), ("head", "release"), ("clerk", "depart")),
)
any_act = st.tuples(st.sampled_from(PARTIES), st.sampled_from(ACTS))
steps = st.lists(st.sampled_from(WAYS).map(list) | st.lists(any_act, max_size=2), min_size=1, max_size=6)
moments = st.tuples(st.integers(0, 2), st.sampled_from([0, 0, 0, 0, -1, 1]))  # days later, day named beside today
sequences = st.builds(
    lambda parts, drawn: [(act, *drawn[place % len(drawn)]) for place, act in enumerate(sum(parts, []))],
    steps,
    st.lists(moments, min_size=1, max_size=8),
)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=sequences)
def test_after_any_sequence_of_acts_the_learner_is_in_exactly_one_school_each_day(
    cast: Cast, sequence: list[tuple[tuple[str, str], int, int]]
) -> None:
    with transaction.atomic():
        now = NOW
        for (party, act), later, shift in sequence:
            now += dt.timedelta(days=later)
            with time_machine.travel(now, tick=True):
                do(cast, party, act, now.date() + dt.timedelta(days=shift))
                present = schools_on(now.date())
                cast.an.refresh_from_db()
                assert len(present) == (0 if is_away(cast) else 1)
                assert present in ([], [cast.an.place_id])
        days = (now.date() - FIRST).days
        for day in (FIRST + dt.timedelta(days=n) for n in range(days + 1)):
            there = schools_on(day)
            assert len(there) == 1 or (there == [] and is_away(cast))
        assert Transfer.objects.filter(learner=cast.an, state__in=["requested", "accepted", "released"]).count() <= 1
        for kind in Transfer.objects.filter(state="completed").values_list("kind", flat=True):
            event(f"completed {kind}")
        transaction.set_rollback(True)


def merged(cast: Cast, before: Organisation, after: Organisation) -> None:
    merge_units(before, into=after, order=Order(TODAY, "QĐ 1"), by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["requested", "accepted", "released"])
def test_a_transfer_goes_on_with_the_successor_of_the_school_it_leaves(cast: Cast, state: str) -> None:
    third = Organisation.objects.get(pk=cast.old.pk)
    successor = a_cast_school(cast, "THCS Sau Sáp Nhập")
    transfer = a_transfer(cast.an, cast.new, state=state)

    merged(cast, third, successor)

    transfer.refresh_from_db()
    step = Step.objects.get()
    assert (transfer.from_school_id, transfer.state) == (successor.pk, state)
    assert {transfer.path, step.path} == {successor.path}
    assert {transfer.to_path, step.to_path} == {cast.new.path}
    assert schools_on(TODAY) == [successor.pk]


def a_cast_school(cast: Cast, name: str) -> Organisation:
    return a_school(cast.old.territory, name=name)


@pytest.mark.django_db
def test_a_transfer_goes_on_with_the_successor_of_the_school_it_goes_to(cast: Cast) -> None:
    successor = a_cast_school(cast, "THCS Nhận Thay")
    a_learner(cast.new, cast.new_group, name="Em Ở Trường Mới")
    transfer = a_transfer(cast.an, cast.new, state="accepted")
    take_step(transfer.pk, act="release", by=cast.head)

    merged(cast, cast.new, successor)

    transfer.refresh_from_db()
    assert (transfer.to_school_id, transfer.to_path, transfer.path) == (successor.pk, successor.path, cast.old.path)
    assert Package.objects.get().to_path == successor.path
    assert {each.to_path for each in Step.objects.all()} == {successor.path}


@pytest.mark.django_db
def test_a_transfer_between_two_schools_that_become_one_is_needless(cast: Cast) -> None:
    transfer = a_transfer(cast.an, cast.new, state="released")

    merged(cast, cast.old, cast.new)

    transfer.refresh_from_db()
    assert transfer.state == "withdrawn"
    assert Step.objects.order_by("-id")[0].reason == "Hai trường đã sáp nhập."
    assert schools_on(TODAY) == [cast.new.pk]


@pytest.mark.django_db
def test_a_school_that_moves_under_another_commune_takes_its_side_of_transfers_along(cast: Cast) -> None:
    done = a_transfer(cast.an, cast.new)
    take_step(done.pk, act="withdraw", by=cast.new_clerk)
    a_transfer(cast.an, cast.new)
    commune = a_commune("11400", name="Phường Khác")

    move_unit(cast.new, manager=commune, territory=commune, order=Order(TODAY, "QĐ 2"), by=SYSTEM)

    cast.new.refresh_from_db()
    assert {row.to_path for row in Transfer.objects.all()} == {cast.new.path}
    assert {row.to_path for row in Step.objects.all()} == {cast.new.path}
    assert str(cast.new.path).startswith("vn.p31.c11400.")


class Apart:
    """A database of its own whose rows are really written, so that others see them and a killed process loses them."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, work: Callable[[], Any]) -> Any:
        """Do ``work`` in a thread with a connection of its own."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self.inside, work).result()

    def inside(self, work: Callable[[], Any]) -> Any:
        """Do ``work`` on a connection of this thread."""
        own = connections["default"].copy("default")
        own.settings_dict = {**own.settings_dict, "NAME": self.name}
        connections["default"] = own
        try:
            with acting(SYSTEM):
                return work()
        finally:
            own.close()


@pytest.fixture
def apart(db: None) -> Iterator[Apart]:
    name = "tests_transfers_apart"
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name} template {template_name()} owner phuong_owner")
        yield Apart(name)
        server.execute(f"drop database if exists {name} with (force)")


def a_released(apart: Apart) -> tuple[Cast, Transfer]:
    def make() -> tuple[Cast, Transfer]:
        cast = a_cast()
        return cast, a_transfer(cast.an, cast.new, state="released", stepped_on=TODAY)

    return apart.run(make)


def where(cast: Cast) -> tuple[str, list[Any], Any]:
    state = Transfer.objects.get(learner=cast.an).state
    return state, schools_on(TODAY), Person.objects.get(pk=cast.an.pk).place_id


@pytest.mark.slow
def test_two_clerks_who_complete_at_once_move_the_learner_once(apart: Apart) -> None:
    with time_machine.travel(NOW, tick=True):
        cast, transfer = a_released(apart)
        start = threading.Barrier(2)

        def complete() -> str:
            start.wait(timeout=10)
            try:
                return complete_arrival(transfer.pk, Arrival(cast.new_group.pk, TODAY), by=cast.new_clerk).state
            except WrongState as refusal:
                return refusal.code

        with ThreadPoolExecutor(2) as pool:
            outcomes = [each.result() for each in [pool.submit(apart.inside, complete) for _ in range(2)]]

        assert sorted(outcomes) == ["completed", "transfers.wrong_state"]
        assert apart.run(lambda: where(cast)) == ("completed", [cast.new.pk], cast.new.pk)
        assert apart.run(lambda: Enrolment.objects.filter(learner=cast.an).count()) == 2


@pytest.mark.slow
def test_a_mother_who_withdraws_while_a_clerk_completes_gets_one_of_the_two(apart: Apart) -> None:
    with time_machine.travel(NOW, tick=True):
        cast, transfer = a_released(apart)
        start = threading.Barrier(2)

        def complete() -> str:
            start.wait(timeout=10)
            return complete_arrival(transfer.pk, Arrival(cast.new_group.pk, TODAY), by=cast.new_clerk).state

        def withdraw() -> str:
            start.wait(timeout=10)
            return take_step(transfer.pk, act="withdraw", by=cast.mother).state

        with ThreadPoolExecutor(2) as pool:
            waiting = [pool.submit(apart.inside, work) for work in (complete, withdraw)]
            refused = [each.exception() for each in waiting]

        state, present, place = apart.run(lambda: where(cast))
        assert [isinstance(each, WrongState) for each in refused if each] == [True]
        assert present == [place] == [cast.new.pk if state == "completed" else cast.old.pk]
        assert state in ("completed", "withdrawn")


def _kill_whoever_waits(server: psycopg.Connection, name: str) -> None:
    waiting = (
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = %s and wait_event_type = 'Lock' and state = 'active'"
    )
    for _try in range(200):
        if server.execute(waiting, [name]).fetchall():
            return
        threading.Event().wait(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.slow
def test_a_process_killed_between_leaving_and_entering_leaves_the_learner_where_they_were(apart: Apart) -> None:
    with time_machine.travel(NOW, tick=True):
        cast, transfer = a_released(apart)

        def complete() -> str:
            return complete_arrival(transfer.pk, Arrival(cast.new_group.pk, TODAY), by=cast.new_clerk).state

        holder = embedded.url(embedded.SUPERUSER, apart.name)
        with psycopg.connect(holder) as held, psycopg.connect(holder, autocommit=True) as server:
            held.execute("select 1 from registry_guardianship where learner_id = %s for update", [cast.an.pk])
            with ThreadPoolExecutor(1) as pool:
                working = pool.submit(apart.inside, complete)
                _kill_whoever_waits(server, apart.name)  # the class before is over, the record not moved yet
                assert isinstance(working.exception(), OperationalError)
            held.rollback()

        assert apart.run(lambda: where(cast)) == ("released", [cast.old.pk], cast.old.pk)
        assert apart.run(lambda: Enrolment.objects.get(learner=cast.an).status) == "studying"
        assert apart.run(lambda: Guardianship.objects.get().path) == cast.old.path

        assert apart.run(complete) == "completed"
        assert apart.run(lambda: where(cast)) == ("completed", [cast.new.pk], cast.new.pk)
