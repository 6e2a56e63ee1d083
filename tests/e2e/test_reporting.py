"""A commune reports a value with evidence; it is returned, mended, accepted; plans are compared side by side."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser

PLAN = "hai-phong-strategy-2045"
QUEUE = "/bao-so-lieu/duyet/?size=100"
TITLE = "Tỷ lệ đạt chuẩn phổ cập giáo dục cấp trung học cơ sở mức độ 3"


def report(officer: Page, proof: Path) -> None:
    """Send in what is not true yet, with its evidence."""
    officer.locator("main").get_by_role("link", name=TITLE).last.click()
    officer.get_by_label("Số đạt").fill("0")
    officer.get_by_label("Tổng số").fill("1")
    officer.get_by_label("Số liệu lấy từ đâu").fill("Quyết định của Ủy ban nhân dân")
    officer.get_by_label("Tệp minh chứng").set_input_files(proof)
    officer.get_by_role("button", name="Gửi để duyệt").click()
    expect(officer.get_by_text("Đã gửi để duyệt.")).to_be_visible()
    expect(officer.get_by_role("link", name=proof.name)).to_be_visible()


def return_by_keyboard(reviewer: Page, proof: Path, words: str) -> None:
    """Tick the line with the space bar and send it back."""
    reviewer.locator("main tbody tr", has_text=proof.name).get_by_role("checkbox").focus()
    reviewer.keyboard.press("Space")
    reviewer.get_by_label("Nhận xét").fill(words)
    reviewer.get_by_role("button", name="Trả lại các dòng đã chọn").focus()
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_text("Đã trả lại 1 số liệu.")).to_be_visible()


def accept(reviewer: Page, proof: Path) -> None:
    """Open the value from the queue and accept it on its own page."""
    reviewer.goto(QUEUE)
    reviewer.locator("main tbody tr", has_text=proof.name).get_by_role("link", name=TITLE).click()
    reviewer.get_by_role("button", name="Duyệt", exact=True).click()
    expect(reviewer.get_by_text("Đã duyệt 1 số liệu.")).to_be_visible()


def test_a_value_is_reported_returned_mended_and_accepted(visitor: Visitor, tmp_path: Path) -> None:
    proof = tmp_path / "quyet-dinh.pdf"
    proof.write_bytes(b"%PDF-1.7 decision")
    officer = visitor.page("canbo.xa", "/bao-so-lieu/")
    expect(officer.locator("main table")).to_contain_text("Quá hạn")
    report(officer, proof)
    reviewer = visitor.page("chuyenvien.so", QUEUE)
    return_by_keyboard(reviewer, proof, "Quyết định ghi đã đạt, kiểm tra lại")

    officer.goto("/thong-bao/")
    officer.get_by_role("button", name="Mở", exact=True).first.click()
    expect(officer.locator("main")).to_contain_text("Quyết định ghi đã đạt, kiểm tra lại")
    officer.get_by_label("Số đạt").fill("1")
    officer.get_by_role("button", name="Gửi để duyệt").click()
    accept(reviewer, proof)

    officer.goto(f"/ke-hoach/{PLAN}/chi-tieu/xb2/")
    cards = officer.locator("main .grid3 > *")
    expect(cards.nth(0)).to_contain_text("Chính thức báo cáo")
    expect(cards.nth(0)).to_contain_text("100,0%")
    expect(cards.nth(0)).to_contain_text("Chuyên viên Sở duyệt ngày")
    expect(cards.nth(1)).to_contain_text("Không đếm được từ hồ sơ")


def test_a_leader_reads_which_plans_contradict_each_other(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so", "/ke-hoach/")
    page.get_by_role("link", name="Đối chiếu kế hoạch").click()
    everything = page.locator("main table > tbody").count()
    page.get_by_label("Chỉ xem mâu thuẫn").check()
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.wait_for_url("**conflicts=on**")

    expect(page.locator("#C16")).to_contain_text(
        "Năm 2025: hai-phong-nq57-2026 (PL2-23) đòi ≥ 80%, 5363/KH-SGDĐT (x16) đòi 100%."
    )
    assert 0 < page.locator("main table > tbody").count() < everything
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename == "doi-chieu-ke-hoach.xlsx"
    page.locator("#C16").get_by_role("link", name="x16").click()
    page.get_by_role("link", name="Đối chiếu với kế hoạch khác").click()
    expect(page).to_have_url(f"{visitor.address}/ke-hoach/doi-chieu/#C16")
