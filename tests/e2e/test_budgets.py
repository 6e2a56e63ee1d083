"""What the first visit of a home page costs on the wire, and that the second visit costs its html alone."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser

KILOBYTES = {"lanhdao.so": 90, "chuyenvien.so": 90, "giaovien": 70, "chunhiem": 70, "phuhuynh": 60, "hocsinh": 60}
OTHERS = ["canbo.xa", "hieutruong", "vanthu", "ketoan", "thanhtra", "quantri"]
MOST_REQUESTS = 8


class Wire:
    """Counts answers and the bytes they took on the wire, as the browser's network layer tells."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.files: dict[str, str] = {}
        self.encodings: set[str] = set()
        self._cached: set[str] = set()
        self._told = page.context.new_cdp_session(page)
        self._told.on("Network.responseReceived", self._answered)
        self._told.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        self._told.on("Network.loadingFinished", self._finished)
        self._told.send("Network.enable")

    def forget(self) -> None:
        """Start counting anew."""
        self.bytes = 0
        self.files.clear()

    def wait_for_icon(self, page: Page) -> None:
        """The icon of the tab is asked for when the page has long been there; without waiting, the next visit pays."""
        for _turn in range(40):
            if any(name.startswith("favicon") for name in self.files.values()):
                return
            page.wait_for_timeout(50)

    def _answered(self, event: dict) -> None:
        answer = event["response"]
        from_cache = answer.get("fromDiskCache") or answer.get("fromPrefetchCache")
        if from_cache or event["requestId"] in self._cached or answer["url"].startswith("data:"):
            return
        if event.get("type") == "Document":
            headers = {name.lower(): value for name, value in answer["headers"].items()}
            self.encodings.add(headers.get("content-encoding", "none"))
        self.files[event["requestId"]] = answer["url"].rpartition("/")[2] or "/"

    def _finished(self, event: dict) -> None:
        if event["requestId"] in self.files:
            self.bytes += int(event["encodedDataLength"])


@pytest.mark.parametrize("account", [*KILOBYTES, *OTHERS])
def test_first_and_second_visit(visitor: Visitor, account: str) -> None:
    page = visitor.blank(account, fresh=True)
    wire = Wire(page)
    _open(page)
    wire.wait_for_icon(page)
    assert wire.encodings <= {"gzip", "br"}, "html is sent compressed"
    assert wire.bytes <= KILOBYTES.get(account, 90) * 1024
    assert len(wire.files) <= MOST_REQUESTS, sorted(wire.files.values())
    wire.forget()
    _open(page)
    assert list(wire.files.values()) == ["/"]


def _open(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.fonts.ready.then(() => true)")
