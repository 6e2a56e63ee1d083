"""Two records side by side, as the reader may see them, with what speaks for and against each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.kernel.scope import Actor
from phuong.matching.declarations import EVIDENCE_OF, TONES, level_title, way_of
from phuong.matching.linking.fields import ALIKE, DIFFERENT, EQUAL, MISSING
from phuong.matching.models import Pair
from phuong.matching.queries import standings
from phuong.matching.rules import KEEP, is_wide, stays
from phuong.matching.values import NAME, PLACE, by_default, differs, fields_of, has_value
from phuong.records.api import Field, shown, value_of
from phuong.registry.api import Enrolment, Guardianship, Person, person_for

_WORST = (DIFFERENT, ALIKE, MISSING, EQUAL)
Pairs = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Line:
    """One field of both records. ``tone``: a state of the interface; ``chosen``: whose value is kept, when asked."""

    code: str
    label: str
    one: str
    two: str
    tone: str
    word: str
    is_asked: bool = False
    chosen: UUID | None = None


@dataclass(frozen=True)
class Side:
    """One of two records."""

    person: Person
    is_verified: bool
    has_account: bool
    classes: list[str] = field(default_factory=list)
    family: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """A pair as its page shows it. ``stays``: the record that is kept unless somebody chooses otherwise."""

    one: Side
    two: Side
    lines: list[Line]
    is_wide: bool
    stays: UUID

    @property
    def sides(self) -> tuple[Side, Side]:
        """Give both, for the heads of the table."""
        return (self.one, self.two)


def side_by_side(actor: Actor, pair: Pair) -> Comparison:
    """Lay both records of a pair side by side.

    :raises NotThere: one of them is no more, or not for this actor
    """
    one, two = person_for(actor, pair.one), person_for(actor, pair.two)
    standing = dict(zip((one.pk, two.pk), standings(one.pk, two.pk), strict=True))
    kept = pair.keep or stays(standing[one.pk], standing[two.pk])
    keep, drop = (one, two) if kept == one.pk else (two, one)
    choices = {**by_default(keep, drop), **pair.choices}
    whose = {name: keep.pk if side == KEEP else drop.pk for name, side in choices.items()}
    lines = [_line(each, one, two, pair.evidence, whose) for each in fields_of(one, two)]
    lines.insert(_place_of(lines), _unit_line(one, two, pair.evidence, whose))
    classes, families = _classes([one.pk, two.pk]), _families([one.pk, two.pk])

    def side(person: Person) -> Side:
        told = standing[person.pk]
        key = person.pk
        return Side(person, told.is_verified, told.has_account, classes.get(key, []), families.get(key, []))

    return Comparison(side(one), side(two), lines, is_wide(*standing.values()), kept)


def _place_of(lines: Sequence[Line]) -> int:
    """Put the unit after the number, where people look for it."""
    return next((place for place, each in enumerate(lines, start=1) if each.code == "number"), len(lines))


def _line(declared: Field, one: Person, two: Person, evidence: Mapping[str, str], whose: Mapping[str, UUID]) -> Line:
    code = declared.name
    texts = [shown(declared, value_of(declared, each)) for each in (one, two)]
    way, word = _told(code, one, two, evidence)
    is_asked = differs(one, two, code)
    chosen = whose.get(code) if is_asked else None
    return Line(code, str(declared.label), texts[0], texts[1], TONES[way], word, is_asked, chosen)


def _unit_line(one: Person, two: Person, evidence: Mapping[str, str], whose: Mapping[str, UUID]) -> Line:
    way, word = _told(PLACE, one, two, evidence)
    is_asked = one.place_id != two.place_id
    names = (one.place.name, two.place.name)
    return Line(PLACE, _("Đơn vị giữ hồ sơ"), *names, TONES[way], word, is_asked, whose[PLACE] if is_asked else None)


def _told(code: str, one: Person, two: Person, evidence: Mapping[str, str]) -> tuple[str, str]:
    """Say what a field tells: by the run where it looked at it, else by the values as they stand."""
    levels = [(each, evidence[each]) for each in EVIDENCE_OF.get(code, ()) if each in evidence]
    if levels:
        ways = [(way_of(*each), each) for each in levels]
        worst, (_field, level) = min(ways, key=lambda way: _WORST.index(way[0]))
        return worst, _words(code, worst, level, evidence)
    if not has_value(one, code) and not has_value(two, code):
        return MISSING, ""
    if not has_value(one, code) or not has_value(two, code):
        return MISSING, level_title(MISSING)
    return (DIFFERENT, level_title("other")) if differs(one, two, code) else (EQUAL, level_title("equal"))


def _words(code: str, way: str, level: str, evidence: Mapping[str, str]) -> str:
    if code == NAME and way == DIFFERENT and evidence.get("given") == "equal":
        return _("Khác họ, tên đệm")
    if code == "phone" and way == EQUAL:
        return _("Trùng, kể cả số của phụ huynh")
    return level_title(level)


def _classes(keys: list[UUID]) -> dict[UUID, list[str]]:
    """Say where both sit and sat, latest first."""
    found: dict[UUID, list[str]] = {}
    rows = Enrolment.objects.filter(learner__in=keys).select_related("class_group", "organisation")
    for row in rows.order_by("-starts_on", "id"):
        until = f"{row.ends_on:%d/%m/%Y}" if row.ends_on else _("nay")
        text = f"{row.class_group.name}, {row.organisation.name} ({row.starts_on:%d/%m/%Y} – {until})"
        found.setdefault(row.learner_id, []).append(text)
    return found


def _families(keys: list[UUID]) -> dict[UUID, list[str]]:
    """Name the guardians of both, and the children they are guardians of."""
    found: dict[UUID, list[str]] = {}
    rows = Guardianship.objects.filter(ends_on=None).select_related("guardian", "learner")
    for row in rows.filter(learner__in=keys).order_by("contact_order", "id"):
        text = ", ".join(filter(None, (row.guardian.full_name, row.guardian.phone)))
        found.setdefault(row.learner_id, []).append(text)
    for row in rows.filter(guardian__in=keys).order_by("learner__name_key", "id"):
        found.setdefault(row.guardian_id, []).append(_("con: %s") % row.learner.full_name)
    return found
