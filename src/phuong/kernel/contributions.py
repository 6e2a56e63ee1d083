"""What an upper app tells a lower one, registered once at start-up in ``apps.py``.

A contribution is a typed object; the kernel keeps one list for each type. No signals, no imports by string.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")
_kept: dict[type, dict[str, Any]] = {}
_promised: dict[type, list[Callable[[], Iterable[Any]]]] = {}
_loading = RLock()


class AlreadyContributed(ValueError):
    """Two contributions of one type carry the same code."""


def contribute(*items: Any) -> None:
    """Keep each item under its type and its ``code``; codes are unique within a type."""
    for item in items:
        kept = _kept.setdefault(type(item), {})
        if kept.setdefault(item.code, item) is not item and kept[item.code] != item:
            raise AlreadyContributed(f"{type(item).__name__} {item.code}")


def contribute_later(kind: type, load: Callable[[], Iterable[Any]]) -> None:
    """Promise contributions of ``kind`` that cost time to make; ``load`` gives them when first asked for."""
    _promised.setdefault(kind, []).append(load)


def contributions(kind: type[T]) -> list[T]:
    """List what has been contributed of ``kind``, in order of registration."""
    return list(_of(kind).values())


def contribution(kind: type[T], code: str) -> T | None:
    """Find one contribution by its code."""
    return _of(kind).get(code)


def _of(kind: type[T]) -> dict[str, T]:
    if kind in _promised:
        with _loading:
            while loads := _promised.get(kind):
                contribute(*loads[0]())
                loads.pop(0)
            _promised.pop(kind, None)
    return _kept.get(kind, {})


@dataclass(frozen=True)
class NavigationEntry:
    """A page of the product: on the rail of some roles, and in «Tất cả chức năng»."""

    code: str
    title: Any
    purpose: Any
    url_name: str
    icon: str
    group: Any
    roles: frozenset[str]
    rail_order: int = 0  # 0: not on the rail
    badge: Callable[[], int] | None = None


@dataclass(frozen=True)
class PersonPage:
    """A page of an upper app about one person, linked from the person's record; ``url_name`` takes the key."""

    code: str
    title: Any
    url_name: str


@dataclass(frozen=True)
class TaskDesk:
    """Where the work of a task is done that an upper app keeps: ``code`` is the origin of such tasks."""

    code: str
    title: Any
    url_name: str


@dataclass(frozen=True)
class UnitCard:
    """A card of an upper app on the page of a unit: ``draw(request, organisation)`` gives its HTML, or nothing."""

    code: str
    draw: Callable[[Any, Any], str]


@dataclass(frozen=True)
class ChildNews:
    """What an upper app tells a family of its children, on their first page.

    ``find(children)`` gives (child, title, detail, url) by the keys of the children, in one go for all of them.
    """

    code: str
    find: Callable[[Sequence[Any]], Iterable[tuple[Any, str, str, str]]]


@dataclass(frozen=True)
class Home:
    """The first page of some roles; ``view`` answers the request for ``/``."""

    code: str
    roles: frozenset[str]
    view: Callable[[Any], Any]


@dataclass(frozen=True)
class Hit:
    """One result of a search."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class SearchSource:
    """Something that Ctrl-K looks through: ``find(words, limit)`` within the acting person's scope."""

    code: str
    title: Any
    icon: str
    find: Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True)
class Role:
    """A role with the sentence that says what it may do."""

    code: str
    title: Any
    sentence: Any
    permissions: frozenset[str]
    order: int = 0
    is_wide: bool = False  # sees more than one school: a second factor and a second approval are obligatory
    seat: str = ""  # level of the units where people give it (province, commune, school); empty: never given by hand
    appoints: frozenset[str] = frozenset()  # roles its holder may give beside those that hold no more than itself


@dataclass(frozen=True)
class RuleCommand:
    """A pure rule answered on the command line: ``phuong rules CODE`` (contracts.md)."""

    code: str
    answer: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Bench:
    """A benchmark: ``phuong bench CODE`` yields figures ``{what, value, unit, floor, ratio}``."""

    code: str
    sizes: Callable[[], dict[str, Any]]
    figures: Callable[[], Iterable[dict[str, Any]]]


@dataclass(frozen=True)
class MeasureUse:
    """Who asks for which measure: ``uses`` gives (indicator, measure); ``others`` what is not counted yet."""

    code: str
    uses: Callable[[], Iterable[tuple[str, str]]]
    others: Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class FollowUp:
    """What an upper app's records do when a unit goes over into another: ``run(before, after, on)`` gives how many."""

    code: str
    title: Any
    count: Callable[[Any], int]
    run: Callable[[Any, Any, Any], int]


@dataclass(frozen=True)
class HealthCheck:
    """A condition of readiness: ``check`` returns an empty text when well, else what is wrong."""

    code: str
    check: Callable[[], str]


def codes(kind: type[Any]) -> Iterator[str]:
    """Give the codes contributed of ``kind``."""
    return iter(_of(kind))


@dataclass(frozen=True)
class Bell:
    """The bell of the top bar: where it leads, and how much waits to be read."""

    code: str
    url_name: str
    count: Callable[[], int]


@dataclass(frozen=True)
class SessionEnd:
    """What an upper app does when a browser session is over: ``run(session_key)``."""

    code: str
    run: Callable[[str], None]


@dataclass(frozen=True)
class AfterWrite:
    """What an upper app does at once when a record of some kinds is made, changed or ended: ``run(kind, row)``."""

    code: str
    kinds: frozenset[str]
    run: Callable[[str, Any], None]


@dataclass(frozen=True)
class LinkTarget:
    """What a personal link shows: ``facts(person)`` gives (title, rows of term and value), ``None`` when nothing."""

    code: str  # at most eight letters: it travels in the link
    title: Any
    facts: Callable[[Any], tuple[str, Sequence[tuple[str, str]]] | None]


@dataclass(frozen=True)
class OnlyOne:
    """What becomes of a row of which a person has only one, when two people turn out to be one and both have it.

    ``sets`` is written to the row of the record that goes, its person included; without ``sets`` the merge is refused
    with ``words``. ``model``: «app.Model».
    """

    code: str
    model: str
    words: Any
    sets: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class NeverAside:
    """Rows that nothing takes away: two people who both have one in the same place are not made one.

    ``model``: «app.Model»; ``named`` says which, in words, of the keys that would have had to give way.
    """

    code: str
    model: str
    named: Callable[[Sequence[Any]], str]


@dataclass(frozen=True)
class LooseKey:
    """A column that holds the key of a person without a foreign key: it follows when two records become one.

    ``model``: «app.Model»; ``only``: lookups of the rows in which the key is a person's.
    """

    code: str
    model: str
    field: str
    only: Mapping[str, Any]


@dataclass(frozen=True)
class PersonFacts:
    """What an upper app knows of a person, for the page of the person: ``find(person_id)`` gives (term, value)."""

    code: str
    find: Callable[[Any], Sequence[tuple[Any, Any]]]


@dataclass(frozen=True)
class FileGate:
    """Who may read the files beside records of one kind: ``may_read(actor, record_id)``, beside what the file asks."""

    code: str  # the kind of the records
    may_read: Callable[[Any, Any], bool]
