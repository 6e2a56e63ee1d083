"""A teacher links VNeID, signs out, comes back by it; who refuses there is shown the way out."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, PASSWORD, Visitor, command

pytestmark = pytest.mark.browser

TEACHER = """
import json
from phuong.identity.api import Account
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import unseal
with acting(SYSTEM):
    person = Account.objects.select_related("person").get(username="giaovien").person
    born = str(person.birth_date)
    print(json.dumps({"number": unseal(person.number_cipher), "name": person.full_name.upper(), "birthdate": born}))
"""


def told_of_teacher() -> dict[str, str]:
    lines = command("shell", "-v", "0", "-c", TEACHER).splitlines()
    return dict(json.loads(next(line for line in lines if line.startswith("{"))))


def answer(page: Page, facts: dict[str, str], button: str) -> None:
    page.get_by_label("Người khác:").check()
    for name, value in facts.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name=button).click()


def test_a_teacher_links_signs_out_and_comes_back_by_vneid(visitor: Visitor, address: str) -> None:
    facts = told_of_teacher()
    page = visitor.page("", "/dang-nhap/", fresh=True, viewport=NARROW)
    page.fill("[name=username]", "giaovien")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.goto("/tai-khoan/")
    page.get_by_role("button", name="Liên kết VNeID").click()
    answer(page, facts, "Đồng ý")
    expect(page.get_by_text("Đã liên kết VNeID.")).to_be_visible()
    expect(page.get_by_text("mức 2")).to_be_visible()

    page.locator(".who summary").click()
    page.locator(".who").get_by_role("button", name="Đăng xuất", exact=True).click()
    page.get_by_role("button", name="Dùng VNeID").click()
    answer(page, facts, "Từ chối")
    expect(page.locator("h1")).to_have_text("Đã dừng ở VNeID")
    page.get_by_role("link", name="Đăng nhập bằng mật khẩu").click()
    page.get_by_role("button", name="Dùng VNeID").click()
    answer(page, facts, "Đồng ý")
    page.wait_for_url(f"{address}/")
    page.goto("/tai-khoan/")
    expect(page.get_by_role("button", name="Bỏ liên kết VNeID")).to_be_visible()


def test_who_reads_english_is_told_in_english_what_stopped(visitor: Visitor, address: str) -> None:
    page = visitor.page("", "/en/dang-nhap/", fresh=True, viewport=NARROW)
    page.get_by_role("button", name="Use VNeID").click()
    answer(page, {}, "Từ chối")

    expect(page.locator("h1")).to_have_text("Stopped at VNeID")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Sign in with the password").click()
    page.wait_for_url(f"{address}/en/dang-nhap/")
