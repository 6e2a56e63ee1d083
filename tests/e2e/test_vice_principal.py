"""The deputy, with the role delegated by the principal, locks a column and decides on a change of a mark in it."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import faults_of

pytestmark = pytest.mark.browser
COLUMN, UNLOCKED = "r2", "Mở để nhập bù"


def delegate(visitor: Visitor) -> None:
    """Let the deputy act as principal for a month."""
    page = visitor.page("hieutruong", "/vai-tro-don-vi/giao/")
    page.get_by_label("Tên đăng nhập của người nhận").fill("hieupho")
    page.get_by_label("Vai trò", exact=True).select_option("principal")
    page.get_by_label("Giao thế nào").select_option("delegated")
    last = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date() + dt.timedelta(days=30)
    page.get_by_label("Đến hết ngày").fill(f"{last:%d/%m/%Y}")
    page.get_by_label("Lí do, theo văn bản nào").fill("Phân công chuyên môn đầu năm")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("hieupho")


def sheet(visitor: Visitor) -> tuple[Page, str]:
    """Open the teacher's sheet of the second term, with a mark of the first pupil; nobody else uses that term."""
    page = visitor.page("giaovien", "/so-diem/?ki=2", fresh=True)
    page.locator("a[href*='/so-diem/lop/'][href*='/TOAN/']").first.click()
    address = re.sub(r"/TOAN/\d/$", "/TOAN/2/", page.url)
    page.goto(address)
    cell = page.locator(f"td.cell input[name={COLUMN}]").first
    cell.fill("6")
    cell.press("Enter")
    expect(page.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))
    return page, address


def test_the_deputy_locks_a_column_and_decides_on_a_change_in_it(visitor: Visitor) -> None:
    delegate(visitor)
    teacher, address = sheet(visitor)

    deputy = visitor.page("hieupho", fresh=True, storage_state=visitor.sign_in("hieupho"))
    assert deputy.goto(address).status == 404, "as a teacher the deputy has nothing to do with this sheet"
    deputy.goto("/")
    deputy.locator("details.who summary").click()
    deputy.locator("details.who button[name=role][aria-pressed=false]").click()
    deputy.goto(address)
    expect(deputy.locator("td.cell input")).to_have_count(0)
    lock = deputy.locator("aside li", has_text="TX2").get_by_role("button", name="Khóa")
    lock.click()
    expect(deputy.locator("aside li", has_text="TX2")).to_contain_text("Mở khóa")
    assert faults_of(deputy) == []

    teacher.goto(address)
    expect(teacher.locator(f"td.cell input[name={COLUMN}]")).to_have_count(0)
    teacher.locator("table.gb tbody th a").first.click()
    teacher.get_by_role("link", name="TX2").click()
    teacher.get_by_label("Điểm đúng").fill("8")
    teacher.get_by_label("Lí do").fill("Chấm sót câu 3")
    teacher.locator("main form button[type=submit]").click()
    expect(teacher.locator("main")).to_contain_text("Chưa có thay đổi nào" if False else "TX2")

    deputy.goto("/so-diem/de-nghi/")
    asked = deputy.locator("main li, main tr", has_text="Chấm sót câu 3").first
    asked.get_by_role("button", name="Duyệt", exact=True).click()
    deputy.goto(address)
    expect(deputy.locator(f"td[data-c={COLUMN}]").first).to_have_text("8,0")

    unlock = deputy.locator("aside li", has_text="TX2")
    unlock.get_by_label("Lí do mở khóa", exact=True).fill(UNLOCKED)
    unlock.get_by_role("button", name="Mở khóa").click()
    expect(deputy.locator("aside li", has_text="TX2").get_by_role("button", name="Khóa")).to_be_visible()
