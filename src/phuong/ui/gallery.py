"""Invented values for the gallery: every component in every state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from phuong.ui.charts import Series
from phuong.ui.charts.tiles import drawn_tiles
from phuong.ui.parts import Applied, Cell, Export, Head, Pager, Row, Table


@dataclass(frozen=True)
class Entry:
    """One entry of the rail, the tabs or the list of functions."""

    title: str
    url: str
    icon: str
    count: int = 0
    current: bool = False
    purpose: str = ""


@dataclass(frozen=True)
class Role:
    """One role of the person signed in."""

    title: str
    organisation: str
    value: str
    current: bool = False


@dataclass(frozen=True)
class Job:
    """One background job."""

    title: str
    state: str
    done: int = 0
    total: int = 0
    percent: int | None = None
    asked_by: str = "Trần Thu Hằng"
    asked_at: dt.datetime | None = None
    message: str = ""
    cancel_url: str | None = None
    result_url: str | None = None


class Specimen(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(
        label="Họ và tên", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"})
    )
    born = forms.CharField(
        label="Ngày sinh", help_text="Ví dụ 14/3/2001", widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label="Đơn vị", choices=[("1", "Phường Lê Chân"), ("2", "Xã Tứ Kỳ")])
    reason = forms.CharField(label="Lý do", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.ChoiceField(
        label="Bé đang ở đâu?",
        help_text="Nơi ở quyết định trường đúng tuyến.",
        widget=forms.RadioSelect,
        choices=[("a", "12 ngõ 45 Lạch Tray, phường Gia Viên"), ("b", "Tổ 5, phường Hải An"), ("c", "Địa chỉ khác")],
        error_messages={"required": "Chọn nơi bé đang ở"},
    )
    told = forms.BooleanField(label="Nhắn tin khi có kết quả", required=False)
    paper = forms.FileField(label="Ảnh giấy khai sinh", required=False, help_text="JPG, PNG hoặc PDF, tối đa 5 MB")


class Narrow(forms.Form):
    """The fields of a filter."""

    q = forms.CharField(label="Tên trường", required=False)
    level = forms.ChoiceField(
        label="Cấp học", required=False, choices=[("", "Tất cả"), ("thcs", "THCS"), ("thpt", "THPT")]
    )


RAIL = [
    Entry("Hôm nay", "#", "home", current=True),
    Entry("Chỉ tiêu", "#chi-tieu", "target-arrow"),
    Entry("Kế hoạch", "#ke-hoach", "list-check", 7),
    Entry("Bản đồ", "#ban-do", "map-2"),
    Entry("Báo cáo", "#bao-cao", "report"),
    Entry("Hồ sơ", "#ho-so", "inbox", 12),
]
SHELL: dict[str, Any] = {
    "organisation": "Sở GD&ĐT Hải Phòng",
    "person": "Trần Thu Hằng",
    "initials": "TH",
    "role": "Phó Giám đốc Sở",
    "theme": "",
    "language": "vi",
    "other_language_url": "/en/ui/",
    "rail": RAIL,
    "tabs": RAIL[:3],
    "all_url": "/chuc-nang/",
    "search_url": "/tim-kiem/",
    "notices": 3,
    "home_url": "/",
    "roles": [Role("Phó Giám đốc", "Sở GD&ĐT Hải Phòng", "1", current=True), Role("Phụ huynh", "THCS Lạch Tray", "2")],
    "switch_url": "/vai-tro/",
    "signout_url": "/dang-xuat/",
    "theme_url": "/ui/theme/",
    "help_url": "/tro-giup/",
}
GOALS: list[Any] = [
    Row(heading="Chậm: 3", state="late"),
    ("Trường THPT đạt chuẩn quốc gia", 52.3, 58, 64, "late", (44, 46.5, 48.2, 50.4, 51.7, 52.3)),
    ("Học sinh biết chơi một môn nghệ thuật", 38.4, 45, 60, "late", (31, 33, 34.2, 36, 37.5, 38.4)),
    ("Học sinh THPT đạt chuẩn tin học quốc gia", 41.0, 48, 60, "late", (30, 33, 36, 38, 40, 41)),
    Row(heading="Cần chú ý: 5", state="care"),
    ("Trường mầm non đạt chuẩn quốc gia", 71.4, 73, 77, "care", (62, 64, 67, 69, 70.6, 71.4)),
    ("Trường tiểu học đạt chuẩn quốc gia", 88.9, 90, 95, "care", (80, 82, 84.5, 87, 88.2, 88.9)),
    ("Học bạ tiểu học đã ký số", 99.2, 100, None, "care", (60, 74, 88, 96, 98.8, 99.2)),
    ("Học sinh phổ thông dùng nền tảng học tập số", 93.6, 95, 100, "care", (70, 80, 86, 90, 92.5, 93.6)),
]


def specimens() -> dict[str, Any]:
    """Return the whole context of the gallery."""
    now = timezone.now()
    faulty = Specimen({"name": "Nguyễn Thu Trang", "born": "", "unit": "1"})
    faulty.is_valid()
    return {
        "shell": SHELL,
        "goals": [{"heading": g.heading, "state": g.state} if isinstance(g, Row) else _goal(*g) for g in GOALS],
        "lowest": [("Xã Cẩm Giang", 48.3), ("Xã Thái Tân", 48.5), ("Xã Kiến Hưng", 51.1), ("Xã Tuệ Tĩnh", 51.5)],
        "tiles": _tiles(),
        "bins": (60, 70, 80, 90),
        "table": _table(),
        "form": Specimen(initial={"place": "a"}),
        "faulty": faulty,
        "narrow": Narrow(),
        "jobs": [
            Job(
                "Đang lập 1.204 học bạ",
                "Đang chạy",
                506,
                1204,
                42,
                asked_at=now - dt.timedelta(minutes=4),
                message="Xong khoảng 3 phút nữa. Chị cứ làm việc khác, xong sẽ có thông báo.",
                cancel_url="#",
            ),
            Job(
                "Xuất danh sách 2.011 trường",
                "Đã xong",
                2011,
                2011,
                100,
                asked_at=now - dt.timedelta(hours=2),
                result_url="#",
            ),
        ],
        "facts": [("Số hiệu", "A 05123456"), ("Ngày cấp", "02/08/2019"), ("Trường", "THPT Ngô Quyền", "#", "Sửa")],
        "tab_items": [("Chỉ tiêu", "#", True, 26), ("Nhiệm vụ", "#2", False, 84), ("Lịch sử", "#3", False)],
        "targets": [(2025, 48), (2026, 58), (2027, 59.5), (2028, 61), (2029, 62.5), (2030, 64)],
        "actual": [(2022, 44), (2023, 46.5), (2024, 48.2), (2025, 50.4), (2026, 52.3)],
        "projection": [(2027, 54.1), (2028, 56), (2029, 57.8), (2030, 59.6)],
        "series": [
            Series("Phường", [(2022, 61), (2023, 64.2), (2024, 66.8), (2025, 70.1), (2026, 74.3)]),
            Series("Xã", [(2022, 48), (2023, 50.1), (2024, 53.4), (2025, 55), (2026, 58.9)]),
            Series("Đặc khu", [(2022, 33), (2023, 33), (2024, 44), (2025, 44), (2026, 50)]),
        ],
        "counts": [0, 0, 0, 0, 1, 1, 4, 2, 3, 1],
        "parts": [("Công lập", 182340), ("Tư thục", 21480), ("Giáo dục thường xuyên", 9120)],
        "behind": [
            ("Xã Cẩm Giang", 48.3, "#", "late"),
            ("Xã Thái Tân", 48.5, "#", "late"),
            ("Xã Kiến Hưng", 56.1, "#", "care"),
            ("Phường Lê Chân", 81.5, "#", "good"),
        ],
        "today": timezone.localdate(),
        "next_week": timezone.localdate() + dt.timedelta(days=6),
        "last_week": timezone.localdate() - dt.timedelta(days=3),
        "now": now - dt.timedelta(minutes=12),
    }


def _goal(
    name: str, actual: float, target: float, final: float | None, state: str, trend: tuple[float, ...]
) -> dict[str, Any]:
    return {"name": name, "actual": actual, "target": target, "final": final, "state": state, "trend": trend}


def _tiles() -> list[dict[str, Any]]:
    places = drawn_tiles("31").values()
    return [
        {
            "code": tile.code,
            "short": tile.code[-3:],
            "name": f"Đơn vị {tile.code}",
            "value": None if tile.code in ("10882", "11948") else (int(tile.code) * 37 % 520) / 10 + 47,
            "url": f"#{tile.code}",
            "column": tile.column,
            "row": tile.row,
        }
        for tile in places
    ]


def _table() -> Table:
    names = [
        ("THPT Ngô Quyền", "Phường Lê Chân", 1204, 98.2, "good"),
        ("THPT Kiến Thụy", "Xã Kiến Thụy", 986, 71.4, "care"),
        ("THPT Tứ Kỳ", "Xã Tứ Kỳ", 1530, None, "none"),
        ("THPT Cát Bà", "Đặc khu Cát Hải", 412, 52.3, "late"),
    ]
    rows = [
        Row(
            [
                Cell(name, url="#", detail=place),
                f"{pupils:,}".replace(",", "."),
                f"{share}".replace(".", ",") if share else "",
                Cell(state=state),
            ]
        )
        for name, place, pupils, share, state in names
    ]
    return Table(
        caption="Trường THPT, năm học 2026–2027",
        columns=[
            Head("Trường", key="name"),
            Head("Học sinh", key="pupils", numeric=True),
            Head("Học bạ đã ký", key="signed", numeric=True, unit="%"),
            Head("Tình trạng"),
        ],
        rows=rows,
        applied=[Applied("Cấp học: THPT", "?"), Applied("Phường Lê Chân", "?")],
        clear_url="?",
        pager=Pager(26, 50, 1204, previous_url="#truoc", next_url="#sau"),
        exports=[Export("CSV", "#csv"), Export("Excel", "#xlsx")],
        stacked=True,
    )
