"""Sheets of a primary class: typed like a spreadsheet, saved by themselves, told when another was first."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import faults_of

pytestmark = pytest.mark.browser
SAVED = re.compile("Đã lưu lúc")


def opened(visitor: Visitor, **options: Any) -> Page:
    """Open the sheet of mathematics of the account's own class."""
    page = visitor.page("giaovien.th", "/so-diem/?ki=1", **options)
    page.locator("a[href*='/TOAN/dot/']").first.click()
    expect(page.locator("table.pr")).to_be_visible()
    return page


def test_levels_and_marks_are_typed_and_saved_by_themselves(visitor: Visitor) -> None:
    page = opened(visitor)
    level, test = page.locator("input[name=level]"), page.locator("input[name=test]")
    level.nth(0).click()
    for typed in ("t", "h", "x"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")

    expect(level.nth(1)).to_have_value("H")
    expect(level.nth(2)).to_have_attribute("aria-invalid", "true")
    expect(level.nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    test.nth(0).click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text(SAVED)
    page.wait_for_timeout(1500)
    page.reload()
    expect(level.nth(0)).to_have_value("T")
    expect(test.nth(0)).to_have_value("10")


def test_who_comes_second_is_told_what_the_first_wrote(visitor: Visitor) -> None:
    page, other = opened(visitor), opened(visitor)
    for one, typed in ((other, "c"), (page, "t")):
        one.locator("input[name=level]").nth(5).click()
        one.keyboard.type(typed)
        one.keyboard.press("Enter")
        expect(one.locator("#said")).to_have_text(SAVED if one is other else re.compile("vừa ghi «C"))

    expect(page.locator("input[name=level]").nth(5)).to_have_value("T")


def test_the_sheets_have_no_fault_at_any_width(visitor: Visitor) -> None:
    page = opened(visitor)
    found = faults_of(page)
    sheet = page.url
    story, pupil = f"{sheet}lich-su/", page.locator("tbody th a").first.get_attribute("href") or ""
    for address in (re.sub("/TOAN/dot/", "/pham-chat/", sheet), story, pupil, f"{pupil}sua/remark/"):
        page.goto(address)
        found += faults_of(page)

    assert found == []
