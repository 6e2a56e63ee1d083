"""A conclusion nobody answers goes up: to the unit first, in the end under the leader's bell."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor, command

pytestmark = pytest.mark.browser

TASK = "Rà soát lớp học hai buổi"
SECOND = "Đặc khu Cát Hải"
DUE_IN_DAYS = 5


def in_days(days: int) -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date() + dt.timedelta(days=days)


def own_commune(visitor: Visitor) -> str:
    text = visitor.page("canbo.xa", "/nhiem-vu/khoi-luong/").locator(".top").first.inner_text()
    return re.search(r"(Phường|Xã|Đặc khu) [^\n]+", text)[0]


def tick(page: Page, name: str) -> None:
    page.get_by_label("Tìm đơn vị theo tên").fill(name)
    page.get_by_role("button", name="Tìm đơn vị").click()
    page.get_by_label(name, exact=True).check()


def name_somebody(page: Page, unit: str) -> str:
    page.get_by_role("button", name="Tìm người").click()
    person = page.locator("label", has=page.locator("[name=person]")).filter(has_text=unit).first
    person.locator("input").check()
    return str(person.locator("span").inner_text().split("\n")[0]).strip()


def line_of(page: Page, unit: str) -> Locator:
    page.goto(f"/nhiem-vu/?q={TASK}")
    return page.locator("main li", has_text=unit)


def told_on(day: dt.date) -> int:
    return int(json.loads(command("tasks", "escalate", "--day", day.isoformat(), "--json"))["told"])


def test_a_conclusion_nobody_answers_reaches_the_leader(visitor: Visitor) -> None:
    first = own_commune(visitor)
    leader = visitor.page("lanhdao.so", "/nhiem-vu/moi/")
    leader.get_by_label("Việc phải làm").fill(TASK)
    leader.get_by_label("Kết quả phải có").fill("Danh sách lớp")
    leader.get_by_label("Hạn cuối").fill(f"{in_days(DUE_IN_DAYS):%d/%m/%Y}")
    tick(leader, first)
    tick(leader, SECOND)
    person = name_somebody(leader, first)
    expect(leader.locator("[name=unit]:checked")).to_have_count(2)
    expect(leader.get_by_label("Việc phải làm")).to_have_value(TASK)
    leader.get_by_role("button", name="Giao việc").click()
    expect(leader.get_by_text("Đã giao cho 2 đơn vị")).to_be_visible()
    expect(line_of(leader, first)).to_contain_text(person)
    expect(line_of(leader, SECOND)).to_be_visible()

    late = in_days(DUE_IN_DAYS + 11)
    assert told_on(late) > 0
    assert told_on(late) == 0

    officer = visitor.page("canbo.xa", "/thong-bao/")
    expect(officer.locator("main")).to_contain_text(TASK)
    leader.goto("/thong-bao/")
    expect(leader.locator("main")).to_contain_text("Quá hạn 10 ngày, báo Lãnh đạo Sở")
    expect(line_of(leader, first)).to_contain_text("đã báo cấp trên")
    line_of(leader, first).get_by_role("link").click()
    expect(leader.locator("main")).to_contain_text("Báo cấp trên: Quá hạn 10 ngày, báo Lãnh đạo Sở")
