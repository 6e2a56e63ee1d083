"""A clerk has one pupil checked, sees both sides, takes the right one; an officer watches a run."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import faults_of
from tests.outside import Outside
from tests.verifying import received

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


def test_one_pupil_is_checked_compared_and_mended(visitor: Visitor, outside: Outside) -> None:
    outside.fail("lgsp", full_name="*")
    page = visitor.page("vanthu", "/hoc-sinh/?number=agrees")
    page.locator("table.tbl tbody th a").first.click()
    page.get_by_role("link", name="Đối chiếu dân cư").click()
    standing = page.locator("#standing")
    expect(standing).to_contain_text("khớp")
    faults = faults_of(page)

    page.get_by_role("button", name="Kiểm tra ngay").click()
    expect(page.get_by_text("Đã gửi. Kết quả hiện ở đây khi có.")).to_be_visible()
    expect(standing.get_by_role("link", name="Xem hai bên")).to_be_visible(timeout=PATIENCE_MS)
    expect(standing).to_contain_text("không khớp")
    page.get_by_role("link", name="Xem hai bên").click()
    theirs = page.locator("td b").first.inner_text()
    faults += faults_of(page)
    _choose(page, "Theo giấy khai sinh")

    expect(page.get_by_text("Đã sửa theo CSDL dân cư, hồ sơ khớp.")).to_be_visible()
    page.goto("/hoc-sinh/?q=" + theirs)
    page.locator("table.tbl").get_by_role("link", name=theirs).first.click()
    expect(page.locator("h1")).to_have_text(theirs)
    page.get_by_role("link", name="Đối chiếu dân cư").click()
    expect(standing).to_contain_text("chưa xác thực → khớp")
    assert faults == []
    assert received(outside)["twice"] == 0


def _choose(page: Page, reason: str) -> None:
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_role("link", name="Chọn bên đúng.")).to_be_visible()
    page.get_by_label("Lấy theo CSDL dân cư").check()
    page.get_by_label("Lí do").fill(reason)
    page.get_by_role("button", name="Ghi quyết định").click()


def test_an_officer_runs_the_check_of_the_province_and_sees_it_end(visitor: Visitor, outside: Outside) -> None:
    page = visitor.page("chuyenvien.so", "/doi-chieu-dan-cu/tien-do/")
    page.get_by_role("button", name="Đối chiếu ngay").click()

    expect(page.locator("section.job").first).to_contain_text(re.compile("đã xong", re.IGNORECASE), timeout=PATIENCE_MS)
    page.goto("/doi-chieu-dan-cu/tien-do/")
    expect(page.locator("#progress dd").first).to_have_text("0")
    page.goto("/doi-chieu-dan-cu/")
    expect(page.locator("h1")).to_have_text("Đối chiếu dân cư")
    assert faults_of(page) == []
    assert received(outside)["twice"] == 0
