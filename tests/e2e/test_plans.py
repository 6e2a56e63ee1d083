"""A department officer works with plans: tasks, doubts of the scan, conflicting targets, what is not counted yet."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor

pytestmark = pytest.mark.browser

PLAN = "/ke-hoach/hai-phong-5363-2025/"
DOUBTFUL = f"{PLAN}chi-tieu/x10/"
RIVAL = "/ke-hoach/cat-hai-nq57-2025/chi-tieu/4/"
PLANNED = "/ke-hoach/cat-hai-nq57-2025/chi-tieu/2/"


def test_tasks_of_one_leading_unit(visitor: Visitor) -> None:
    page = visitor.page("chuyenvien.so", "/ke-hoach/")
    page.locator(f'main a[href="{PLAN}"]').click()
    expect(page.locator("h1")).to_contain_text("Kế hoạch")
    page.locator("main nav.tabs").get_by_role("link", name="Nhiệm vụ").click()
    tasks = page.locator("main tbody tr:not(.grp)")
    everything = tasks.count()
    unit = "Văn phòng Sở"
    page.locator("main select").first.select_option(unit)
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.wait_for_url("**lead=**")
    assert 0 < tasks.count() < everything
    assert all(unit in row for row in tasks.all_inner_texts())


def test_settling_a_doubt_says_who_settled_it(visitor: Visitor) -> None:
    page = visitor.page("chuyenvien.so", DOUBTFUL)
    doubt = page.locator("main li", has=page.locator("input[name=settlement]")).first
    words = "Bản gốc ghi rõ cả cán bộ quản lí"
    doubt.get_by_label("Bản gốc viết").fill(words)
    doubt.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text(f"Bản gốc: {words} (Chuyên viên Sở, ")
    leader = visitor.page("lanhdao.so", DOUBTFUL)
    expect(leader.locator("main")).to_contain_text(words)


def test_targets_of_other_plans_stand_beside(visitor: Visitor) -> None:
    page = visitor.page("chuyenvien.so", RIVAL)
    table = page.get_by_role("table", name="Cùng một thước đo trong các kế hoạch khác")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table).to_contain_text("hai-phong-nq57-2026 · PL1-44")
    table.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/ke-hoach/hai-phong-nq57-2026/chi-tieu/PL1-44/"))
    expect(page.locator("main")).to_contain_text("cat-hai-nq57-2025 · 4")


def test_an_indicator_still_to_be_counted_says_when(visitor: Visitor) -> None:
    page = visitor.page("chuyenvien.so", PLANNED)
    expect(page.locator("main")).to_contain_text("Sẽ đếm khi phân hệ này hoạt động")
    expect(page.get_by_role("link", name="Xem theo đơn vị")).to_have_count(0)
