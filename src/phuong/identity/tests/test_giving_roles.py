"""Who may give whom which role: pure rules, and the actions that keep them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from phuong.identity.actions.roles import Grant, end_role, give_role
from phuong.identity.errors import CannotGive, NeedsAnother
from phuong.identity.models import Account, Kind, RoleAssignment
from phuong.identity.queries import standing_of
from phuong.identity.roles import FAMILY, ROLES
from phuong.identity.rules import giving as rules
from phuong.identity.testing import an_account, assign
from phuong.kernel.models import AuditEntry
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting, is_under
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school

ALL = {role.code: role for role in ROLES}
TODAY = dt.date(2026, 11, 26)
PATHS = ["vn", "vn.p31", "vn.p31.c1", "vn.p31.c1.s1", "vn.p31.c2.s2", "vn.p31.sgd", "vn.p22", "vn.p22.c1"]
SEATS = ["province", "commune", "school", ""]


def held_by(code: str) -> frozenset[str]:
    """Everything an office holds: its own permissions and those of the roles it appoints."""
    role = ALL[code]
    return role.permissions.union(*(ALL[each].permissions for each in role.appoints))


UNITS = [("province", "vn.p31"), ("commune", "vn.p31.c1"), ("school", "vn.p31.c1.s1"), ("school", "vn.p31.sgd.s2")]


def given_by(code: str, scope: str = "vn.p31") -> set[tuple[str, str]]:
    """Every role with its place that somebody in the role ``code`` at ``scope`` may give."""
    giver = rules.Giver(code, ALL[code].permissions, scope)
    return {
        (wanted.code, path)
        for wanted in ROLES
        for seat, path in UNITS
        if not rules.may_give(giver, wanted, seat=seat, path=path, roles=ALL)
    }


@given(some.sampled_from(ROLES), some.sampled_from(ROLES), some.sampled_from(PATHS), some.sampled_from(PATHS))
def test_nobody_gives_more_than_the_office_holds_or_outside_its_place(giver, wanted, scope, path) -> None:
    who = rules.Giver(giver.code, giver.permissions, scope)

    for seat in SEATS:
        if not rules.may_give(who, wanted, seat=seat, path=path, roles=ALL):
            assert is_under(path, scope)
            assert wanted.permissions <= held_by(giver.code)
            assert Permission.ROLES_EDIT in giver.permissions
            assert wanted.seat == seat
            assert wanted.code not in FAMILY | {"support_access", "support_repair"}


@given(some.sets(some.sampled_from(list(Permission))), some.sampled_from(ROLES), some.sampled_from(PATHS))
def test_an_unknown_office_gives_at_most_what_it_holds(permissions, wanted, scope) -> None:
    who = rules.Giver("somebody", frozenset(permissions), scope)

    if not rules.may_give(who, wanted, seat=wanted.seat, path="vn.p31.c1", roles=ALL):
        assert wanted.permissions <= permissions


@pytest.mark.parametrize("place", [path for _seat, path in UNITS])
@pytest.mark.parametrize("code", sorted(ALL))
def test_a_chain_of_gifts_leads_to_nothing_the_first_could_not_give(code: str, place: str) -> None:
    if ALL[code].seat not in {seat for seat, path in UNITS if path == place}:
        place = next((path for seat, path in UNITS if seat == ALL[code].seat), "vn.p31.c1.s1")
    reached = frontier = given_by(code, place)
    while frontier:
        frontier = set().union(*(given_by(*each) for each in frontier)) - reached
        reached = reached | frontier

    assert reached == given_by(code, place)


@given(some.sampled_from(ROLES))
def test_a_lent_role_cannot_be_passed_on(role) -> None:
    lent = rules.permissions_in(role.permissions, is_lent=True)

    assert not lent & rules.NOT_PASSED_ON
    assert all(
        rules.may_give(rules.Giver(role.code, lent, "vn"), each, seat=each.seat, path="vn.p31", roles=ALL)
        for each in ROLES
    )


days = some.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1))


@given(some.sampled_from(["own", "delegated", "substitute"]), days, some.none() | days)
def test_a_term_never_begins_in_the_past_and_what_is_lent_ends(kind, starts, ends) -> None:
    if not rules.check_term(kind, starts, ends, today=TODAY):
        assert starts >= TODAY
        assert ends is None or ends >= starts
        assert kind == "own" or (ends is not None and (ends - starts).days <= rules.MOST_LENT_DAYS)


@pytest.fixture
def school(db: None) -> Organisation:
    a_province()
    return a_school(a_commune("11311"))


def acting_as(account: Account, wanted: str = "") -> Actor:
    standing = standing_of(account.pk, wanted=wanted, today=dt.date.today())  # noqa: DTZ011
    assert standing is not None
    return standing.actor


def grant(account: Account, unit: Organisation, role: str, **facts) -> Grant:
    return Grant(account.pk, unit, role, **{"starts_on": dt.date.today(), "reason": "QĐ 12", **facts})  # noqa: DTZ011


def test_a_principal_gives_a_substitute_clerk_until_a_day(school: Organisation) -> None:
    principal, teacher = acting_as(an_account("principal", school)), an_account("teacher", school)
    until = dt.date.today() + dt.timedelta(days=30)  # noqa: DTZ011

    with acting(principal):
        made = give_role(grant(teacher, school, "clerk", kind=Kind.SUBSTITUTE, ends_on=until), by=principal)

    made.refresh_from_db()
    assert (made.path, made.kind, made.last_day) == (school.path, "substitute", until)
    assert AuditEntry.objects.filter(did="identity.role_given", on_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("role", "facts", "why"),
    [
        ("clerk", {"kind": Kind.SUBSTITUTE}, rules.NO_END),
        ("commune_officer", {}, rules.SEAT),
        ("guardian", {}, rules.BY_HAND),
        ("support_access", {}, rules.BY_HAND),
        ("clerk", {"starts_on": dt.date(2020, 1, 1)}, rules.PAST),
    ],
)
def test_a_gift_that_breaks_a_rule_gives_nothing(school: Organisation, role: str, facts: dict, why: str) -> None:
    principal, teacher = acting_as(an_account("principal", school)), an_account("teacher", school)
    before = RoleAssignment.objects.count()

    with pytest.raises(CannotGive) as refusal:
        give_role(grant(teacher, school, role, **facts), by=principal)

    assert refusal.value.facts["why"] == why
    assert RoleAssignment.objects.count() == before


def test_nobody_gives_to_oneself_or_at_another_school(school: Organisation) -> None:
    own = an_account("principal", school)
    principal, teacher = acting_as(own), an_account("teacher", school)
    before = RoleAssignment.objects.count()

    for wanted in (grant(own, school, "clerk"), grant(teacher, a_school(a_commune("11329")), "clerk")):
        with pytest.raises(CannotGive):
            give_role(wanted, by=principal)

    assert RoleAssignment.objects.count() == before


def test_a_wide_role_is_never_given_by_one_person_alone(school: Organisation) -> None:
    commune = Organisation.objects.get(pk=school.parent_id)
    asker = acting_as(an_account("commune_officer", commune))
    receiver = an_account("teacher", school)
    before = RoleAssignment.objects.count()

    for asked_by in (None, asker.account_id):
        with pytest.raises(NeedsAnother):
            give_role(grant(receiver, commune, "commune_officer"), by=asker, asked_by=asked_by)

    assert RoleAssignment.objects.count() == before
    other = acting_as(an_account("commune_officer", commune, username="khac"))
    assert give_role(grant(receiver, commune, "commune_officer"), by=other, asked_by=asker.account_id).path == (
        commune.path
    )


def test_a_role_of_a_substitute_principal_gives_no_roles(school: Organisation) -> None:
    account = an_account("teacher", school)
    assign(account, "principal", school, until=dt.date(2030, 1, 1))
    RoleAssignment.objects.filter(account=account, role="principal").update(kind=Kind.SUBSTITUTE)

    actor = acting_as(account, str(account.roles.get(role="principal").pk))

    assert acting_as(account).role == "teacher"  # a lent role is used only by switching to it
    assert actor.role == "principal"
    assert Permission.ROLES_EDIT not in actor.permissions
    assert Permission.PERSONS_EDIT in actor.permissions


def test_a_role_ended_at_noon_is_over_at_once_also_one_to_come(school: Organisation) -> None:
    principal = acting_as(an_account("principal", school))
    teacher = an_account("teacher", school)
    later = grant(teacher, school, "clerk", starts_on=dt.date.today() + dt.timedelta(days=9))  # noqa: DTZ011
    coming = give_role(later, by=principal)

    with acting(principal):
        end_role(teacher.roles.get(role="teacher").pk, by=principal, reason="nghỉ")
        end_role(coming.pk, by=principal, reason="nhầm")

    assert not RoleAssignment.objects.not_over().filter(account=teacher).exists()
    assert standing_of(teacher.pk, wanted="", today=dt.date.today()).active is None  # noqa: DTZ011
    assert AuditEntry.objects.filter(did="identity.role_ended").count() == 2


def test_nobody_ends_the_own_role_or_one_above(school: Organisation) -> None:
    own = an_account("principal", school)
    officer = an_account("commune_officer", Organisation.objects.get(pk=school.parent_id))
    principal = acting_as(own)

    for held in (own.roles.get(), officer.roles.get()):
        with pytest.raises(NotThere):
            end_role(held.pk, by=principal, reason="x")

    assert RoleAssignment.objects.in_force().count() == 2


def test_the_operator_ends_any_role_but_gives_only_what_opens_no_records(school: Organisation) -> None:
    department = Organisation.objects.get(path="vn.p31.sgd")
    operator = acting_as(an_account("system_operator", department, path="vn.p31"))
    principal = an_account("principal", school)

    with pytest.raises(CannotGive):
        give_role(grant(principal, school, "clerk"), by=operator)
    end_role(principal.roles.get().pk, by=operator, reason="tài khoản lộ")

    assert not RoleAssignment.objects.in_force().filter(account=principal).exists()
    assert {role for role, _place in given_by("system_operator")} == {"system_operator", "support"}


def test_the_database_refuses_a_lent_role_without_end(school: Organisation) -> None:
    held = an_account("teacher", school).roles.get()

    with pytest.raises(Exception, match="identity_role_lent_ends"):
        RoleAssignment.objects.filter(pk=held.pk).update(kind=Kind.DELEGATED)
