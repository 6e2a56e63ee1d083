"""Software told of changes as they happen, and figures opened to everybody: from the desk to whoever reads."""

import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from phuong_client import Client
from tests.e2e.conftest import NARROW, WIDE, Visitor
from tests.e2e.test_accessibility import faults_of
from tests.e2e.test_calls import NEW, make_key
from tests.hooked import arrived, learn
from tests.outside import Outside

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PHUONG_SHOTS", "")  # a folder for pictures


def look(page: Page, name: str) -> list[str]:
    """Find faults of the page that stands open, and take its picture where asked."""
    faults = [f"{name} {fault}" for fault in faults_of(page)]
    for size in (WIDE, NARROW) if SHOTS else ():
        page.set_viewport_size(size)
        page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(WIDE)
    return faults


def waited(outside: Outside, kind: str) -> dict[str, Any]:
    """Wait for a message of a kind: the clock asks for the work once a minute."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for message in arrived(outside, "truong"):
            if message["body"]["type"] == kind:
                return message
        time.sleep(0.5)
    raise AssertionError(f"no {kind} came")


def test_a_school_lets_its_software_be_told_and_sends_again_what_was_lost(
    visitor: Visitor, address: str, outside: Outside
) -> None:
    if os.environ.get("PHUONG_E2E"):
        pytest.skip("the demo being served does not speak to this sandbox")
    page = visitor.page("hieutruong", "/he-thong-ket-noi/")
    key = make_key(page, "Phần mềm được báo")
    page.get_by_role("link", name="Đã chép, đi tiếp").click()
    page.get_by_role("link", name="Xem nơi nhận").click()
    faults = look(page, "nhan-trong")
    page.get_by_role("link", name="Thêm nơi nhận").first.click()
    page.get_by_label("Địa chỉ nhận").fill("https://10.0.0.8/nhan")
    page.locator("main").get_by_role("button", name="Thêm nơi nhận").click()
    expect(page.get_by_text("Cần sửa 1 chỗ")).to_be_visible()
    faults += look(page, "nhan-sai")
    page.get_by_label("Địa chỉ nhận").fill(f"{outside.page}hooks/at/truong")
    page.locator("main").get_by_role("button", name="Thêm nơi nhận").click()
    learn(outside, truong=page.get_by_label("Khóa kí", exact=True).input_value())
    faults += look(page, "nhan-khoa")
    page.get_by_role("link", name="Đã chép, đi tiếp").click()
    here = page.url

    page.get_by_role("button", name="Gửi thử").click()
    assert waited(outside, "feed.test")["verdict"] == "good"
    with Client(f"{address}/api/v1/", key) as phuong:
        unit = str(next(iter(phuong.learners.list(limit=1)))["of"])
        made = phuong.learners.create(NEW, of=unit, reason="nhập học")
    message = waited(outside, "feed.changed")

    assert message["verdict"] == "good"
    assert made["id"] in [event["resource_id"] for event in message["body"]["data"]["events"]]
    page.goto(here)
    expect(page.locator("main")).to_contain_text("Đã nhận")
    faults += look(page, "nhan")
    outside.fail("hooks", gone="truong")
    page.get_by_role("button", name="Gửi thử").click()
    page.wait_for_timeout(3000)
    for _ in range(20):
        page.goto(here)
        if page.get_by_role("button", name="Gửi tiếp").count():
            break
        page.wait_for_timeout(1000)
    faults += look(page, "nhan-ngung")
    outside.fail("hooks", gone="")
    page.get_by_role("button", name="Gửi tiếp").click()
    expect(page.get_by_text("Đang gửi tiếp")).to_be_visible()
    page.get_by_role("link", name="Đổi khóa kí").click()
    faults += look(page, "nhan-doi-khoa")
    page.goto(here)
    page.get_by_role("link", name="Phần mềm được báo").click()
    faults += look(page, "he-thong")
    assert faults == []


def test_an_officer_opens_a_dataset_and_anybody_takes_it(visitor: Visitor, address: str) -> None:
    officer = visitor.page("chuyenvien.so", "/du-lieu-mo/quan-li/")
    faults = look(officer, "mo-ban")
    for title in ("Học sinh theo xã, phường, cấp học và năm học", "Danh bạ trường học"):
        officer.get_by_role("link", name=title).click()
        faults += look(officer, "mo-xem-truoc")
        officer.get_by_role("button", name="Công khai bộ dữ liệu").click()
        expect(officer.get_by_text("Đã công khai")).to_be_visible()

    anybody = visitor.page("", "/du-lieu-mo/", fresh=True)
    faults += look(anybody, "mo")
    anybody.get_by_role("link", name="Học sinh theo xã, phường").click()
    faults += look(anybody, "mo-bo")
    file = httpx.get(address + str(anybody.get_by_role("link", name="Tải CSV").get_attribute("href")))
    catalog = httpx.get(f"{address}/du-lieu-mo/catalog.jsonld").json()
    officer.goto("/du-lieu-mo/quan-li/hoc-sinh/")
    officer.get_by_role("button", name="Ngừng công khai").click()

    assert file.content.startswith(b"\xef\xbb\xbfschool_year,")
    assert len(catalog["dcat:dataset"]) == 2
    assert anybody.goto("/du-lieu-mo/31/hoc-sinh/").status == 404
    assert faults == []
