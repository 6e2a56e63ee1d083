"""Personal links under load: nothing is written, and nothing of one page is left in another."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import World, a_world

from phuong.onboarding import throttle
from phuong.onboarding.tokens import sign


@pytest.fixture
def world(db: None) -> World:
    throttle.forget()
    return a_world()


def test_no_opening_of_a_link_writes_anything(world: World) -> None:
    addresses = [f"/kq/{sign(person.pk, 'enrol')}" for person in (world.an, world.stranger, world.binh)]

    with CaptureQueriesContext(connection) as asked:
        answers = [Client().get(address).status_code for address in (*addresses, *addresses, f"{addresses[0]}x")]

    assert answers == [200] * 6 + [404]
    kinds = {each["sql"].strip().split()[0].upper() for each in asked.captured_queries}
    assert kinds <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_a_link_shows_what_is_true_now_and_nothing_of_another(world: World) -> None:
    mine, other = (f"/kq/{sign(person.pk, 'enrol')}" for person in (world.an, world.stranger))
    first = Client().get(mine).content.decode()

    type(world.an).objects.filter(pk=world.an.pk).update(full_name="Đỗ <b>Khánh</b> An")
    again, neighbour = (Client().get(each).content.decode() for each in (mine, other))

    assert "Đỗ Khánh An" in first
    assert "Đỗ &lt;b&gt;Khánh&lt;/b&gt; An" in again
    assert mine not in neighbour
    assert "Khánh" not in neighbour
    assert f'href="/en{other}"' in neighbour


def test_who_is_signed_in_sees_a_frame_of_their_own(world: World) -> None:
    address = f"/kq/{sign(world.an.pk, 'enrol')}"
    plain = Client().get(address).content.decode()

    own = world.client("guardian").get(address).content.decode()

    assert "Trợ giúp" in own
    assert "Trợ giúp" not in plain
