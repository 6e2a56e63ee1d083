"""Marks are typed like in a spreadsheet, saved by themselves, kept without a connection, and seen by others."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import faults_of


def opened(visitor: Visitor, account: str = "giaovien", *, at: int = 0, **options: Any) -> Page:
    """Open one of the account's sheets of mathematics."""
    page = visitor.page(account, "/so-diem/", **options)
    page.locator("a[href*='/TOAN/1/']").nth(at).click()
    expect(page.locator("table.gb")).to_be_visible()
    return page


def cells(page: Page, column: str) -> Any:
    return page.locator(f"td.cell input[name={column}]")


def test_a_teacher_types_a_column_and_it_is_saved_by_itself(visitor: Visitor) -> None:
    page = opened(visitor)
    column = cells(page, "r4")
    column.nth(0).focus()
    for typed in ("75", "8", "125"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")

    expect(column.nth(0)).to_have_value("7,5")
    expect(column.nth(2)).to_have_attribute("aria-invalid", "true")
    expect(column.nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))
    page.reload()
    expect(cells(page, "r4").nth(0)).to_have_value("7,5")
    expect(cells(page, "r4").nth(2)).to_have_value("4,0")


def test_a_column_pasted_from_a_spreadsheet_fills_down(visitor: Visitor) -> None:
    page = opened(visitor, at=1)
    first = cells(page, "r4").nth(0)
    first.focus()
    first.evaluate(
        """(cell) => { const data = new DataTransfer(); data.setData("text", "6\\n7,5\\n10\\nV\\n");
        cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )

    for place, shown in enumerate(("6,0", "7,5", "10", "V")):
        expect(cells(page, "r4").nth(place)).to_have_value(shown)
    expect(page.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))


def test_what_is_typed_without_a_connection_is_sent_when_it_is_back(visitor: Visitor) -> None:
    page = opened(visitor, at=1, fresh=True)
    page.context.set_offline(True)
    cells(page, "final").nth(0).focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text(re.compile("Mất kết nối"))

    page.context.set_offline(False)

    expect(page.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))
    page.reload()
    expect(cells(page, "final").nth(0)).to_have_value("9,0")


def test_two_browsers_on_one_sheet_see_each_other_and_no_mark_is_lost(visitor: Visitor) -> None:
    one, other = opened(visitor, at=2, fresh=True), opened(visitor, at=2, fresh=True)
    cells(one, "final").nth(1).focus()
    one.keyboard.type("8")
    one.keyboard.press("Enter")
    expect(one.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))

    cells(other, "final").nth(1).focus()
    other.keyboard.type("6")
    other.keyboard.press("Enter")

    expect(other.locator("#said")).to_have_text(re.compile("vừa ghi 8,0"))
    expect(cells(other, "final").nth(1)).to_have_value("8,0")
    cells(one, "final").nth(2).focus()
    one.keyboard.type("5")
    one.keyboard.press("Enter")
    expect(cells(other, "final").nth(2)).to_have_value("5,0", timeout=20_000)


def test_the_sheet_is_a_plain_form_without_script_and_a_list_on_the_phone(visitor: Visitor) -> None:
    plain = opened(visitor, at=2, fresh=True, java_script_enabled=False)
    cells(plain, "r3").nth(0).fill("65")
    plain.get_by_role("button", name="Lưu", exact=True).click()
    expect(cells(plain, "r3").nth(0)).to_have_value("6,5")

    phone = opened(visitor, at=2, fresh=True, viewport={"width": 390, "height": 844})
    phone.get_by_label("Cột đang nhập", exact=True).select_option("midterm")
    expect(cells(phone, "midterm").nth(0)).to_be_visible()
    expect(cells(phone, "r1").nth(0)).to_be_hidden()
    assert faults_of(phone) == []
