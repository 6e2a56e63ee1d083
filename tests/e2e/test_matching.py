"""An officer finds who is known twice and decides with keys alone; a second person approves, and it is undone."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, command
from tests.e2e.test_accessibility import faults_of

pytestmark = pytest.mark.browser
QUEUE = "/doi-chieu-ho-so/"


def test_pairs_are_decided_by_keys_approved_and_undone(visitor: Visitor) -> None:
    found = json.loads(command("match", "run", "--org", "31", "--json"))
    assert found["pairs"] >= 3
    page = visitor.page("chuyenvien.so")
    page.goto(QUEUE)
    assert faults_of(page) == []
    page.locator("main ul.list a.li").first.click()
    expect(page.locator("h1")).to_have_text("Hai hồ sơ, một người?")
    assert faults_of(page) == []
    first = page.url

    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(first)
    page.keyboard.press("3")
    expect(page.locator("main")).to_contain_text("Để sau.")
    second = page.url
    page.keyboard.press("2")
    expect(page.locator("main")).to_contain_text("không hỏi lại nữa")
    page.goto(second)
    expect(page.locator("main")).to_contain_text("hai người khác nhau lúc")
    page.get_by_role("button", name="Mở lại cặp này").click()

    page.goto(first)
    page.keyboard.press("1")
    expect(page.locator("main")).to_contain_text(re.compile("Đã đề nghị gộp|Đã gộp hai hồ sơ"))
    other = visitor.page("lanhdao.so")
    other.goto(first)
    if other.get_by_role("button", name="Duyệt, gộp lại").count():
        other.keyboard.press("1")
        expect(other.locator("main")).to_contain_text("đã gộp hai hồ sơ")
    other.goto(f"{QUEUE}da-gop/")
    assert faults_of(other) == []
    other.locator("main ul.list a.li").first.click()
    assert faults_of(other) == []
    other.get_by_role("button", name="Tách lại").click()
    expect(other.locator("main")).to_contain_text("hai hồ sơ như trước khi gộp")
    other.goto(f"{QUEUE}tim/")
    assert faults_of(other) == []
