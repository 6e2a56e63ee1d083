"""The SCIM interface: what a system may do with the accounts of its place, and what it may not."""

import datetime as dt
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from phuong.identity.api import Account, RoleAssignment
from phuong.identity.testing import PASSWORD, an_account, assign
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.provisioning.actions.clients import System, end_scim_client, make_scim_client, rotate_scim_key
from phuong.provisioning.errors import NotGrantable
from phuong.provisioning.models import ScimClient, ScimGroup, ScimUser
from phuong.provisioning.testing import GROUP, Calling, a_system
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"), name="THCS Hoa Phượng")


@pytest.fixture
def calling(school: Organisation) -> Calling:
    return a_system(school)


def roles_of(account_id: str) -> set[tuple[str, str]]:
    held = RoleAssignment.objects.filter(account=account_id, during__contains=timezone.localdate())
    return {(each.role, each.organisation.code) for each in held.select_related("organisation")}


def a_group(calling: Calling, name: str, *members: str) -> Any:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": each} for each in members]}
    return calling.call("POST", "/Groups", body)


def facts_of(account: Account) -> dict[str, Any]:
    return Account.objects.filter(pk=account.pk).values().get()


def test_a_user_is_opened_without_password_and_found_again(calling: Calling, school: Organisation) -> None:
    made = calling.post("Lan.NT", externalId="NV-7", emails=[{"value": "Lan@X.vn", "type": "work", "primary": True}])

    assert made.status_code == 201, made.content
    user = made.json()
    account = Account.objects.get(pk=user["id"])
    assert (account.username, account.email, account.path) == ("lan.nt", "lan@x.vn", school.path)
    assert not account.has_usable_password()
    assert roles_of(user["id"]) == set()
    for asked in (
        'userName eq "LAN.nt"',
        'externalId eq "NV-7"',
        'active eq true and userName sw "lan"',
        'emails.value eq "lan@x.vn"',
        'displayName co "lan" and not (externalId eq "x")',
    ):
        found = calling.call("GET", f"/Users?filter={asked}").json()
        assert (found["totalResults"], found["Resources"][0]["id"]) == (1, user["id"]), asked
    assert calling.call("GET", '/Users?filter=externalId eq "nv-7"').json()["totalResults"] == 0
    assert AuditEntry.objects.filter(did="identity.account_enlisted", actor_name="Nhân sự").count() == 1


def test_words_of_the_map_give_roles_and_other_words_give_none(calling: Calling, school: Organisation) -> None:
    lan, an = (calling.post(name, userType=word).json() for name, word in (("lan", "GV"), ("an", "Sếp")))
    a_group(calling, "GVCN", lan["id"], an["id"])
    a_group(calling, "system_operator", an["id"])

    assert roles_of(lan["id"]) == {("teacher", school.code), ("homeroom_teacher", school.code)}
    assert roles_of(an["id"]) == {("homeroom_teacher", school.code)}
    shown = calling.call("GET", f"/Users/{lan['id']}").json()
    assert {role["value"] for role in shown["roles"]} == {"teacher", "homeroom_teacher"}
    assert [group["display"] for group in shown["groups"]] == ["GVCN"]


def test_leaving_a_group_ends_the_role_that_it_gave(calling: Calling) -> None:
    lan = calling.post("lan", userType="GV").json()["id"]
    group = a_group(calling, "GVCN", lan).json()["id"]

    gone = calling.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{lan}"]'})
    assert gone.status_code in (200, 204)

    assert {role for role, _code in roles_of(lan)} == {"teacher"}


def test_a_group_renamed_or_removed_gives_other_roles(calling: Calling) -> None:
    lan = calling.post("lan").json()["id"]
    group = a_group(calling, "GV", lan).json()["id"]

    calling.patch(f"/Groups/{group}", {"op": "replace", "path": "displayName", "value": "GVCN"})
    renamed = {role for role, _code in roles_of(lan)}
    calling.call("DELETE", f"/Groups/{group}")

    assert renamed == {"homeroom_teacher"}
    assert roles_of(lan) == set()


def test_a_key_for_many_schools_names_the_school_in_the_group() -> None:
    province = a_province()
    school = a_school(a_commune("11311"))
    calling = a_system(province)
    lan = calling.post("lan", userType="GV").json()["id"]
    no_school = roles_of(lan)

    a_group(calling, f"GV@{school.code}", lan)
    a_group(calling, "GVCN@khong-co", lan)

    assert no_school == set()
    assert roles_of(lan) == {("teacher", school.code)}


@pytest.mark.parametrize("role", ["department_leader", "division_officer", "system_operator", "guardian", "x"])
def test_no_map_names_a_wide_role(role: str, school: Organisation) -> None:
    system = System("Nhân sự", timezone.localdate(), {"GV": role})

    with pytest.raises(NotGrantable):
        make_scim_client(system, unit=school, by=SYSTEM)

    assert not ScimClient.objects.exists()


def test_who_is_made_inactive_is_out_at_once(calling: Calling, school: Organisation) -> None:
    account = an_account("teacher", school, username="lan")
    browser = Client()
    browser.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    assert browser.get("/tai-khoan/").status_code == 200
    assert UserSession.objects.filter(user=account).count() == 1

    calling.patch(f"/Users/{account.pk}", {"op": "replace", "path": "active", "value": False})

    assert browser.get("/tai-khoan/").status_code == 302
    assert not UserSession.objects.filter(user=account).exists()
    assert AuditEntry.objects.filter(did="identity.account_shut", on_id=str(account.pk)).count() == 1


def test_whom_somebody_here_shut_out_stays_out(calling: Calling) -> None:
    lan = calling.post("lan").json()
    Account.objects.filter(pk=lan["id"]).update(is_active=False)

    calling.call("PUT", f"/Users/{lan['id']}", {**lan, "displayName": "Lan Nguyễn", "active": True})

    account = Account.objects.get(pk=lan["id"])
    assert (account.display_name, account.is_active) == ("Lan Nguyễn", False)


def test_a_deleted_user_is_kept_here_and_gone_there(calling: Calling) -> None:
    lan = calling.post("lan", externalId="7", userType="GV").json()["id"]

    assert calling.call("DELETE", f"/Users/{lan}").status_code == 204

    account = Account.objects.get(pk=lan)
    assert not account.is_active
    assert roles_of(lan) == set()
    assert calling.call("GET", f"/Users/{lan}").status_code == 404
    assert calling.call("DELETE", f"/Users/{lan}").status_code == 404
    assert calling.call("GET", "/Users").json()["totalResults"] == 0


def test_only_the_same_person_comes_back_and_without_the_old_password(calling: Calling) -> None:
    lan = calling.post("lan", externalId="7").json()["id"]
    Account.objects.filter(pk=lan).update(password="old")
    calling.call("DELETE", f"/Users/{lan}")

    another = calling.post("lan", externalId="8")
    same = calling.post("lan2", externalId="7", userType="GV")

    assert another.status_code == 409
    assert same.json()["id"] == lan
    account = Account.objects.get(pk=lan)
    assert account.is_active
    assert not account.has_usable_password()
    assert {role for role, _code in roles_of(lan)} == {"teacher"}


def test_a_name_or_a_key_is_taken_once(calling: Calling) -> None:
    across = an_account("teacher", a_school(Organisation.objects.get(code="11311")), username="binh")
    calling.post("lan", externalId="7")
    before = Account.objects.count()

    answers = [calling.post("LAN"), calling.post("an", externalId="7"), calling.post("binh")]

    assert [each.status_code for each in answers] == [409, 409, 409]
    assert answers[0].json()["scimType"] == "uniqueness"
    assert Account.objects.count() == before
    assert facts_of(across)["display_name"] == "Teacher"


def test_a_school_neither_sees_nor_changes_accounts_of_another(calling: Calling) -> None:
    across = an_account("teacher", a_school(Organisation.objects.get(code="11311")), username="binh")
    before = facts_of(across)
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x", "displayName": "X"}
    group = a_group(calling, "GV").json()["id"]
    member = {"op": "add", "path": "members", "value": [{"value": str(across.pk)}]}

    answers = [
        calling.call("GET", f"/Users/{across.pk}"),
        calling.call("PUT", f"/Users/{across.pk}", body),
        calling.patch(f"/Users/{across.pk}", {"op": "replace", "path": "active", "value": False}),
        calling.call("DELETE", f"/Users/{across.pk}"),
    ]
    joined = calling.patch(f"/Groups/{group}", member)

    assert [each.status_code for each in answers] == [404, 404, 404, 404]
    assert joined.status_code == 400
    assert calling.call("GET", '/Users?filter=userName eq "binh"').json()["totalResults"] == 0
    assert facts_of(across) == before
    assert {role for role, _code in roles_of(str(across.pk))} == {"teacher"}


def test_groups_of_another_system_are_not_there(calling: Calling, school: Organisation) -> None:
    group = a_group(calling, "GV").json()["id"]
    other = a_system(school, name="Khác")

    assert other.call("GET", f"/Groups/{group}").status_code == 404
    assert other.call("DELETE", f"/Groups/{group}").status_code == 404
    assert other.call("GET", "/Groups").json()["totalResults"] == 0
    assert ScimGroup.objects.filter(pk=group).exists()


def test_guardians_and_learners_are_nobody_s_staff(calling: Calling, school: Organisation) -> None:
    guardian = an_account("guardian", school, username="me")

    assert calling.call("GET", "/Users").json()["totalResults"] == 0
    assert calling.call("GET", f"/Users/{guardian.pk}").status_code == 404


def test_an_account_with_a_role_above_is_seen_and_not_changed(calling: Calling, school: Organisation) -> None:
    leader = an_account("teacher", school, username="hoa")
    assign(leader, "division_officer", Organisation.objects.get(path="vn.p31"))
    before = facts_of(leader)
    group = a_group(calling, "GVCN").json()["id"]

    shut = calling.patch(f"/Users/{leader.pk}", {"op": "replace", "path": "active", "value": False})
    gone = calling.call("DELETE", f"/Users/{leader.pk}")
    joined = calling.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": str(leader.pk)}]})

    assert [shut.status_code, gone.status_code, joined.status_code] == [403, 403, 403]
    assert calling.call("GET", f"/Users/{leader.pk}").status_code == 200
    assert facts_of(leader) == before
    assert {role for role, _code in roles_of(str(leader.pk))} == {"teacher", "division_officer"}


def test_a_change_that_was_overtaken_is_refused(calling: Calling) -> None:
    lan = calling.post("lan").json()
    calling.patch(f"/Users/{lan['id']}", {"op": "replace", "path": "displayName", "value": "Một"})

    late = calling.patch(
        f"/Users/{lan['id']}",
        {"op": "replace", "path": "displayName", "value": "Hai"},
        If_Match=lan["meta"]["version"],
    )
    fresh = calling.call("GET", f"/Users/{lan['id']}")
    same = calling.call("GET", f"/Users/{lan['id']}", If_None_Match=fresh.headers["ETag"])

    assert (late.status_code, same.status_code) == (412, 304)
    assert Account.objects.get(pk=lan["id"]).display_name == "Một"


def test_only_a_key_that_is_open_is_served(calling: Calling, school: Organisation) -> None:
    over = a_system(school, valid_until=timezone.localdate() - dt.timedelta(days=1))
    old = calling.key
    _client, calling.key = rotate_scim_key(calling.client.pk, by=SYSTEM)
    shown = [old, "", "x.y", over.key, calling.key.split(".")[0] + ".wrong"]

    answers = [Calling(calling.client, key).call("GET", "/Users") for key in shown]

    assert [each.status_code for each in answers] == [401] * 5
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    assert calling.call("GET", "/Users").status_code == 200
    end_scim_client(calling.client.pk, by=SYSTEM)
    assert calling.call("GET", "/Users").status_code == 401


def test_a_session_of_the_site_opens_no_scim(school: Organisation) -> None:
    an_account("department_leader", a_province(), username="leader")
    browser = Client()
    browser.post("/dang-nhap/", {"username": "leader", "password": PASSWORD})

    assert browser.get("/scim/v2/Users").status_code == 401
    assert browser.get("/scim/v2/ServiceProviderConfig").status_code == 200


def test_a_system_is_kept_by_its_own_place_only(calling: Calling) -> None:
    stranger = Actor(scope="vn.p31.c99999", permissions=frozenset(SYSTEM.permissions))

    with acting(stranger), pytest.raises(NotThere):
        end_scim_client(calling.client.pk, by=stranger)

    assert ScimClient.objects.get(pk=calling.client.pk).is_active


def test_a_walk_through_the_list_meets_everybody_once(calling: Calling, school: Organisation) -> None:
    for number in range(7):
        an_account("teacher", school, username=f"gv{number}")

    met: list[str] = []
    for start in (1, 4, 7):
        page = calling.call("GET", f"/Users?startIndex={start}&count=3").json()
        assert page["totalResults"] == 7
        met += [user["userName"] for user in page["Resources"]]

    assert sorted(met) == [f"gv{number}" for number in range(7)]
    assert calling.call("GET", "/Users?startIndex=50").json().get("Resources", []) == []
    assert calling.call("GET", "/Users?count=0").json()["totalResults"] == 7


@pytest.mark.parametrize("size", [2, 40])
def test_a_page_costs_the_same_however_long(
    calling: Calling, school: Organisation, size: int, django_assert_num_queries: Any
) -> None:
    for number in range(size):
        account = an_account("teacher", school, username=f"gv{number}")
        ScimUser.objects.create(path=school.path, client=calling.client, account=account, external_id=str(number))
    calling.call("GET", "/Users")

    with django_assert_num_queries(LIST_QUERIES):
        page = calling.call("GET", "/Users?count=100").json()

    assert len(page["Resources"]) == size


LIST_QUERIES = 17  # key, place, walk, list, what was said, groups, roles; the rest is the transaction


def test_a_system_that_calls_too_often_waits_and_another_does_not(school: Organisation) -> None:
    busy, other = a_system(school, rate=3), a_system(school, name="Thư", rate=3)

    told = [busy.call("GET", "/Users") for _time in range(4)]

    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in told] == ["2", "1", "0", "0"]
    late = told[-1]
    assert 1 <= int(late.headers["Retry-After"]) <= 21
    assert late.headers["Content-Type"] == "application/scim+json"
    assert late.json() == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "429",
        "detail": "Too many calls within a minute: wait as Retry-After says",
    }
    assert other.call("GET", "/Users").status_code == 200


def test_what_is_asked_too_often_is_not_done(school: Organisation) -> None:
    busy = a_system(school, rate=1)

    assert [busy.post(name).status_code for name in ("lan", "an")] == [201, 429]

    assert not Account.objects.filter(username="an").exists()


def test_a_wrong_key_takes_nothing_from_the_allowance(school: Organisation) -> None:
    calling = a_system(school, rate=1)
    wrong = Calling(calling.client, calling.key[:-1] + ("a" if calling.key[-1] != "a" else "b"))

    assert [wrong.call("GET", "/Users").status_code for _time in range(3)] == [401] * 3
    assert Client().get("/scim/v2/ServiceProviderConfig").status_code == 200
    assert calling.call("GET", "/Users").status_code == 200


def test_less_than_one_call_a_minute_is_refused(school: Organisation) -> None:
    with pytest.raises(BadInput):
        a_system(school, rate=0)

    assert not ScimClient.objects.exists()
