"""English, the dark theme, and paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser

ENGLISH = {
    "/": "The whole province today",
    "/hoc-sinh/": "Learners",
    "/ke-hoach/hai-phong-5363-2025/chi-tieu/x5/": None,
}


@pytest.mark.parametrize("path", ENGLISH)
def test_to_english_and_back(visitor: Visitor, path: str) -> None:
    page = visitor.page("lanhdao.so", path)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    vietnamese = page.locator("h1").inner_text()
    page.locator("nav.rail").get_by_role("link", name="English").click()
    page.wait_for_url(f"**/en{path}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    if ENGLISH[path]:
        expect(page.locator("h1")).to_have_text(ENGLISH[path])
    assert page.locator("h1").inner_text() != vietnamese
    page.locator("nav.rail").get_by_role("link", name="Tiếng Việt").click()
    page.wait_for_url(re.compile(rf"//[^/]+{re.escape(path)}$"))
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("h1")).to_have_text(vietnamese)


def test_dark_stays_dark(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so", fresh=True)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Tối").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(paper) != light
    page.goto("/chi-tieu/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_paper_shows_the_page_without_its_frame(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    expect(page.locator("nav.rail")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("nav.rail")).to_be_hidden()
    expect(page.locator("nav.tabsbar")).to_be_hidden()
    expect(page.locator("main h1")).to_be_visible()
