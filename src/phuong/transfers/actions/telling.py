"""Who is told of a transfer: both schools at each step, the family, and those above a school that lets a day pass."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from phuong.kernel.permissions import Permission
from phuong.notices.api import Message, tell_people, tell_units
from phuong.registry.api import Guardianship, Organisation
from phuong.transfers.models import Step, Transfer
from phuong.transfers.rules import PRESENT, owing
from phuong.transfers.values import owing_name, state_word, told_to_family, way

STEP, LATE = "transfers.step", "transfers.late"
NO_CUSTODY = "none"


def tell_step(transfer: Transfer, step: Step) -> None:
    """Tell both schools and the guardians of a step, each once."""
    with override(settings.LANGUAGE_CODE):
        schools = [each for each in (transfer.from_school_id, transfer.to_school_id) if each]
        title = _("Chuyển trường, em %(name)s: %(state)s") % {"name": transfer.full_name, "state": state_word(transfer)}
        url = reverse("transfers:transfer", args=[transfer.pk])
        message = Message(STEP, title, _detail(transfer, step.reason), url, str(step.pk))
        tell_units([(school, message) for school in schools], permission=Permission.TRANSFERS_WORK)
        detail = told_to_family(transfer)
        family = Message(STEP, title, detail, reverse("transfers:family"), str(step.pk))
        tell_people([(guardian, family) for guardian in _guardians(transfer.learner_id)])


def _detail(transfer: Transfer, reason: str) -> str:
    parts = [way(transfer)]
    if transfer.due_on:
        owed = {"who": owing_name(transfer), "day": f"{transfer.due_on:%d/%m/%Y}"}
        parts.append(_("%(who)s làm bước tiếp chậm nhất ngày %(day)s") % owed)
    if reason:
        parts.append(reason)
    return ". ".join(parts)


def _guardians(learner_id: UUID | None) -> list[UUID]:
    ties = Guardianship.objects.filter(learner=learner_id, ends_on__isnull=True).exclude(custody=NO_CUSTODY)
    return list(ties.values_list("guardian_id", flat=True)) if learner_id else []


def tell_late(transfers: Sequence[Transfer]) -> int:
    """Tell the schools that let a day pass, and the units above them, once for each step; gives how many notices."""
    with override(settings.LANGUAGE_CODE):
        owed = [(_owing_school(each), each) for each in transfers]
        told = [(school, _late(each)) for school, each in owed if school is not None]
        at_school = tell_units([(school.pk, text) for school, text in told], permission=Permission.TRANSFERS_WORK)
        above = [(school.parent_id, text) for school, text in told if school.parent_id]
        return at_school + tell_units(above, permission=Permission.TRANSFERS_READ)


def _owing_school(transfer: Transfer) -> Organisation | None:
    is_present = owing(transfer.kind, transfer.state) == PRESENT
    return transfer.from_school if is_present else transfer.to_school


def _late(transfer: Transfer) -> Message:
    title = _("Quá hạn chuyển trường, em %(name)s: %(state)s")
    return Message(
        LATE,
        title % {"name": transfer.full_name, "state": state_word(transfer)},
        _detail(transfer, ""),
        reverse("transfers:transfer", args=[transfer.pk]),
        f"{transfer.pk} {transfer.state} {transfer.due_on}",
    )
