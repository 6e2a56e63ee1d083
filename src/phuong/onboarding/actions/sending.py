"""Messages to the guardians of a class: codes, or personal links to a result; and calling links back."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import Account
from phuong.kernel.audit import record
from phuong.kernel.contributions import LinkTarget, contribution
from phuong.kernel.jobs import Progress, later
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.onboarding.actions.codes import issue_codes
from phuong.onboarding.actions.letters import ready_accounts
from phuong.onboarding.actions.renewing import Printer, renew_codes
from phuong.onboarding.models import Delivery, Purpose, RevokedLink
from phuong.onboarding.outgoing import SMS, check_channel, send
from phuong.onboarding.queries import GUARDIANS, SEND, Addressee, accounts_of, addressees, is_activated
from phuong.onboarding.rules import RENEW_DAYS, shown
from phuong.onboarding.tokens import HOURS, sign
from phuong.registry.api import ClassGroup, Organisation

CODES, RENEWALS = "codes", "renewals"


def ask_sending(group: ClassGroup, *, what: str, channel: str, site: str, printer: Printer | None = None) -> Job:
    """Ask for messages to all guardians of a class; ``what``: activation codes, or the code of a link's target.

    ``printer``: who asks for new codes for accounts in use; then ``what`` is ``RENEWALS``.

    :raises NotReachable: that gateway is not set up
    :raises NotThere: nobody contributed such a target
    """
    check_channel(channel)
    if what != (RENEWALS if printer else CODES) and contribution(LinkTarget, what) is None:
        raise NotThere
    title = _("Gửi phụ huynh lớp %s") % group.name
    facts: dict[str, Any] = {"group": str(group.pk), "what": what, "channel": channel, "site": site}
    if printer:
        facts["printer"] = printer.facts()
    return later(SEND, title=title, path=group.organisation.path, **facts)


def send_all(
    progress: Progress, group: str, what: str, channel: str, site: str, printer: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Send one message a guardian and child; each is noted before it goes, so a killed worker sends none twice.

    Taken up again, it makes no new code for a guardian whose message has gone: that code stays in force.
    """
    job_id = progress.job_id or uuid7()
    with acting(SYSTEM):
        klass = ClassGroup.objects.select_related("organisation").get(pk=group)
        unit = klass.organisation
        people = addressees(klass, unit, GUARDIANS)
        done = set(Delivery.objects.filter(job_id=job_id).values_list("guardian_id", "learner_id"))
        told = {guardian for guardian, _learner in done}
        texts = _texts([each for each in people if each.person.pk not in told], unit, what, site, printer)
    tally: Counter[str] = Counter()
    for place, each in enumerate(people):
        progress.step(place, len(people))
        to = each.person.phone if channel == SMS else each.person.email
        text = texts.get((each.person.pk, each.learner.pk), "")
        if not to or not text:
            tally["no_address" if text else "needless"] += 1
        elif (each.person.pk, each.learner.pk) not in done:
            tally[_send_one(job_id, each, unit, (channel, to, text))] += 1
    progress.step(len(people), len(people))
    with acting(SYSTEM):
        record("onboarding.sent", note=f"{what} {channel} {tally['sent']}/{len(people)}", path=unit.path)
    return {"asked": len(people), **tally, "url": reverse("onboarding:school", args=[unit.pk])}


def _send_one(job_id: UUID, each: Addressee, unit: Organisation, message: tuple[str, str, str]) -> str:
    channel, to, text = message
    facts = {"path": unit.path, "guardian": each.person, "learner": each.learner, "channel": channel}
    with acting(SYSTEM):
        noted = Delivery.objects.create(job_id=job_id, **facts)
    reason = send(channel, to=to, subject=_("Thư của trường %s") % unit.name, text=text)
    with acting(SYSTEM):
        sent_at = None if reason else timezone.now()
        Delivery.objects.filter(pk=noted.pk).update(reason=reason, sent_at=sent_at)
    return "failed" if reason else "sent"


def _texts(
    people: Sequence[Addressee], unit: Organisation, what: str, site: str, printer: Mapping[str, Any] | None
) -> dict[tuple[UUID, UUID], str]:
    if what == CODES:
        return _code_texts(people, unit, site)
    if what == RENEWALS and printer:
        return _renewal_texts(people, unit, site, printer)
    words = _("%(school)s: xem kết quả của em %(child)s tại %(address)s trong %(hours)d giờ. Không chuyển tiếp.")
    return {
        (each.person.pk, each.learner.pk): words
        % {
            "school": unit.name,
            "child": each.learner.full_name,
            "address": site + reverse("onboarding:link", args=[sign(each.learner.pk, what)]),
            "hours": HOURS,
        }
        for each in people
    }


def _code_texts(people: Sequence[Addressee], unit: Organisation, site: str) -> dict[tuple[UUID, UUID], str]:
    accounts: Mapping[UUID, Account] = ready_accounts(people, GUARDIANS)
    fresh = {each.person.pk: each for each in people if not is_activated(accounts[each.person.pk])}
    codes = issue_codes([each.person for each in fresh.values()], Purpose.ACTIVATE, path=unit.path)
    words = _("%(school)s: kích hoạt tài khoản tại %(page)s. Tên đăng nhập %(name)s, mã %(code)s. Không đưa mã cho ai.")
    page = site + reverse("onboarding:name")
    return {
        (key, each.learner.pk): words
        % {"school": unit.name, "page": page, "name": accounts[key].username, "code": shown(codes[key])}
        for key, each in fresh.items()
    }


def _renewal_texts(
    people: Sequence[Addressee], unit: Organisation, site: str, printer: Mapping[str, Any]
) -> dict[tuple[UUID, UUID], str]:
    accounts = accounts_of([each.person.pk for each in people])
    codes = renew_codes([each.person for each in people], accounts, printer, path=unit.path)
    told = {each.person.pk: each for each in people if each.person.pk in codes}
    words = _(
        "%(school)s: đặt lại mật khẩu tại %(page)s trong %(days)d ngày. Tên đăng nhập %(name)s, mã %(code)s. "
        "Không đưa mã cho ai."
    )
    facts = {"school": unit.name, "page": site + reverse("onboarding:name"), "days": RENEW_DAYS}
    return {
        (key, each.learner.pk): words % {**facts, "name": accounts[key].username, "code": shown(codes[key])}
        for key, each in told.items()
    }


@transaction.atomic
def revoke_links(group: ClassGroup, *, target: str, by: Actor) -> int:
    """Call back every link to ``target`` given out so far for the learners of a class; gives for how many.

    Every process knows within five seconds.
    """
    with acting(by):
        people = addressees(group, group.organisation, "learners")
        until = timezone.now() + dt.timedelta(hours=HOURS)
        RevokedLink.objects.bulk_create(
            [
                RevokedLink(path=group.organisation.path, person=each.person, target=target, until=until)
                for each in people
            ]
        )
        record("onboarding.links_revoked", on_kind="class", on_id=group.pk, note=target, path=group.organisation.path)
    return len(people)
