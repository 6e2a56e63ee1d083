"""Everything that points to a person, read off Django's graph of models: an app that comes later is found by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from phuong.kernel.contributions import LooseKey, contributions
from phuong.kernel.models import Attachment
from phuong.records.api import RecordKind
from phuong.registry.api import Organisation, Person


@dataclass(frozen=True)
class Reference:
    """One column that names a person."""

    model: type[models.Model]
    name: str  # of the field

    @property
    def label(self) -> str:
        """Name the model for the ledger."""
        return str(self.model._meta.label)


@cache
def references() -> tuple[Reference, ...]:
    """Give every foreign key to a person but those of kept old rows: history stays as it was."""
    return tuple(sorted(_found(), key=lambda each: (each.label, each.name)))


def _found() -> Iterator[Reference]:
    for relation in Person._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if relation.concrete or not relation.auto_created or hasattr(model, "pgh_tracked_model"):
            continue
        yield Reference(model, relation.field.name)  # type: ignore[union-attr]


def is_placed_by(reference: Reference) -> bool:
    """Say whether a row lies where its person lies: it has a place, names one person, no unit and no second side."""
    fields = reference.model._meta.concrete_fields
    targets = [each.related_model for each in fields if each.is_relation]
    names = {each.name for each in fields}
    return (
        "path" in names and "to_path" not in names and Organisation not in targets and targets.count(Person) == 1  # type: ignore[arg-type]
    )


def loose_rows(person: Any) -> Iterator[tuple[type[models.Model], str, list[Any]]]:
    """Give the rows that name a person without a foreign key: (model, field, keys)."""
    for each in contributions(LooseKey):
        model = model_named(each.model)
        rows = model._base_manager.filter(**{each.field: person}, **each.only)
        yield model, each.field, list(rows.values_list("pk", flat=True))


def uniques(reference: Reference) -> list[models.UniqueConstraint]:
    """Give the constraints by which two rows of one person may clash; a one-to-one field is such a constraint."""
    options = reference.model._meta
    named = [
        each
        for each in options.constraints
        if isinstance(each, models.UniqueConstraint) and reference.name in each.fields
    ]
    if options.get_field(reference.name).unique:  # type: ignore[union-attr]
        named.append(models.UniqueConstraint(fields=[reference.name], name=f"{reference.label}_{reference.name}"))
    return named


def ranges(reference: Reference) -> list[tuple[ExclusionConstraint, str]]:
    """Give the constraints that forbid two rows of one person at one time, each with the field that holds the time."""
    found = []
    for each in reference.model._meta.constraints:
        if not isinstance(each, ExclusionConstraint):
            continue
        columns = [str(getattr(column, "name", column)) for column, _operator in each.expressions]
        if reference.name in columns:
            found.append((each, next(column for column in columns if column != reference.name)))
    return found


def leans_on(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Give what points to rows of ``model``: while something does, a row cannot be put aside."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        other: Any = relation.related_model
        if relation.auto_created and not relation.concrete and not hasattr(other, "pgh_tracked_model"):
            found.append((other, relation.field.name))  # type: ignore[union-attr]
    return found


def attachments_of(keys: list[Any]) -> models.QuerySet[Attachment]:
    """Give the files kept beside persons: they name them without a foreign key."""
    kinds = [each.code for each in contributions(RecordKind) if each.model is Person]
    return Attachment.objects.filter(on_kind__in=kinds, on_id__in=keys)


def model_named(label: str) -> type[models.Model]:
    """Find a model of the ledger.

    :raises LookupError: this version of the house no longer has it
    """
    return apps.get_model(label)
