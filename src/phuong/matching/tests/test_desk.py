"""The review desk: who sees a pair, what the page says of it, and what one or two people decide."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM
from phuong.kernel.vault import fingerprint, seal
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.runs import make_run
from phuong.matching.models import Merge, Pair, PairState
from phuong.matching.testing import a_pair
from phuong.notices.api import Notice
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_province, a_school

pytestmark = pytest.mark.django_db
QUEUE = "/doi-chieu-ho-so/"


@pytest.fixture
def school() -> Organisation:
    a_province()
    return a_school(a_commune("11311"), name="THCS Lạch Tray")


@pytest.fixture
def elsewhere() -> Organisation:
    a_province()
    return a_school(a_commune("11329"), name="THCS Bên Sông")


def signed_in(role: str, place: Organisation, path: str = "", username: str = "") -> Client:
    client = Client()
    client.force_login(an_account(role, place, path=path, username=username))
    return client


def an_officer(username: str = "chuyenvien") -> Client:
    return signed_in("division_officer", Organisation.objects.get(path="vn.p31.sgd"), "vn.p31", username)


def two(school: Organisation, other: Organisation | None = None, **facts: Any) -> tuple[Person, Person, Pair]:
    one = a_learner(school, name="Đỗ Khánh An", birth_date=dt.date(2013, 5, 19), phone="0912345678")
    other_facts = {"birth_date": dt.date(2013, 5, 19), **facts}
    twin = a_learner(other or school, name="Do Khanh An", **other_facts)
    return one, twin, a_pair(one, twin)


def test_the_queue_asks_as_little_of_two_hundred_pairs_as_of_two(school: Organisation) -> None:
    client = signed_in("clerk", school)
    for place in range(2):
        two(school, phone=f"{place}")
    before = _counted(client)

    for place in range(198):
        two(school, phone=f"x{place}")

    assert _counted(client) == before
    assert len(client.get(QUEUE + "?size=100").context["page"].rows) == 100


def _counted(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(QUEUE + "?size=100").status_code == 200
    return len(queries)


def test_the_queue_is_paged_by_weight_and_visits_every_pair_once(school: Organisation) -> None:
    client = signed_in("clerk", school)
    for place in range(60):
        one, twin = (a_learner(school, name=f"{name} {place}") for name in ("Một", "Hai"))
        a_pair(one, twin, weight=float(place % 7))
    found: list[float] = []
    where = QUEUE
    while where:
        page = client.get(where).context["page"]
        found += [row.pair.weight for row in page.rows]
        where = QUEUE + page.next_url if page.next_url else ""

    assert len(found) == 60
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(("role", "at", "sees"), [("clerk", "school", False), ("commune_officer", "commune", False)])
def test_a_pair_across_communes_is_the_departments_alone(
    school: Organisation, elsewhere: Organisation, role: str, at: str, sees: bool
) -> None:
    _one, _twin, pair = two(school, elsewhere)
    place = school if at == "school" else school.parent

    status = signed_in(role, place).get(reverse("matching:pair", args=[pair.pk])).status_code

    assert (status == 200) is sees
    assert an_officer().get(reverse("matching:pair", args=[pair.pk])).status_code == 200


def test_the_page_lays_both_side_by_side_and_masks_numbers(school: Organisation) -> None:
    sealed = {"number_cipher": seal("031213001234"), "number_hash": fingerprint("031213001234")}
    one, twin, pair = two(school, number_check="agrees", birthplace="Hải Phòng", **sealed)
    group = a_class(school)
    a_guardian(one)
    evidence = {**pair.evidence, "given": "equal", "rest": "no_marks", "number": "missing", "phone": "missing"}
    Pair.objects.filter(pk=pair.pk).update(evidence=evidence, guard="namesakes", is_sure=False)

    answer = signed_in("clerk", school).get(reverse("matching:pair", args=[pair.pk]))
    text = answer.content.decode()

    lines = {line.code: line for line in answer.context["compared"].lines}
    assert (lines["full_name"].word, lines["full_name"].tone) == ("Trùng, một bên không dấu", "attention")
    assert (lines["number"].word, lines["number"].is_asked) == ("Thiếu", True)
    assert (lines["birth_date"].tone, lines["birth_date"].is_asked) == ("good", False)
    assert lines["number"].chosen == twin.pk
    assert "031 ••• ••• 234" in text
    assert "031213001234" not in text
    assert "Trần Thị Bình" in text
    assert "nhiều người như vậy là hai người" in text
    assert 'data-key="1"' in text
    assert group.name
    assert AuditEntry.objects.filter(did="person.seen", about__in=[one.pk, twin.pk]).count() == 2


def test_one_person_merges_within_a_school_with_the_values_chosen(school: Organisation) -> None:
    one, twin, pair = two(school, phone="0999")
    client = signed_in("clerk", school)

    answer = client.post(
        reverse("matching:decide", args=[pair.pk, "trung"]),
        {"keep": str(one.pk), "phone": str(twin.pk), "full_name": "nonsense"},
    )

    one.refresh_from_db()
    assert answer["Location"] == QUEUE
    assert (one.phone, one.full_name) == ("0999", "Đỗ Khánh An")
    assert not Person.objects.filter(pk=twin.pk).exists()
    merge = Merge.objects.get()
    assert AuditEntry.objects.get(did="matching.merged").about == one.pk
    assert client.get(reverse("matching:pair", args=[pair.pk]))["Location"].endswith(f"{merge.pk}/")
    assert client.get(reverse("registry:person", args=[twin.pk]))["Location"].endswith(f"{one.pk}/")


def test_a_decision_goes_on_to_the_next_pair(school: Organisation) -> None:
    _one, _twin, first = two(school)
    _three, _four, second = two(school, phone="1")
    Pair.objects.filter(pk=second.pk).update(weight=3)

    answer = signed_in("clerk", school).post(reverse("matching:decide", args=[first.pk, "khac"]))

    first.refresh_from_db()
    assert first.state == PairState.DIFFERENT
    assert answer["Location"] == reverse("matching:pair", args=[second.pk])


@pytest.mark.parametrize("why", ["across schools", "verified", "account"], ids=lambda why: why.replace(" ", "_"))
def test_a_wide_merge_waits_for_another_person(school: Organisation, elsewhere: Organisation, why: str) -> None:
    one, twin, pair = two(school, elsewhere if why == "across schools" else None)
    if why == "verified":
        sealed = {"number_cipher": b"x", "number_hash": b"x", "number_check": "agrees"}
        Person.objects.filter(pk=twin.pk).update(identity_state="matched", **sealed)
        Person.objects.filter(pk=twin.pk).update(number_cipher=seal("031213001234"))
    elif why == "account":
        an_account("learner", school, person=twin, username="hs")
    first, second = an_officer("mot"), an_officer("hai")
    address = reverse("matching:decide", args=[pair.pk, "trung"])

    first.post(address, {"keep": str(one.pk)})

    pair.refresh_from_db()
    assert (pair.state, pair.keep) == (PairState.PROPOSED, one.pk)
    assert Person.objects.filter(pk=twin.pk).exists()
    told = Notice.objects.filter(kind="matching.waits").values_list("account__username", flat=True)
    assert {"mot", "hai"} <= set(told)
    approve = reverse("matching:decide", args=[pair.pk, "duyet"])
    assert first.post(approve).status_code == 409
    assert Person.objects.filter(pk=twin.pk).exists()

    second.post(approve)

    merge = Merge.objects.get()
    assert (merge.kept, merge.dropped) == (one.pk, twin.pk)
    assert (merge.proposed_by_name, merge.merged_by_name) == ("Division_Officer", "Division_Officer")
    pair.refresh_from_db()
    assert pair.state == PairState.SAME


def test_a_proposal_can_be_given_back_and_decided_anew(school: Organisation, elsewhere: Organisation) -> None:
    one, _twin, pair = two(school, elsewhere)
    first, second = an_officer("mot"), an_officer("hai")
    first.post(reverse("matching:decide", args=[pair.pk, "trung"]), {"keep": str(one.pk)})

    second.post(reverse("matching:decide", args=[pair.pk, "tra-lai"]))

    pair.refresh_from_db()
    assert (pair.state, pair.keep, pair.proposed_by) == (PairState.LATER, None, None)
    assert second.post(reverse("matching:decide", args=[pair.pk, "duyet"])).status_code == 409
    second.post(reverse("matching:decide", args=[pair.pk, "khac"]))
    second.post(reverse("matching:decide", args=[pair.pk, "mo-lai"]))
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_two_who_decide_at_once_do_not_both_win(school: Organisation) -> None:
    _one, _twin, pair = two(school)
    client = signed_in("clerk", school)
    client.post(reverse("matching:decide", args=[pair.pk, "khac"]))

    answer = client.post(reverse("matching:decide", args=[pair.pk, "trung"]))

    assert answer.status_code == 409
    assert not Merge.objects.exists()


def test_a_merge_is_undone_from_its_page_and_refused_with_the_names_of_what_changed(school: Organisation) -> None:
    one, twin, pair = two(school, phone="0999")
    client = signed_in("clerk", school)
    client.post(reverse("matching:decide", args=[pair.pk, "trung"]), {"keep": str(one.pk), "phone": str(twin.pk)})
    merge = Merge.objects.get()
    page = client.get(reverse("matching:merge", args=[merge.pk])).content.decode()
    assert "gộp từ Do Khanh An" in page
    assert "Do Khanh An" in client.get(reverse("matching:merges")).content.decode()
    Person.objects.filter(pk=one.pk).update(phone="0333")

    refused = client.post(reverse("matching:undo", args=[merge.pk]))

    assert refused.status_code == 409
    assert "Điện thoại" in refused.content.decode()
    Person.objects.filter(pk=one.pk).update(phone="0999")
    client.post(reverse("matching:undo", args=[merge.pk]))
    merge.refresh_from_db()
    pair.refresh_from_db()
    assert merge.undone_by_name
    assert Person.objects.filter(pk=twin.pk).exists()
    assert (pair.state, pair.merge_id) == (PairState.OPEN, None)
    assert client.post(reverse("matching:undo", args=[merge.pk])).status_code == 404


def test_a_run_is_asked_for_within_ones_own_place(school: Organisation, elsewhere: Organisation) -> None:
    client = signed_in("clerk", school)

    own = client.post(reverse("matching:runs"), {"unit": "", "against": ""})
    foreign = client.post(reverse("matching:runs"), {"unit": elsewhere.code, "against": ""})
    unknown = client.post(reverse("matching:runs"), {"unit": "nowhere", "against": ""})

    assert (own.status_code, foreign.status_code, unknown.status_code) == (302, 404, 404)
    run = client.get(reverse("matching:runs")).context["page"].rows[0]
    assert (run.organisation, str(run.path)) == (school, str(school.path))
    assert client.post(reverse("matching:stop", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_the_lists_of_merges_and_runs_ask_as_little_of_many_rows(school: Organisation) -> None:
    client = signed_in("clerk", school)

    def counted(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    for place in range(2):
        a_merge(school, place)
    before = [counted("matching:merges"), counted("matching:runs")]
    for place in range(18):
        a_merge(school, place + 2)

    assert [counted("matching:merges"), counted("matching:runs")] == before
    assert Account.objects.count() == 1


def a_merge(school: Organisation, place: int) -> None:
    one, twin, _pair = two(school, phone=f"{place}")
    merge_people(one.pk, twin.pk, {}, by=SYSTEM)
    make_run(school, by=SYSTEM)
