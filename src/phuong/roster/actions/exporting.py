"""A unit's roster as one zip of OneRoster CSV files, and the job that makes it to be downloaded."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.jobs import Progress, later
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting, is_under
from phuong.kernel.vault import seal_bytes, unseal_bytes
from phuong.registry.api import Organisation
from phuong.roster.models import Bundle
from phuong.roster.queries.kinds import PROJECTIONS
from phuong.roster.queries.lists import Asked, page_of
from phuong.roster.queries.reading import Reader, keys_of
from phuong.roster.queries.writing import agents_of, roles_of, written
from phuong.roster.rules import FILES, MANIFEST
from phuong.roster.rules.files import ABSENT

PAGE_ROWS = 1000
KEPT_DAYS = 7
_STAMP = (2026, 1, 1, 0, 0, 0)  # of every file in the zip: the same rows make the same bytes
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A bundle: its bytes, and how many users are in it."""

    content: bytes
    people: int


def bundle_of(by: Actor, *, with_demographics: bool = False, on: dt.date | None = None) -> Made:
    """Write the roster of the actor's place; rows that are over are left out, as bulk files want."""
    reader = Reader.of(by, on)
    kept = io.BytesIO()
    people = 0
    names = [name for name in FILES if name != "demographics" or with_demographics]
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bundle:
        _put(bundle, "manifest", MANIFEST, _manifest(names, by))
        for name in names:
            if name in ("roles", "userProfiles"):
                continue  # written beside their users
            if name == "users":
                people = _put_users(bundle, reader)
            else:
                _put(bundle, name, FILES[name], (_CELLS[name](row) for row in _rows(reader, name)))
    return Made(kept.getvalue(), people)


def _rows(reader: Reader, name: str) -> Iterator[dict[str, Any]]:
    """Read all rows of a kind that are in force, a page at a time."""
    kind = PROJECTIONS[name]
    after: tuple[str, str] | None = None
    while True:
        asked = Asked(PAGE_ROWS, 0, after)
        page = page_of(replace(reader, is_small=False), kind, asked, rows=["x.status = 'active'"])
        yield from page.rows
        if not page.after:
            return
        after = keys_of(kind, page.after)


def _put(bundle: zipfile.ZipFile, name: str, headings: tuple[str, ...], lines: Iterator[list[Any]]) -> None:
    kept = zipfile.ZipInfo(f"{name}.csv", _STAMP)
    kept.compress_type = zipfile.ZIP_DEFLATED
    with bundle.open(kept, "w") as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(lines)


def _put_users(bundle: zipfile.ZipFile, reader: Reader) -> int:
    """Write users with their roles and profiles: read once, three files."""
    roles: list[list[Any]] = []
    profiles: list[list[Any]] = []
    count = 0

    def users() -> Iterator[list[Any]]:
        nonlocal count
        for row in _rows(reader, "users"):
            count += 1
            roles.extend(_role_lines(row))
            if row["work_email"]:
                key = str(row["k1"])
                profiles.append([f"{key}.mail", "", "", key, "mail", "phuong", "", "", "email", row["work_email"], ""])
            yield _user(row)

    _put(bundle, "users", FILES["users"], users())
    _put(bundle, "roles", FILES["roles"], iter(roles))
    _put(bundle, "userProfiles", FILES["userProfiles"], iter(profiles))
    return count


def _manifest(names: list[str], by: Actor) -> Iterator[list[Any]]:
    yield ["manifest.version", "1.0"]
    yield ["oneroster.version", "1.2"]
    for name in sorted([*FILES, *ABSENT]):
        yield [f"file.{name}", "bulk" if name in names else "absent"]
    yield ["source.systemName", "Phượng"]
    yield ["source.systemCode", f"phuong:{by.scope}"]


def _base(row: Row) -> list[Any]:
    return [written_key(row), "", ""]


def written_key(row: Row) -> str:
    """Give the sourcedId of a row."""
    return f"{row['k1']}.{row['k2']}" if row["k2"] else str(row["k1"])


def _from(name: str) -> Callable[[Row], list[Any]]:
    """Write a row by its JSON: links become the sourcedIds they name, lists are parted by commas."""
    headings = FILES[name][3:]

    def cells(row: Row) -> list[Any]:
        facts = written(name, row, "")
        return [*_base(row), *(_cell(facts, heading) for heading in headings)]

    return cells


_LINKS = {
    "parentSourcedId": "parent",
    "schoolYearSourcedId": "schoolYear",
    "orgSourcedId": "org",
    "courseSourcedId": "course",
    "schoolSourcedId": "school",
    "termSourcedIds": "terms",
    "classSourcedId": "class",
    "userSourcedId": "user",
}


def _cell(facts: Mapping[str, Any], heading: str) -> str:
    value = facts.get(_LINKS.get(heading, heading), "")
    values = value if isinstance(value, list) else [value]
    return ",".join(str(each["sourcedId"] if isinstance(each, dict) else each) for each in values)


def _user(row: Row) -> list[Any]:
    facts = written("users", row, "")
    told: dict[str, Any] = {
        **{name: facts.get(name, "") for name in ("enabledUser", "username", "givenName", "familyName", "middleName")},
        **{name: facts.get(name, "") for name in ("identifier", "email", "phone")},
        "userIds": f"{{phuong:{row['code']}}}" if row["code"] else "",
        "agentSourcedIds": ",".join(agents_of(row)),
        "grades": ",".join(facts.get("grades", [])),
        "primaryOrgSourcedId": str(row["place_id"]),
    }
    return [*_base(row), *(told.get(heading, "") for heading in FILES["users"][3:])]


def _role_lines(row: Row) -> Iterator[list[Any]]:
    key = str(row["k1"])
    for place, each in enumerate(roles_of(row)):
        profile = f"{key}.mail" if row["work_email"] and each["role"] != "student" else ""
        name = f"{key}.{each['role']}.{place}"
        yield [name, "", "", key, each["type"], each["role"], each["begin"], each["end"], each["org"], profile]


_CELLS: dict[str, Callable[[Row], list[Any]]] = {
    name: _from(name) for name in FILES if name not in ("users", "roles", "userProfiles")
}


@transaction.atomic
def ask_bundle(unit: Organisation, *, with_demographics: bool, by: Actor) -> None:
    """Ask for the bundle of a unit.

    :raises NotThere: the actor may take no data away, or the unit lies elsewhere
    """
    if not by.may(Permission.EXPORT) or not is_under(unit.path, by.scope):
        raise NotThere
    rights = sorted(each for each in (Permission.PERSONS_READ, Permission.STAFF_READ) if by.may(each))
    arguments: dict[str, Any] = {"unit_id": str(unit.pk), "rights": rights, "name": by.name}
    later("roster.bundle", path=unit.path, with_demographics=with_demographics, **arguments)


def make_bundle(
    progress: Progress, unit_id: str, rights: list[str], name: str, *, with_demographics: bool
) -> Mapping[str, Any]:
    """Write the bundle of a unit with the rights of who asked, and keep it sealed for some days."""
    progress.step(0, 1)
    with acting(SYSTEM):
        unit = Organisation.objects.get(pk=UUID(unit_id))
    reader = Actor(unit.path, name=name, permissions=frozenset(rights))
    with acting(reader):
        made = bundle_of(reader, with_demographics=with_demographics)
        units = Organisation.objects.filter(path__under=unit.path, kind="school").count()
        kept = Bundle.objects.create(
            path=unit.path,
            organisation=unit,
            with_demographics=with_demographics,
            content=seal_bytes(made.content),
            size=len(made.content),
            people=made.people,
            units=max(units, 1),
            made_by=name,
        )
        record("roster.bundle_made", on_kind="bundle", on_id=kept.pk, note=str(made.people), path=unit.path)
    progress.step(1, 1)
    return {"bundle": str(kept.pk), "people": made.people, "url": "/oneroster/"}


@transaction.atomic
def take_bundle(bundle: Bundle, *, by: Actor) -> bytes:
    """Hand a bundle over.

    :raises Refused: a guard keeps it back
    """
    del by  # the act is recorded of who acts
    seen_units = Organisation.objects.filter(path__under=bundle.path, kind="school").values_list("pk", flat=True)
    let_leave(Leaving("roster", bundle.people, set(seen_units) or {bundle.organisation_id}))
    record("roster.bundle_taken", on_kind="bundle", on_id=bundle.pk, note=str(bundle.people), path=bundle.path)
    return unseal_bytes(bytes(bundle.content))


def forget_bundles(progress: Progress, days: int = KEPT_DAYS) -> Mapping[str, Any]:
    """Delete bundles made more than ``days`` ago."""
    del progress
    with acting(SYSTEM):
        gone, _of = Bundle.objects.filter(made_at__lt=timezone.now() - dt.timedelta(days=days)).delete()
    return {"forgotten": gone}
