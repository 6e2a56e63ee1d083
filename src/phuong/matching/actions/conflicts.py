"""Clearing the way: rows of the record that goes which could not stand beside those of the record that stays."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from phuong.kernel.contributions import NeverAside, OnlyOne, contributions
from phuong.matching.actions.ledger import Ledger
from phuong.matching.actions.references import Reference, leans_on, ranges, uniques
from phuong.matching.errors import CannotMerge
from phuong.matching.queries import kind_title
from phuong.matching.rules import Span, settle


def clear(ledger: Ledger, reference: Reference, *, keep: Any, drop: Any) -> None:
    """Put aside, cut or detach what would clash once both are one.

    :raises CannotMerge: a row in the way is more than a double, and people must settle it first
    """
    for constraint in uniques(reference):
        clashing = _clashing(reference, constraint, keep=keep, drop=drop)
        if clashing:
            _give_way(ledger, reference, clashing, is_only_one=len(constraint.fields) == 1)
    for exclusion, span in ranges(reference):
        _settle(ledger, reference, exclusion, span, keep=keep, drop=drop)


def _rows(reference: Reference, person: Any, condition: models.Q | None) -> models.QuerySet[Any]:
    rows = reference.model._base_manager.filter(**{reference.name: person})
    return rows.filter(condition) if condition else rows


def _clashing(reference: Reference, constraint: models.UniqueConstraint, *, keep: Any, drop: Any) -> list[Any]:
    """Give the keys of the rows of ``drop`` that a row of ``keep`` forbids."""
    others = [name for name in constraint.fields if name != reference.name]
    taken = set(_rows(reference, keep, constraint.condition).values_list(*others)) if others else None
    if taken is None:
        is_taken = _rows(reference, keep, constraint.condition).exists()
        return list(_rows(reference, drop, constraint.condition).values_list("pk", flat=True)) if is_taken else []
    counts_nulls = constraint.nulls_distinct is False
    rows = _rows(reference, drop, constraint.condition).values_list("pk", *others)
    return [key for key, *facts in rows if tuple(facts) in taken and (counts_nulls or None not in facts)]


def _give_way(ledger: Ledger, reference: Reference, keys: Sequence[Any], *, is_only_one: bool) -> None:
    model = reference.model
    rule = next((each for each in contributions(OnlyOne) if each.model == reference.label), None)
    if is_only_one and rule is not None:
        if rule.sets is None:
            raise CannotMerge(_("Cả hai hồ sơ đều có %s. Bỏ một trong hai trước rồi gộp.") % rule.words)
        ledger.change(model, keys, rule.sets)
        return
    _put_aside(ledger, model, keys)


def _put_aside(ledger: Ledger, model: type[models.Model], keys: Sequence[Any]) -> None:
    kept = next((each for each in contributions(NeverAside) if each.model == model._meta.label), None)
    if kept is not None and keys:
        raise CannotMerge(_("Hai hồ sơ cùng có %s: thường là hai người khác nhau.") % kept.named(keys))
    for other, name in leans_on(model):
        if other._base_manager.filter(**{f"{name}__in": keys}).exists():
            facts = {"row": kind_title(model), "other": kind_title(other)}
            raise CannotMerge(
                _(
                    "Hai hồ sơ cùng có %(row)s trong một thời gian, và còn %(other)s gắn với bản sẽ bỏ. "
                    "Sửa chỗ đó trước."
                )
                % facts
            )
    ledger.remove(model, keys)


def _settle(
    ledger: Ledger, reference: Reference, exclusion: ExclusionConstraint, span: str, *, keep: Any, drop: Any
) -> None:
    staying = _spans(_rows(reference, keep, exclusion.condition), span)
    going = _spans(_rows(reference, drop, exclusion.condition), span)
    settled = settle(staying, going)
    starts = {each.key: each.starts for each in going}
    _put_aside(ledger, reference.model, settled.aside)
    for key, end in settled.cut:
        ledger.change(reference.model, [key], {span: DateRange(starts[key], end)})


def _spans(rows: models.QuerySet[Any], span: str) -> list[Span]:
    def bound(value: Any) -> dt.date | None:
        return value if isinstance(value, dt.date) else None

    return [Span(key, bound(held.lower), bound(held.upper)) for key, held in rows.values_list("pk", span)]
