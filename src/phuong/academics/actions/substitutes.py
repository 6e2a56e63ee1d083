"""A substitute is named for a class and subject, and is no longer one (dạy thay)."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from phuong.academics.errors import SubstituteThere
from phuong.academics.models import Substitution
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Person


@dataclass(frozen=True)
class Standin:
    """Who teaches what in whose place: both days included."""

    group: ClassGroup
    subject: str
    person: Person
    starts_on: dt.date
    ends_on: dt.date
    reason: str = ""


@transaction.atomic
def name_substitute(one: Standin) -> Substitution:
    """Let somebody write the sheet of a class and subject for some days. The caller has checked whose class it is.

    :raises SubstituteThere: on one of these days somebody else is the substitute
    """
    group, school = one.group, one.group.organisation
    facts = {"path": school.path, "organisation": school, "class_group": group, "subject": one.subject}
    during = (one.starts_on, one.ends_on + dt.timedelta(days=1))
    try:
        with transaction.atomic():
            made = Substitution.objects.create(person=one.person, during=during, reason=one.reason, **facts)
    except IntegrityError as error:
        raise SubstituteThere from error
    note = f"{one.subject} {one.starts_on:%d/%m/%Y}-{one.ends_on:%d/%m/%Y}: {one.reason}"
    about = one.person.pk
    record("academics.substituted", on_kind="class", on_id=group.pk, about=about, note=note, path=school.path)
    return made


@transaction.atomic
def end_substitute(substitution_id: UUID, *, by: Actor) -> None:
    """Let a substitute no longer be one from today on; one who has not begun is taken back.

    :raises NotThere: unknown, elsewhere, or over
    """
    rows = Substitution.objects.select_for_update(of=("self",)).filter(path__under=by.scope or "none")
    found = rows.filter(pk=substitution_id, during__endswith__gt=today()).first()
    if found is None:
        raise NotThere
    if found.during.lower >= today():
        found.delete()
    else:
        found.during = (found.during.lower, today())
        found.save(update_fields=["during"])
    facts = {"on_kind": "class", "on_id": found.class_group_id, "about": found.person_id, "note": found.subject}
    record("academics.substitution_ended", path=found.path, **facts)
