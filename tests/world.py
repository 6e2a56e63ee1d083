"""A small province with a named cast: everybody else's school is the school across the river."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.test import Client

from phuong.facilities.api import Room
from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.kernel.contributions import Role, codes
from phuong.kernel.jobs import Progress
from phuong.measures.actions import refresh_measures
from phuong.oversight.testing import an_access
from phuong.plans.models import Doubt, Indicator, Plan, Target
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.registry.testing import (
    a_class,
    a_commune,
    a_guardian,
    a_learner,
    a_province,
    a_school,
    a_teacher,
)

ROLES = sorted(codes(Role))
PROVINCIAL = ("department_leader", "division_head", "division_officer", "auditor", "system_operator", "support")


@dataclass
class World:
    """The cast: Lan teaches at Lạch Tray, An learns there, Bình is his mother; Hoa's school is another."""

    province: Organisation
    commune: Organisation
    school: Organisation
    other_commune: Organisation
    other_school: Organisation
    high_school: Organisation
    group: ClassGroup
    other_group: ClassGroup
    lan: Person
    an: Person
    binh: Person
    stranger: Person
    colleague: Person
    indicator: Indicator
    doubt: Doubt
    accounts: dict[str, Account]

    def client(self, role: str) -> Client:
        """Give a browser signed in as ``role``, or as nobody."""
        client = Client(raise_request_exception=True)
        if role != "nobody":
            client.force_login(self.accounts[role])
        return client


def a_world() -> World:
    """Make the province, its people, one account a role, a plan, and count once."""
    province = a_province()
    commune, other_commune = a_commune("11311", name="Phường Thủy Nguyên"), a_commune("11329", name="Phường Lê Chân")
    school = a_school(commune, name="THCS Lạch Tray", connection="fiber")
    other_school = a_school(other_commune, name="THCS Bên Sông")
    high_school = a_school(commune, name="THPT Ngô Quyền", level="upper_secondary")
    lan = a_teacher(school, name="Nguyễn Thị Lan")
    colleague = a_teacher(school, name="Phạm Văn Minh")
    group = a_class(school, homeroom=lan)
    other_group = a_class(other_school)
    an = a_learner(school, group, name="Đỗ Khánh An")
    a_learner(school, group, name="Bùi Thị Ánh")
    stranger = a_learner(other_school, other_group, name="Hoàng Văn Xa")
    a_learner(high_school, a_class(high_school, name="10A1", grade=10, level="upper_secondary"), name="Vũ Thị Cao")
    binh = a_guardian(an)
    Room.objects.create(organisation=school, name="101", kind="classroom", construction="solid", has_internet=True)
    indicator, doubt = _a_plan()
    accounts = _accounts(province, commune, school, lan, an, binh)
    refresh_measures(Progress(), day=dt.date(2026, 11, 22).isoformat())
    return World(
        province,
        commune,
        school,
        other_commune,
        other_school,
        high_school,
        group,
        other_group,
        lan,
        an,
        binh,
        stranger,
        colleague,
        indicator,
        doubt,
        accounts,
    )


def _a_plan() -> tuple[Indicator, Doubt]:
    plan = Plan.objects.create(
        code="ke-hoach", title="Kế hoạch thử", issuer="Sở", province_code="31", starts=2025, ends=2030, digest="x"
    )
    indicator = Indicator.objects.create(
        plan=plan,
        code="1",
        rank=1,
        title="Học sinh có số định danh",
        unit="percent",
        decision="counted",
        measure="registry.learners_with_number",
    )
    Target.objects.create(indicator=indicator, year=2026, comparator=">=", value=90)
    return indicator, Doubt.objects.create(plan=plan, about_kind="indicator", about_code="1", text="Không rõ")


def _accounts(province: Any, commune: Any, school: Any, lan: Person, an: Person, binh: Person) -> dict[str, Account]:
    department = Organisation.objects.get(path="vn.p31.sgd")
    accounts = {}
    for role in ROLES:
        if role in PROVINCIAL:
            accounts[role] = an_account(role, department, path=province.path)
        elif role in ("commune_leader", "commune_officer"):
            accounts[role] = an_account(role, commune)
        else:
            person = {"teacher": lan, "guardian": binh, "learner": an}.get(role)
            accounts[role] = an_account(role, school, person=person)
    for role in ("support_access", "support_repair"):
        an_access(accounts[role])
    return accounts
