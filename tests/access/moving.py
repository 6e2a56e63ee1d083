"""Transfers at each step, for the rows of the matrix."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_learner
from phuong.transfers.files import sealed
from phuong.transfers.models import Package, Transfer
from phuong.transfers.testing import a_transfer
from tests.world import World


def a_pupil(school: Organisation) -> Person:
    return a_learner(school, school.classes.first(), name="Lê Văn Đi")


def an_own_transfer(world: World) -> Transfer:
    known = Transfer.objects.filter(learner=world.an, state="requested").first()
    return known or a_transfer(world.an, world.other_school, asked_by="family")


def one_going_out(world: World) -> Transfer:
    facts = {"from_school": world.school, "path": world.school.path, "learner": a_pupil(world.school), "grade": 8}
    days = dict.fromkeys(("asked_on", "stepped_on", "due_on"), dt.date(2026, 11, 23))
    return Transfer.objects.create(
        kind="out",
        state="released",
        outside_school="THCS Hạ Long",
        outside_province="Quảng Ninh",
        full_name="Lê Văn Đi",
        birth_date=dt.date(2013, 5, 1),
        asked_by="present",
        **facts,
        **days,
    )


def packed(transfer: Transfer) -> Transfer:
    places = {"path": transfer.path, "to_path": transfer.to_path}
    Package.objects.create(transfer=transfer, name="x.zip", digest="0", size=1, content=sealed(b"x"), **places)
    return transfer


TRANSFERS: dict[str, Callable[[World], Any]] = {
    "own_transfer": an_own_transfer,
    "arriving": lambda world: a_transfer(a_pupil(world.other_school), world.school),
    "leaving": lambda world: a_transfer(a_pupil(world.school), world.other_school, state="accepted"),
    "let_go": lambda world: a_transfer(a_pupil(world.other_school), world.school, state="released"),
    "going_out": one_going_out,
    "packed": lambda world: packed(a_transfer(a_pupil(world.other_school), world.school, state="released")),
    "other_transfer": lambda world: a_transfer(a_pupil(world.other_school), world.high_school),
    "other_packed": lambda world: packed(a_transfer(a_pupil(world.other_school), world.high_school, state="released")),
}
