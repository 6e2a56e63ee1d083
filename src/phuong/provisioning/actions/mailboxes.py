"""Mail domains, and carrying out the plan: what each mailbox should be is written down, the suite is told later."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.provisioning.access import domain_for
from phuong.provisioning.errors import DomainTaken
from phuong.provisioning.models import MailAddress, Mailbox, MailDomain
from phuong.provisioning.queries.mailboxes import Step, addresses_of, plan_of
from phuong.provisioning.rules.addresses import (
    free_numbers,
    is_domain,
    local_part,
    recorded_local,
    reusable_before,
    split_local,
    stem_of,
)
from phuong.provisioning.rules.mailboxes import Change, Known, change_of
from phuong.registry.api import Organisation, Person

AT_A_TIME = 5000
Place = tuple[str, int]  # stem and number: a local part


@transaction.atomic
def set_domain(*, unit: Organisation, name: str, keep_years: int, is_automatic: bool, by: Actor) -> MailDomain:
    """Keep the mail domain of a unit, or change how it is kept; the name of one in use stays.

    :raises NotThere: the unit lies outside the actor's place
    :raises DomainTaken: no domain, another unit's, or other than that in use
    """
    if not by.may(Permission.MAILBOXES_EDIT) or not is_under(unit.path, by.scope):
        raise NotThere
    wanted = name.strip().lower()
    found = MailDomain.objects.filter(organisation=unit).first() or MailDomain(organisation=unit, path=unit.path)
    in_use = found.name and found.name != wanted and Mailbox.objects.filter(domain=found).exists()
    taken = MailDomain.objects.filter(name=wanted).exclude(pk=found.pk).exists()
    if in_use or taken or keep_years < 1 or not is_domain(wanted):
        raise DomainTaken
    found.name, found.keep_years, found.is_automatic = wanted, keep_years, is_automatic
    found.save()
    record("provisioning.domain_set", on_kind="mail_domain", on_id=found.pk, note=wanted, path=unit.path)
    return found


@transaction.atomic
def apply_plan(domain_id: UUID, *, by: Actor) -> dict[str, int]:
    """Write down what the plan finds; gives how many mailboxes of each kind of change. Safe to run twice.

    A handful of statements for each 5,000 steps. The suite is told by the job.

    :raises NotThere: not a domain this actor keeps
    """
    domain = domain_for(by, domain_id, writing=True)
    steps: dict[str, list[Step]] = {change: [] for change in Change if change}
    for step in plan_of(domain):
        steps[step.change].append(step)
    _follow_people(domain)
    _create(domain, steps[Change.CREATE])
    _rename(domain, steps[Change.RENAME])
    _suspend(domain, steps[Change.SUSPEND])
    _resume(domain, steps[Change.RESUME])
    counts = {change: len(found) for change, found in steps.items()}
    note = ", ".join(f"{change} {count}" for change, count in counts.items())
    record("provisioning.plan_applied", on_kind="mail_domain", on_id=domain.pk, note=note, path=domain.path)
    return counts


def _follow_people(domain: MailDomain) -> None:
    """Let mailboxes lie where the records of their persons lie now."""
    place = Person.objects.filter(pk=OuterRef("person")).values("path")[:1]
    moved = Mailbox.objects.filter(domain=domain).exclude(person__path=F("path"))
    moved.update(path=Subquery(place))


def _create(domain: MailDomain, steps: Sequence[Step]) -> None:
    for places, some in _placed(domain, steps):
        made = [(_new(domain, step, place), place[0]) for step, place in zip(some, places, strict=True)]
        Mailbox.objects.bulk_create([box for box, _place in made], batch_size=AT_A_TIME)
        _keep_addresses(domain, made)


@transaction.atomic
def adopt_recorded(domain_id: UUID, *, by: Actor) -> int:
    """Take addresses of the domain that stand in the records of staff as mailboxes in use; gives how many.

    For a suite that has them already: it is told of them only when something changes. An address recorded for two
    persons goes to the first.

    :raises NotThere: not a domain this actor keeps
    """
    domain = domain_for(by, domain_id, writing=True)
    steps = [step for step in plan_of(domain, change=Change.CREATE) if recorded_local(step.recorded, domain.name)]
    count = 0
    for places, some in _placed(domain, steps):
        kept = [(_new(domain, step, place), place[0]) for step, place in zip(some, places, strict=True) if place[1]]
        for box, _place in kept:
            box.known, box.known_address, box.change, box.next_try_at = Known.ACTIVE, box.address, "", None
        Mailbox.objects.bulk_create([box for box, _place in kept], batch_size=AT_A_TIME)
        _keep_addresses(domain, kept)
        count += len(kept)
    record("provisioning.adopted", on_kind="mail_domain", on_id=domain.pk, note=str(count), path=domain.path)
    return count


def _new(domain: MailDomain, step: Step, place: tuple[Place, bool]) -> Mailbox:
    return Mailbox(
        id=uuid7(),
        path=step.path,
        domain=domain,
        person_id=step.person_id,
        address=_address(domain, place[0]),
        name=step.name,
        is_recorded=place[1],
        next_try_at=timezone.now(),
    )


def _placed(domain: MailDomain, steps: Sequence[Step]) -> Any:
    """Give a place to each step, some thousand at a time: that in the person's record when it is free, else by rule."""
    for begin in range(0, len(steps), AT_A_TIME):
        some = steps[begin : begin + AT_A_TIME]
        stems = [stem_of(step.name) for step in some]
        recorded = [recorded_local(step.recorded, domain.name) for step in some]
        wanted = [split_local(local) if local else None for local in recorded]
        taken = _taken(domain, {*stems, *(place[0] for place in wanted if place)})
        given: list[tuple[Place, bool] | None] = []
        for place in wanted:
            is_free = place is not None and place[1] not in taken.setdefault(place[0], set())
            given.append((place, True) if place and is_free else None)
            if place and is_free:
                taken[place[0]].add(place[1])
        open_stems = [stem for stem, place in zip(stems, given, strict=True) if place is None]
        numbers = iter(free_numbers(open_stems, taken))
        yield [place or ((stem, next(numbers)), False) for stem, place in zip(stems, given, strict=True)], some


def _taken(domain: MailDomain, stems: set[str]) -> dict[str, set[int]]:
    """Give the numbers of each stem that nobody else may have yet."""
    before = reusable_before(timezone.localdate(), domain.keep_years)
    kept = MailAddress.objects.filter(domain=domain, stem__in=stems).exclude(freed_on__lt=before)
    found: dict[str, set[int]] = {}
    for stem, number in kept.values_list("stem", "number"):
        found.setdefault(stem, set()).add(number)
    return found


def _keep_addresses(domain: MailDomain, given: Sequence[tuple[Mailbox, Place]]) -> None:
    """Write down whose address is whose; one given up long ago passes to its new owner."""
    MailAddress.objects.bulk_create(
        [
            MailAddress(id=uuid7(), path=box.path, domain=domain, mailbox=box, stem=place[0], number=place[1])
            for box, place in given
        ],
        batch_size=AT_A_TIME,
        update_conflicts=True,
        unique_fields=["domain", "stem", "number"],
        update_fields=["path", "mailbox", "freed_on"],
    )


def _address(domain: MailDomain, place: Place) -> str:
    return f"{local_part(*place)}@{domain.name}"


def _rename(domain: MailDomain, steps: Sequence[Step]) -> None:
    """Give a new address to whom the name was changed; the old one stays as an alias, and is taken up again if it fits.

    A name that was only written otherwise keeps its address, and is told.
    """
    boxes, own = _boxes_of(steps)
    new = []
    for step in steps:
        box, stem = boxes[step.person_id], stem_of(step.name)
        is_other, box.name = stem_of(box.name) != stem, step.name
        fitting = next((place for place in own[box.pk] if place[0] == stem), None)
        if is_other and fitting:
            box.address = _address(domain, fitting)
        elif is_other:
            new.append(step)
    _give_new_addresses(domain, new, boxes)
    _ask(list(boxes.values()), ["name", "address"], at_least=Change.RENAME)


def _suspend(domain: MailDomain, steps: Sequence[Step]) -> None:
    boxes, _own = _boxes_of(steps)
    for box in boxes.values():
        box.is_wanted = False
    _ask(list(boxes.values()), ["is_wanted"])
    given_up = MailAddress.objects.filter(domain=domain, mailbox__in=list(boxes.values()))
    given_up.update(freed_on=timezone.localdate())


def _resume(domain: MailDomain, steps: Sequence[Step]) -> None:
    """Open mailboxes again, under their addresses; whose address went to somebody else meanwhile gets another."""
    boxes, own = _boxes_of(steps)
    for box in boxes.values():
        box.is_wanted = True
    lost = [
        step
        for step in steps
        if split_local(boxes[step.person_id].address.partition("@")[0]) not in own[boxes[step.person_id].pk]
    ]
    _give_new_addresses(domain, lost, boxes)
    _ask(list(boxes.values()), ["is_wanted", "address"])
    MailAddress.objects.filter(domain=domain, mailbox__in=list(boxes.values())).update(freed_on=None)


def _boxes_of(steps: Sequence[Step]) -> tuple[dict[UUID, Mailbox], dict[UUID, list[Place]]]:
    """Give the mailboxes of the steps by person, and every address each has, by mailbox."""
    boxes = {box.person_id: box for box in Mailbox.objects.filter(pk__in=[step.mailbox_id for step in steps])}
    return boxes, addresses_of([box.pk for box in boxes.values()])


def _give_new_addresses(domain: MailDomain, steps: Sequence[Step], boxes: dict[UUID, Mailbox]) -> None:
    for places, some in _placed(domain, [replace(step, recorded="") for step in steps]):
        given = [(boxes[step.person_id], place) for step, (place, _is_recorded) in zip(some, places, strict=True)]
        for box, place in given:
            box.address = _address(domain, place)
        _keep_addresses(domain, given)


def _ask(boxes: Sequence[Mailbox], columns: Sequence[str], at_least: str = "") -> None:
    """Keep what the mailboxes should be, and that the suite is to be told; ``at_least`` of an open mailbox."""
    now = timezone.now()
    for box in boxes:
        set_change(box)
        box.change = box.change or (at_least if box.known == Known.ACTIVE else "")
        box.tries, box.next_try_at = 0, now if box.change else None
    Mailbox.objects.bulk_update(boxes, [*columns, "change", "tries", "next_try_at"], batch_size=AT_A_TIME)


def set_change(box: Mailbox) -> None:
    """Set on a mailbox what the suite must be told of it."""
    has_new_address = bool(box.known_address) and box.known_address != box.address
    box.change = change_of(box.known, is_wanted=box.is_wanted, was_tried=box.was_tried, has_new_address=has_new_address)


@transaction.atomic
def try_again(domain_id: UUID, *, by: Actor) -> int:
    """Let changes that were given up be told again; gives how many.

    :raises NotThere: not a domain this actor keeps
    """
    domain = domain_for(by, domain_id, writing=True)
    stuck = Mailbox.objects.filter(Q(next_try_at__isnull=True), domain=domain).exclude(change="")
    count: int = stuck.update(next_try_at=timezone.now(), tries=0)
    record("provisioning.tried_again", on_kind="mail_domain", on_id=domain.pk, note=str(count), path=domain.path)
    return count
