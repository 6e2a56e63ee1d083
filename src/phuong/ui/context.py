"""What every page's frame shows: who acts, where, and which pages are theirs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from phuong.kernel.contributions import Bell, NavigationEntry, Role, contribution, contributions
from phuong.kernel.language import is_english
from phuong.kernel.text import initials

THEMES = ("light", "dark", "auto")


@dataclass(frozen=True)
class RailItem:
    """One line of the rail."""

    title: str
    url: str
    icon: str
    count: int
    current: bool


@dataclass(frozen=True)
class RoleChoice:
    """One role the person may act in."""

    title: str
    organisation: str
    value: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """The frame around a page; attributes are read by ``ui/base.html``."""

    organisation: str
    person: str
    role: str
    theme: str
    language: str
    other_language_url: str
    rail: tuple[RailItem, ...]
    roles: tuple[RoleChoice, ...]
    all_url: str
    search_url: str
    home_url: str
    switch_url: str
    account_url: str
    signout_url: str
    theme_url: str
    help_url: str
    look_back_url: str
    notices: int = 0
    notices_url: str = ""

    @property
    def initials(self) -> str:
        """Give the letters of the avatar."""
        return initials(self.person)

    @property
    def tabs(self) -> tuple[RailItem, ...]:
        """Give the first three lines of the rail, for the phone."""
        return self.rail[:3]


def shell(request: Any) -> dict[str, Any]:
    """Give ``shell`` to every template; ``None`` while nobody is signed in."""
    theme = request.COOKIES.get("theme", "light")
    page: dict[str, Any] = {
        "theme": theme if theme in THEMES else "light",
        "language": get_language() or "vi",
        "other_language_url": _other_language(request),
    }
    standing = getattr(request, "standing", None)
    if standing is None:
        return {"shell": None, "page": page}
    bell = next(iter(contributions(Bell)), None)
    frame = Shell(
        organisation=request.actor.organisation,
        person=standing.account.display_name,
        role=title_of_role(request.actor.role),
        rail=_rail(request),
        notices=bell.count() if bell else 0,
        notices_url=reverse(bell.url_name) if bell else "",
        roles=tuple(
            RoleChoice(title_of_role(each.role), each.organisation.name, str(each.pk), each == standing.active)
            for each in standing.assignments
        ),
        **page,
        **_addresses(page["language"]),
    )
    return {"shell": frame, "page": page}


@lru_cache
def _addresses(language: str) -> dict[str, str]:
    """Give the addresses of the frame, of pages in a language."""
    del language  # that of the reader, in which addresses are made
    views = {
        "all": "ui:all_functions",
        "search": "ui:search",
        "home": "ui:home",
        "switch": "identity:switch_role",
        "account": "identity:account",
        "signout": "identity:sign_out",
        "theme": "ui:theme",
        "help": "ui:help",
        "look_back": "records:look_back",
    }
    return {f"{name}_url": reverse(view) for name, view in views.items()}


def entries_for(role: str) -> list[NavigationEntry]:
    """List the pages of a role, rail order first; pages without permission are absent."""
    mine = [entry for entry in contributions(NavigationEntry) if role in entry.roles]
    return sorted(mine, key=lambda entry: entry.rail_order or 999)


def _rail(request: Any) -> tuple[RailItem, ...]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return tuple(
        RailItem(title, url, entry.icon, entry.badge() if entry.badge else 0, here == entry.url_name)
        for entry, title, url in _rail_of(request.actor.role, get_language() or "vi")
    )


@lru_cache(maxsize=128)
def _rail_of(role: str, language: str) -> tuple[tuple[NavigationEntry, str, str], ...]:
    """Give the lines of a role's rail with title and address, for readers of a language."""
    del language  # that of the reader, in which titles and addresses are made
    return tuple((entry, str(entry.title), reverse(entry.url_name)) for entry in entries_for(role) if entry.rail_order)


def title_of_role(code: str) -> str:
    """Name a role; empty when nobody contributed it."""
    role = contribution(Role, code)
    return str(role.title) if role else ""


def _other_language(request: Any) -> str:
    if getattr(request, "has_one_address", False):
        return ""
    path: str = request.get_full_path()
    if is_english():
        return path.removeprefix("/en") or "/"
    return "/en" + path
