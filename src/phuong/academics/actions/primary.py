"""Writing what is said of primary pupils: a class at one time of the year as a set; nobody's words are lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.access import must_write
from phuong.academics.errors import NotTheirClass, PeriodClosed
from phuong.academics.models import PrimaryRating, PrimaryRecord
from phuong.academics.models.primary import END_2
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.homeroom import homeroom_standing
from phuong.academics.queries.preschool import Developed, Measured
from phuong.academics.queries.primary import primary_profile, primary_subject
from phuong.academics.queries.primarysheets import (
    Again,
    Rated,
    Recorded,
    helped_in,
    ratings_of,
    records_of,
    takes_test,
    time_of,
)
from phuong.kernel.audit import record
from phuong.kernel.locks import hold
from phuong.kernel.scope import Actor, current_actor
from phuong.registry.api import ClassGroup, Enrolment

Row = PrimaryRating | PrimaryRecord
Said = Rated | Recorded | Again | Measured | Developed
HEAD = ("version", "changed_at", "changed_by")


@dataclass(frozen=True)
class Wanted:
    """What somebody writes of one pupil, and the version of the row they had before them (0: there was none)."""

    said: Said
    seen: int


@dataclass
class Kept:
    """What came of it: the rows written, and the pupils of whom somebody else wrote meanwhile: theirs stands."""

    rows: list[Any] = field(default_factory=list)
    clashes: list[Any] = field(default_factory=list)


@transaction.atomic
def say_ratings(group: ClassGroup, subject: str, period: int, wanted: Mapping[UUID, Wanted], *, by: Actor) -> Kept:
    """Write levels, test marks and remarks of pupils of a primary class in a subject, by learner: five statements.

    A test mark where none is due is not kept.

    :raises NotThere: the actor has nothing to do with this sheet
    :raises NotTheirSheet: the actor reads it, and does not teach this subject in this class
    :raises NoProfile: the subject is not taught there, or it is no primary class
    :raises PeriodClosed: this time of the year is not open
    :raises YearClosed: the school has closed the year
    """
    must_write(by, group, subject)
    primary_subject(group, subject)
    _check_open(group, period)
    lock_said(group, f"{subject} {period}")
    has_test = takes_test(group, subject, period)
    pupils = enrolments_in(group)

    def facts(said: Any) -> dict[str, Any]:
        return {"level": said.level, "test": said.test if has_test else None, "remark": said.remark}

    def fresh(pupil: Enrolment) -> PrimaryRating:
        return PrimaryRating(**seat_of(pupil), subject=subject, period=period)

    kept = lay(pupils, ratings_of(pupils, subject, period), wanted, facts, fresh)
    PrimaryRating.objects.bulk_create(
        kept.rows,
        update_conflicts=True,
        unique_fields=["enrolment", "subject", "period"],
        update_fields=["level", "test", "remark", *HEAD],
    )
    return kept


@transaction.atomic
def say_primary_records(group: ClassGroup, period: int, wanted: Mapping[UUID, Wanted], *, by: Actor) -> Kept:
    """Write qualities, competences and remarks of pupils of a primary class, by learner: five statements.

    :raises NotTheirClass: the actor is not the homeroom teacher
    :raises NoProfile: it is no primary class
    :raises PeriodClosed: this time of the year is not open
    :raises YearClosed: the school has closed the year
    """
    if not homeroom_standing(by, group).is_homeroom:
        raise NotTheirClass
    profile = primary_profile(group)
    _check_open(group, period)
    lock_said(group, str(period))
    pupils = enrolments_in(group)
    known = {*profile.qualities, *profile.competences}

    def facts(said: Any) -> dict[str, Any]:
        ratings = {code: rating for code, rating in sorted(said.ratings.items()) if code in known and rating}
        return {"ratings": ratings, "is_outstanding": said.is_outstanding, "remark": said.remark}

    def fresh(pupil: Enrolment) -> PrimaryRecord:
        return PrimaryRecord(**seat_of(pupil), period=period)

    kept = lay(pupils, records_of(pupils, period), wanted, facts, fresh)
    PrimaryRecord.objects.bulk_create(
        kept.rows,
        update_conflicts=True,
        unique_fields=["enrolment", "period"],
        update_fields=["ratings", "is_outstanding", "remark", *HEAD],
    )
    if kept.rows:
        note = f"{period}: {len(kept.rows)}"
        record("academics.records_said", on_kind="class", on_id=group.pk, note=note, path=group.organisation.path)
    return kept


@transaction.atomic
def say_again(group: ClassGroup, wanted: Mapping[UUID, Wanted], *, by: Actor) -> Kept:
    """Write what came of help after a year that was not completed: the homeroom teacher the other assessment, who
    manages marks the decision; what is not theirs to say is left as it is.

    :raises NotTheirClass: the actor is neither
    :raises NoProfile: it is no primary class
    """
    standing = homeroom_standing(by, group)
    if not standing.sees:
        raise NotTheirClass
    lock_said(group, str(END_2))
    pupils = helped_in(group)

    def facts(said: Any) -> dict[str, Any]:
        own = {"again": said.again} if standing.is_homeroom else {}
        return own | ({"decided": said.decided} if standing.manages else {})

    def fresh(pupil: Enrolment) -> PrimaryRecord:
        return PrimaryRecord(**seat_of(pupil), period=END_2)

    kept = lay(pupils, records_of(pupils, END_2), wanted, facts, fresh)
    PrimaryRecord.objects.bulk_create(
        kept.rows,
        update_conflicts=True,
        unique_fields=["enrolment", "period"],
        update_fields=["again", "decided", *HEAD],
    )
    if kept.rows:
        note = f"{END_2}: {len(kept.rows)}"
        record("academics.records_said", on_kind="class", on_id=group.pk, note=note, path=group.organisation.path)
    return kept


def _check_open(group: ClassGroup, period: int) -> None:
    must_be_open(group.organisation_id, group.school_year)
    if time_of(group, period).state != "open":
        raise PeriodClosed


def lock_said(group: ClassGroup, what: str) -> None:
    """Let one writer at a time into a sheet, also into one that has no row yet."""
    hold(f"primary {group.pk} {what}")


def seat_of(pupil: Enrolment) -> dict[str, Any]:
    """Give what a fresh row says of whom it is about."""
    return {"path": pupil.path, "enrolment": pupil, "learner_id": pupil.learner_id}


def lay(
    pupils: Sequence[Enrolment],
    present: Mapping[UUID, Any],
    wanted: Mapping[UUID, Wanted],
    facts: Callable[[Any], dict[str, Any]],
    fresh: Callable[[Enrolment], Any],
) -> Kept:
    """Lay what is wanted over what stands; pupils of other classes are passed over, equal rows left alone."""
    kept, now, by = Kept(), timezone.now(), current_actor().name
    for pupil in pupils:
        ask = wanted.get(pupil.learner_id)
        if ask is None:
            continue
        row = present.get(pupil.learner_id) or fresh(pupil)
        told = facts(ask.said)
        if {name: getattr(row, name) for name in told} == told:
            continue
        if row.version != ask.seen:
            kept.clashes.append(row)
            continue
        for name, value in told.items():
            setattr(row, name, value)
        row.version, row.changed_at, row.changed_by = row.version + 1, now, by
        kept.rows.append(row)
    return kept
