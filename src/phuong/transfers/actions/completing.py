"""The day a learner changes schools: out of the one, into the other and the record along, in one transaction."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from phuong.identity.api import Account, end_given_roles, follow_facts
from phuong.kernel.calendar import school_year_of
from phuong.kernel.scope import ROOT, Actor
from phuong.kernel.today import today
from phuong.records.api import BadValues, CannotEnd, Why, change_record, end_record, kind_named, make_record
from phuong.registry.api import ClassGroup, Enrolment, Guardianship, Person, people_by_number
from phuong.transfers.access import class_of_arrival
from phuong.transfers.actions.stepping import COMPLETE, enter, stepping
from phuong.transfers.errors import CannotComplete, LearnerElsewhere
from phuong.transfers.files import record_in
from phuong.transfers.models import Transfer
from phuong.transfers.rules import IN, OUT, check_day, may_enter
from phuong.transfers.rules.package import HandedRecord

ARRIVED, LEFT, LEFT_PROVINCE = "transferred_in", "transferred_out", "transferred_out_of_province"
BECAUSE, BECAUSE_OF_PROVINCE = "other", "moved_with_family"  # code list leaving_reason


@dataclass(frozen=True)
class Arrival:
    """Into which class a learner comes, from which day on. ``is_another``: nobody known here is the same person."""

    class_id: UUID
    day: dt.date
    is_another: bool = False


@dataclass(frozen=True)
class Departure:
    """The paper by which a school elsewhere accepted a learner, and the first day no longer here."""

    paper_number: str
    paper_on: dt.date
    day: dt.date


@transaction.atomic
def complete_arrival(transfer_id: UUID, arrival: Arrival, *, by: Actor) -> Transfer:
    """Let a learner enter a class of the receiving school; the class before ends on that very day.

    :raises NotThere: not a transfer this actor may complete, or a class of another school
    :raises WrongState: it is not that far, or over
    :raises LearnerElsewhere: the learner left the present school meanwhile
    :raises CannotComplete: the day or the class does not fit
    """
    with stepping(transfer_id, COMPLETE, by=by) as (transfer, move):
        if transfer.kind == OUT:
            raise CannotComplete(_("Em đi tỉnh khác: ghi giấy tiếp nhận của trường nơi đến."))
        house = replace(by, scope=ROOT)
        group = class_of_arrival(house, transfer, arrival.class_id)
        _check_class(transfer, group, arrival.day)
        if transfer.kind == IN:
            _check_day(arrival.day, earliest=transfer.asked_on, sat_since=None)
            transfer.learner = _newcomer(transfer, arrival, by=by)
        else:
            _leave(transfer, arrival.day, earliest=transfer.stepped_on, house=house, left=(LEFT, BECAUSE))
        _enter_class(transfer, group, arrival.day, house=house)
        transfer.class_group, transfer.done_on = group, arrival.day
        enter(transfer, COMPLETE, move.to, by=by)
    return transfer


@transaction.atomic
def complete_departure(transfer_id: UUID, departure: Departure, *, by: Actor) -> Transfer:
    """Let a learner go to another province, now that the acceptance there is on paper.

    :raises NotThere: not a transfer this actor may complete
    :raises WrongState: it is not that far, or over
    :raises LearnerElsewhere: the learner left the school meanwhile
    :raises CannotComplete: the day does not fit
    """
    with stepping(transfer_id, COMPLETE, by=by) as (transfer, move):
        if transfer.kind != OUT:
            raise CannotComplete(_("Em chuyển trong tỉnh: trường nhận xếp lớp."))
        if departure.paper_on > today():
            raise CannotComplete(_("Giấy ghi ngày ở tương lai."), "paper_on")
        house = replace(by, scope=ROOT)
        left = (LEFT_PROVINCE, BECAUSE_OF_PROVINCE)
        seat = _leave(transfer, departure.day, earliest=departure.paper_on, house=house, left=left)
        try:
            end_record(kind_named("enrolment"), seat.pk, on=departure.day, by=house, reason=departure.paper_number)
        except CannotEnd as refusal:
            raise CannotComplete(refusal.detail, "day") from refusal
        transfer.paper_number, transfer.paper_on = departure.paper_number, departure.paper_on
        transfer.done_on = departure.day
        enter(transfer, COMPLETE, move.to, by=by, reason=departure.paper_number)
    return transfer


def _check_class(transfer: Transfer, group: ClassGroup, day: dt.date) -> None:
    year = school_year_of(day).start
    if group.school_year != year:
        raise CannotComplete(_("Lớp này không thuộc năm học của ngày đã chọn."), "class_group")
    if not may_enter(transfer.grade, group.grade, years=year - school_year_of(transfer.asked_on).start):
        raise CannotComplete(_("Lớp này không thuộc khối %d ghi trong đơn.") % transfer.grade, "class_group")


def _check_day(day: dt.date, *, earliest: dt.date, sat_since: dt.date | None) -> None:
    words = {
        "future": _("Ngày chuyển không được sau hôm nay: đến ngày đó hãy hoàn tất."),
        "early": _("Ngày chuyển không được trước ngày %s.") % f"{earliest:%d/%m/%Y}",
        "too_soon": _("Em mới vào lớp đang học. Ngày chuyển phải sau ngày vào lớp đó."),
    }
    if wrong := check_day(day, earliest=earliest, sat_since=sat_since, today=today()):
        raise CannotComplete(words[wrong], "day")


def _leave(transfer: Transfer, day: dt.date, *, earliest: dt.date, house: Actor, left: tuple[str, str]) -> Enrolment:
    """Hold the class the learner sits in, and note status and reason of leaving; it ends with the act that follows."""
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(learner=transfer.learner_id, ends_on__isnull=True)
    seat = rows.first()
    if seat is None or seat.organisation_id != transfer.from_school_id:
        raise LearnerElsewhere
    _check_day(day, earliest=earliest, sat_since=seat.during.lower)
    values = dict(zip(("status", "reason"), left, strict=True))
    change_record(kind_named("enrolment"), seat.pk, values=values, by=house, why=Why(_("chuyển trường"), day))
    return seat


def _enter_class(transfer: Transfer, group: ClassGroup, day: dt.date, *, house: Actor) -> None:
    learner = transfer.learner
    values = {"class_group": group.pk, "since": day, "status": ARRIVED, "reason": ""}
    try:
        with transaction.atomic():
            make_record(kind_named("enrolment"), owner=learner, values=values, by=house, reason=_("chuyển trường"))
    except BadValues as refusal:
        raise CannotComplete(refusal.detail, "day") from refusal
    if learner is not None and transfer.from_school_id is not None:
        _follow(learner, transfer.from_school_id)


def _follow(learner: Person, before: UUID) -> None:
    """Bring sign-in roles of learner and guardians in step; who has no other child there loses the role there."""
    ties = Guardianship.objects.filter(learner=learner, ends_on__isnull=True)
    guardians = set(ties.values_list("guardian_id", flat=True))
    others = Guardianship.objects.filter(guardian__in=guardians, learner__place=before, ends_on__isnull=True)
    leaving = guardians - set(others.exclude(learner=learner).values_list("guardian_id", flat=True))
    follow_facts([learner.pk, *guardians])
    accounts = Account.objects.filter(person__in=leaving).values_list("pk", flat=True)
    end_given_roles([(account, "guardian", before) for account in accounts], on=today())


def _newcomer(transfer: Transfer, arrival: Arrival, *, by: Actor) -> Person:
    """Make the person who comes from another province, or take up the record left here when they went away."""
    handed = record_in(transfer)
    house, kind = replace(by, scope=ROOT), kind_named("learner")
    values: dict[str, Any] = handed.learner.model_dump(exclude={"code"})
    known = _known(handed)
    if known is not None:
        return known
    if not arrival.is_another and kind.alike(by, values, transfer.to_school):
        raise CannotComplete(_("Trường đang giữ hồ sơ giống em này. Xem rồi đánh dấu nếu là người khác."), "is_another")
    try:
        with transaction.atomic():
            learner: Person = make_record(kind, owner=transfer.to_school, values=values, by=house)
            for guardian in handed.guardians:
                facts = {**guardian.model_dump(), "number": "", "sex": "", "birth_date": None, "email": ""}
                make_record(kind_named("guardianship"), owner=learner, values=facts, by=house)
    except (BadValues, IntegrityError) as refusal:
        raise CannotComplete(str(refusal)) from refusal
    return learner


def _known(handed: HandedRecord) -> Person | None:
    """Find the learner's own record, left here by an earlier departure; who sits in a class does not come in."""
    number = handed.learner.number
    known = people_by_number(number).first() if number else None
    if known is None:
        return None
    if Enrolment.objects.filter(learner=known, ends_on__isnull=True).exists():
        raise LearnerElsewhere(
            _("Em đã vào học một trường trong tỉnh từ khi có đơn này. Rút đơn, rồi xin chuyển trong tỉnh.")
        )
    return known
