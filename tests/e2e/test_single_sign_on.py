"""Two relying parties that are not ours sign a principal in over real HTTP; passkeys in a real browser."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import shutil
import struct
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import PASSWORD, ROOT, _environment, _free_port, _phuong

NPM_HOME = ROOT / ".cache" / "npm"
SCOPES = ["openid", "profile", "roles"]


def register(back: str, **more: str) -> str:
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    words = ["signon", "register", "--name", "Học liệu", "--org", "vn.p31.sgd", "--purpose", "Học liệu số"]
    done = subprocess.run(
        _phuong(*words, "--redirect", back, *options, "--json"),
        check=True,
        capture_output=True,
        text=True,
        env=_environment(),
    )
    return str(json.loads(done.stdout)["client_id"])


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/dang-nhap/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button:has-text('Đăng nhập')")
    page.wait_for_url(f"{address}/")


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.opened.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        self.server.told.append(self.rfile.read(int(self.headers["content-length"])).decode())  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def listener() -> Iterator[Any]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Site)
    server.opened, server.told = [], []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fresh_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_authlib_signs_a_principal_in_and_is_told_when_it_is_over(
    address: str, fresh_page: Page, listener: Any
) -> None:
    back = f"http://127.0.0.1:{listener.server_port}"
    client = register(f"{back}/cb", logout=f"{back}/logout")
    known = httpx.get(f"{address}/.well-known/openid-configuration").json()
    party = OAuth2Session(
        client, scope=SCOPES, redirect_uri=f"{back}/cb", code_challenge_method="S256", token_endpoint_auth_method="none"
    )
    verifier = "p" * 60
    ask, state = party.create_authorization_url(known["authorization_endpoint"], code_verifier=verifier, nonce="n")

    sign_in(fresh_page, address, "hieutruong")
    fresh_page.goto(ask)
    assert fresh_page.locator("h1").inner_text() == "Đăng nhập vào Học liệu"
    fresh_page.click("button:has-text('Cho phép')")
    fresh_page.wait_for_url(f"{back}/cb**")
    given = party.fetch_token(
        known["token_endpoint"], authorization_response=back + listener.opened[0], state=state, code_verifier=verifier
    )

    keys = KeySet.import_key_set(httpx.get(known["jwks_uri"]).json())
    claims = jwt.decode(given["id_token"], keys).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (address, client, "n")
    assert claims["roles"][0]["role"] == "principal"
    fresh_page.goto(f"{address}/tai-khoan/")
    fresh_page.click(".who summary")
    fresh_page.click("button:has-text('Đăng xuất')")
    until = time.monotonic() + 20
    while not listener.told and time.monotonic() < until:
        time.sleep(0.1)
    token = urllib.parse.parse_qs(listener.told[0])["logout_token"][0]
    assert jwt.decode(token, keys).claims["sid"] == claims["sid"]


@pytest.mark.skipif(not shutil.which("npm"), reason="no npm here")
def test_openid_client_of_npm_signs_a_principal_in(address: str, fresh_page: Page) -> None:
    installed = NPM_HOME / "node_modules" / "openid-client"
    if not installed.exists():
        NPM_HOME.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--prefix", str(NPM_HOME), "--no-save", "--no-audit", "--no-fund", "openid-client@6"]
        subprocess.run(words, check=True, capture_output=True)
    port = _free_port()
    client = register(f"http://127.0.0.1:{port}/cb")
    party = subprocess.Popen(
        ["node", str(Path(__file__).with_name("relying_party.mjs")), address, client, str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NPM_HOME": str(NPM_HOME)},
    )
    assert party.stdout is not None
    ask = party.stdout.readline().strip()

    sign_in(fresh_page, address, "hieutruong")
    fresh_page.goto(ask)
    fresh_page.click("button:has-text('Cho phép')")
    said, _nothing = party.communicate(timeout=30)
    told = json.loads(said)

    assert party.returncode == 0, told
    assert told["claims"]["sub"] == told["told"]["sub"]
    assert told["refreshed"] is True


def code_of(secret: str, at: float) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_a_passkey_signs_in_without_a_password(address: str, browser: Browser) -> None:
    address = address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, address, "lanhdao.xa")  # whose passkey no other journey meets
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    page.goto(f"{address}/tai-khoan/khoa/them/")
    page.fill("[name=name]", "Máy của lãnh đạo xã")
    page.click("button:has-text('Tạo khóa')")
    page.wait_for_url("**/tai-khoan/ma-du-phong/")
    page.goto(f"{address}/tai-khoan/")
    assert page.get_by_text("Máy của lãnh đạo xã").is_visible()
    page.click(".who summary")
    page.click("button:has-text('Đăng xuất')")
    page.click("button:has-text('Dùng khóa trên thiết bị')")
    page.wait_for_url(f"{address}/")

    context.close()


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in(address: str, fresh_page: Page) -> None:
    sign_in(fresh_page, address, "giaovien")
    fresh_page.goto(f"{address}/tai-khoan/ung-dung/")
    secret = fresh_page.locator("code").first.inner_text().strip()
    fresh_page.fill("[name=code]", code_of(secret, time.time() - 30))
    fresh_page.click("button:has-text('Thêm ứng dụng')")
    fresh_page.wait_for_url("**/tai-khoan/ma-du-phong/")
    fresh_page.goto(f"{address}/tai-khoan/")
    fresh_page.click(".who summary")
    fresh_page.click("button:has-text('Đăng xuất')")

    fresh_page.fill("[name=username]", "giaovien")
    fresh_page.fill("[name=password]", PASSWORD)
    fresh_page.click("button:has-text('Đăng nhập')")
    fresh_page.wait_for_url("**/dang-nhap/ma/")
    fresh_page.fill("[name=code]", code_of(secret, time.time()))
    fresh_page.click("button:has-text('Tiếp tục')")
    fresh_page.click("button:has-text('Không nhớ')")
    fresh_page.wait_for_url(f"{address}/")

    fresh_page.goto(f"{address}/tai-khoan/ung-dung/go/")
    fresh_page.click("button:has-text('Gỡ ứng dụng')")
    fresh_page.wait_for_url("**/tai-khoan/")
    assert fresh_page.get_by_text("Thêm ứng dụng").is_visible()
