"""A principal ends a year: writes what the re-tests brought, closes it, moves the pupils up, and takes it back."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, _environment
from tests.e2e.test_accessibility import faults_of

PRINCIPAL = "hieutruong.cuoinam"


def a_school_at_the_end_of_its_year() -> None:
    if os.environ.get("PHUONG_E2E"):
        pytest.skip("the demo being served has its own environment")
    subprocess.run([sys.executable, "-m", "tests.e2e.ended", PRINCIPAL], check=True, env=_environment())


def test_a_principal_ends_the_year_and_takes_it_back(visitor: Visitor) -> None:
    a_school_at_the_end_of_its_year()
    page = visitor.page(PRINCIPAL, "/so-diem/cuoi-nam/")
    assert faults_of(page) == []
    page.get_by_role("link", name=re.compile("ghi cho .* em")).first.click()
    assert faults_of(page) == []
    fields = page.get_by_role("textbox", name=re.compile(": "))
    count = fields.count()
    fields.first.fill("mười")
    page.get_by_role("button", name="Lưu và xét lại").click()
    expect(page.get_by_role("alert")).to_contain_text("Gõ điểm từ 0 đến 10")
    for place in range(count):
        fields.nth(place).fill("6,5")
    page.get_by_role("button", name="Lưu và xét lại").click()
    expect(page.locator("tbody")).to_contain_text(re.compile("Được lên lớp|Hoàn thành chương trình"))

    page.goto("/so-diem/cuoi-nam/")
    if page.locator("[name=early]").count():
        page.get_by_label(re.compile("chưa hết và vẫn muốn kết thúc")).check()
    page.get_by_role("button", name="Kết thúc năm học").click()
    expect(page.get_by_role("heading", name="Năm học đã kết thúc")).to_be_visible()
    page.get_by_role("link", name="Lên lớp, xếp lớp năm sau").click()
    name = page.get_by_role("textbox", name=re.compile("Lên lớp vào")).first
    name.fill("8Phượng")
    page.get_by_role("button", name="Xem thử với tên lớp này").click()
    expect(page.get_by_role("textbox", name=re.compile("Lên lớp vào")).first).to_have_value("8Phượng")
    assert faults_of(page) == []
    page.get_by_role("button", name=re.compile(r"Xếp .* em")).click()
    expect(page.get_by_role("heading", name="Hoàn tác lần lên lớp gần nhất")).to_be_visible()

    page.get_by_role("button", name="Hoàn tác lên lớp").click()

    expect(page.get_by_text("trở lại đúng như trước khi lên lớp")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"Xếp .* em"))).to_be_visible()
    page.goto("/so-diem/cuoi-nam/")
    page.get_by_label("Lí do mở lại").fill("thử")
    page.get_by_role("button", name="Mở lại năm học").click()
    expect(page.get_by_role("button", name="Kết thúc năm học")).to_be_visible()
