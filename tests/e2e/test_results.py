"""Pages of results and those around the grade sheets: axe, phone and desktop; remarks and their phrases by keyboard."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, Visitor
from tests.e2e.test_accessibility import Watch, faults_of
from tests.e2e.test_gradebook import opened

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PHUONG_SHOTS", "")  # a folder: pictures of the pages are left there
PLACES = (
    "tong-hop/",
    "cuoi-nam/",
    "khen-thuong/",
    "tien-do/",
    "pho-diem/?ki=1",
    "vang/",
    "day-thay/",
    "tiet-day/",
    "cau-mau/",
    "thoi-han/",
)


def look(page: Page, name: str) -> list[str]:
    """Look at a page for faults; leave its picture when asked to."""
    found = [f"{name} {fault}" for fault in faults_of(page)]
    for size in (WIDE, NARROW) if SHOTS else ():
        page.set_viewport_size(size)
        page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=True)
    return found


def test_the_pages_of_results_have_no_fault_at_either_width(visitor: Visitor) -> None:
    page = visitor.blank("hieutruong")
    watch = Watch(page, visitor.address)
    faults = []
    for place in PLACES:
        answer = page.goto(f"/so-diem/{place}")
        assert answer is not None
        assert answer.status == 200, place
        faults += look(page, place.split("/")[0])
    page.goto("/so-diem/tong-hop/")
    for name, link in (("ren-luyen", "a[href*='/ren-luyen/']"), ("tong-hop-lop", "a[href$='/tong-hop/1/']")):
        page.goto("/so-diem/tong-hop/")
        page.locator(link).first.click()
        faults += look(page, name)
    why = page.locator("a[href*='/tong-hop/1/em/']")
    if why.count():
        why.first.click()
        faults += look(page, "vi-sao")
    assert not faults + watch.faults, "\n".join(faults + watch.faults)


def test_a_phrase_is_put_into_a_remark_by_keyboard_and_saved_by_itself(visitor: Visitor) -> None:
    bank = visitor.page("giaovien", "/so-diem/cau-mau/", fresh=True)
    bank.locator("[name=text]").fill("Nắm chắc bài, trình bày rõ.")
    bank.get_by_role("button", name="Thêm", exact=True).click()
    expect(bank.get_by_text("Đã thêm câu mẫu.")).to_be_visible()
    page = opened(visitor, at=1, fresh=True)
    field = page.locator("textarea[name=remark]").nth(1)
    field.focus()
    page.keyboard.type("Em")
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_role("combobox", name="Tìm trong câu mẫu").fill("nam chac")
    expect(page.locator("#phrase-hits > li")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(field).to_have_value("Em Nắm chắc bài, trình bày rõ.")
    expect(field).to_be_focused()
    expect(page.locator("td.rem.dirty")).to_have_count(0)
    expect(page.locator("#said")).to_have_text(re.compile("Đã lưu lúc"))
    faults = look(page, "so-diem")
    page.reload()
    expect(page.locator("textarea[name=remark]").nth(1)).to_have_value("Em Nắm chắc bài, trình bày rõ.")
    page.set_viewport_size(NARROW)
    page.get_by_label("Cột đang nhập", exact=True).select_option("remark")
    expect(page.locator("textarea[name=remark]").nth(0)).to_be_visible()
    expect(page.locator("td.cell input").first).to_be_hidden()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "nhan-xet-390.png")
    page.locator("textarea[name=remark]").nth(0).focus()
    page.get_by_role("button", name="Câu mẫu").click()
    expect(page.locator("#phrase-hits > li").first).to_be_visible()
    faults += faults_of(page, (NARROW,))
    assert not faults, "\n".join(faults)
