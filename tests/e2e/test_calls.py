"""Another system at work: a key made on the page, used over real HTTP by the client library, followed without loss."""

import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from phuong_client import Client, Problem
from tests.e2e.conftest import Visitor

NEW = {"full_name": "Lê Kết Nối", "birth_date": "2013-09-05", "sex": "female", "nationality": "VN"}
GRANTED = ("Đọc hồ sơ học sinh, phụ huynh, lớp", "Ghi hồ sơ học sinh, phụ huynh, xếp lớp", "Đọc nhiệm vụ")


def make_key(page: Page, name: str, unit: str = "") -> str:
    page.goto("/he-thong-ket-noi/moi/")
    page.get_by_label("Tên hệ thống").fill(name)
    if unit:
        page.get_by_label("Mã đơn vị có dữ liệu").fill(unit)
    for title in GRANTED:
        page.get_by_label(title, exact=True).check()
    page.locator("main").get_by_role("button", name="Tạo khóa").click()
    return page.get_by_label("Khóa", exact=True).input_value()


def test_a_school_connects_its_software_and_follows_what_changes(visitor: Visitor, address: str) -> None:
    page = visitor.page("hieutruong", "/he-thong-ket-noi/")
    key = make_key(page, "Phần mềm A")

    with Client(f"{address}/api/v1/", key) as phuong:
        start = phuong.learners.start()
        first = next(iter(phuong.learners.list(limit=1)))
        made = phuong.learners.create(NEW, of=str(first["of"]), reason="nhập học", once="e2e-1")
        again = phuong.learners.create(NEW, of=str(first["of"]), reason="nhập học", once="e2e-1")
        phuong.learners.change(made["id"], {"birthplace": "Huế"}, reason="x", version=made["version"] or "")
        told = [item for page_ in phuong.learners.all_changes(start, keep=str) for item in page_.items]
        with pytest.raises(Problem) as refused:
            list(phuong.staff.list())

    assert made == again
    assert [(item["id"], item["birthplace"]) for item in told] == [(made["id"], "Huế")]
    assert (refused.value.status, refused.value.code) == (404, "not_there")
    page.get_by_role("link", name="Đã chép, đi tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phần mềm A")
    expect(page.locator("main")).not_to_contain_text(key.split(".")[1])


def test_an_operator_makes_a_key_and_the_principal_lets_it_work(visitor: Visitor, address: str) -> None:
    principal = visitor.page("hieutruong", "/he-thong-ket-noi/moi/")
    unit = principal.get_by_label("Mã đơn vị có dữ liệu").input_value()
    operator = visitor.page("quantri", "/he-thong-ket-noi/")
    key = make_key(operator, "Phần mềm B", unit)
    operator.get_by_role("link", name="Đã chép, đi tiếp").click()

    with Client(f"{address}/api/v1/", key) as phuong:
        with pytest.raises(Problem) as refused:
            phuong.learners.start()
        principal.goto(operator.url)
        principal.get_by_role("button", name="Duyệt khóa").click()
        expect(principal.get_by_text("Đã duyệt")).to_be_visible()

    assert refused.value.code == "gateway.not_approved"


def test_many_calls_at_once_share_one_allowance(visitor: Visitor, address: str) -> None:
    page = visitor.page("hieutruong", "/he-thong-ket-noi/")
    key = make_key(page, "Phần mềm C")
    page.get_by_role("link", name="Đã chép, đi tiếp").click()
    page.get_by_label("Số lần gọi mỗi phút").fill("6")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu")).to_be_visible()

    began = time.monotonic()
    told = [status_of(address, key) for _connection in range(9)]

    filled_up = int((time.monotonic() - began) / 10) + 1
    assert set(told) == {200, 429}
    assert 6 <= told.count(200) <= 6 + filled_up


def status_of(address: str, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{address}/api/v1/learners", params={"limit": 1}, headers=headers).status_code
