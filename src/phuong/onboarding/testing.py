"""Ready-made rows of onboarding for any app's tests."""

from phuong.identity.api import ACCOUNT_KINDS, Account, open_missing
from phuong.onboarding.actions.codes import issue_codes
from phuong.onboarding.models import Purpose
from phuong.registry.api import Person


def an_opened_account(person: Person, kind: str = "guardians") -> Account:
    """Open the account of a person as the bulk job does."""
    open_missing(ACCOUNT_KINDS[kind], [person.pk])
    return Account.objects.get(person=person)


def a_code(person: Person, purpose: Purpose = Purpose.ACTIVATE) -> str:
    """Give a person a code as a letter does."""
    return issue_codes([person], purpose, path=person.path)[person.pk]
