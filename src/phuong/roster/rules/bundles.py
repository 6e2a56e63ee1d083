"""A OneRoster bundle read and understood: what one school's rows say. No database."""

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from phuong.roster.rules.files import FILES
from phuong.roster.rules.names import grade_of, joined_name

MOST_BYTES, MOST_INFLATED, MOST_RATIO, MOST_ENTRIES = 100 * 2**20, 512 * 2**20, 200, 100
SMALL = 2**20
_DELETED = "tobedeleted"
STUDENT = "student"
STAFF = frozenset(("teacher", "principal", "siteAdministrator", "administrator", "aide", "counselor", "proctor"))
GUARDIAN = frozenset(("guardian", "parent", "relative"))
_FIRST_MONTH = 8
Row = Mapping[str, str]


class Unfit(ValueError):
    """A bundle that cannot be taken: ``code`` says why, ``about`` which part."""

    def __init__(self, code: str, about: str = "") -> None:
        """Keep both."""
        super().__init__(code, about)
        self.code, self.about = code, about


@dataclass(frozen=True)
class Vendor:
    """A bundle: who made it, and the rows of each file that are not to be deleted."""

    source: str
    rows: Mapping[str, list[Row]]


def read_bundle(content: bytes) -> Vendor:
    """Read the files of a bundle; what it inflates to is looked at before anything is inflated.

    :raises Unfit: no zip, broken, too large; no users; a file of changes only (delta)
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            _check(bundle)
            names = {each.rpartition("/")[2].lower(): each for each in bundle.namelist()}
            facts = {row.get("propertyName", ""): row.get("value", "") for row in _rows(bundle, names, "manifest")}
            if delta := next((name for name in FILES if facts.get(f"file.{name}", "") == "delta"), ""):
                raise Unfit("delta", delta)
            rows = {name: [row for row in _rows(bundle, names, name) if _stands(row)] for name in FILES}
    except Unfit:
        raise
    except (zipfile.BadZipFile, zlib.error, csv.Error, OSError, RuntimeError, EOFError, ValueError) as error:
        raise Unfit("broken") from error
    if not rows["users"]:
        raise Unfit("empty", "users.csv")
    if not rows["orgs"]:
        raise Unfit("empty", "orgs.csv")
    return Vendor(facts.get("source.systemCode") or facts.get("source.systemName") or "oneroster", rows)


def _check(bundle: zipfile.ZipFile) -> None:
    entries = bundle.infolist()
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_ENTRIES or inflated > MOST_INFLATED or (inflated > SMALL and inflated > packed * MOST_RATIO):
        raise Unfit("too_large")


def _rows(bundle: zipfile.ZipFile, names: Mapping[str, str], name: str) -> Iterator[Row]:
    found = names.get(f"{name.lower()}.csv")
    if found is None:
        return
    with bundle.open(found) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            yield {str(key): (value or "").strip() for key, value in row.items() if isinstance(value, str | None)}


def _stands(row: Row) -> bool:
    return row.get("status", "").lower() != _DELETED


def values(text: str) -> list[str]:
    """Read a list of a cell: values parted by commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def school_of(vendor: Vendor, code: str, key: str) -> str:
    """Find what the bundle calls our school: by our key, by its code, else the only school it has.

    :raises Unfit: it has several schools, none with this code
    """
    schools = [row for row in vendor.rows["orgs"] if row.get("type") == "school" and row.get("sourcedId")]
    fitting = [row for row in schools if row.get("sourcedId") == key] or [
        row for row in schools if code in (row.get("identifier"), row.get("sourcedId"))
    ]
    if len(fitting) == 1:
        return fitting[0]["sourcedId"]
    if not fitting and len(schools) == 1:
        return schools[0]["sourcedId"]
    raise Unfit("which_school", code)


@dataclass
class Roster:
    """What a bundle says of one school on a day; keys are the vendor's sourcedIds."""

    learners: dict[str, Row] = field(default_factory=dict)
    staff: dict[str, tuple[Row, str]] = field(default_factory=dict)  # user, role
    classes: dict[str, tuple[Row, int | None, str]] = field(default_factory=dict)  # class, grade, homeroom teacher
    sits: dict[str, tuple[str, str]] = field(default_factory=dict)  # learner: class, since
    teaching: list[tuple[str, str, str, str]] = field(default_factory=list)  # homeroom class, subject, teacher, since
    guardians: dict[str, tuple[Row, str]] = field(default_factory=dict)  # user, role; of a learner here
    links: list[tuple[str, str, int]] = field(default_factory=list)  # learner, guardian, who is called first: 1
    born: dict[str, Row] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # scheduled classes that belong to no one class group


def roster_of(vendor: Vendor, school: str, on: dt.date) -> Roster:
    """Put together what the rows of one school say on a day."""
    rows = vendor.rows
    found = Roster(born={row.get("sourcedId", ""): row for row in rows["demographics"]})
    users = {row.get("sourcedId", ""): row for row in rows["users"]}
    for user, role in _roles(vendor, school, on):
        if user in users and role == STUDENT:
            found.learners[user] = users[user]
        elif user in users and role in STAFF:
            found.staff.setdefault(user, (users[user], role))
    _add_guardians(found, vendor, users)
    courses = {row.get("sourcedId", ""): row for row in rows["courses"]}
    held = {row["sourcedId"]: row for row in _classes(vendor, school, on)}
    sits, teachers = _members(vendor, held, on)
    homes = {key for key, row in held.items() if row.get("classType") == "homeroom"}
    for key in sorted(homes):
        course = courses.get(held[key].get("courseSourcedId", ""), {})
        grade = grade_of(held[key].get("grades") or course.get("grades", ""))
        homeroom = next((user for user, _since in teachers.get(key, ()) if user in found.staff), "")
        found.classes[key] = (held[key], grade, homeroom)
        found.sits |= {user: (key, since) for user, since in sits.get(key, ()) if user in found.learners}
    for key in sorted(held.keys() - homes):
        course = courses.get(held[key].get("courseSourcedId", ""), {})
        _add_teaching(found, held[key], course, sits.get(key, ()), teachers.get(key, ()))
    return found


def _add_guardians(found: Roster, vendor: Vendor, users: Mapping[str, Row]) -> None:
    """Say who is guardian of whom: linked from either side, wherever the guardian's role is kept."""
    roles = {row.get("userSourcedId", ""): row.get("role", "") for row in vendor.rows["roles"] if _guards(row)}
    roles |= {key: row.get("role", "") for key, row in users.items() if _guards(row)}  # version 1.1
    known = {key: (users[key], role) for key, role in roles.items() if key in users}
    linked: dict[str, list[str]] = {
        key: [each for each in values(row.get("agentSourcedIds", "")) if each in known]
        for key, row in found.learners.items()
    }
    for guardian, (row, _role) in known.items():
        for learner in values(row.get("agentSourcedIds", "")):
            if learner in linked and guardian not in linked[learner]:
                linked[learner].append(guardian)
    for learner, guardians in linked.items():
        named = {called(known[each][0]): each for each in reversed(guardians)}
        kept = [each for each in dict.fromkeys(guardians) if named[called(known[each][0])] == each]
        found.links += [(learner, each, place) for place, each in enumerate(kept, 1)]
        found.guardians |= {each: known[each] for each in kept}


def _guards(row: Row) -> bool:
    return row.get("role", "") in GUARDIAN


def called(user: Row) -> str:
    """Give a person's name as one writes it."""
    return joined_name(user.get("familyName", ""), user.get("middleName", ""), user.get("givenName", ""))


def _roles(vendor: Vendor, school: str, on: dt.date) -> Iterator[tuple[str, str]]:
    """Give who is what at the school: the primary role of each first; users.csv of version 1.1 tells it too."""
    roles = [row for row in vendor.rows["roles"] if row.get("orgSourcedId") == school and _is_open(row, on)]
    for row in sorted(roles, key=lambda each: each.get("roleType") != "primary"):
        yield row.get("userSourcedId", ""), row.get("role", "")
    if not vendor.rows["roles"]:
        for row in vendor.rows["users"]:
            if school in values(row.get("orgSourcedIds", "")):
                yield row.get("sourcedId", ""), row.get("role", "")


def _is_open(row: Row, on: dt.date) -> bool:
    """Say whether a row with days is in force: its end is the first day no longer in."""
    try:
        return not row.get("endDate") or dt.date.fromisoformat(row["endDate"][:10]) > on
    except ValueError:
        return True


def _classes(vendor: Vendor, school: str, on: dt.date) -> Iterator[Row]:
    """Give the classes of the school in the school year of the day; a class without known terms is taken."""
    year = on.year if on.month >= _FIRST_MONTH else on.year - 1
    first, last = f"{year}-08-01", f"{year + 1}-07-31"
    sessions = {row.get("sourcedId", ""): row for row in vendor.rows["academicSessions"]}
    for row in vendor.rows["classes"]:
        terms = [sessions[each] for each in values(row.get("termSourcedIds", "")) if each in sessions]
        is_now = any(term.get("startDate", "")[:10] <= last and term.get("endDate", "")[:10] > first for term in terms)
        if row.get("schoolSourcedId") == school and row.get("sourcedId") and (is_now or not terms):
            yield row


Members = dict[str, list[tuple[str, str]]]


def _members(vendor: Vendor, held: Mapping[str, Row], on: dt.date) -> tuple[Members, Members]:
    """Give the learners and the teachers of each class, with the day since; the primary teacher first."""
    sits: Members = {}
    teachers: Members = {}
    rows = sorted(vendor.rows["enrollments"], key=lambda row: row.get("primary", "").lower() != "true")
    for row in rows:
        key = row.get("classSourcedId", "")
        if key not in held or not _is_open(row, on):
            continue
        told = (row.get("userSourcedId", ""), row.get("beginDate", "")[:10])
        if row.get("role") == STUDENT:
            sits.setdefault(key, []).append(told)
        elif row.get("role") == "teacher":
            teachers.setdefault(key, []).append(told)
    return sits, teachers


def _add_teaching(
    found: Roster,
    row: Row,
    course: Row,
    learners: list[tuple[str, str]] | tuple[()],
    teachers: list[tuple[str, str]] | tuple[()],
) -> None:
    """Say who teaches the subject of a scheduled class to which class group: the one all its learners sit in."""
    groups = Counter(found.sits[user][0] for user, _since in learners if user in found.sits)
    home = next(iter(groups)) if len(groups) == 1 else "" if groups else _by_code(found, row)
    teacher = next((told for told in teachers if told[0] in found.staff), None)
    subjects = [
        *values(row.get("subjectCodes", "")),
        *values(course.get("subjectCodes", "")),
        *values(row.get("subjects", "")),
        *values(course.get("subjects", "")),
        course.get("title", ""),
    ]
    if not home or teacher is None or not any(subjects):
        found.left_out.append(row.get("title") or row.get("sourcedId", ""))
        return
    found.teaching.append((home, next(each for each in subjects if each), *teacher))


def _by_code(found: Roster, row: Row) -> str:
    """Find the class group of an empty scheduled class by its code, as ``8A3.TOAN`` or ``8A3-Toán``."""
    code = row.get("classCode", "")
    names = {name_of(home): key for key, (home, _grade, _teacher) in found.classes.items()}
    return next((key for name, key in names.items() if code.startswith((f"{name}.", f"{name}-"))), "")


def name_of(row: Row) -> str:
    """Give the name of a class group."""
    return row.get("classCode") or row.get("title", "")
