"""New codes for accounts in use whose password was forgotten: the old password opens until the code is used."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.identity.api import Account, Giver, accounts_beyond
from phuong.kernel.audit import record_all
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.onboarding.actions.codes import issue_codes
from phuong.onboarding.errors import CannotRenew
from phuong.onboarding.models import Purpose
from phuong.onboarding.queries import is_activated, people_at
from phuong.registry.api import Organisation, Person


@dataclass(frozen=True)
class Printer:
    """Who asks for new codes, as a job remembers it; whom they may reach is judged when the codes are made."""

    account: str
    name: str
    role: str
    unit: str
    scope: str
    permissions: list[str]

    def facts(self) -> dict[str, Any]:
        """Give what a job is asked with."""
        return asdict(self)

    def giver(self) -> Giver:
        """Give what the rules of giving roles ask about."""
        return Giver(self.role, frozenset(self.permissions), self.scope, self.account)


def printer_of(actor: Actor) -> Printer:
    """Remember the acting person."""
    permissions = sorted(str(each) for each in actor.permissions)
    account = str(actor.account_id or "")
    return Printer(account, actor.name, actor.role, actor.organisation, actor.scope, permissions)


def why_not(accounts: Iterable[Account], printer: Printer) -> dict[UUID, str]:
    """Say of each account that gets no new code why, in words for the printer; one statement."""
    asked = list(accounts)
    beyond = accounts_beyond(printer.giver(), [account.pk for account in asked])
    words = {}
    for account in asked:
        if str(account.pk) == printer.account:
            words[account.pk] = _("Tài khoản của chính mình: nhờ người khác cấp lại, hoặc đổi ở «Tài khoản của tôi».")
        elif not is_activated(account):
            words[account.pk] = _("Chưa đặt mật khẩu lần nào: in thư kích hoạt.")
        elif account.pk in beyond:
            words[account.pk] = _("Có vai trò rộng hơn hoặc ở nơi khác: nhờ hiệu trưởng hoặc Sở cấp lại.")
    return words


def check_renewal(school: Organisation, person_id: UUID, printer: Printer) -> Account:
    """Find the account of somebody at a school that gets a new code.

    :raises NotThere: nobody of this school, or without an account
    :raises CannotRenew: one's own, without a password yet, or it reaches further than the printer
    """
    with acting(SYSTEM):
        rows = Account.objects.filter(person__in=people_at(school).filter(pk=person_id), is_active=True)
        account = rows.select_related("person").first()
    if account is None:
        raise NotThere
    if words := why_not([account], printer).get(account.pk):
        raise CannotRenew(words)
    return account


def renew_codes(
    people: Iterable[Person], accounts: Mapping[UUID, Account], printer: Mapping[str, Any], *, path: str
) -> dict[UUID, str]:
    """Give those a new code whose account the printer reaches and who have set a password before; each is journalled.

    The old password opens until the code is used, so nobody is locked out by a letter.
    """
    by = Printer(**printer)
    known = {each.pk: each for each in people if each.pk in accounts and accounts[each.pk].is_active}
    left_out = why_not([accounts[key] for key in known], by)
    codes = issue_codes(
        [each for key, each in known.items() if accounts[key].pk not in left_out], Purpose.RENEW, path=path
    )
    account_id = UUID(by.account) if by.account else None
    with acting(replace(SYSTEM, account_id=account_id, name=by.name, role=by.role, organisation=by.unit)):
        acts = [(key, accounts[key].username, path) for key in codes]
        record_all("onboarding.code_renewed", "person", acts, about=True)
    return codes
