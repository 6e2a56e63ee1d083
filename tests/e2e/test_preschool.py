"""A preschool group: a day of weighing and measuring, who is due first, the measurings of one child."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, Visitor
from tests.e2e.test_accessibility import faults_of

pytestmark = pytest.mark.browser
SAVED = re.compile("Đã lưu lúc")


def opened(visitor: Visitor, account: str = "giaovien.mn", **options: Any) -> Page:
    """Open the sheet of the account's own group on a day in September on which nobody had been measured before."""
    page = visitor.page(account, "/so-diem/?ki=1", **options)
    page.locator("a[href*='/can-do/']").first.click()
    year = (page.locator("#ngay").get_attribute("min") or "")[:4]
    page.goto(re.sub(r"/can-do/[-\d]+/", f"/can-do/{year}-09-12/", page.url))
    expect(page.locator("table.pr")).to_be_visible()
    return page


def test_weights_are_typed_who_is_due_comes_first_and_the_principal_reads_the_series(visitor: Visitor) -> None:
    page = opened(visitor)
    first, weight = page.locator("tbody tr").first, page.locator("input[name=weight]")
    name, key = first.locator("th").inner_text().strip(), first.get_attribute("data-l")
    weight.nth(0).click()
    for typed in ("13,4", "mười"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")

    expect(weight.nth(1)).to_have_attribute("aria-invalid", "true")
    expect(weight.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_have_text(SAVED)
    page.reload()
    expect(page.locator(f"tr[data-l='{key}'] input[name=weight]")).to_have_value("13,4")

    page.goto(page.url.replace("-09-12/", "-09-13/"))
    measured = page.locator(f"tr[data-l='{key}']")
    expect(measured.locator(".k-known")).to_contain_text("13,4 kg")
    due = int(page.locator("p.small", has_text="đến hạn cân đo").inner_text().split()[0])
    order = [row.get_attribute("data-l") for row in page.locator("tbody tr").all()]
    assert 0 < due <= order.index(key)  # whoever was never measured is due, and comes before
    expect(page.locator("tbody tr").first.locator(".k-known")).to_have_text("Chưa đo lần nào")

    measured.locator("th a").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("tbody")).to_contain_text("13,4")
    head = visitor.page("hieutruong.mn", page.url)
    expect(head.locator("tbody")).to_contain_text("13,4")
    sheet = opened(visitor, "hieutruong.mn")
    assert sheet.locator("input[name=weight]").count() == 0


def test_a_height_is_saved_on_a_phone(visitor: Visitor) -> None:
    page = opened(visitor, viewport=NARROW)
    row = page.locator("tbody tr").nth(2)
    key = row.get_attribute("data-l")
    row.locator("input[name=height]").fill("98,5")
    page.get_by_role("button", name="Lưu cả nhóm").click()

    expect(page.locator(f"tr[data-l='{key}'] input[name=height]")).to_have_value("98,5")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_sheets_and_the_series_have_no_fault_at_any_width(visitor: Visitor) -> None:
    page = opened(visitor)
    series = page.locator("tbody th a").first.get_attribute("href") or ""
    found = faults_of(page)
    for address in (re.sub(r"/can-do/[-\d]+/", "/phat-trien/1/", page.url), series):
        page.goto(address)
        found += faults_of(page)

    assert found == []
