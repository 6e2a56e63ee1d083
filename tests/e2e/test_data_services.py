"""An officer records an agreement, sends, sees both sides agree; an office that loses a school is found out."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, Visitor
from tests.e2e.test_accessibility import faults_of
from tests.outside import Outside
from tests.sharing import held, lose

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


def test_a_service_is_agreed_on_sent_and_reconciled(visitor: Visitor, outside: Outside) -> None:
    page = visitor.page("chuyenvien.so", "/chia-se-du-lieu/")
    expect(page.locator("h1")).to_have_text("Chia sẻ dữ liệu")
    faults = faults_of(page)
    page.get_by_role("link", name="Học sinh theo trường, lớp").click()
    page.get_by_role("link", name="Ghi thỏa thuận").click()
    page.get_by_role("button", name="Ghi thỏa thuận").click()
    expect(page.get_by_role("alert").or_(page.locator(".errs, .summary")).first).to_be_visible()
    faults += faults_of(page)
    page.get_by_label("Số văn bản thỏa thuận").fill("12/TT-SGDĐT")
    page.get_by_label("Ngày kí").fill("01/10/2026")
    page.get_by_role("button", name="Ghi thỏa thuận").click()

    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#state")).to_contain_text("Đúng hạn, khớp", timeout=PATIENCE_MS)
    faults += faults_of(page)

    there = held(outside, "city/learners")
    unit = there["deliveries"][0]
    assert (there["twice"], there["rows"]) == (0, unit["rows"])
    assert lose(outside, "city/learners") > 0
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#state")).to_contain_text("Đơn vị có số liệu khác nhau", timeout=PATIENCE_MS)
    page.set_viewport_size(NARROW)
    faults += faults_of(page)
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#state")).to_contain_text("Đúng hạn, khớp", timeout=PATIENCE_MS)
    assert faults == []
    assert held(outside, "city/learners")["rows"] == there["rows"]
