"""A demo province of 3,000 learners, its server, and a browser; all made once for the folder and taken down after it.

``PHUONG_E2E=http://127.0.0.1:8000`` uses a demo that is being served already.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cache" / "e2e"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PASSWORD = "phuong-demo-2026"
LEARNERS = 3_000
PATIENCE_SECONDS = 90
WIDE, NARROW = {"width": 1366, "height": 900}, {"width": 390, "height": 844}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the folder in one worker, and first: no event loop of the browser is left behind for other tests."""
    here = Path(__file__).parent
    ours = [item for item in items if item.path.is_relative_to(here)]
    for item in ours:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
        if not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no Chromium here; set CHROMIUM"))
    items[:] = ours + [item for item in items if not item.path.is_relative_to(here)]


def _phuong(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("phuong")), *arguments]


def _environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "DJANGO_", "PHUONG_"))
    }
    return {**kept, "PHUONG_HOME": str(HOME)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer; see {HOME / 'server.log'}")


def _forget_demo() -> None:
    subprocess.run(_phuong("stop"), check=True, env=_environment(), stdout=subprocess.DEVNULL)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Make the province anew and serve it; gives the address of the server."""
    if served := os.environ.get("PHUONG_E2E"):
        yield served.rstrip("/")
        return
    _forget_demo()
    made = subprocess.run(
        _phuong("demo", "--no-serve", "--learners", str(LEARNERS)),
        check=False,
        capture_output=True,
        text=True,
        env=_environment(),
    )
    assert made.returncode == 0, made.stderr
    port = _free_port()
    with (HOME / "server.log").open("wb") as log:
        server = subprocess.Popen(
            _phuong("serve", "--port", str(port)), env=_environment(), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=40)
            subprocess.run(_phuong("stop"), check=True, env=_environment(), stdout=subprocess.DEVNULL)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Drive browsers; Django must not mind the event loop that comes with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as driver:
            yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Open Debian's Chromium, which refuses to sandbox for root."""
    options = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
    yield opened
    opened.close()


@dataclass
class Visitor:
    """Opens pages as an account of the demo; a session is kept for each account."""

    browser: Browser
    address: str
    sessions: dict[str, object] = field(default_factory=dict)
    opened: list[BrowserContext] = field(default_factory=list)

    def context(self, account: str = "", *, fresh: bool = False, **options: object) -> BrowserContext:
        """Open a browser as ``account``; ``fresh`` signs in anew, for journeys that change the session."""
        state = self._fresh_session(account) if fresh else self._session(account)
        return self._open(storage_state=state, **options)

    def page(self, account: str = "", path: str = "/", *, fresh: bool = False, **options: object) -> Page:
        """Open ``path`` as ``account``."""
        page = self.context(account, fresh=fresh, **options).new_page()
        page.goto(path)
        return page

    def close(self) -> None:
        """Close what was opened since the last time."""
        for context in self.opened:
            context.close()
        self.opened.clear()

    def _open(self, **options: object) -> BrowserContext:
        given = {"base_url": self.address, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": WIDE}
        context = self.browser.new_context(**{**given, **options})
        context.set_default_timeout(15_000)
        self.opened.append(context)
        return context

    def _session(self, account: str) -> object:
        if account and account not in self.sessions:
            self.sessions[account] = self._fresh_session(account)
        return self.sessions.get(account)

    def _fresh_session(self, account: str) -> object:
        context = self._open()
        page = context.new_page()
        page.goto("/dang-nhap/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit], form button[type=submit]")
        page.wait_for_url(f"{self.address}/")
        state = context.storage_state()
        self.opened.remove(context)
        context.close()
        return state


@pytest.fixture(scope="package")
def _visitor(browser: Browser, address: str) -> Visitor:
    return Visitor(browser, address)


@pytest.fixture
def visitor(_visitor: Visitor) -> Iterator[Visitor]:
    """Open pages as any account; they are closed after the test."""
    yield _visitor
    _visitor.close()


@pytest.fixture(scope="package")
def find_path(_visitor: Visitor) -> Callable[[str, str, str], str]:
    """Give a function: the address of the first link on a page that matches, as an account sees it."""

    def found(account: str, path: str, pattern: str) -> str:
        context = _visitor.context(account)
        answer = context.request.get(path)
        match = re.search(rf'href="({pattern})"', answer.text())
        context.close()
        _visitor.opened.remove(context)
        assert match, f"no link {pattern} on {path} for {account}"
        return match[1].replace("&amp;", "&")

    return found
