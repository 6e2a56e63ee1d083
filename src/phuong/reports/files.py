"""A report as an official paper (Nghị định 30/2020/NĐ-CP)."""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from phuong.kernel.models import Attachment
from phuong.kernel.scope import Actor, acting
from phuong.kernel.text import search_key
from phuong.paper.api import Bar, Column, Grid, Heading, Listing, Paper, Paragraph, Press
from phuong.registry.api import Organisation
from phuong.reports.declarations import chains
from phuong.reports.models import Report
from phuong.reports.queries import changes_of, day_of
from phuong.ui.api import write_number

FILES = "report"  # attachments of reports: the papers as they were sent
FILES_AT_ONCE = 20
NARRATIVE = (
    ("results", "Kết quả nổi bật"),
    ("difficulties", "Khó khăn, vướng mắc"),
    ("plan", "Nhiệm vụ thời gian tới"),
    ("proposals", "Kiến nghị, đề xuất"),
)
_PERIODS = {"monthly": "tháng {month} năm {year}", "half_yearly": "6 tháng {half} năm {year}", "yearly": "năm {year}"}
_STATUS = {"behind": "Chậm", "attention": "Cần chú ý"}
_OWN_PLACE = ("Thành phố ", "Tỉnh ", "Phường ", "Xã ", "Đặc khu ")


def period_name(report: Report) -> str:
    """Name the period as on a paper: «tháng 11 năm 2026»."""
    form = _PERIODS.get(report.kind, "giai đoạn {start}-{year}")
    half = "đầu" if report.starts_on.month == 1 else "cuối"
    year, month = report.ends_on.year, report.starts_on.month
    return form.format(month=month, year=year, half=half, start=report.starts_on.year)


def file_name(report: Report, form: str) -> str:
    """Name the file of a report: unit, period, version."""
    return f"bao-cao-{report.organisation.code.lower()}-{report.starts_on}-v{report.version}.{form}"


def frozen_print(report: Report) -> bytes | None:
    """Give the very PDF that was sent; ``None`` when the report has not gone out."""
    if report.state != "sent":
        return None
    kept = Attachment.objects.filter(on_kind=FILES, on_id=report.pk).order_by("-id").first()
    return bytes(kept.content) if kept else None


class _Sink:
    """A file that only grows at its end, taken away piece by piece."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: Any) -> int:
        """Take more."""
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Have nothing to do."""

    def take(self) -> bytes:
        """Give what has come since."""
        whole, self.parts = b"".join(self.parts), []
        return whole


def archive(actor: Actor, keys: Sequence[UUID]) -> Iterator[bytes]:
    """Give the files of reports as one ZIP, piece by piece: never more than a few reports in memory.

    It is read after the request's transaction is over, so each piece is read as ``actor`` anew.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as bundle, Press() as press:  # type: ignore[call-overload]  # front to back only
        for start in range(0, len(keys), FILES_AT_ONCE):
            for name, content in _contents(actor, keys[start : start + FILES_AT_ONCE], press):
                bundle.writestr(name, content)
            yield sink.take()
    yield sink.take()


def _contents(actor: Actor, keys: Sequence[UUID], press: Press) -> list[tuple[str, bytes]]:
    with acting(actor):
        rows = Report.objects.filter(pk__in=keys, path__under=actor.scope).order_by("path", "version")
        rows = rows.select_related("organisation__parent", "organisation__territory", "replaces", "print")
        sent = {
            kept.on_id: bytes(kept.content)
            for kept in Attachment.objects.filter(on_kind=FILES, on_id__in=keys).order_by("id")
        }
        found = [(row, sent.get(row.pk) or _draft_print(row, press)) for row in rows]
    return [(f"{_folder(row)}/{file_name(row, 'pdf')}", content) for row, content in found if content]


def _draft_print(report: Report, press: Press) -> bytes:
    """Give the kept print, or print anew what was written since; nothing when it cannot be printed."""
    paper = paper_of(report)
    if hasattr(report, "print") and report.print.printed_from == trace_of(paper):
        return bytes(report.print.content)
    try:
        return press.pdf(paper)
    except ValueError:
        return b""


def trace_of(paper: Paper) -> str:
    """Give the SHA-256 of what a paper says: equal when it would be printed the same."""
    return hashlib.sha256(repr(paper).encode()).hexdigest()


def _folder(report: Report) -> str:
    above = report.organisation.parent
    return search_key(above.short_name).replace(" ", "-") if above else "tinh"


@override("vi")
def paper_of(report: Report) -> Paper:
    """Compose the paper of a report from its facts and words; Vietnamese, whoever asks."""
    unit = report.organisation
    above, body, place, to = letterhead(unit)
    blocks: list[Any] = [Paragraph(_opening(report))]
    if caution := figures_caution(report):
        blocks.append(Paragraph(caution))
    if report.replaces is not None:
        blocks.append(
            Paragraph(f"Báo cáo này thay thế Báo cáo số {report.replaces.number}. Lí do: {report.restated_because}.")
        )
    number = 2
    blocks += [Heading("1. Các chỉ tiêu chậm và cần chú ý"), *_indicators(report)]
    blocks += [Heading("2. Tình hình thực hiện nhiệm vụ"), *_tasks(report.facts)]
    for code, title in NARRATIVE:
        if text := (report.words.get(code) or "").strip():
            number += 1
            blocks += [Heading(f"{number}. {title}"), *[Paragraph(line) for line in text.splitlines() if line.strip()]]
    blocks.append(Paragraph("Trên đây là báo cáo của đơn vị./."))
    authority, title = signed_as(report)
    return Paper(
        body=body,
        parent_body=above,
        kind="BÁO CÁO",
        abstract=f"Tình hình thực hiện chỉ tiêu, nhiệm vụ giáo dục {period_name(report)}",
        number=report.number,
        place=place,
        day=report.sent_on,
        blocks=blocks,
        recipients=[to, "Lưu: VT"],
        authority=authority,
        signer_title=title,
        signer=report.approved_by,
        foot=f"Số liệu {_figures_day(report)}. Mã báo cáo: {report.pk}",
        draft=report.state != "sent",
    )


def letterhead(unit: Organisation) -> tuple[str, str, str, str]:
    """Give the body above, the issuing body, the place, and to whom the report goes."""
    above = unit.parent
    if unit.is_commune:
        return "", f"ỦY BAN NHÂN DÂN\n{unit.name.upper()}", _bare(unit.name), "Sở Giáo dục và Đào tạo"
    where = (unit.territory or above) if unit.kind == "school" else above
    place = _bare(where.name) if where else ""
    if above is None:
        return "", unit.name.upper(), place, "Như trên"
    if above.is_commune or above.kind == "province":
        kind, _space, rest = above.name.partition(" ")
        own = unit.name.upper().removesuffix(above.name.upper()).strip()  # the line above names the province already
        return f"UBND {above.name}".upper(), own, place, f"Ủy ban nhân dân {kind.lower()} {rest}"
    return above.name.upper(), unit.name.upper(), place, above.name


def _bare(name: str) -> str:
    start = next((start for start in _OWN_PLACE if name.startswith(start)), "")
    return name.removeprefix(start)


def signed_as(report: Report) -> tuple[str, str]:
    """Give the form of signing and the title: of whom approved it last, else of whom the chain asks at its end."""
    if report.signer_title:
        return report.signer_authority, report.signer_title
    chain = chains().get(report.organisation.kind)
    last = chain.stages[-1].signers[0] if chain else None
    return (last.authority, last.title) if last else ("", "Thủ trưởng đơn vị")


def figures_caution(report: Report) -> str:
    """Say of which day the figures are when it is not the last day of the period; empty when it is."""
    as_of = report.facts.get("as_of", "")
    if not as_of:
        return _("Nền tảng chưa có số liệu nào của kì này.")
    if day_of(as_of) == report.ends_on:
        return ""
    days = {"day": f"{day_of(as_of):%d/%m/%Y}", "end": f"{report.ends_on:%d/%m/%Y}"}
    return _("Số liệu ngày %(day)s, không phải ngày cuối kì báo cáo (%(end)s).") % days


def _figures_day(report: Report) -> str:
    as_of = report.facts.get("as_of", "")
    return f"đến ngày {day_of(as_of):%d/%m/%Y}" if as_of else "chưa có"


def _opening(report: Report) -> str:
    counts = report.facts["counts"]
    as_of = report.facts.get("as_of", "")
    until = f"Đến ngày {day_of(as_of):%d/%m/%Y}, trong" if as_of else "Trong"
    return (
        f"{until} {counts['total']:02d} chỉ tiêu đếm được có "
        f"{counts['kept']:02d} chỉ tiêu đạt hoặc đúng tiến độ, {counts['attention']:02d} chỉ tiêu cần chú ý và "
        f"{counts['behind']:02d} chỉ tiêu chậm. Kết quả cụ thể như sau:"
    )


def compared_to(report: Report) -> str:
    """Name what the column «So kì trước» compares with; empty when there is nothing to compare with."""
    before = report.facts.get("before") or {}
    if before.get("number"):
        return _("Báo cáo số %s") % str(before["number"])
    return _("số liệu ngày %s") % f"{day_of(before['as_of']):%d/%m/%Y}" if before.get("as_of") else ""


def _indicators(report: Report) -> list[Any]:
    lines = report.facts["lines"]
    if not lines:
        return [Paragraph("Không có chỉ tiêu nào chậm hoặc cần chú ý.")]
    changes = changes_of(report)
    columns = [
        Column("TT", 0.5, "center"),
        Column("Chỉ tiêu", 3.4),
        Column("Đạt", 0.85, "right"),
        Column("Phải đạt", 0.85, "right"),
        Column("So kì trước", 0.95, "right"),
        Column("Tiến độ", 1.2),
        Column("Đánh giá", 1.1),
    ]
    rows = [
        [
            str(place),
            line["title"],
            _number(line["actual"], line["unit"]),
            _number(line["target"], line["unit"]),
            _signed(changes.get(line["code"])),
            Bar(_decimal(line["actual"]), _decimal(line["target"]), _top(line)),
            _STATUS[line["status"]],
        ]
        for place, line in enumerate(lines, start=1)
    ]
    compared = compared_to(report)
    note = [Paragraph(f"Cột «So kì trước» so với {compared}.")] if compared and changes else []
    return [Grid(columns, rows), *note]


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


def _number(text: str | None, unit: str) -> str:
    if text is None:
        return ""
    value = Decimal(text)
    return write_number(int(value) if value == value.to_integral() else value) + unit


def _signed(value: Decimal | None) -> str:
    return "" if value is None else ("+" if value > 0 else "") + write_number(value)


def _top(line: dict[str, Any]) -> Decimal:
    known = [Decimal(line[name]) for name in ("actual", "target") if line[name] is not None]
    return Decimal(100) if line["unit"] == "%" else max([*known, Decimal(1)])
