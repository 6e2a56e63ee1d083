"""Two records become one and two again: whatever points to them moves over, and every row comes back as it was."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phuong.kernel.scope import SYSTEM
from phuong.kernel.vault import fingerprint, seal
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.references import references
from phuong.matching.actions.unmerging import unmerge
from phuong.matching.errors import CannotMerge, CannotUnmerge
from phuong.matching.models import Merge, Touched
from phuong.registry.api import FormerKey, Organisation, Person
from phuong.registry.testing import a_commune, a_person, a_province, a_school
from tests.merging import BUILDERS, kept_old_rows, picture

pytestmark = pytest.mark.django_db


def two_records(**facts: Any) -> tuple[Person, Person]:
    """Make two records of An, in schools of two communes."""
    a_province()
    here = Organisation.objects.filter(code="11311").first() or a_commune("11311")
    there = Organisation.objects.filter(code="11329").first() or a_commune("11329")
    number = facts.pop("number", "031213001234")
    sealed = {"number_cipher": seal(number), "number_hash": fingerprint(number), "number_check": "agrees"}
    keep = a_person(a_school(here), name="Đỗ Khánh An", is_learner=True, phone="0912", **facts)
    drop = a_person(a_school(there), name="Do Khanh An", is_learner=True, is_guardian=True, **sealed)
    return keep, drop


def test_every_reference_to_a_person_has_a_builder() -> None:
    known = {(each.label, each.name) for each in references()}

    assert known == set(BUILDERS) - {("kernel.Attachment", "on_id")}


ROWS = st.lists(
    st.tuples(st.sampled_from(sorted(BUILDERS)), st.booleans(), st.integers(0, 5)), min_size=0, max_size=14
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, choices=st.dictionaries(st.sampled_from(["full_name", "place", "number"]), st.just("drop")))
def test_a_merge_moves_every_reference_and_undoing_restores_every_row(rows: Any, choices: Any) -> None:
    with transaction.atomic():
        keep, drop = two_records()
        for which, of_keep, place in rows:
            try:
                with transaction.atomic():
                    BUILDERS[which](keep if of_keep else drop, place)
            except IntegrityError:
                pass  # this person has such a row already
        before, history = picture(), kept_old_rows()

        try:
            merge = merge_people(keep.pk, drop.pk, choices, by=SYSTEM)
        except CannotMerge:
            assert picture() == before
            transaction.set_rollback(True)
            return
        for reference in references():
            assert not reference.model._base_manager.filter(**{reference.name: drop.pk}).exists()
        assert not Person.objects.filter(pk=drop.pk).exists()
        assert FormerKey.objects.get(pk=drop.pk).person_id == keep.pk
        assert kept_old_rows() > history

        unmerge(merge.pk, by=SYSTEM)

        assert picture() == before
        transaction.set_rollback(True)
