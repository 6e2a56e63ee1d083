"""A report as an official paper (Nghị định 30/2020/NĐ-CP)."""

from decimal import Decimal
from typing import Any

from phuong.paper.api import Bar, Column, Grid, Heading, Listing, Paper, Paragraph
from phuong.reports.models import Report
from phuong.reports.queries import changes_of, day_of
from phuong.ui.api import write_number

NARRATIVE = (
    ("results", "Kết quả nổi bật"),
    ("difficulties", "Khó khăn, vướng mắc"),
    ("plan", "Nhiệm vụ thời gian tới"),
    ("proposals", "Kiến nghị, đề xuất"),
)
_PERIODS = {"monthly": "tháng {month} năm {year}", "half_yearly": "6 tháng {half} năm {year}", "yearly": "năm {year}"}
_STATUS = {"behind": "Chậm", "attention": "Cần chú ý"}


def period_name(report: Report) -> str:
    """Name the period as on a paper: «tháng 11 năm 2026»."""
    form = _PERIODS.get(report.kind, "giai đoạn {start}-{year}")
    half = "đầu" if report.starts_on.month == 1 else "cuối"
    year, month = report.ends_on.year, report.starts_on.month
    return form.format(month=month, year=year, half=half, start=report.starts_on.year)


def paper_of(report: Report) -> Paper:
    """Compose the paper of a report from its facts and words."""
    unit = report.organisation
    province = (unit.parent.name if unit.parent else "").removeprefix("Thành phố ").removeprefix("Tỉnh ")
    facts = report.facts
    number = 1
    blocks: list[Any] = [Paragraph(_opening(report))]
    if report.replaces is not None:
        blocks.append(
            Paragraph(f"Báo cáo này thay thế Báo cáo số {report.replaces.number}. Lí do: {report.restated_because}.")
        )
    blocks += [Heading(f"{number}. Các chỉ tiêu chậm và cần chú ý"), *_indicators(report)]
    number += 1
    blocks += [Heading(f"{number}. Tình hình thực hiện nhiệm vụ"), *_tasks(facts)]
    for code, title in NARRATIVE:
        if text := (report.words.get(code) or "").strip():
            number += 1
            blocks += [Heading(f"{number}. {title}"), *[Paragraph(line) for line in text.splitlines() if line.strip()]]
    blocks.append(Paragraph("Trên đây là báo cáo của đơn vị./."))
    return Paper(
        body=unit.name.upper(),
        parent_body=(f"UBND {unit.parent.name}" if unit.parent else "").upper(),
        kind="BÁO CÁO",
        abstract=f"Tình hình thực hiện chỉ tiêu, nhiệm vụ giáo dục {period_name(report)}",
        number=report.number,
        place=province,
        day=report.sent_on,
        blocks=blocks,
        recipients=["Như trên", "Lưu: VT"],
        signer_title="Thủ trưởng đơn vị",
        signer=report.approved_by,
        foot=f"Số liệu đến ngày {day_of(facts['as_of']):%d/%m/%Y}. Mã báo cáo: {report.pk}",
        draft=report.state != "sent",
    )


def _opening(report: Report) -> str:
    counts = report.facts["counts"]
    return (
        f"Đến ngày {day_of(report.facts['as_of']):%d/%m/%Y}, trong {counts['total']:02d} chỉ tiêu đếm được có "
        f"{counts['kept']:02d} chỉ tiêu đạt hoặc đúng tiến độ, {counts['attention']:02d} chỉ tiêu cần chú ý và "
        f"{counts['behind']:02d} chỉ tiêu chậm. Kết quả cụ thể như sau:"
    )


def _indicators(report: Report) -> list[Any]:
    lines = report.facts["lines"]
    if not lines:
        return [Paragraph("Không có chỉ tiêu nào chậm hoặc cần chú ý.")]
    changes = changes_of(report)
    columns = [
        Column("TT", 0.5, "center"),
        Column("Chỉ tiêu", 3.4),
        Column("Đạt", 0.9, "right"),
        Column("Chỉ tiêu", 0.9, "right"),
        Column("So kì trước", 0.9, "right"),
        Column("Tiến độ", 1.1),
        Column("Đánh giá", 1.1),
    ]
    rows = [
        [
            str(place),
            line["title"],
            _number(line["actual"]),
            _number(line["target"]),
            _signed(changes.get(line["code"])),
            Bar(_decimal(line["actual"]), _decimal(line["target"]), _top(line)),
            _STATUS[line["status"]],
        ]
        for place, line in enumerate(lines, start=1)
    ]
    return [Grid(columns, rows)]


def _tasks(facts: dict[str, Any]) -> list[Any]:
    tasks = facts["tasks"]
    text = (
        f"Trong {tasks['total']:02d} nhiệm vụ, đã xong {tasks['done']:02d} (đúng hạn {tasks['on_time']:02d}), "
        f"quá hạn {tasks['late']:02d}."
    )
    late = [f"{each['title']} ({each['unit']}, hạn {day_of(each['due']):%d/%m/%Y})" for each in facts["late_tasks"]]
    return [Paragraph(text), *([Listing(late)] if late else [])]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _number(text: str | None) -> str:
    return write_number(Decimal(text)) if text is not None else ""


def _signed(value: Decimal | None) -> str:
    return "" if value is None else ("+" if value > 0 else "") + write_number(value)


def _top(line: dict[str, Any]) -> Decimal:
    known = [Decimal(line[name]) for name in ("actual", "target") if line[name] is not None]
    return Decimal(100) if line["unit"] == "%" else max([*known, Decimal(1)])
