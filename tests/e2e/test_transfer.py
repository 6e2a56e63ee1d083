"""A mother asks, the new school accepts, the old one lets go, a clerk gives a class: the child changes on one day."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, PASSWORD, Visitor, command
from tests.e2e.test_accessibility import faults_of

pytestmark = pytest.mark.browser
# the demo has accounts of one school: the operator opens those of the school across the river
_OPEN_ACCOUNTS = f"""
import datetime as dt, json
from phuong.identity.api import Account, open_account
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import ClassGroup, Enrolment
with acting(SYSTEM):
    here = Account.objects.get(username="hieutruong").roles.filter(role="principal").first().organisation
    mother = Account.objects.get(username="phuhuynh").person
    seats = Enrolment.objects.filter(learner__guardians__guardian=mother, organisation=here, ends_on__isnull=True)
    seat = seats.select_related("learner", "class_group").order_by("pk").first()
    like = {{"grade": seat.class_group.grade, "level": seat.class_group.level, "school_year": seat.school_year}}
    there = ClassGroup.objects.filter(**like).exclude(organisation=here).select_related("organisation").order_by("pk")
    group = there.first()
    for name, role in (("hieutruong.moi", "principal"), ("vanthu.moi", "clerk")):
        facts = {{"name": name, "role": role, "place": group.organisation, "since": dt.date(2025, 8, 1)}}
        open_account(username=name, password={PASSWORD!r}, **facts)
    told = {{"child": seat.learner.full_name, "old": here.name, "new": group.organisation.name, "group": group.name}}
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Cast:
    """Who is on the way, from where to where."""

    child: str
    old: str
    new: str
    group: str


@pytest.fixture
def cast(visitor: Visitor) -> Cast:
    told = command("shell", "--no-imports", "-c", _OPEN_ACCOUNTS)
    return Cast(**json.loads(told.strip().splitlines()[-1]))


def mothers_page(visitor: Visitor) -> Page:
    return visitor.page("phuhuynh", "/chuyen-truong/con/", viewport=NARROW)


def open_transfer(page: Page, child: str) -> None:
    page.get_by_role("link", name=child).first.click()
    expect(page.locator("h1")).to_have_text(child)


def test_a_child_changes_schools(visitor: Visitor, cast: Cast, tmp_path: Path) -> None:
    mother = mothers_page(visitor)
    mother.locator("main .card", has_text=cast.child).get_by_role("link", name="Xin chuyển trong tỉnh").click()
    mother.get_by_label("Tên trường có chữ").fill(cast.new)
    mother.get_by_role("button", name="Tìm trường").click()
    mother.locator("label.choice", has_text=cast.new).first.click()
    mother.get_by_label("Lí do chuyển").fill("Gia đình chuyển nhà")
    mother.get_by_role("button", name="Gửi đơn xin chuyển").click()
    expect(mother.get_by_text(f"{cast.new} đang xem đơn. Con vẫn học ở {cast.old}.")).to_be_visible()
    mother.goto("/")
    expect(mother.get_by_role("link", name="Chuyển trường: Chờ trường nhận trả lời")).to_be_visible()

    new_head = visitor.page("hieutruong.moi", "/chuyen-truong/")
    open_transfer(new_head, cast.child)
    faults = faults_of(new_head)
    new_head.get_by_role("button", name="Không nhận").click()
    expect(new_head.get_by_text("Ghi lí do: gia đình và trường kia đọc dòng này.").first).to_be_visible()
    new_head.get_by_role("button", name="Nhận", exact=True).click()
    expect(new_head.get_by_text("Chờ trường đang học cho chuyển").first).to_be_visible()

    head = visitor.page("hieutruong", "/chuyen-truong/?tab=di")
    open_transfer(head, cast.child)
    head.get_by_role("button", name="Cho chuyển", exact=True).click()
    expect(head.get_by_text("Chờ xếp lớp ở trường mới").first).to_be_visible()
    with head.expect_download() as told:
        head.get_by_role("link", name="Tải gói hồ sơ").click()
    told.value.save_as(tmp_path / "goi.zip")
    with zipfile.ZipFile(tmp_path / "goi.zip") as package:
        assert {"manifest.json", "record.json", "phieu-chuyen.pdf"} <= set(package.namelist())
        assert json.loads(package.read("record.json"))["learner"]["full_name"] == cast.child

    clerk = visitor.page("vanthu.moi", "/chuyen-truong/", viewport=NARROW)
    open_transfer(clerk, cast.child)
    faults += faults_of(clerk)
    label = clerk.locator("select[name=class_group] option", has_text=cast.group).first.inner_text()
    clerk.get_by_label("Lớp", exact=True).select_option(label=label)
    clerk.get_by_role("button", name="Xếp vào lớp").click()
    expect(clerk.get_by_text("Em đã vào lớp.")).to_be_visible()
    expect(clerk.get_by_text("Đã chuyển").first).to_be_visible()

    mother = mothers_page(visitor)
    expect(mother.get_by_text(f"Con học ở {cast.new} từ")).to_be_visible()
    faults += faults_of(mother)
    mother.goto("/")
    expect(mother.locator("main .card", has_text=cast.child)).to_contain_text(cast.new)
    clerk.goto("/hoc-sinh/")
    clerk.get_by_label("Tên bắt đầu bằng").fill(cast.child)
    clerk.get_by_role("button", name="Lọc").click()
    expect(clerk.locator("main table")).to_contain_text(cast.child)
    assert faults == []
