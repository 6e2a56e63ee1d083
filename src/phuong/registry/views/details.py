"""Pages of one organisation, class or person."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from phuong.kernel.audit import LIST_SEEN, SEEN, seen
from phuong.kernel.calendar import school_year_of
from phuong.kernel.contributions import ChildNews, PersonPage, UnitCard, contributions
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import is_under
from phuong.kernel.today import today
from phuong.registry.access import class_for, organisation_for, person_for
from phuong.registry.models import Organisation, Person
from phuong.registry.queries import (
    children_of,
    classes_of,
    contacts_matching,
    enrolments_of,
    guardians_of,
    learners_of_class,
    lineage_of,
    positions_of,
    present_places,
    qualifications_of,
    schools_within,
)
from phuong.registry.summaries import commune_facts, person_facts, school_facts

_UNIT_READERS = (Permission.PLANS_READ, Permission.PERSONS_READ, Permission.STAFF_READ, Permission.FACILITIES_READ)


@needs(*_UNIT_READERS)
@require_safe
def school(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show one school: facts, classes of this year, where to go on."""
    organisation = organisation_for(request.actor, organisation_id)
    if organisation.is_commune:
        return redirect("registry:commune", organisation_id)
    if not hasattr(organisation, "school"):
        return _unit(request, organisation)
    year = school_year_of(today())
    page = {
        "organisation": organisation,
        "facts": school_facts(organisation),
        "classes": list(classes_of(organisation, year.start)),
        "year": year,
        "lineage": list(lineage_of(organisation)),
        "may_read_persons": request.actor.may(Permission.PERSONS_READ),
        "cards": [each.draw(request, organisation) for each in contributions(UnitCard)],
        **_desk(request, organisation),
    }
    return render(request, "registry/school.html", page)


def _desk(request: Any, organisation: Organisation) -> dict[str, Any]:
    """Give what both kinds of unit pages show beside the facts: focal points, and the way to restructure."""
    may_restructure = request.actor.may(Permission.UNITS_EDIT) and request.actor.as_of is None
    contacts = contacts_matching(request.actor, {"unit": organisation.pk}).order_by("duty", "id")
    return {"contacts": list(contacts), "may_restructure": may_restructure and organisation.closed_on is None}


def _unit(request: Any, organisation: Organisation) -> HttpResponse:
    below = organisation.children.filter(closed_on__isnull=True).exclude(kind="school").order_by("name_key", "id")
    page = {"organisation": organisation, "below": list(below[:200]), "lineage": list(lineage_of(organisation))}
    page |= _desk(request, organisation)
    return render(request, "registry/unit.html", page)


@needs(*_UNIT_READERS)
@require_safe
def commune(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show one commune: the schools that lie in it, and the old units it came from."""
    organisation = organisation_for(request.actor, organisation_id)
    if not organisation.is_commune:
        return redirect("registry:school", organisation_id)
    schools = list(schools_within(organisation).order_by("level", "organisation__name_key", "pk"))
    for one in schools:
        one.is_mine = is_under(one.organisation.path, request.actor.scope)  # type: ignore[attr-defined]
    page = {
        "organisation": organisation,
        "facts": commune_facts(organisation, schools),
        "schools": schools,
        "lineage": list(lineage_of(organisation)),
        **_desk(request, organisation),
    }
    return render(request, "registry/commune.html", page)


@needs(Permission.PERSONS_READ)
@require_safe
def class_group(request: Any, class_id: UUID) -> HttpResponse:
    """Show one class: its list in Vietnamese order."""
    group = class_for(request.actor, class_id)
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    page = {"group": group, "enrolments": list(learners_of_class(group)), "year": school_year_of(today())}
    return render(request, "registry/class.html", page)


@needs(Permission.PERSONS_READ, Permission.STAFF_READ, Permission.OWN_READ)
@require_safe
def person(request: Any, person_id: UUID) -> HttpResponse:
    """Show one person in all roles: learner, staff member, guardian."""
    subject = person_for(request.actor, person_id)
    if subject.pk != person_id:
        return redirect("registry:person", subject.pk)
    seen(SEEN, on_kind="person", on_id=subject.pk, about=subject.pk, path=subject.path)
    kind = "learner" if subject.is_learner else ("staff" if subject.is_staff else "guardian")
    page: dict[str, Any] = {"subject": subject, "facts": person_facts(subject), "kind_code": kind}
    page["pages"] = [(each.title, reverse(each.url_name, args=[subject.pk])) for each in contributions(PersonPage)]
    if subject.is_learner:
        page["enrolments"] = list(enrolments_of(subject))
        page["guardians"] = list(guardians_of(subject))
    if subject.is_staff:
        page["positions"] = list(positions_of(subject))
        page["qualifications"] = list(qualifications_of(subject))
    if subject.is_guardian:
        page["children"] = list(children_of(subject))
    return render(request, "registry/person.html", page)


def family_home(request: Any) -> HttpResponse:
    """Show a guardian the children, or a learner the own record: the first page of a family."""
    people = list(Person.objects.filter(pk__in=request.actor.persons, is_learner=True).order_by("name_key", "id"))
    if not people and request.actor.role == "learner":
        raise NotThere
    keys = [one.pk for one in people]
    places = present_places(keys)
    news = [each for source in contributions(ChildNews) for each in source.find(keys)]
    children = [(one, places.get(one.pk), [each[1:] for each in news if each[0] == one.pk]) for one in people]
    return render(request, "registry/family_home.html", {"children": children, "today": today()})
