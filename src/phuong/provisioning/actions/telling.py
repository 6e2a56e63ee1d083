"""Taking mailboxes in hand to tell the suite of them, and keeping what it answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from phuong.identity.api import set_work_addresses
from phuong.kernel.keys import uuid7
from phuong.provisioning.actions.mailboxes import set_change
from phuong.provisioning.models import MailAddress, Mailbox
from phuong.provisioning.queries.mailboxes import addresses_of
from phuong.provisioning.rules.addresses import local_part, split_local
from phuong.provisioning.rules.mailboxes import MOST_TRIES, Known, next_try
from phuong.registry.api import set_work_emails

MOST_ANSWER = 300


@dataclass(frozen=True)
class Order:
    """What the suite is told of one mailbox; ``aliases`` are its other addresses."""

    id: UUID
    suite_id: str
    was_tried: bool
    is_recorded: bool
    address: str
    aliases: tuple[str, ...]
    name: str
    is_active: bool


@dataclass(frozen=True)
class Outcome:
    """What came of an order: ``done``, ``taken`` (the address is somebody's), ``refused``, or ``later``."""

    order: Order
    verdict: str
    answer: str
    suite_id: str = ""
    wait: float = 0


@transaction.atomic
def take_orders(ids: Sequence[UUID]) -> list[Order]:
    """Mark mailboxes as asked for, before the suite is asked: a killed worker leaves a trace.

    Telling twice is harmless: each order carries all that the mailbox should be, under our own key for it.
    """
    rows = Mailbox.objects.select_for_update(of=("self",)).filter(pk__in=ids).exclude(change="")
    boxes = list(rows.select_related("person", "domain").order_by("next_try_at", "id"))
    own = addresses_of([box.pk for box in boxes])
    orders = [
        Order(
            id=box.pk,
            suite_id=box.suite_id,
            was_tried=box.was_tried,
            is_recorded=box.is_recorded,
            address=box.address,
            aliases=tuple(
                other for place in own[box.pk] if (other := f"{local_part(*place)}@{box.domain.name}") != box.address
            ),
            name=box.person.full_name,
            is_active=box.is_wanted,
        )
        for box in boxes
    ]
    Mailbox.objects.filter(pk__in=[box.pk for box in boxes], was_tried=False).update(was_tried=True)
    return orders


@transaction.atomic
def note_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Keep what the suite answered; addresses it confirmed go into the records and accounts of their persons."""
    by_key = {outcome.order.id: outcome for outcome in outcomes}
    boxes = list(
        Mailbox.objects.select_for_update(of=("self",)).select_related("person", "domain").filter(pk__in=by_key)
    )
    former = {box.person_id: box.known_address for box in boxes}
    for box in boxes:
        _note(box, by_key[box.pk])
    Mailbox.objects.bulk_update(
        boxes,
        ["address", "is_recorded", "known", "known_address", "suite_id", "change", "tries", "next_try_at"]
        + ["told_at", "answer"],
    )
    confirmed = {
        box.person_id: box.known_address
        for box in boxes
        if box.known == Known.ACTIVE and by_key[box.pk].verdict == "done"
    }
    if confirmed:
        set_work_emails(confirmed)
        set_work_addresses({person: (former[person], address) for person, address in confirmed.items()})


def _note(box: Mailbox, outcome: Outcome) -> None:
    now, order = timezone.now(), outcome.order
    box.told_at, box.answer = now, outcome.answer[:MOST_ANSWER]
    if outcome.verdict == "done":
        box.suite_id = outcome.suite_id
        if outcome.suite_id:
            box.known, box.known_address = Known.ACTIVE if order.is_active else Known.SUSPENDED, order.address
        set_change(box)
        if not outcome.suite_id and not box.is_wanted:  # it was never made there, and is no longer to be
            box.change = ""
        box.tries, box.next_try_at = 0, now if box.change else None
    elif outcome.verdict == "taken" and box.address == order.address:
        _take_next_address(box)
        box.tries += 1
        box.next_try_at = now if box.tries < MOST_TRIES else None
    elif outcome.verdict == "refused":
        box.tries += 1
        box.next_try_at = None
    else:
        box.tries += 1
        box.next_try_at = next_try(now, box.tries, outcome.wait)


def _take_next_address(box: Mailbox) -> None:
    """Leave an address that the suite says is somebody's, for ever, and take the next number of the name."""
    domain = box.domain
    stem, number = split_local(box.address.partition("@")[0])
    MailAddress.objects.filter(domain=domain, stem=stem, number=number).update(mailbox=None, freed_on=None)
    last = MailAddress.objects.filter(domain=domain, stem=stem).aggregate(last=Max("number"))["last"] or number
    MailAddress.objects.create(id=uuid7(), path=box.path, domain=domain, mailbox=box, stem=stem, number=last + 1)
    box.address, box.is_recorded = f"{local_part(stem, last + 1)}@{domain.name}", False
