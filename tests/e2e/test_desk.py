"""The department at work: a school closed into another, a task answered with proof, a reminder, a report restated."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, hrefs

UUID = "[0-9a-f-]{36}"


def first(page: Page, pattern: str) -> str:
    return next(link for link in hrefs(page) if link and re.fullmatch(pattern, link))


def open_school(page: Page, commune: str, code: str, name: str) -> str:
    page.goto(commune.replace("/xa/", "/truong/") + "sap-xep/mo-truong/")
    page.get_by_label("Mã trường").fill(code)
    page.get_by_label("Tên trường").fill(name)
    page.get_by_label("THCS", exact=True).check()
    page.get_by_label("Số, ngày quyết định").fill("12/QĐ-UBND")
    page.get_by_label("Có hiệu lực từ ngày").fill("01/09/2026")
    page.get_by_role("button", name="Xem những gì đi theo").click()
    page.get_by_role("button", name="Mở trường", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def test_an_officer_closes_a_school_into_another(visitor: Visitor) -> None:
    page = visitor.page("chuyenvien.so", "/truong/")
    page.goto(first(page, rf"/truong/{UUID}/"))
    visitor.page("canbo.xa", "/")
    commune = next(iter(re.findall(rf"/xa/{UUID}/", visitor.page("chuyenvien.so", "/tim-kiem/?q=phuong").content())))
    closed = open_school(page, commune, "31E2E001", "THCS Sông Cũ")
    open_school(page, commune, "31E2E002", "THCS Sông Mới")

    page.goto(closed + "sap-xep/sap-nhap/")
    page.get_by_label("Đơn vị nhận").fill("31E2E002")
    page.get_by_label("Số, ngày quyết định").fill("15/QĐ-UBND")
    page.get_by_label("Có hiệu lực từ ngày").fill("02/09/2026")
    page.get_by_role("button", name="Xem những gì đi theo").click()
    expect(page.get_by_role("heading", name="Những gì đi theo")).to_be_visible()
    page.get_by_role("button", name="Sáp nhập", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("THCS Sông Mới")
    expect(page.get_by_text("THCS Sông Cũ")).to_be_visible()


def test_a_commune_answers_with_proof_after_the_leader_reminded(visitor: Visitor, tmp_path: Path) -> None:
    leader = visitor.page("lanhdao.so", "/nhiem-vu/moi/")
    leader.get_by_label("Việc phải làm").fill("Rà soát phòng học tạm")
    leader.get_by_label("Hạn cuối").fill("01/11/2026")
    leader.get_by_label("Mọi xã, phường, đặc khu").check()
    leader.get_by_role("button", name="Giao việc").click()
    expect(leader.get_by_text("Đã giao cho")).to_be_visible()
    officer = visitor.page("canbo.xa", "/nhiem-vu/")
    officer.get_by_role("link", name="Rà soát phòng học tạm").click()
    leader.goto(officer.url)
    leader.get_by_role("button", name="Nhắc", exact=True).click()
    expect(leader.get_by_text("Đã nhắc 1 nhiệm vụ")).to_be_visible()

    officer.goto("/thong-bao/")
    expect(officer.get_by_text("Nhắc: Rà soát phòng học tạm")).to_be_visible()
    officer.get_by_role("button", name="Mở", exact=True).first.click()
    proof = tmp_path / "ra-soat.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    officer.get_by_label("Đã làm được gì").fill("Đã rà soát 12 trường")
    officer.get_by_label("Hoàn thành, %").fill("100")
    officer.get_by_label("Tệp minh chứng").set_input_files(proof)
    officer.get_by_role("button", name="Ghi", exact=True).click()
    officer.get_by_role("button", name="Gửi xác nhận").click()

    expect(officer.get_by_role("link", name="ra-soat.pdf")).to_be_visible()
    leader.goto(officer.url)
    leader.get_by_role("button", name="Xác nhận đã xong").click()
    expect(leader.get_by_text("Đã xong").first).to_be_visible()


def test_a_report_goes_out_and_is_restated(visitor: Visitor) -> None:
    officer = visitor.page("chuyenvien.so", "/bao-cao/")
    officer.get_by_role("button", name="Lập bản thảo").click()
    officer.get_by_label("Kết quả nổi bật").fill("Mở 12 lớp mới.")
    officer.get_by_role("button", name="Lưu phần viết").click()
    officer.get_by_role("button", name="Trình duyệt").click()
    for account in ("truongphong.so", "lanhdao.so"):
        head = visitor.page(account, officer.url)
        head.get_by_role("button", name="Duyệt", exact=True).click()
    expect(head.get_by_text("Đã duyệt, chưa gửi")).to_be_visible()
    officer.reload()
    officer.get_by_role("button", name="Lấy số và gửi").click()
    expect(officer.get_by_text("01/BC-SGDĐT").first).to_be_visible()

    officer.get_by_label("Lí do đính chính").fill("bổ sung số liệu")
    officer.get_by_role("button", name="Lập bản đính chính").click()

    expect(officer.get_by_text("Bản đính chính, thay cho")).to_be_visible()
    expect(officer.get_by_role("link", name="01/BC-SGDĐT").first).to_be_visible()


def test_a_clerk_corrects_a_learner_and_reads_the_history(visitor: Visitor) -> None:
    page = visitor.page("vanthu", "/hoc-sinh/")
    page.goto(first(page, rf"/nguoi/{UUID}/"))
    page.get_by_role("link", name="Sửa", exact=True).first.click()
    page.get_by_label("Nơi sinh").fill("Kiến An")
    page.get_by_label("Lí do").fill("theo giấy khai sinh")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Lịch sử", exact=True).first.click()

    expect(page.get_by_text("Lí do: theo giấy khai sinh").first).to_be_visible()
    expect(page.get_by_text("Kiến An").first).to_be_visible()
