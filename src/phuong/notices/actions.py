"""Telling people, on the page and by e-mail."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from phuong.identity.api import Account, RoleAssignment, set_email
from phuong.kernel.audit import record
from phuong.kernel.contributions import Role, contributions
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.notices.models import Mail, MailState, Notice, Preference
from phuong.notices.queries import mailable, own_notices, own_wishes, urgent, waiting_people
from phuong.notices.rules import DIGEST, URGENT, Wishes, digest_moment, due

AT_A_TIME = 5000
_TELL = """
insert into notices_notice (id, path, account_id, kind, title, detail, url, key, at)
select t.id, t.path::ltree, t.account, m.kind, m.title, m.detail, m.url, m.key, %(at)s
from unnest(%(ids)s::uuid[], %(paths)s::text[], %(accounts)s::uuid[], %(numbers)s::int[])
    as t(id, path, account, number)
  join unnest(%(kind)s::text[], %(title)s::text[], %(detail)s::text[], %(url)s::text[], %(key)s::text[])
    with ordinality as m(kind, title, detail, url, key, number) using (number)
order by t.id on conflict do nothing
"""
_GIVE = """
update notices_notice n set mail_id = m.id
from unnest(%s::uuid[], %s::uuid[]) as pair(notice, mail) join notices_mail m on m.id = pair.mail
where n.id = pair.notice and n.mail_id is null and n.read_at is null
"""


@dataclass(frozen=True)
class Message:
    """What is told: ``key`` keeps one kind of message from being told twice to the same account."""

    kind: str
    title: str
    detail: str = ""
    url: str = ""
    key: str = ""


@transaction.atomic
def tell_units(messages: Iterable[tuple[UUID, Message]], *, permission: str) -> int:
    """Tell each unit its message: every account that today holds a role with ``permission`` exactly there.

    Two statements, however many units; gives how many notices were written.
    """
    of_unit: dict[UUID, list[int]] = {}
    known: list[Message] = []
    for number, (unit, message) in enumerate(messages, start=1):
        of_unit.setdefault(unit, []).append(number)
        known.append(message)
    roles = [role.code for role in contributions(Role) if permission in role.permissions]
    held = RoleAssignment.objects.in_force().filter(organisation__in=of_unit, role__in=roles)
    told = [
        (uuid7(), path, account, number)
        for account, unit, path in held.values_list("account_id", "organisation_id", "path").distinct()
        for number in of_unit[unit]
    ]
    if not told:
        return 0
    facts: dict[str, Any] = {name: [getattr(each, name) for each in known] for name in Message.__dataclass_fields__}
    facts |= dict(zip(("ids", "paths", "accounts", "numbers"), map(list, zip(*told, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {**facts, "at": timezone.now()})
        return int(cursor.rowcount)


@transaction.atomic
def tell_people(messages: Iterable[tuple[UUID, Message]]) -> int:
    """Tell persons their messages: (person, message); who has no account is left out. Gives how many were written.

    Two statements, however many people.
    """
    of_person: dict[UUID, list[Message]] = {}
    for person, message in messages:
        of_person.setdefault(person, []).append(message)
    accounts = Account.objects.filter(person__in=of_person, is_active=True)
    told = [
        Notice(id=uuid7(), path=path, account_id=account, **asdict(message))
        for account, person, path in accounts.values_list("pk", "person_id", "path")
        for message in of_person[person]
    ]
    return len(Notice.objects.bulk_create(told, ignore_conflicts=True))


@transaction.atomic
def open_notice(notice_id: UUID, *, by: Actor) -> str:
    """Mark one of one's own notices as read; gives where it leads.

    :raises NotThere: somebody else's, or unknown
    """
    found = own_notices(by.account_id).filter(pk=notice_id).first()
    if found is None:
        raise NotThere
    Notice.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=timezone.now())
    return found.url if found.url.startswith("/") and not found.url.startswith("//") else "/"


@transaction.atomic
def read_all(*, by: Actor) -> int:
    """Mark all of one's own notices as read."""
    return own_notices(by.account_id).filter(read_at__isnull=True).update(read_at=timezone.now())


def save_wishes(wishes: Wishes, *, email: str, by: Actor) -> None:
    """Keep the address and the wishes of the acting person; a new address gets what the old one refused.

    Written from the root: families have no place in the tree, and an account may lie outside the role in use.

    :raises NotThere: nobody acts
    """
    if by.account_id is None:
        raise NotThere
    before, _wishes = own_wishes(by.account_id)
    with acting(replace(by, scope=ROOT)):
        account = set_email(email=email, by=by)
        Preference.objects.update_or_create(account=account, defaults={"path": account.path, **asdict(wishes)})
        if account.email != before:
            given_up = Notice.objects.filter(account=account, read_at__isnull=True, mail__state=MailState.FAILED)
            given_up.update(mail=None)
        record("notices.wishes_saved", on_kind="account", on_id=account.pk, note=wishes.cadence, path=account.path)


@transaction.atomic
def make_mails(moment: dt.datetime) -> int:
    """Make the mails that are due and give each the notices it tells; gives how many.

    A notice is given to one mail only, whoever else makes mails meanwhile: that mail then stays without notices and is
    never sent.
    """
    local = timezone.localtime(moment)
    made: dict[str, list[Mail]] = {DIGEST: [], URGENT: []}
    for account, path, wishes, pending in waiting_people(local.date()):
        if kind := due(local, wishes, pending):
            day = (digest_moment(local, wishes) if kind == DIGEST else local).date()
            facts = {"path": path, "account_id": account, "kind": kind, "day": day, "next_try_at": moment}
            made[kind].append(Mail(id=uuid7(), **facts))
    for kind, mails in made.items():
        for start in range(0, len(mails), AT_A_TIME):
            _fill(mails[start : start + AT_A_TIME], Q() if kind == DIGEST else urgent(), local.date())
    return sum(map(len, made.values()))


def _fill(mails: list[Mail], kinds: Q, today: dt.date) -> None:
    """Write mails with what they tell, in three statements; pairs are handed over, so that one plan fits any number."""
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    mail_of = {mail.account_id: mail.pk for mail in mails}
    told = mailable(today).filter(kinds, account__in=list(mail_of)).values_list("pk", "account_id")
    pairs = [(notice, mail_of[account]) for notice, account in told]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [[notice for notice, _ in pairs], [mail for _, mail in pairs]])


@transaction.atomic
def claim_mails(ids: Sequence[UUID], *, at: dt.datetime) -> list[Mail]:
    """Mark mails as being sent, before any goes out; those that somebody else took are left out.

    This fails to the side of not telling twice: when a worker is killed with mails in hand, most of them have reached
    their readers, and nobody can say which. They are not sent again but shown as unsure, and what they tell stays
    unread under the bell. A lost connection is another matter: without its answer the server has not taken the mail.
    """
    free = Mail.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=ids, state=MailState.WAITING)
    mails = list(free.select_related("account__preference").order_by("id"))
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(state=MailState.SENDING, claimed_at=at)
    return mails


@transaction.atomic
def note_outcomes(mails: Sequence[Mail]) -> None:
    """Keep what became of mails, as set on them, in one statement."""
    Mail.objects.bulk_update(mails, ["state", "attempts", "next_try_at", "sent_at", "reason"])


def leave_unsure(*, before: dt.datetime) -> int:
    """Give up on mails in the hands of a worker that was killed; gives how many."""
    return Mail.objects.filter(state=MailState.SENDING, claimed_at__lt=before).update(state=MailState.UNSURE)
