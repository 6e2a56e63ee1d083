"""A teacher sees her own school and nothing of another one."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.places import UUID, follow

pytestmark = pytest.mark.browser

OTHER_SCHOOL = "Trường THCS Chí Linh"


@pytest.fixture(scope="module")
def elsewhere(_visitor: Visitor) -> list[str]:
    """Give the addresses of a school, a class and a learner elsewhere, as the leader meets them."""
    page = _visitor.blank("lanhdao.so")
    found = follow(page, f"/truong/?q={OTHER_SCHOOL}", rf"/truong/{UUID}/", rf"/lop/{UUID}/", rf"/nguoi/{UUID}/")
    page.close()
    return found


def test_from_home_to_class_to_learner(visitor: Visitor) -> None:
    page = visitor.page("giaovien")
    expect(page.locator("h1")).to_contain_text("Chào")
    expect(page.locator("main .lead")).to_contain_text("Trường THCS Gia Viên")
    page.locator('main a[href*="/lop/"]').first.click()
    expect(page.locator("h1")).to_have_text(re.compile("^Lớp "))
    size = int(re.search(r"(\d+) học sinh", page.locator("main .lead").inner_text())[1])
    expect(page.locator("main tbody tr")).to_have_count(size)
    learner = page.locator("main tbody th a").first
    name = learner.inner_text()
    learner.click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("main .lead")).to_contain_text("Trường THCS Gia Viên")


def test_another_school_is_not_there(visitor: Visitor, elsewhere: list[str]) -> None:
    page = visitor.blank("giaovien")
    for url in elsewhere:
        answer = page.goto(url)
        assert answer.status == 404, url
        expect(page.locator("h1")).to_have_text("Chưa tìm thấy trang này")


def test_search_does_not_find_the_pupil_of_another_school(visitor: Visitor, elsewhere: list[str]) -> None:
    path = elsewhere[-1]
    leader = visitor.page("lanhdao.so", path)
    name = leader.locator("h1").inner_text()
    leader.goto(f"/tim-kiem/?q={name}")
    expect(leader.locator(f'main a[href="{path}"]')).to_have_count(1)
    teacher = visitor.page("giaovien", f"/tim-kiem/?q={name}")
    expect(teacher.locator("h1")).to_have_text("Tìm")
    expect(teacher.locator(f'main a[href="{path}"]')).to_have_count(0)


def test_the_list_of_learners_is_the_school_alone(visitor: Visitor) -> None:
    page = visitor.page("giaovien", "/hoc-sinh/")
    expect(page.locator("main table")).to_contain_text("Gia Viên")
    expect(page.locator("main table")).not_to_contain_text("Chí Linh")


def test_the_role_switcher_changes_the_page(visitor: Visitor) -> None:
    page = visitor.page("giaovien", fresh=True, storage_state=visitor.sign_in("giaovien"))
    page.locator("details.who summary").click()
    roles = page.locator("details.who button[name=role]")
    expect(roles).to_have_count(2)
    now = page.locator("details.who summary small").inner_text()
    before = page.locator("main, nav.rail").all_inner_texts()
    page.locator("details.who button[name=role][aria-pressed=false]").click()
    expect(page.locator("details.who summary small")).not_to_have_text(now)
    assert page.locator("main, nav.rail").all_inner_texts() != before
