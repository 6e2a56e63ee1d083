"""The leader goes from a sentence on the dashboard down to one record, by mouse and by keyboard alone."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, command, hrefs

pytestmark = pytest.mark.browser

INDICATOR = "/ke-hoach/hai-phong-5363-2025/chi-tieu/x4/"


def number_in(text: str) -> int:
    return int(re.search(r"\d[\d.]*", text)[0].replace(".", ""))


def listed(page: Page) -> int:
    """Count the records of a list over all its pages."""
    count = 0
    while True:
        count += page.locator("main tbody tr").count()
        later = hrefs(page, "main nav.pager a[rel=next]")
        if not later:
            return count
        page.goto(urljoin(page.url, later[0]))


@pytest.fixture
def counted(address: str) -> None:
    """Count the measures anew: what other journeys changed since the last count is in the figures."""
    assert address
    command("measures", "compute")


def test_the_dashboard_says_in_a_sentence_how_things_stand(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    sentence = page.locator("main .lead").inner_text()
    total, *counts = (int(number) for number in re.findall(r"\d+", sentence)[1:])
    assert all(word in sentence for word in ("đúng tiến độ", "cần chú ý", "chậm"))
    assert 0 < sum(counts) <= total
    assert f"{counts[0]} chỉ tiêu đúng tiến độ" in page.locator("main a.is-good").inner_text()
    expect(page.locator("main")).to_contain_text("Số liệu đến")


@pytest.mark.usefixtures("counted")
def test_from_a_late_indicator_down_to_a_record_and_back(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    late = page.locator(".goals tbody th[scope=row] a").first
    title = late.inner_text()
    late.click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("Chậm")

    page.goto(INDICATOR)
    expect(page.locator("main")).to_contain_text("Chậm")
    page.get_by_role("link", name="Xem theo đơn vị").click()
    trail = []
    for _level in ("commune", "school"):
        unit = page.locator("main table").first.locator("tbody tr", has=page.locator("td a")).first.locator("th a")
        name = unit.inner_text()
        unit.click()
        expect(page.locator(".ph .lead")).to_have_text(name)
        trail.append(page.url)
    button = page.get_by_role("link", name=re.compile(r"Xem [\d.]+ hồ sơ còn thiếu"))
    expected = number_in(button.inner_text())
    button.click()
    expect(page.locator("h1")).to_have_text("Hồ sơ còn thiếu")
    record = page.locator("main tbody th a").first
    label = record.inner_text()
    record.click()
    expect(page.locator("h1")).to_have_text(label)

    page.go_back()
    expect(page.locator("h1")).to_have_text("Hồ sơ còn thiếu")
    assert listed(page) == expected
    page.goto(trail[0])
    expect(page.get_by_role("link", name=re.compile("hồ sơ còn thiếu"))).to_be_visible()


@pytest.mark.usefixtures("counted")
def test_the_number_on_the_button_is_the_number_of_records_of_the_province(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so", INDICATOR)
    page.get_by_role("link", name="Xem theo đơn vị").click()
    button = page.get_by_role("link", name=re.compile(r"Xem [\d.]+ hồ sơ còn thiếu"))
    expected = number_in(button.inner_text())
    button.click()
    assert expected > 50
    assert listed(page) == expected


def test_a_tile_of_the_map_opens_its_commune(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    tile = page.locator("aside svg a").first
    path = tile.get_attribute("href")
    tile.click()
    page.wait_for_url(f"**{path}")
    expect(page.locator(".ph .lead")).to_have_text(re.compile(r"^(Phường|Xã|Đặc khu) "))


def test_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("thcs gia vien")
    hits = page.locator("#palette [role=option]")
    expect(hits.filter(has_text="Trường THCS Gia Viên")).to_have_count(1)
    for _step in range(hits.count()):
        chosen = page.locator("#palette [aria-selected=true]")
        if "Trường THCS Gia Viên" in chosen.inner_text():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Trường THCS Gia Viên")
