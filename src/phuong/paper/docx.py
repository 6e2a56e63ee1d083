"""Papers as .docx, for officers who still edit them."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from phuong.paper.blocks import Bar, Block, Grid, Heading, Listing, Paper, Paragraph
from phuong.paper.numbers import long_day

FACE = "Times New Roman"
_SIDES = {"left": ALIGN.LEFT, "right": ALIGN.RIGHT, "center": ALIGN.CENTER}


def to_docx(paper: Paper) -> bytes:
    """Write one paper."""
    document = Document()
    _page(document)
    _head(document, paper)
    for block in paper.blocks:
        _block(document, block)
    _signature(document, paper)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(22)
    section.left_margin, section.right_margin = Mm(32), Mm(17)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(13.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    style.paragraph_format.space_after = Pt(6)
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _line(cell: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = 13) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_after = ALIGN.CENTER, Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _head(document: Any, paper: Paper) -> None:
    if paper.draft:
        document.add_paragraph().add_run("DỰ THẢO").bold = True
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    if paper.parent_body:
        _line(left, paper.parent_body, size=12.5)
    _line(left, paper.body, bold=True, size=12.5)
    _line(left, f"Số: {paper.number or '……'}")
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12.5)
    _line(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13.5)
    _line(right, long_day(paper.place, paper.day), italic=True)
    for text in (paper.kind, paper.abstract):
        title = document.add_paragraph()
        title.alignment = ALIGN.CENTER
        title.add_run(text).bold = True


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.keep_with_next = Cm(1), True
        paragraph.add_run(block.text).bold = True
    elif isinstance(block, Grid):
        _grid(document, block)
    elif isinstance(block, Paragraph | Listing):
        texts = [block.text] if isinstance(block, Paragraph) else [f"- {item}" for item in block.items]
        for text in texts:
            paragraph = document.add_paragraph(text)
            paragraph.alignment, paragraph.paragraph_format.first_line_indent = ALIGN.JUSTIFY, Cm(1)


def _grid(document: Any, block: Grid) -> None:
    table = document.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        cell.paragraphs[0].add_run(column.title).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in block.rows:
        for cell, value, column in zip(table.add_row().cells, row, block.columns, strict=True):
            cell.text = _bar(value) if isinstance(value, Bar) else value
            cell.paragraphs[0].alignment = _SIDES[column.align]


def _bar(bar: Bar) -> str:
    share = bar.share(bar.actual)
    return "" if share is None else "█" * round(share * 8) + "░" * (8 - round(share * 8))


def _signature(document: Any, paper: Paper) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    if paper.recipients:
        left.text = "Nơi nhận:"
        for each in paper.recipients:
            left.add_paragraph(f"- {each}")
    for text in filter(None, (paper.authority.upper(), paper.signer_title.upper(), " ", " ", paper.signer)):
        _line(right, text, bold=True, size=13.5)
    if paper.foot:
        document.add_paragraph().add_run(paper.foot).font.size = Pt(8.5)
