"""History: whatever way a row is changed, the row as it was is kept, with who and why."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.world import a_learner, a_school

from phuong.kernel.scope import Actor, acting

pytestmark = pytest.mark.django_db
Person = apps.get_model("registry", "Person")
School = apps.get_model("registry", "School")
Kept = apps.get_model("registry", "PersonEvent")
HANH = Actor(scope="vn", account_id=uuid.UUID("01900000-0000-7000-8000-000000000001"), name="Hạnh")
MINH = Actor(scope="vn", account_id=uuid.UUID("01900000-0000-7000-8000-000000000002"), name="Minh")


def kept_of(person: object) -> list[tuple[str, str, str, str]]:
    rows = Kept.objects.filter(pgh_obj_id=person.pk).select_related("pgh_context").order_by("pgh_id")
    return [
        (row.pgh_label, row.full_name, row.pgh_context.metadata["account"], row.pgh_context.metadata["reason"])
        for row in rows
    ]


def test_a_new_row_keeps_nothing() -> None:
    learner = a_learner(a_school())

    assert kept_of(learner) == []
    assert Kept.objects.count() == 0


@pytest.mark.parametrize("way", ["save", "queryset", "bulk", "raw"])
def test_every_way_of_changing_keeps_the_old_row_with_account_and_reason(way: str) -> None:
    school = a_school()
    learner, neighbour = a_learner(school, name="Tên Cũ"), a_learner(school, name="Hàng Xóm")

    with acting(HANH, reason="theo giấy khai sinh"):
        if way == "save":
            learner.full_name = "Tên Mới"
            learner.save()
        elif way == "queryset":
            Person.objects.filter(pk=learner.pk).update(full_name="Tên Mới")
        elif way == "bulk":
            learner.full_name = "Tên Mới"
            Person.objects.bulk_update([learner], ["full_name"])
        else:
            with connection.cursor() as cursor:
                cursor.execute("update registry_person set full_name = 'Tên Mới' where id = %s", [learner.pk])

    assert Person.objects.get(pk=learner.pk).full_name == "Tên Mới"
    assert kept_of(learner) == [("update", "Tên Cũ", str(HANH.account_id), "theo giấy khai sinh")]
    assert kept_of(neighbour) == []


def test_a_context_lost_with_a_savepoint_is_kept_anew() -> None:
    learner = a_learner(a_school(), name="Tên Cũ")

    with acting(HANH, reason="sửa tên"):
        with pytest.raises(KeyError), transaction.atomic():
            Person.objects.filter(pk=learner.pk).update(full_name="Tên Hụt")
            raise KeyError
        Person.objects.filter(pk=learner.pk).update(full_name="Tên Mới")

    assert kept_of(learner) == [("update", "Tên Cũ", str(HANH.account_id), "sửa tên")]


def test_each_act_of_one_transaction_keeps_its_own_context() -> None:
    learner = a_learner(a_school(), name="Một")

    with acting(HANH, reason="trước"):
        Person.objects.filter(pk=learner.pk).update(full_name="Hai")
        with acting(MINH, reason="giữa"):
            Person.objects.filter(pk=learner.pk).update(full_name="Ba")
        Person.objects.filter(pk=learner.pk).update(full_name="Bốn")

    assert [(name, reason) for _label, name, _account, reason in kept_of(learner)] == [
        ("Một", "trước"),
        ("Hai", "giữa"),
        ("Ba", "trước"),
    ]
    assert Kept.objects.filter(pgh_obj_id=learner.pk).values("pgh_context").distinct().count() == 2


@pytest.mark.parametrize("way", ["delete", "queryset", "raw"])
def test_every_way_of_deleting_keeps_the_old_row_with_account_and_reason(way: str) -> None:
    learner = a_learner(a_school(), name="Tên Cũ")
    key = learner.pk

    with acting(HANH, reason="nhập trùng"):
        if way == "delete":
            learner.delete()
        elif way == "queryset":
            Person.objects.filter(pk=key).delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("delete from registry_person where id = %s", [key])

    learner.pk = key
    assert Person.objects.filter(pk=key).count() == 0
    assert kept_of(learner) == [("delete", "Tên Cũ", str(HANH.account_id), "nhập trùng")]


def test_each_change_is_kept_in_order() -> None:
    learner = a_learner(a_school(), name="Một")

    for name in ("Hai", "Ba"):
        Person.objects.filter(pk=learner.pk).update(full_name=name)

    assert [row[1] for row in kept_of(learner)] == ["Một", "Hai"]


def test_a_change_that_changes_nothing_keeps_nothing() -> None:
    learner = a_learner(a_school(), name="Tên Cũ")

    Person.objects.filter(pk=learner.pk).update(full_name="Tên Cũ")

    assert kept_of(learner) == []


def test_a_row_whose_key_is_another_row_is_kept_too() -> None:
    school = a_school()

    School.objects.filter(pk=school.pk).update(standard_level=1)

    events = apps.get_model("registry", "SchoolEvent").objects.filter(organisation_id=school.pk)
    assert list(events.values_list("pgh_label", "standard_level")) == [("update", 0)]


def test_a_change_rolled_back_keeps_nothing() -> None:
    learner = a_learner(a_school(), name="Tên Cũ")

    with pytest.raises(KeyError), acting(HANH):
        Person.objects.filter(pk=learner.pk).update(full_name="Tên Mới")
        raise KeyError

    assert kept_of(learner) == []


def test_an_act_inside_an_act_leaves_each_change_to_its_own_account() -> None:
    school = a_school()
    one, other = a_learner(school, name="Một"), a_learner(school, name="Hai")

    with acting(HANH, reason="lý do một"):
        Person.objects.filter(pk=one.pk).update(full_name="Một mới")
        with acting(MINH, reason="lý do hai"):
            Person.objects.filter(pk=other.pk).update(full_name="Hai mới")
        Person.objects.filter(pk=one.pk).update(full_name="Một mới hơn")

    assert [row[2:] for row in kept_of(one)] == [(str(HANH.account_id), "lý do một")] * 2
    assert [row[2:] for row in kept_of(other)] == [(str(MINH.account_id), "lý do hai")]


def test_kept_rows_obey_the_scope() -> None:
    here, there = a_school(), a_school(apps.get_model("registry", "Organisation").objects.get(path="vn.p31"))
    mine, foreign = a_learner(here, name="Của Tôi"), a_learner(there, name="Của Người")
    Person.objects.update(phone="0900000000")

    with acting(Actor(scope=here.path)):
        seen = list(Kept.objects.values_list("full_name", flat=True))
    with acting(Actor(persons=(mine.pk, foreign.pk))):
        family = Kept.objects.count()

    assert seen == ["Của Tôi"]
    assert family == 0
    assert Kept.objects.count() == 2
