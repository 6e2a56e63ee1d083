"""Two records become one and two again: whatever points to them moves over, and every row comes back as it was."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from phuong.academics.testing import a_mark
from phuong.identity.api import Account
from phuong.kernel.contributions import LooseKey, contributions
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.vault import fingerprint, seal, unseal
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.references import references
from phuong.matching.actions.unmerging import unmerge
from phuong.matching.errors import CannotMerge, CannotUnmerge
from phuong.matching.models import Merge, Pair, PairState, Touched
from phuong.registry.api import (
    ClassGroup,
    Enrolment,
    FormerKey,
    Guardianship,
    Organisation,
    Person,
    key_today,
)
from phuong.registry.testing import a_class, a_commune, a_person, a_province, a_school, an_enrolment
from phuong.transfers.models import Step
from tests.merging import BUILDERS, LOOSE, kept_old_rows, picture

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

    assert known == set(BUILDERS) - LOOSE
    assert {(each.model, each.field) for each in contributions(LooseKey)} <= LOOSE


ROWS = st.lists(st.tuples(st.sampled_from(sorted(BUILDERS)), st.booleans(), st.integers(0, 5)), min_size=6, max_size=20)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        except CannotMerge as refusal:
            event(f"refused: {refusal.detail[:60]}")
            assert picture() == before
            transaction.set_rollback(True)
            return
        event(f"touched rows: {Touched.objects.filter(merge=merge).count() // 5 * 5}")
        for reference in references():
            assert not reference.model._base_manager.filter(**{reference.name: drop.pk}).exists()
        assert not Person.objects.filter(pk=drop.pk).exists()
        assert FormerKey.objects.get(pk=drop.pk).person_id == keep.pk
        assert kept_old_rows() > history

        unmerge(merge.pk, by=SYSTEM)

        assert picture() == before
        transaction.set_rollback(True)


def enrolled(person: Person, *, since: dt.date, to: dt.date | None = None) -> Enrolment:
    group = ClassGroup.objects.filter(organisation=person.place).first() or a_class(person.place)
    return an_enrolment(person, group, since=since, to=to)


def days(person: Person) -> list[tuple[dt.date, dt.date | None]]:
    return list(Enrolment.objects.filter(learner=person).order_by("starts_on").values_list("starts_on", "ends_on"))


def test_what_overlaps_is_cut_or_put_aside_and_comes_back() -> None:
    keep, drop = two_records()
    enrolled(keep, since=dt.date(2026, 9, 5))
    enrolled(drop, since=dt.date(2024, 9, 5), to=dt.date(2025, 6, 1))
    enrolled(drop, since=dt.date(2025, 9, 5), to=dt.date(2026, 10, 1))
    inside = enrolled(drop, since=dt.date(2026, 10, 1))
    before = days(drop)

    merge = merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    assert days(keep) == [
        (dt.date(2024, 9, 5), dt.date(2025, 6, 1)),
        (dt.date(2025, 9, 5), dt.date(2026, 9, 5)),
        (dt.date(2026, 9, 5), None),
    ]
    aside = Touched.objects.get(merge=merge, act="removed", model="registry.Enrolment")
    assert (aside.row, aside.before["during"]) == (str(inside.pk), "[2026-10-01,)")
    unmerge(merge.pk, by=SYSTEM)
    assert days(drop) == before


def test_gaps_are_filled_and_what_is_chosen_is_taken() -> None:
    keep, drop = two_records()
    Person.objects.filter(pk=drop.pk).update(birthplace="Hải Phòng", phone="0999")

    merge_people(keep.pk, drop.pk, {"full_name": "drop", "phone": "keep"}, by=SYSTEM)

    keep.refresh_from_db()
    assert (keep.full_name, keep.search_key, keep.phone) == ("Do Khanh An", "do khanh an", "0912")
    assert keep.name_key == drop.name_key
    assert (keep.birthplace, keep.number_check, keep.is_guardian) == ("Hải Phòng", "agrees", True)
    assert unseal(bytes(keep.number_cipher)) == "031213001234"


@pytest.mark.parametrize(("choices", "state"), [({"full_name": "drop"}, "matched"), ({}, "unverified")])
def test_only_values_that_were_verified_together_stay_verified(choices: dict[str, str], state: str) -> None:
    keep, drop = two_records()
    Person.objects.filter(pk=drop.pk).update(identity_state="matched", identity_source="population")

    merge_people(keep.pk, drop.pk, choices, by=SYSTEM)

    keep.refresh_from_db()
    assert keep.identity_state == state


def test_the_account_of_the_record_that_goes_is_closed_when_both_have_one() -> None:
    keep, drop = two_records()
    kept, closed = BUILDERS["identity.Account", "person"](keep, 0), BUILDERS["identity.Account", "person"](drop, 0)

    merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    closed.refresh_from_db()
    assert (closed.person_id, closed.is_active) == (None, False)
    assert Account.objects.get(person=keep) == kept


def test_an_only_account_goes_over() -> None:
    keep, drop = two_records()
    account = BUILDERS["identity.Account", "person"](drop, 0)

    merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    account.refresh_from_db()
    assert (account.person_id, account.is_active) == (keep.pk, True)


def test_guardians_follow_the_child_unless_another_child_holds_them() -> None:
    keep, drop = two_records()
    mother, father = (a_person(drop.place, name=name, is_guardian=True) for name in ("Trần Thị Bình", "Đỗ Văn Nam"))
    sister = a_person(drop.place, name="Đỗ Khánh Chi", is_learner=True)
    for guardian, learner in ((mother, drop), (father, drop), (father, sister)):
        Guardianship.objects.create(guardian=guardian, learner=learner, path=drop.path, relation="x")

    merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    mother.refresh_from_db()
    father.refresh_from_db()
    assert (mother.place_id, father.place_id) == (keep.place_id, drop.place_id)
    assert {str(each.path) for each in Guardianship.objects.filter(learner=keep)} == {str(keep.path)}


def test_what_lies_where_its_person_lies_moves_along_and_what_is_a_units_stays() -> None:
    keep, drop = two_records()
    code, enrolment = BUILDERS["onboarding.LetterCode", "person"](drop, 0), enrolled(drop, since=dt.date(2026, 9, 5))
    loose = BUILDERS["roster.SourcedId", "record"](drop, 0)

    merge = merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    for row in (code, enrolment, loose):
        row.refresh_from_db()
    assert (str(code.path), str(enrolment.path)) == (str(keep.path), str(drop.path))
    assert loose.record == keep.pk
    unmerge(merge.pk, by=SYSTEM)
    code.refresh_from_db()
    loose.refresh_from_db()
    assert (code.person_id, str(code.path), loose.record) == (drop.pk, str(drop.path), drop.pk)


def two_transfers(keep: Person, drop: Person) -> None:
    for one in (keep, drop):
        transfer = BUILDERS["transfers.Transfer", "learner"](one, 1)
        Step.objects.create(transfer=transfer, learner=one, path=one.path, act="x", state="requested")


def two_mailboxes(keep: Person, drop: Person) -> None:
    for one in (keep, drop):
        BUILDERS["provisioning.Mailbox", "person"](one, 0)


def both_verified(keep: Person, drop: Person) -> None:
    facts = {"identity_state": "matched", "number_check": "agrees", "number_cipher": seal("031213009999")}
    Person.objects.filter(pk=keep.pk).update(number_hash=fingerprint("031213009999"), **facts)
    Person.objects.filter(pk=drop.pk).update(identity_state="matched")


def marks_in_one_sheet(keep: Person, drop: Person) -> None:
    group = a_class(keep.place, name="8A3")
    for learner in (keep, drop):
        an_enrolment(learner, group)
        a_mark(group, learner)


def kin(keep: Person, drop: Person) -> None:
    Guardianship.objects.create(guardian=keep, learner=drop, path=drop.path, relation="father", ends_on=dt.date.min)


def kept_apart(keep: Person, drop: Person) -> None:
    one, two = sorted((keep.pk, drop.pk))
    facts = {"weight": 9, "probability": 1, "is_sure": True, "evidence": {}, "path": "vn.p31"}
    Pair.objects.create(one=one, two=two, state=PairState.DIFFERENT, **facts)


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        (two_transfers, "gắn với bản sẽ bỏ"),
        (two_mailboxes, "hộp thư"),
        (marks_in_one_sheet, "sổ điểm toán lớp 8a3 học kì 1"),
        (both_verified, "đều đã xác thực"),
        (kin, "phụ huynh"),
        (kept_apart, "đã có người"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_two_people_are_refused_in_clear_words_and_nothing_changes(obstacle: Any, words: str) -> None:
    keep, drop = two_records()
    obstacle(keep, drop)
    before = picture()

    with pytest.raises(CannotMerge) as refused:
        merge_people(keep.pk, drop.pk, {}, by=SYSTEM)

    assert words in refused.value.detail.lower()
    assert picture() == before
    assert not Merge.objects.exists()


def test_an_undoing_is_refused_when_what_the_merge_changed_was_changed_since() -> None:
    keep, drop = two_records()
    enrolment = enrolled(drop, since=dt.date(2026, 9, 5))
    merge = merge_people(keep.pk, drop.pk, {"phone": "drop"}, by=SYSTEM)
    Person.objects.filter(pk=keep.pk).update(phone="0333")
    other = a_person(keep.place, name="Lê Văn Khác")
    with acting(Actor(scope="vn", name="Lan")):
        Enrolment.objects.filter(pk=enrolment.pk).update(learner=other)
    before = picture()

    with pytest.raises(CannotUnmerge) as refused:
        unmerge(merge.pk, by=SYSTEM)

    assert len(refused.value.blocks) == 2
    assert any("Điện thoại" in line for line in refused.value.blocks)
    assert any("Lan" in line for line in refused.value.blocks)
    assert picture() == before


def test_what_the_merge_did_not_touch_may_change_and_stays_changed() -> None:
    keep, drop = two_records()
    enrolment = enrolled(drop, since=dt.date(2026, 9, 5))
    merge = merge_people(keep.pk, drop.pk, {}, by=SYSTEM)
    Enrolment.objects.filter(pk=enrolment.pk).update(reason="chuyển lớp")
    Person.objects.filter(pk=keep.pk).update(address="Số 5")

    unmerge(merge.pk, by=SYSTEM)

    enrolment.refresh_from_db()
    keep.refresh_from_db()
    assert (enrolment.learner_id, enrolment.reason, keep.address) == (drop.pk, "chuyển lớp", "Số 5")


def test_merges_upon_merges_are_undone_from_the_last() -> None:
    keep, drop = two_records()
    third = a_person(keep.place, name="Đỗ Khánh An", is_learner=True)
    before = picture()
    first = merge_people(keep.pk, drop.pk, {}, by=SYSTEM)
    second = merge_people(third.pk, keep.pk, {}, by=SYSTEM)

    assert key_today(drop.pk) == key_today(keep.pk) == third.pk
    with pytest.raises(CannotUnmerge, match="gộp vào hồ sơ khác"):
        unmerge(first.pk, by=SYSTEM)
    unmerge(second.pk, by=SYSTEM)
    unmerge(first.pk, by=SYSTEM)

    assert picture() == before


def test_a_new_row_in_the_place_of_one_put_aside_is_named() -> None:
    keep, drop = two_records()
    mother = a_person(keep.place, name="Trần Thị Bình", is_guardian=True)
    for child in (keep, drop):
        Guardianship.objects.create(guardian=mother, learner=child, path=child.path, relation="mother")
    merge = merge_people(keep.pk, drop.pk, {}, by=SYSTEM)
    Guardianship.objects.filter(learner=keep).update(relation="grandparent")

    unmerge(merge.pk, by=SYSTEM)

    assert sorted(Guardianship.objects.values_list("relation", flat=True)) == ["grandparent", "mother"]
