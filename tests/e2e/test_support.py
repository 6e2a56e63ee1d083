"""Support asks, the principal lets it in, support reads one learner, the school sees which; then it ends at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, Visitor

pytestmark = pytest.mark.browser


def code_of_school(visitor: Visitor) -> str:
    page = visitor.page("hieutruong", "/vai-tro-don-vi/")
    return str(page.get_by_label("Mã đơn vị").input_value())


def ask(visitor: Visitor, code: str) -> Page:
    page = visitor.page("hotro", "/ho-tro/", fresh=True)
    page.get_by_label("Mã trường").fill(code)
    page.get_by_label("Trong mấy giờ").select_option("2")
    page.get_by_label("Sửa giúp việc gì").fill("Danh sách lớp in thiếu một em")
    page.get_by_role("button", name="Gửi trường").click()
    expect(page.get_by_text("Chờ trường trả lời").first).to_be_visible()
    return page


def first_learner(page: Page) -> str:
    page.goto("/hoc-sinh/")
    link = page.locator("main table th a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_contain_text(name)
    return name


def test_support_comes_in_on_the_schools_word_and_the_school_sees_what_it_read(visitor: Visitor) -> None:
    support = ask(visitor, code_of_school(visitor))
    assert support.goto("/hoc-sinh/").status == 404

    school = visitor.page("hieutruong", "/thong-bao/")
    expect(school.locator("main")).to_contain_text("Hỗ trợ kĩ thuật xin vào trường")
    school.goto("/ho-tro/truong/")
    school.get_by_role("button", name="Cho vào").first.click()
    expect(school.get_by_text("Đang ở trong").first).to_be_visible()

    support.goto("/ho-tro/")
    support.get_by_role("button", name="Vào trường").first.click()
    name = first_learner(support)
    assert support.goto("/hoc-sinh/?as=csv").status == 404

    school.get_by_role("link", name="Đã xem gì").first.click()
    expect(school.locator("main")).to_contain_text(name)
    expect(school.locator("main")).not_to_contain_text("as=csv")
    school.goto("/thong-bao/")
    expect(school.locator("main")).to_contain_text("ngoài phạm vi")

    school.goto("/ho-tro/truong/")
    school.get_by_role("button", name="Thu hồi ngay").first.click()
    expect(school.get_by_text("Đã thu hồi").first).to_be_visible()
    assert support.goto("/hoc-sinh/").status == 404


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("hieutruong", "/vai-tro-don-vi/"),
        ("hieutruong", "/vai-tro-don-vi/giao/"),
        ("hieutruong", "/ho-tro/truong/"),
        ("quantri", "/tai-tep/"),
        ("quantri", "/quyen-khan-cap/"),
        ("hotro", "/ho-tro/"),
    ],
)
def test_the_pages_fit_a_phone(visitor: Visitor, account: str, path: str) -> None:
    page = visitor.page(account, path, viewport=NARROW)

    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
