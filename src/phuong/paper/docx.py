"""Papers as .docx, for officers who still edit them: the same layout, in real styles, headers and table heads."""

import datetime as dt
import io
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt, RGBColor

from phuong.paper.blocks import Block, Cell, Grid, Heading, Listing, Paper, Paragraph
from phuong.paper.numbers import DOTS, clean, listed, long_day
from phuong.paper.pictures import png_of

FACE = "Times New Roman"
_ROOM = Mm(210 - 32 - 17)
_HALVES = (Mm(68), Mm(93))
_INSET = Mm(3.8)  # both sides of a cell together
_SIDES = {"left": ALIGN.LEFT, "right": ALIGN.RIGHT, "center": ALIGN.CENTER}


def to_docx(paper: Paper) -> bytes:
    """Write one paper."""
    document = Document()
    _styles(document, paper.language)
    _page(document, paper)
    _head(document, paper)
    _title(document, paper)
    for block in paper.closed_blocks():
        _block(document, block)
    _signature(document, paper)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _styles(document: Any, language: str) -> None:
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name, style.font.size = FACE, Pt(14)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for key in [key for key in fonts.attrib if "Theme" in key]:
            del fonts.attrib[key]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), FACE)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
        if name != "Normal":
            style.font.bold, style.paragraph_format.space_before = True, Pt(6)
    tag = "vi-VN" if language == "vi" else language
    normal = document.styles["Normal"].element.rPr
    for stale in normal.findall(qn("w:lang")):
        normal.remove(stale)
    normal.append(_element("w:lang", val=tag))


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(22)
    section.left_margin, section.right_margin = Mm(32), Mm(17)
    section.header_distance = section.footer_distance = Mm(11)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    for part in (_element("w:fldChar", fldCharType="begin"), "PAGE", _element("w:fldChar", fldCharType="end")):
        if isinstance(part, str):
            command = _element("w:instrText")
            command.text, part = part, command
        number.add_run()._r.append(part)
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].add_run(clean(paper.foot)).font.size = Pt(8.5)
    core = document.core_properties
    core.title, core.author, core.comments = f"{paper.kind} {paper.abstract}"[:255], paper.body[:255], ""
    core.language = paper.language
    if paper.day is not None:
        core.created = core.modified = dt.datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=dt.UTC)


def _write(paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False) -> Any:
    run = paragraph.add_run(clean(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _centred(holder: Any, *, after: float = 0) -> Any:
    """Add a centred line to ``holder``, in the empty one that a new cell begins with if it is still there."""
    lines = holder.paragraphs
    is_fresh = hasattr(holder, "_tc") and len(lines) == 1 and not lines[0].runs and lines[0].style.name == "Normal"
    paragraph = lines[0] if is_fresh and lines[0].paragraph_format.space_after is None else holder.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_after = ALIGN.CENTER, Pt(after)
    return paragraph


def _rule(holder: Any, room: int, share: float) -> None:
    """Draw a line in the middle of ``room``, ``share`` of it wide: the upper edge of an empty line."""
    paragraph = _centred(holder, after=2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Emu(int(room * (1 - share) / 2))
    paragraph.paragraph_format.line_spacing = Pt(4)
    border = _element("w:pBdr")
    border.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _two(document: Any) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for column, width in zip(table.columns, _HALVES, strict=True):
        column.width = column.cells[0].width = width
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _head(document: Any, paper: Paper) -> None:
    if paper.draft:
        paragraph = _write(document.add_paragraph(), "DỰ THẢO", size=12, bold=True)
        paragraph.alignment = ALIGN.RIGHT
    left, right = _two(document)
    if paper.parent_body:
        _write(_centred(left), paper.parent_body, size=12)
    _write(_centred(left), paper.body, size=12, bold=True)
    _rule(left, _HALVES[0] - _INSET, 0.35)
    _write(_centred(left), f"Số: {paper.number or DOTS}", size=13)
    _write(_centred(right), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _write(_centred(right), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, _HALVES[1] - _INSET, 0.62)
    _write(_centred(right), long_day(paper.place, paper.day), size=13, italic=True)


def _title(document: Any, paper: Paper) -> None:
    kind = _write(_centred(document), paper.kind, bold=True)
    kind.paragraph_format.space_before = Pt(14)
    _write(_centred(document), paper.abstract, bold=True)
    _rule(document, _ROOM, 0.24)


def _block(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_paragraph(clean(text), style=f"Heading {level}").paragraph_format.left_indent = Cm(1)
        case Grid():
            _grid(document, block)
        case Listing(items):
            for item in items:
                line = _running(document, [("- " + item, False)])
                line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1.35), Cm(-0.35)
        case Paragraph(text, lead):
            _running(document, [(f"{lead.strip()} ", True), (text, False)] if lead.strip() else [(text, False)])


def _running(document: Any, parts: list[tuple[str, bool]]) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.first_line_indent = ALIGN.JUSTIFY, Cm(1)
    for text, bold in parts:
        _write(paragraph, text, bold=bold)
    return paragraph


def _grid(document: Any, grid: Grid) -> None:
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    whole = sum(column.width for column in grid.columns)
    widths = [int(_ROOM * column.width / whole) for column in grid.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lines = table._tbl.tr_lst
    lines[0].get_or_add_trPr().append(_element("w:tblHeader"))
    titles: list[Cell] = [column.title for column in grid.columns]
    for row, cells, is_head in zip(table.rows, [titles, *grid.rows], [True, *[False] * len(grid.rows)], strict=True):
        row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit"))
        for holder, value, column, width in zip(row.cells, cells, grid.columns, widths, strict=True):
            holder.width, holder.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = holder.paragraphs[0]
            paragraph.alignment = ALIGN.CENTER if is_head else _SIDES[column.align]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            _cell(paragraph, value, width - _INSET, is_head=is_head)
    document.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _cell(paragraph: Any, cell: Cell, room: int, *, is_head: bool) -> None:
    if isinstance(cell, str):
        _write(paragraph, cell, size=12, bold=is_head)
        return
    wide = max(room, Mm(6))
    picture = paragraph.add_run().add_picture(io.BytesIO(png_of(cell)), width=wide, height=min(Mm(4), wide))
    picture._inline.docPr.set("descr", cell.words)


def _signature(document: Any, paper: Paper) -> None:
    last = document.paragraphs[-1]
    last.paragraph_format.keep_with_next = True
    left, right = _two(document)
    if paper.recipients:
        _write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True).paragraph_format.space_after = Pt(0)
        for each in listed([clean(each) for each in paper.recipients]):
            _write(left.add_paragraph(), each, size=11).paragraph_format.space_after = Pt(0)
    for title in filter(None, (paper.authority, paper.signer_title)):
        _write(_centred(right), title.upper(), bold=True)
    _write(_centred(right), paper.signer, bold=True).paragraph_format.space_before = Pt(64)
