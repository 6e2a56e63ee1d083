"""A report sent on the 4th, restated on the 9th: the clock of the site is moved, both values stay readable."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import HOME, Visitor, _environment, _free_port, _wait_for, hrefs

UUID = "[0-9a-f-]{36}"
ONLINE = "Tỷ lệ phòng học có kết nối Internet"


def _clock(day: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.e2e.clock", f"{day}T08:00+07:00", *arguments]


@contextmanager
def on(browser: Browser, day: str) -> Iterator[Visitor]:
    """Serve the site as if it were ``day``; gives who visits it."""
    port = _free_port()
    with (HOME / "clock.log").open("ab") as log:
        server = subprocess.Popen(
            _clock(day, "serve", str(port)), env=_environment(), stdout=log, stderr=subprocess.STDOUT
        )
        visitor = Visitor(browser, f"http://127.0.0.1:{port}")
        try:
            _wait_for(port, server)
            yield visitor
        finally:
            visitor.end_test()
            for context in visitor.kept.values():
                context.close()
            server.kill()
            server.wait(timeout=20)


def count(day: str) -> None:
    subprocess.run(_clock(day, "count", day), env=_environment(), check=True, capture_output=True)


def go_out(visitor: Visitor, clerk: Page) -> None:
    """Take the report the clerk looks at through its chain."""
    clerk.get_by_role("button", name="Trình duyệt").click()
    principal = visitor.page("hieutruong", clerk.url)
    principal.get_by_role("button", name="Duyệt", exact=True).click()
    expect(principal.get_by_text("Đã duyệt, chưa gửi")).to_be_visible()
    principal.close()
    clerk.reload()
    clerk.get_by_role("button", name="Lấy số và gửi").click()
    expect(clerk.get_by_text("Đã gửi").first).to_be_visible()


def draft(clerk: Page, day: str) -> None:
    clerk.goto("/bao-cao/")
    clerk.get_by_label("Một ngày trong kì báo cáo").fill(day)
    clerk.get_by_role("button", name="Lập bản thảo").click()
    expect(clerk.get_by_role("heading", name="Phần viết")).to_be_visible()


def value(page: Page) -> str:
    row = page.get_by_role("row").filter(has_text=ONLINE)
    return row.locator("td").first.inner_text().strip()


def put_a_room_online(clerk: Page) -> None:
    clerk.goto("/truong/")
    clerk.goto(next(link for link in hrefs(clerk) if re.fullmatch(rf"/truong/{UUID}/", link or "")) + "phong/")
    clerk.get_by_role("row").filter(has_text="chưa có").first.get_by_role("link", name="Sửa").click()
    clerk.get_by_label("Có Internet").select_option("yes")
    clerk.get_by_label("Lí do").fill("đã kéo cáp từ tháng 10")
    clerk.get_by_role("button", name="Lưu", exact=True).click()
    clerk.wait_for_load_state()


def download(page: Page, folder: Path) -> str:
    with page.expect_download() as taken:
        page.get_by_role("link", name="PDF", exact=True).click()
    taken.value.save_as(folder / "bao-cao.pdf")
    return " ".join(each.extract_text() for each in PdfReader(folder / "bao-cao.pdf").pages)


def sent_on_the_fourth(visitor: Visitor, folder: Path) -> tuple[str, str, str]:
    """Send the report of October on its last day; gives its address, its number and the value it tells."""
    clerk = visitor.page("vanthu", "/bao-cao/")
    draft(clerk, "15/10/2026")
    expect(clerk.get_by_text("không phải ngày cuối kì")).to_have_count(0)
    go_out(visitor, clerk)
    lead = clerk.locator("header.ph").inner_text()
    number = re.search(r"\d{2}/BC-\d+", lead)
    assert number, lead
    assert "gửi ngày 04/11/2026" in lead
    assert "Gửi muộn" not in lead
    assert f"Số: {number[0]}" in download(clerk, folder)
    return clerk.url.rpartition("/bao-cao/")[2], number[0], value(clerk)


def test_a_report_sent_on_the_fourth_is_restated_on_the_ninth(browser: Browser, address: str, tmp_path: Path) -> None:
    del address  # made and migrated
    count("2026-10-31")
    with on(browser, "2026-11-04") as visitor:
        sent, number, before = sent_on_the_fourth(visitor, tmp_path)

    with on(browser, "2026-11-09") as visitor:
        clerk = visitor.page("vanthu", "/")
        put_a_room_online(clerk)
        count("2026-11-09")
        clerk.goto(f"/bao-cao/{sent}")
        clerk.get_by_label("Lí do đính chính").fill("bổ sung phòng đã có mạng")
        clerk.get_by_role("button", name="Lập bản đính chính").click()
        expect(clerk.get_by_text("Số liệu ngày 09/11/2026, không phải ngày cuối kì")).to_be_visible()
        go_out(visitor, clerk)
        after = value(clerk)
        assert f"thay thế Báo cáo số {number}" in " ".join(download(clerk, tmp_path).split())

        clerk.get_by_role("link", name=number).first.click()
        expect(clerk.get_by_text("Đã có bản đính chính:")).to_be_visible()
        assert value(clerk) == before != after
        assert f"Số: {number}" in download(clerk, tmp_path)

        draft(clerk, "15/09/2026")
        go_out(visitor, clerk)
        expect(clerk.locator("header.ph").get_by_text("Gửi muộn")).to_be_visible()
