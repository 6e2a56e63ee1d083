"""Asking for a transfer: the family, the receiving school that knows number and birth date, or the present school."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from phuong.identity.api import check_tries, note_failed_try
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.kernel.vault import fingerprint, seal
from phuong.records.api import kind_named
from phuong.registry.api import Enrolment, Organisation, people_by_number
from phuong.transfers.access import WORK, child_for
from phuong.transfers.actions.stepping import enter, keep_package, note
from phuong.transfers.errors import CannotAsk, UnderWay
from phuong.transfers.files import read_package
from phuong.transfers.models import Transfer
from phuong.transfers.queries import Found, Told, as_found, present_seat, school_teaching, sitting_learner
from phuong.transfers.rules import FAMILY, IN, OUT, PRESENT, RECEIVING, WITHIN
from phuong.transfers.rules.package import HandedRecord

_UNDER_WAY = ("transfers_one_under_way", "transfers_one_coming_in")


@dataclass(frozen=True)
class Wish:
    """What is asked for: the grade to enter, and why."""

    grade: int
    reason: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """A school outside the province, as people name it."""

    school: str
    province: str


def find_learner(told: Told, *, by: Actor) -> Found | None:
    """Find another school's learner by exact number and birth date; ``None`` whatever does not fit.

    Failed tries are counted; a learner that was found is kept in the journal of the learner's school, where the family
    reads it.

    :raises NotThere: the actor may not work on transfers
    :raises TooManyTries: ten failed tries in a quarter of an hour
    """
    if by.account_id is None or not by.may(WORK):
        raise NotThere
    tries = f"transfer {by.account_id}"
    with acting(replace(by, scope=ROOT)):
        check_tries(tries)
        found = sitting_learner(told, by=by)
        if found is None:
            note_failed_try(tries)
            record("transfers.not_found", on_kind="account", on_id=by.account_id, path=by.scope)
            return None
        record("transfers.looked_up", on_kind="person", on_id=found.learner_id, about=found.learner_id, path=found.path)
    return found


@transaction.atomic
def ask_to_receive(told: Told, wish: Wish, *, by: Actor) -> Transfer | None:
    """Ask another school of the province for a learner, on a family's application; ``None`` when nobody fits.

    :raises NotThere: the actor may not work on transfers
    :raises TooManyTries: ten failed tries in a quarter of an hour
    :raises CannotAsk: the learner sits here already, or the grade is not taught here
    :raises UnderWay: the learner has an open transfer
    """
    found = find_learner(told, by=by)
    if found is None:
        return None
    with acting(replace(by, scope=ROOT)):
        return _within(found, _teaching(by.organisation_id, wish.grade), wish, asked_by=RECEIVING, by=by)


@transaction.atomic
def ask_for_child(learner_id: UUID, school_id: UUID, wish: Wish, *, by: Actor) -> Transfer:
    """Ask, as a guardian, that a child may go to another school of the province.

    :raises NotThere: not a child for whom the actor may ask
    :raises CannotAsk: the child sits in no class, or the school does not teach the grade
    :raises UnderWay: the child has an open transfer
    """
    child = child_for(by, learner_id)
    with acting(replace(by, scope=ROOT)):
        return _within(_seated(child.pk), _teaching(school_id, wish.grade), wish, asked_by=FAMILY, by=by)


def _within(found: Found, school: Organisation, wish: Wish, *, asked_by: str, by: Actor) -> Transfer:
    if found.school.pk == school.pk:
        raise CannotAsk(_("Em đang học ở chính trường này."))
    return _asked(
        found,
        by=by,
        kind=WITHIN,
        to_path=school.path,
        to_school=school,
        grade=wish.grade,
        reason=wish.reason,
        asked_by=asked_by,
    )


@transaction.atomic
def ask_to_leave(learner_id: UUID, to: Elsewhere, wish: Wish, *, by: Actor) -> Transfer:
    """Ask that a learner may go to a school of another province: the guardian, or the present school's clerk.

    The learner stays where they are until the acceptance of the other school is recorded.

    :raises NotThere: not a learner for whom the actor may ask
    :raises CannotAsk: the learner sits in no class
    :raises UnderWay: the learner has an open transfer
    """
    if by.scope:
        seat = present_seat(learner_id)
        if not by.may(WORK) or seat is None or seat.organisation_id != by.organisation_id:
            raise NotThere
    else:
        child_for(by, learner_id)
    with acting(replace(by, scope=ROOT)):
        return _asked(
            _seated(learner_id),
            by=by,
            kind=OUT,
            outside_school=to.school,
            outside_province=to.province,
            grade=wish.grade,
            reason=wish.reason,
            asked_by=PRESENT if by.scope else FAMILY,
        )


def ask_to_come_in(
    handed: HandedRecord, wish: Wish, *, by: Actor, package: tuple[str, bytes] | None = None
) -> Transfer:
    """Ask for a learner from another province, by what the family shows; ``package`` (name, content) is kept.

    :raises NotThere: the actor may not work on transfers
    :raises CannotAsk: the number is known here, or the record breaks a rule
    :raises TooManyTries: ten numbers known here in a quarter of an hour
    :raises UnderWay: another school here has asked for this number
    """
    if not by.may(WORK) or by.account_id is None:
        raise NotThere
    _check_stranger(handed, by)
    with acting(replace(by, scope=ROOT)):
        school = _teaching(by.organisation_id, wish.grade)
        number = handed.learner.number
        transfer = _made(
            by=by,
            kind=IN,
            path=school.path,
            to_school=school,
            outside_school=handed.school,
            outside_province=handed.province,
            full_name=handed.learner.full_name,
            birth_date=handed.learner.birth_date,
            from_class=handed.class_name,
            grade=wish.grade,
            reason=wish.reason,
            asked_by=RECEIVING,
            record_cipher=seal(handed.model_dump_json()),
            number_hash=fingerprint(number) if number else None,
        )
        if package is not None:
            keep_package(transfer, *package)
            note(transfer, "package_read", package[0])
    return transfer


def ask_by_package(name: str, content: bytes, wish: Wish, *, by: Actor) -> Transfer:
    """Ask for a learner from another province by the hand-over package, which is kept.

    :raises BadPackage: the package is not believed; and as ``ask_to_come_in``
    """
    return ask_to_come_in(read_package(content).record, wish, by=by, package=(name, content))


def _check_stranger(handed: HandedRecord, by: Actor) -> None:
    """Refuse a record that breaks a rule, and a number known here: such a learner comes by a transfer within.

    Trying numbers tells which of them are known, so it is counted as looking up is; the count outlives the refusal.
    """
    if errors := kind_named("learner").check(handed.learner.model_dump(), None, None):
        raise CannotAsk(" ".join(map(str, errors.values())))
    tries = f"transfer {by.account_id}"
    with acting(replace(by, scope=ROOT)):
        check_tries(tries)
        if why := _known_here(handed):
            note_failed_try(tries)
            record("transfers.number_known", on_kind="account", on_id=by.account_id, path=by.scope)
    if why:
        raise CannotAsk(why)


def _known_here(handed: HandedRecord) -> str:
    number = handed.learner.number
    known = list(people_by_number(number)[:2]) if number else []
    if not known:
        return ""
    if Enrolment.objects.filter(learner__in=known, ends_on__isnull=True).exists():
        return _(
            "Số định danh này là của một em đang học trong tỉnh. Dùng «Nhận học sinh trong tỉnh» thay cho trang này."
        )
    one = known[0]
    if len(known) > 1 or not one.is_learner or one.birth_date != handed.learner.birth_date:
        return _("Số định danh này đã có ở một hồ sơ ghi khác ngày sinh. Xem lại giấy tờ, hoặc hỏi Sở trước khi nhận.")
    return ""


def _teaching(school_id: UUID | None, grade: int) -> Organisation:
    school = school_teaching(school_id, grade) if 0 <= grade <= 12 else None
    if school is None:
        raise CannotAsk(_("Trường này không dạy khối đã chọn. Chọn khối khác hoặc trường khác."))
    return school


def _seated(learner_id: UUID) -> Found:
    seat = present_seat(learner_id)
    if seat is None:
        raise CannotAsk(_("Em chưa được xếp vào lớp nào. Nhờ trường xếp lớp trước khi chuyển."))
    if seat.learner.birth_date is None:
        raise CannotAsk(_("Hồ sơ của em chưa có ngày sinh. Nhờ trường bổ sung trước khi chuyển."))
    return as_found(seat)


def _asked(found: Found, *, by: Actor, **facts: Any) -> Transfer:
    return _made(
        by=by,
        path=found.path,
        from_school=found.school,
        learner_id=found.learner_id,
        full_name=found.full_name,
        birth_date=found.birth_date,
        from_class=found.class_name,
        **facts,
    )


def _made(*, by: Actor, **facts: Any) -> Transfer:
    day: dt.date = today()
    made = {**facts, "search_key": search_key(facts["full_name"])}
    with _one_under_way():
        transfer = Transfer.objects.create(
            asked_by_name=by.name, asked_on=day, stepped_on=day, state="requested", **made
        )
    enter(transfer, "ask", "requested", by=by, reason=transfer.reason)
    return transfer


@contextmanager
def _one_under_way() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as trouble:
        if getattr(getattr(trouble.__cause__, "diag", None), "constraint_name", "") in _UNDER_WAY:
            raise UnderWay from trouble
        raise
