"""axe finds nothing, nothing scrolls sideways, nothing is asked of another host, and the console stays silent."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import NARROW, WIDE, Visitor
from tests.e2e.places import FIXED, pages_of, person_of

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
OPTIONS = json.dumps(
    {
        "resultTypes": ["violations"],
        "selectors": False,
        "preload": False,
        "iframes": False,
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
    }
)
RUN = f"""() => axe.run({OPTIONS}).then(found => found.violations.flatMap(
    rule => rule.nodes.slice(0, 3).map(node => rule.id + ': ' + node.html.slice(0, 160))))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Watch:
    """What a page says on its console and what it asks of other hosts."""

    def __init__(self, page: Page, own: str) -> None:
        self.faults: list[str] = []
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._asked(request.url, own))

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 404" not in text:
            self.faults.append(f"console: {text}")

    def _asked(self, url: str, own: str) -> None:
        if not url.startswith((f"{own}/", "data:", "blob:")):
            self.faults.append(f"another host: {url}")


def faults_of(page: Page, widths: tuple[dict[str, int], ...] = (WIDE, NARROW)) -> list[str]:
    """Look at the page that stands open at each width, then for sideways scroll on small phones."""
    page.evaluate(AXE)
    found = [] if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
    for size in widths:
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {fault}" for fault in page.evaluate(RUN)]
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        if (more := page.evaluate(SIDEWAYS)) > 0:
            found.append(f"{width} px: {more} px too wide")
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("account", FIXED)
def test_every_page(visitor: Visitor, account: str) -> None:
    addresses = pages_of(visitor, account)
    page = visitor.blank(account)
    watch = Watch(page, visitor.address)
    faults = []
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == (404 if address == "/khong-co/" else 200), address
        faults += [f"{address} {fault}" for fault in faults_of(page)]
    assert not faults + watch.faults, "\n".join(faults + watch.faults)


def test_in_the_dark(visitor: Visitor) -> None:
    faults = []
    for account, address in (("lanhdao.so", "/"), ("giaovien", person_of(visitor))):
        page = visitor.page(account, "/", fresh=True)
        page.context.add_cookies([{"name": "theme", "value": "dark", "url": visitor.address}])
        page.goto(address)
        assert page.locator("html").get_attribute("data-theme") == "dark"
        faults += [f"{address} {fault}" for fault in faults_of(page)]
    assert not faults, "\n".join(faults)


def test_the_open_palette_and_menu(visitor: Visitor) -> None:
    page = visitor.page("lanhdao.so")
    page.locator("details.who summary").click()
    faults = faults_of(page, (WIDE,))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("gia vien")
    page.locator("#palette [role=option]").first.wait_for()
    faults += faults_of(page, (WIDE,))
    assert not faults, "\n".join(faults)
