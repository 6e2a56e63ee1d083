"""Moving what a unit keeps to another unit: whole sets, a statement a table."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, Func, QuerySet, Value

from phuong.kernel.fields import Path
from phuong.kernel.keys import uuid7
from phuong.kernel.text import vi_key
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Guardianship,
    Organisation,
    Person,
    Qualification,
    StaffPosition,
    TeachingAssignment,
)
from phuong.registry.rules import names_side_by_side


def move_classes(classes: QuerySet[ClassGroup], to: Organisation, on: dt.date, *, mark: str) -> None:
    """Carry classes with their learners over to another school from a day on.

    A class with sitting learners gets a twin there; they leave the old class on that day and enter the twin. Their
    whole past goes along, so that the new school reads it.
    """
    sitting = classes.filter(enrolments__ends_on__isnull=True).distinct()
    old = list(sitting.order_by("grade", "name_key", "id"))
    learners = list(
        Enrolment.objects.filter(class_group__in=old, ends_on__isnull=True).values_list("learner_id", flat=True)
    )
    twins = _twins(old, to, mark)
    _move_teaching(old, twins, to, on)
    entered_later = Enrolment.objects.filter(class_group__in=old, ends_on__isnull=True, starts_on__gte=on)
    for group in old:  # a handful of classes, one statement each
        entered_later.filter(class_group=group).update(class_group=twins[group.pk], organisation=to)
    leaving = list(Enrolment.objects.filter(class_group__in=old, ends_on__isnull=True, starts_on__lt=on))
    Enrolment.objects.filter(pk__in=[each.pk for each in leaving]).update(
        during=Func(F("starts_on"), Value(on), function="daterange")
    )
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                id=uuid7(),
                path=to.path,
                learner_id=each.learner_id,
                class_group=twins[each.class_group_id],
                organisation=to,
                school_year=each.school_year,
                during=(on, None),
                status=each.status,
            )
            for each in leaving
        ]
    )
    settle_learners(learners, to)


def _move_teaching(old: list[ClassGroup], twins: dict[Any, ClassGroup], to: Organisation, on: dt.date) -> None:
    """Let who teaches a class go on teaching its twin."""
    going_on = list(TeachingAssignment.objects.filter(class_group__in=old, ends_on__isnull=True))
    later = [each.pk for each in going_on if each.during.lower >= on]
    TeachingAssignment.objects.filter(pk__in=[each.pk for each in going_on]).exclude(pk__in=later).update(
        during=Func(F("starts_on"), Value(on), function="daterange")
    )
    TeachingAssignment.objects.filter(pk__in=later).delete()
    TeachingAssignment.objects.bulk_create(
        [
            TeachingAssignment(
                id=uuid7(),
                path=to.path,
                organisation=to,
                class_group=twins[each.class_group_id],
                person_id=each.person_id,
                subject=each.subject,
                periods=each.periods,
                during=(max(on, each.during.lower), None),
            )
            for each in going_on
        ]
    )
    TeachingAssignment.objects.filter(class_group__in=old).update(path=to.path)


def _twins(classes: list[ClassGroup], to: Organisation, mark: str) -> dict[Any, ClassGroup]:
    """Make the same classes in the other school, under names that are free there."""
    twins: dict[Any, ClassGroup] = {}
    for year in sorted({group.school_year for group in classes}):
        of_year = [group for group in classes if group.school_year == year]
        taken = ClassGroup.objects.filter(organisation=to, school_year=year).values_list("name", flat=True)
        names = names_side_by_side(taken, [group.name for group in of_year], mark)
        for group in of_year:
            name = names[group.name]
            twins[group.pk] = ClassGroup(
                id=uuid7(),
                organisation=to,
                school_year=year,
                level=group.level,
                age_group=group.age_group,
                grade=group.grade,
                name=name,
                name_key=vi_key(name),
                kind=group.kind,
                two_sessions=group.two_sessions,
                homeroom_id=group.homeroom_id,
            )
    ClassGroup.objects.bulk_create(twins.values())
    return twins


def settle_learners(learners: list[Any], place: Organisation) -> None:
    """Let a unit keep the records of some learners: person, past enrolments, guardians that no other child holds."""
    Enrolment.objects.filter(learner__in=learners).update(path=place.path)
    wards = Guardianship.objects.filter(learner__in=learners)
    wards.update(path=place.path)
    guardians = set(wards.values_list("guardian_id", flat=True))
    held = Guardianship.objects.filter(guardian__in=guardians, ends_on__isnull=True).exclude(learner__in=learners)
    going = guardians - set(held.values_list("guardian_id", flat=True))
    people = Person.objects.filter(pk__in=[*learners, *going]).exclude(is_staff=True, is_learner=False)
    people.update(place=place, path=place.path)


def move_staff(people: QuerySet[Person], before: Organisation, after: Organisation, on: dt.date) -> None:
    """Carry staff over: posts end on that day and go on in the other unit, with their qualifications."""
    staff = list(people.values_list("pk", flat=True))
    posts = StaffPosition.objects.filter(person__in=staff, organisation=before, ends_on__isnull=True)
    posts.filter(starts_on__gte=on).update(organisation=after)
    going_on = list(posts.filter(starts_on__lt=on))
    posts.filter(starts_on__lt=on).update(during=Func(F("starts_on"), Value(on), function="daterange"))
    StaffPosition.objects.bulk_create(
        [
            StaffPosition(
                id=uuid7(),
                path=after.path,
                person_id=each.person_id,
                organisation=after,
                position=each.position,
                group=each.group,
                subject=each.subject,
                contract=each.contract,
                is_main=each.is_main,
                during=(on, None),
            )
            for each in going_on
        ]
    )
    StaffPosition.objects.filter(person__in=staff).update(path=after.path)
    Qualification.objects.filter(person__in=staff).update(path=after.path)
    Person.objects.filter(pk__in=staff).update(place=after, path=after.path)


def end_focal_points(unit: Organisation, on: dt.date) -> None:
    """End the duties of a unit's focal points: the unit is no more."""
    FocalPoint.objects.filter(organisation=unit, ends_on__isnull=True).update(ends_on=on)


def move_tree(before: str, after: str, *, itself: bool = True) -> None:
    """Rewrite the place of every row at or below ``before``, in every column that holds one, old rows included."""
    within = "{column} <@ %s::ltree" if itself else "{column} <@ %s::ltree and {column} <> %s::ltree"
    parameters = [before] if itself else [before, before]
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not model._meta.managed or model._meta.label in ("kernel.AuditEntry", "kernel.Change"):
                continue  # what was noted once stays where it was noted
            for field in model._meta.concrete_fields:
                if isinstance(field, Path):
                    column = field.column
                    cursor.execute(
                        f"update {model._meta.db_table} set {column} = case when {column} = %s::ltree then %s::ltree "
                        f"else %s::ltree || subpath({column}, nlevel(%s::ltree)) end "
                        f"where {within.format(column=column)}",
                        [before, after, after, before, *parameters],
                    )
