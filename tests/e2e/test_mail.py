"""Somebody who is not looking is reminded, gets a mail, and comes back by its link."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.outside import Outside

pytestmark = pytest.mark.browser

TASK = "Kiểm tra bếp ăn bán trú"
YESTERDAY = """
import datetime as dt
from django.db.models import F
from phuong.kernel.scope import SYSTEM, acting
from phuong.notices.models import Notice
with acting(SYSTEM):
    Notice.objects.update(at=F("at") - dt.timedelta(days=1))
"""


def test_the_link_of_a_mailed_reminder_opens_the_task(
    visitor: Visitor, outside: Outside, operate: Callable[..., None]
) -> None:
    officer = visitor.page("canbo.xa", "/nhiem-vu/moi/")
    officer.get_by_label("Việc phải làm").fill(TASK)
    officer.get_by_label("Hạn cuối").fill("01/11/2026")
    officer.get_by_label("Mọi trường").check()
    officer.get_by_role("button", name="Giao việc").click()
    principal = visitor.page("hieutruong", "/nhiem-vu/")
    principal.get_by_role("link", name=TASK).click()
    task = principal.url
    officer.goto(task)
    officer.get_by_role("button", name="Nhắc", exact=True).click()
    expect(officer.get_by_text("Đã nhắc 1 nhiệm vụ")).to_be_visible()

    principal.goto("/thong-bao/")
    principal.get_by_role("link", name="Nhận qua thư").click()
    principal.get_by_label("Địa chỉ thư điện tử").fill("Hieu.Truong@thcs.example")
    principal.get_by_label("Mỗi ngày một thư, gộp mọi việc chưa đọc", exact=True).check()
    principal.get_by_label("Giờ gửi thư gộp").select_option("0:00")
    principal.get_by_label("Bắt đầu giờ không gửi thư").fill("00:00")
    principal.get_by_label("Hết giờ không gửi thư").fill("00:00")
    principal.get_by_role("button", name="Lưu", exact=True).click()
    expect(principal.get_by_text("Đã lưu.")).to_be_visible()
    operate("shell", "-c", YESTERDAY)
    operate("mail")

    principal.goto(f"{outside.page}mail/?to=hieu.truong@thcs.example")
    principal.get_by_role("link", name=re.compile(r"Phượng: \d+ thông báo chưa đọc")).click()
    expect(principal.get_by_text(f"Nhắc: {TASK}")).to_be_visible()
    principal.get_by_role("link", name=task).click()
    expect(principal.locator("h1")).to_contain_text(TASK)
    principal.goto("/thong-bao/cai-dat/")
    expect(principal.get_by_text("đã gửi")).to_be_visible()
