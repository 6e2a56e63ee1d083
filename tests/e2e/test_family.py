"""A guardian sees her own children, with or without JavaScript, and no other child."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NARROW, Visitor, hrefs

pytestmark = pytest.mark.browser

PERSON = 'main a[href*="/nguoi/"]'


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_own_children_only(visitor: Visitor, *, script: bool) -> None:
    page = visitor.page("phuhuynh", java_script_enabled=script, viewport=NARROW)
    expect(page.locator("h1")).to_have_text("Các con")
    names = page.locator("main .card h2").all_inner_texts()
    assert len(names) == 2
    for name in names:
        page.locator("main .card", has_text=name).get_by_role("link", name="Xem hồ sơ").click()
        expect(page.locator("h1")).to_have_text(name)
        page.go_back()
    assert page.goto("/hoc-sinh/").status in (403, 404)


def test_another_learner_is_not_there(visitor: Visitor) -> None:
    own = visitor.page("phuhuynh")
    mine = hrefs(own, PERSON)
    stranger = next(link for link in hrefs(visitor.page("lanhdao.so", "/hoc-sinh/"), PERSON) if link not in mine)
    assert own.goto(stranger).status == 404
    expect(own.locator("h1")).to_have_text("Chưa tìm thấy trang này")
    assert own.goto(mine[0]).status == 200


def test_search_knows_no_other_child(visitor: Visitor) -> None:
    page = visitor.page("phuhuynh", "/tim-kiem/?q=nguyen")
    assert set(hrefs(page, PERSON)) <= set(hrefs(visitor.page("phuhuynh"), PERSON))


def test_signing_in_without_script(visitor: Visitor) -> None:
    page = visitor.page(fresh=True, java_script_enabled=False, viewport=NARROW)
    expect(page).to_have_title("Đăng nhập – Phượng")
    page.fill("[name=username]", "phuhuynh")
    page.fill("[name=password]", "sai-mat-khau")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    page.fill("[name=username]", "phuhuynh")
    page.fill("[name=password]", "phuong-demo-2026")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Các con")
