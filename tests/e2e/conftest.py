"""A demo province of 3,000 learners, its server, and a browser; all made once for the folder and taken down after it.

``PHUONG_E2E=http://127.0.0.1:8000`` uses a demo that is being served already.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.outside import Outside
from tests.sharing import office_environment
from tests.verifying import gateway_environment

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cache" / "-".join(filter(None, ("e2e", os.environ.get("PYTEST_XDIST_WORKER"))))  # a demo a worker
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PASSWORD = "phuong-demo-2026"
LEARNERS = 3_000
PATIENCE_SECONDS = 90
WIDE, NARROW = {"width": 1366, "height": 900}, {"width": 390, "height": 844}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without a browser; counting anew needs the processor, so it comes last."""
    if not CHROMIUM:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="no Chromium here; set CHROMIUM"))
    items.sort(key=lambda item: item.path.name == "test_jobs.py")


def _phuong(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("phuong")), *arguments]


def _environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "DJANGO_", "PHUONG_"))
    }
    return {**kept, "PHUONG_HOME": str(HOME), "PHUONG_MFA": "offered"}


def command(*arguments: str) -> str:
    """Run a command of the demo that is served; gives what it wrote."""
    environment = dict(os.environ) if os.environ.get("PHUONG_E2E") else _environment()
    done = subprocess.run(_phuong(*arguments), check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            probe.request("GET", "/healthz")
            if probe.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            probe.close()
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer; see {HOME / 'server.log'}")


def _forget_demo() -> None:
    subprocess.run(_phuong("stop"), check=True, env=_environment(), stdout=subprocess.DEVNULL)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="package")
def site(_outside: Outside) -> dict[str, str]:
    """Give the environment of the served site and its commands; the sandbox plays the outside world."""
    told = {
        "PHUONG_SMTP": _outside.smtp,
        "PHUONG_MAIL_FROM": "Phượng <phuong@haiphong.example>",
        "PHUONG_VNEID_ISSUER": f"{_outside.page}vneid",
        "PHUONG_VNEID_CLIENT_ID": "phuong",
        "PHUONG_VNEID_SECRET": "phuong-sandbox",
        "PHUONG_HOOKS_LOOPBACK": "1",
        **gateway_environment(_outside),
        **office_environment(_outside),
    }
    return {**_environment(), **told, "PHUONG_SITE_URL": f"http://127.0.0.1:{_free_port()}"}


@pytest.fixture
def operate(site: dict[str, str]) -> Callable[..., None]:
    """Run a command of the operator beside the served site."""
    if os.environ.get("PHUONG_E2E"):
        pytest.skip("the demo being served has its own environment")

    def run(*arguments: str) -> None:
        subprocess.run(_phuong(*arguments), check=True, env=site, stdout=subprocess.DEVNULL)

    return run


@pytest.fixture(scope="package")
def address(site: dict[str, str]) -> Iterator[str]:
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
    port = int(site["PHUONG_SITE_URL"].rpartition(":")[2])
    with (HOME / "server.log").open("wb") as log:
        server = subprocess.Popen(_phuong("serve", "--port", str(port)), env=site, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(port, server)
            yield site["PHUONG_SITE_URL"]
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
    """Opens pages as an account of the demo; the browser of an account is kept, with what it has cached."""

    browser: Browser
    address: str
    sessions: dict[str, Any] = field(default_factory=dict)
    kept: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)
    own: list[BrowserContext] = field(default_factory=list)

    def page(self, account: str = "", path: str = "/", *, fresh: bool = False, **options: Any) -> Page:
        """Open ``path`` as ``account``, or as nobody; ``fresh`` in a browser that has neither cache nor choices."""
        page = self.blank(account, fresh=fresh, **options)
        page.goto(path)
        return page

    def blank(self, account: str = "", *, fresh: bool = False, **options: Any) -> Page:
        """Give an empty page of ``account``."""
        if fresh:
            context = self._open(**{"storage_state": self.session(account), **options})
            self.own.append(context)
            return context.new_page()
        key = (account, repr(sorted(options.items())))
        if key not in self.kept:
            self.kept[key] = self._open(storage_state=self.session(account), **options)
        return self.kept[key].new_page()

    def end_test(self) -> None:
        """Close pages, and browsers that were opened for one test."""
        for context in self.own:
            context.close()
        self.own.clear()
        for context in self.kept.values():
            for page in context.pages:
                page.close()

    def _open(self, **options: Any) -> BrowserContext:
        given = {"base_url": self.address, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": WIDE}
        context = self.browser.new_context(**{**given, **options})
        context.set_default_timeout(30_000)
        return context

    def session(self, account: str) -> Any:
        """Give the cookies of ``account``, signed in once."""
        if account and account not in self.sessions:
            self.sessions[account] = self.sign_in(account)
        return self.sessions.get(account)

    def sign_in(self, account: str) -> Any:
        """Sign in through the page and give the cookies of a session of its own."""
        context = self._open()
        page = context.new_page()
        page.goto("/dang-nhap/")
        page.fill("[name=username]", account)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(f"{self.address}/")
        state = context.storage_state()
        context.close()
        return state


@pytest.fixture(scope="package")
def _visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, address)
    yield visitor
    for context in visitor.kept.values():
        context.close()


@pytest.fixture
def visitor(_visitor: Visitor) -> Iterator[Visitor]:
    """Open pages as any account; they are closed after the test."""
    yield _visitor
    _visitor.end_test()


def hrefs(page: Page, selector: str = "main a") -> list[str]:
    """Give where the links of a page lead, drawn ones included."""
    return page.locator(selector).evaluate_all("links => links.map(link => link.getAttribute('href'))")
