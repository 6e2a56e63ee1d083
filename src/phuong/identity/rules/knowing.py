"""Rules of signing in by a national electronic identity."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

LinkState = Literal["none", "same", "other", "ended"]


@dataclass(frozen=True)
class Told:
    """What the provider says of a person, already verified. ``level``: 0 when it names none we know."""

    subject: str
    number: str
    level: int
    name_key: str = ""  # without case and marks; empty when not told
    birth_date: dt.date | None = None


@dataclass(frozen=True)
class Known:
    """What this house knows under the number. ``needs``: the level today's roles need, 0 without a role."""

    name_keys: Collection[str]  # of the account's person, else of whoever has the number
    birth_dates: Collection[dt.date | None]
    accounts: int
    is_active: bool = False
    needs: int = 0
    is_family: bool = False
    link: LinkState = "none"


def barred_from_entering(told: Told, known: Known) -> str:
    """Say why somebody is not let in; empty when they are.

    Families come in by the number at once. Staff must have linked before, from inside: a number is typed by an office,
    and whoever typed it must not thereby gain another's role. The first time, the name must be told and agree.
    """
    if found := _barred_by_number(told, known):
        return found
    checks = (
        ("inactive", known.is_active),
        ("no_role", known.needs > 0),
        ("other_subject", known.link != "other"),
        ("unlinked", known.link != "ended"),
        ("differs", known.link == "same" or bool(told.name_key)),
        ("link_first", known.link == "same" or known.is_family),
        ("level", told.level >= known.needs),
    )
    return next((code for code, is_right in checks if not is_right), "")


def _barred_by_number(told: Told, known: Known) -> str:
    if not known.name_keys:
        return "unknown_number"
    if known.accounts != 1:
        return "no_account" if known.accounts == 0 else "ambiguous"
    return "" if _is_same_person(told, known) else "differs"


def _is_same_person(told: Told, known: Known) -> bool:
    """Compare name and birth date where both sides have them."""
    has_name = not told.name_key or told.name_key in known.name_keys
    days = {day for day in known.birth_dates if day is not None}
    return has_name and (told.birth_date is None or not days or told.birth_date in days)


def barred_from_linking(told: Told, known: Known, *, has_number: bool, is_own: bool) -> str:
    """Say why an identity cannot be linked to the account in use; empty when it can.

    ``has_number``: the account's own person has a number here; ``is_own``: it is the number told.
    """
    checks = (
        ("no_number", has_number),
        ("not_yours", is_own),
        ("differs", _is_same_person(told, known)),
        ("no_role", known.needs > 0),
        ("taken", known.link != "other"),
        ("level", told.level >= known.needs),
    )
    return next((code for code, is_right in checks if not is_right), "")
