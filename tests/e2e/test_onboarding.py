"""A clerk prints the letters of a class; a mother activates her account with hers."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, Visitor

pytestmark = pytest.mark.browser
PASSWORD = "mua ha hoa phuong"


def test_a_clerk_prints_letters_and_a_mother_activates_on_her_phone(visitor: Visitor, tmp_path: Path) -> None:
    desk = visitor.page("vanthu", "/tai-khoan-truong/")
    group = desk.locator("tbody th").nth(2).inner_text()
    desk.get_by_role("button", name=f"Phụ huynh {group}").click()
    taken = desk.get_by_role("link", name=f"Tải PDF {group}").first
    for _ in range(30):
        if taken.count():
            break
        desk.wait_for_timeout(1000)
        desk.reload()
    with desk.expect_download() as told:
        taken.click()
    told.value.save_as(tmp_path / "thu.pdf")
    read = subprocess.run(
        ["pdftotext", "-l", "1", tmp_path / "thu.pdf", "-"], capture_output=True, text=True, check=True
    )
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", read.stdout)
    name = re.search(r"^[a-z]+\d*$", read.stdout, re.MULTILINE)
    assert code is not None
    assert name is not None

    phone = visitor.page("", f"/kich-hoat/?ten={name[0]}", fresh=True, viewport=NARROW)
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.get_by_label("Mã in trên thư").fill(code[0].lower())
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    phone.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    phone.get_by_role("button", name="Đặt mật khẩu và vào").click()

    expect(phone.get_by_role("link", name="Xem hồ sơ").first).to_be_visible()
    phone.goto("/gan-con/")
    expect(phone.get_by_role("heading", name="Gắn thêm con")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
