"""A vendor's bundle into one school, by the imports of files: checked, kept, undone and guarded as those are."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from phuong.intake.sheets import Brought, Wish, bring, broken_rules, targets_of
from phuong.kernel.audit import record
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.registry.api import ClassGroup, Guardianship, Organisation, Person, StaffPosition
from phuong.roster.errors import BadBundle, BundleRefused
from phuong.roster.models import SourcedId
from phuong.roster.rules.bundles import Roster, Row, Unfit, called, name_of, read_bundle, roster_of, school_of

Kind = SourcedId.Kind
_LEVELS = ((0, "preschool"), (5, "primary"), (9, "lower_secondary"), (12, "upper_secondary"))
_POSITIONS = {  # for people we do not know yet; who holds a post keeps it while the role is the same
    "principal": "principal",
    "siteAdministrator": "deputy_principal",
    "administrator": "deputy_principal",
    "teacher": "teacher",
    "counselor": "counsellor",
}
_OTHER_POSITION = "clerk"
_PARENTS = {"female": "mother", "male": "father"}
_MOST_CONTACTS = 9
_GROUPS = {"manager": ("siteAdministrator", "administrator"), "teacher": ("teacher",)}
_NUMBER = 12


@dataclass
class _School:
    """The school, what is known of the vendor's names for its records, and what was done so far."""

    unit: Organisation
    on: dt.date
    source: str
    by: Actor
    users: dict[str, str] = field(default_factory=dict)  # sourcedId: key of the person
    classes: dict[str, str] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)


def bring_bundle(
    content: bytes, unit: Organisation, *, on: dt.date, by: Actor, is_trial: bool = False, confirmed: bool = False
) -> dict[str, Any]:
    """Take a bundle into a school; with one wrong row nothing is written. A trial writes nothing, and counts the same.

    Learners of the school whom the bundle does not name leave it, under the guard of whole lists.

    :raises BadBundle: it cannot be read, tells changes only, or is not about this school
    :raises BundleRefused: rows cannot be taken
    :raises EndsTooMany: too large a part of a class or the school would end, and nobody confirmed it
    """
    try:
        vendor = read_bundle(content)
        roster = roster_of(vendor, school_of(vendor, unit.code, str(unit.pk)), on)
    except Unfit as unfit:
        raise BadBundle(_unfit_words(unfit), reason=unfit.code, about=unfit.about) from unfit
    with transaction.atomic():
        school = _known(unit, on, vendor.source, by, roster)
        _step(school, "staff", *_staff_rows(school, roster), kind=Kind.USER)
        _step(school, "classes", *_class_rows(school, roster), kind=Kind.CLASS)
        learners = _learner_rows(school, roster)
        _step(school, "learners", *learners, kind=Kind.USER, confirmed=confirmed)
        _step(school, "guardians", *_guardian_rows(school, roster))
        _step(school, "teaching", *_teaching_rows(school, roster))
        record("roster.bundle_brought", on_kind="organisation", on_id=unit.pk, path=unit.path, note=vendor.source)
        if is_trial:
            transaction.set_rollback(True)
    return {"school": unit.code, "source": vendor.source, **school.done, "left_out": roster.left_out}


def _unfit_words(unfit: Unfit) -> str:
    words = {
        "delta": _("Gói chỉ chứa thay đổi (delta). Xuất lại gói đầy đủ (bulk)."),
        "too_large": _("Gói quá lớn, hoặc nén quá mức. Xuất riêng từng trường."),
        "empty": _("Gói thiếu tệp %s hoặc tệp không có dòng nào.") % unfit.about,
        "which_school": _("Gói có nhiều trường mà không trường nào mang mã %s. Sửa identifier trong orgs.csv.")
        % unfit.about,
    }
    return words.get(unfit.code, _("Không mở được gói. Cần tệp zip có các tệp CSV, mã hóa UTF-8."))


def _known(unit: Organisation, on: dt.date, source: str, by: Actor, roster: Roster) -> _School:
    """Find which records the vendor's names mean: those kept from before, and our own keys coming back."""
    school = _School(unit, on, source, by)
    kept = SourcedId.objects.filter(organisation=unit, source=source).values_list("kind", "sourced_id", "record")
    for kind, sourced_id, key in kept:
        (school.users if kind == Kind.USER else school.classes)[sourced_id] = str(key)
    people = Person.objects.filter(pk__in=_uuids([*roster.learners, *roster.staff]), place=unit)
    school.users |= {str(key): str(key) for key in people.values_list("pk", flat=True)}
    groups = ClassGroup.objects.filter(pk__in=_uuids(roster.classes), organisation=unit)
    school.classes |= {str(key): str(key) for key in groups.values_list("pk", flat=True)}
    return school


def _uuids(texts: Any) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _step(
    school: _School,
    sheet: str,
    ids: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    kind: str = "",
    confirmed: bool = False,
) -> None:
    """Bring in the rows of one sheet, and keep which record each of the vendor's names means."""
    if not rows:
        return
    wish = Wish(sheet, school.on, "whole", (school.unit.pk, school.unit.path), reason=f"OneRoster: {school.source}")
    brought = bring(f"oneroster-{sheet}.csv", _csv(rows), wish, by=school.by, confirmed=confirmed)
    if brought.errors:
        errors = [{**each, "sheet": sheet, "sourcedId": ids[each["row"] - 2]} for each in brought.errors]
        raise BundleRefused(errors=errors)
    if rules := broken_rules(brought):
        raise BundleRefused(errors=[{"sheet": sheet, "code": "rule", "message": each} for each in rules])
    school.done[sheet] = {**brought.counts(), "batch": str(brought.batch.pk)}
    if kind:
        _keep_names(school, kind, ids, brought)


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    kept = io.StringIO()
    names = list(rows[0])
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow([name.replace("_", " ") for name in names])
    writer.writerows([[_flat(row[name]) for name in names] for row in rows])
    return kept.getvalue().encode()


def _flat(value: Any) -> str:
    """Write a cell on one line: the line tells the row."""
    return "" if value is None else " ".join(str(value).split())


def _keep_names(school: _School, kind: str, ids: Sequence[str], brought: Brought) -> None:
    found = dict(zip(ids, targets_of(brought, by=school.by), strict=True))
    known = school.users if kind == Kind.USER else school.classes
    fresh = {name: key for name, key in found.items() if key and known.get(name) != key}
    known |= fresh
    rows = [
        SourcedId(
            path=school.unit.path,
            organisation=school.unit,
            source=school.source,
            kind=kind,
            sourced_id=name,
            record=UUID(key),
        )
        for name, key in fresh.items()
        if name != key
    ]
    unique = ["organisation", "source", "kind", "sourced_id"]
    SourcedId.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=["record"], batch_size=1000
    )


Rows = tuple[list[str], list[dict[str, Any]]]


def _staff_rows(school: _School, roster: Roster) -> Rows:
    ids = sorted(roster.staff)
    people = _people(school, ids)
    keys = [UUID(school.users[each]) for each in ids if each in school.users]
    posts = StaffPosition.objects.filter(person__in=keys, ends_on__isnull=True, is_main=True)
    held = {
        str(person): (position, group) for person, position, group in posts.values_list("person", "position", "group")
    }
    rows = []
    for each in ids:
        user, role = roster.staff[each]
        facts = _person(school, each, user, roster, people)
        rows.append({**facts, "position": _position(role, held.get(str(facts["record_id"])))})
    return ids, rows


def _position(role: str, held: tuple[str, str] | None) -> str:
    """Give the post of a role: the one held already, while it fits the role."""
    if held:
        position, group = held
        told = ("principal",) if position == "principal" else _GROUPS.get(group, ())
        if role in told or (group == "staff" and role not in _POSITIONS):
            return position
    return _POSITIONS.get(role, _OTHER_POSITION)


def _people(school: _School, ids: Sequence[str]) -> dict[str, Person]:
    keys = [school.users[each] for each in ids if each in school.users]
    rows = Person.objects.filter(pk__in=keys).only(
        "birth_date", "sex", "email", "work_email", "phone", "full_name", "code"
    )
    return {str(each.pk): each for each in rows}


def _person(
    school: _School, sourced_id: str, user: Row, roster: Roster, people: Mapping[str, Person]
) -> dict[str, Any]:
    """Write a person's row; what the bundle leaves open, a known record keeps."""
    key = school.users.get(sourced_id)
    known = people.get(key or "")
    born = roster.born.get(sourced_id, {})
    sex = born.get("sex", "").lower()
    birth = born.get("birthDate", "")[:10]
    code, email = user.get("identifier", ""), user.get("email", "")
    return {
        "record_id": key,
        "code": "" if len(code) == _NUMBER and code.isdecimal() else code,
        "full_name": called(user),
        "birth_date": birth or (known.birth_date.isoformat() if known and known.birth_date else ""),
        "sex": sex if sex in ("male", "female") else known.sex if known else "",
        "email": "" if known and email == known.work_email else email,
        "phone": user.get("phone") or user.get("sms", ""),
    }


def _class_rows(school: _School, roster: Roster) -> Rows:
    ids = sorted(roster.classes)
    rows = []
    for each in ids:
        row, grade, teacher = roster.classes[each]
        level = next((level for most, level in _LEVELS if grade is not None and grade <= most), "")
        facts = {"record_id": school.classes.get(each), "name": name_of(row), "level": level, "grade": grade}
        rows.append({**facts, "homeroom": school.users.get(teacher, "")})
    return ids, rows


def _learner_rows(school: _School, roster: Roster) -> Rows:
    ids = sorted(roster.learners)
    people = _people(school, ids)
    rows = []
    for each in ids:
        group, since = roster.sits.get(each, ("", ""))
        name = name_of(roster.classes[group][0]) if group else ""
        facts = _person(school, each, roster.learners[each], roster, people)
        rows.append({**facts, "class_name": name, "since": since})
    return ids, rows


def _teaching_rows(school: _School, roster: Roster) -> Rows:
    rows = [
        {
            "class_name": name_of(roster.classes[group][0]),
            "subject": subject,
            "teacher": school.users.get(teacher, ""),
            "since": since,
        }
        for group, subject, teacher, since in roster.teaching
    ]
    return [f"{group} {subject}" for group, subject, _teacher, _since in roster.teaching], rows


def _guardian_rows(school: _School, roster: Roster) -> Rows:
    """Write the guardians of learners here; what is known of a guardianship already stays as it is."""
    links = [(school.users[learner], guardian, place) for learner, guardian, place in roster.links]
    rows = Guardianship.objects.filter(learner__in=_uuids(key for key, *_rest in links), ends_on__isnull=True)
    known = {
        (str(learner), name): (relation, place)
        for learner, name, relation, place in rows.values_list(
            "learner_id", "guardian__search_key", "relation", "contact_order"
        )
    }
    found = []
    for key, guardian, place in links:
        user, role = roster.guardians[guardian]
        born = roster.born.get(guardian, {})
        sex = born.get("sex", "").lower()
        usual = (_relation(role, sex), min(place, _MOST_CONTACTS))
        relation, order = known.get((key, search_key(called(user))), usual)
        found.append(
            {
                "learner_code": key,
                "full_name": called(user),
                "relation": relation,
                "contact_order": order,
                "birth_date": born.get("birthDate", "")[:10],
                "sex": sex if sex in ("male", "female") else "",
                "phone": user.get("phone") or user.get("sms", ""),
                "email": user.get("email", ""),
            }
        )
    return [guardian for _key, guardian, _place in links], found


def _relation(role: str, sex: str) -> str:
    """Give the relation of a guardian we do not know yet; a parent of unknown sex is nobody in particular."""
    if role == "parent":
        return _PARENTS.get(sex, "other")
    return "guardian" if role == "guardian" else "other"
