"""A teacher sees her own school and nothing of another one."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visitor

OTHER_SCHOOL = "Trường THCS Chí Linh"


def other_school(visitor: Visitor) -> tuple[str, str, str]:
    """Give the addresses of a school, a class and a learner elsewhere, and the learner's name, as the leader sees."""
    page = visitor.page("lanhdao.so", f"/truong/?q={OTHER_SCHOOL}")
    page.get_by_role("link", name=OTHER_SCHOOL, exact=True).click()
    page.wait_for_load_state()
    school = page.url
    page.locator('main a[href*="/lop/"]').first.click()
    page.wait_for_url("**/lop/**")
    group = page.url
    page.locator('main a[href*="/nguoi/"]').first.click()
    page.wait_for_url("**/nguoi/**")
    return school, group, page.url


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


def test_another_school_is_not_there(visitor: Visitor) -> None:
    page = visitor.blank("giaovien")
    for url in other_school(visitor):
        answer = page.goto(url)
        assert answer.status == 404, url
        expect(page.locator("h1")).to_have_text("Chưa tìm thấy trang này")


def test_search_does_not_find_the_pupil_of_another_school(visitor: Visitor) -> None:
    leader = visitor.page("lanhdao.so", other_school(visitor)[2])
    name = leader.locator("h1").inner_text()
    path = leader.evaluate("location.pathname")
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
    page = visitor.page("giaovien", fresh=True)
    page.locator("details.who summary").click()
    roles = page.locator("details.who button[name=role]")
    expect(roles).to_have_count(2)
    now = page.locator("details.who summary small").inner_text()
    before = page.locator("main, nav.rail").all_inner_texts()
    page.locator("details.who button[name=role][aria-pressed=false]").click()
    page.wait_for_load_state()
    expect(page.locator("details.who summary small")).not_to_have_text(now)
    assert page.locator("main, nav.rail").all_inner_texts() != before
