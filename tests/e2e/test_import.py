"""A clerk brings in a file: sees what is wrong and what will change, applies it, takes it back."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_clerk_brings_in_a_file_and_undoes_it(visitor: Visitor) -> None:
    desk = visitor.page("vanthu", "/nap-du-lieu/")
    desk.get_by_role("link", name="Học sinh", exact=True).click()
    lines = ["Họ tên,Ngày sinh,Giới tính", "Lê Văn Nạp,05/09/2015,Nam", "Nạp,31/02/2015,Nam"]
    desk.set_input_files("[name=file]", {"name": "hs.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()})
    desk.get_by_role("button", name="Kiểm tra tệp").click()
    expect(desk.get_by_role("button", name="Áp dụng 1 dòng")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("Không đọc được ngày")).to_be_visible()
    expect(desk.get_by_role("rowheader", name="A3")).to_be_visible()
    with desk.expect_download() as told:
        desk.get_by_role("link", name="Tải các dòng lỗi về sửa").click()
    assert told.value.suggested_filename == "hs-loi.xlsx"

    desk.get_by_role("button", name="Áp dụng 1 dòng").click()
    undo = desk.get_by_role("button", name="Hoàn tác cả lần nạp")
    expect(undo).to_be_visible(timeout=30_000)
    desk.goto("/hoc-sinh/?q=Lê+Văn+Nạp")
    expect(desk.locator("tbody a", has_text="Lê Văn Nạp").first).to_be_visible()

    desk.go_back()
    undo.click()
    expect(desk.get_by_text("Đã trả lại như cũ")).to_be_visible(timeout=30_000)
    desk.goto("/hoc-sinh/?q=Lê+Văn+Nạp")
    expect(desk.locator("tbody a", has_text="Lê Văn Nạp")).to_have_count(0)
