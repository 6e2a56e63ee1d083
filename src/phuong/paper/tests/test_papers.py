"""Papers hold what went in, in the order and form the decree asks."""

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from docx import Document
from pypdf import PdfReader

from phuong.paper.api import (
    Bar,
    Column,
    Grid,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Press,
    document_number,
    long_day,
    to_docx,
    to_pdf,
)

COLUMNS = [Column("TT", 0.4, "center"), Column("Chỉ tiêu", 3), Column("Đạt (%)", 0.8, "right"), Column("Tiến độ", 1)]


def a_paper(*, abstract: str = "Tình hình tháng 11", rows: int = 3) -> Paper:
    lines = [[str(n), f"Chỉ tiêu thứ {n}", "52,3", Bar(Decimal("52.3"), Decimal(58))] for n in range(1, rows + 1)]
    return Paper(
        body="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        parent_body="UBND THÀNH PHỐ HẢI PHÒNG",
        kind="BÁO CÁO",
        abstract=abstract,
        number="412/BC-SGDĐT",
        place="Hải Phòng",
        day=dt.date(2026, 11, 4),
        blocks=[Heading("1. Ẵm Ặc Ỗ Ữ"), Paragraph("Kết quả như sau."), Listing(["một", "hai"]), Grid(COLUMNS, lines)],
        recipients=["UBND thành phố", "Lưu: VT"],
        signer_title="Giám đốc",
        signer="Nguyễn Văn A",
        foot="Số liệu lúc 7:00, 4/11/2026",
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_paper_says_what_went_in_with_every_tone() -> None:
    text = text_of(to_pdf(a_paper()))

    for words in ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "412/BC-SGDĐT", "Ẵm Ặc Ỗ Ữ", "Chỉ tiêu thứ 3", "GIÁM ĐỐC", "Lưu: VT"):
        assert words in text
    assert "ngày 04 tháng 11 năm 2026" in text


def test_a_paper_is_tagged_and_declares_its_archive_form() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(a_paper())))

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_a_long_table_repeats_its_head_and_numbers_pages() -> None:
    pages = PdfReader(io.BytesIO(to_pdf(a_paper(rows=120)))).pages

    assert len(pages) > 3
    assert all("Chỉ tiêu" in page.extract_text() for page in pages[:-1])
    assert pages[1].extract_text().strip().startswith("2")


@pytest.mark.parametrize("words", ["#import", "$x$", "*đậm* _nghiêng_", "@ai <nhãn>", '\\ " {{x}}', "= tiêu đề"])
def test_nothing_typed_is_read_as_markup(words: str) -> None:
    assert words in text_of(to_pdf(a_paper(abstract=words)))


def test_two_presses_at_once_print_each_its_own() -> None:
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(lambda n: text_of(Press().pdf(a_paper(abstract=f"Trường số {n} đây"))), range(12)))

    assert all(f"Trường số {n} đây" in text for n, text in enumerate(printed))


def test_the_editable_form_holds_the_same_words() -> None:
    document = Document(io.BytesIO(to_docx(a_paper())))

    cells = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    running = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "412/BC-SGDĐT" in cells
    assert "Chỉ tiêu thứ 2" in cells
    assert "Kết quả như sau." in running


def test_numbers_and_days_follow_the_decree() -> None:
    assert document_number(1, "BC", "SGDĐT") == "01/BC-SGDĐT"
    assert document_number(412, "", "SGDĐT-VP") == "412/SGDĐT-VP"
    assert long_day("Hải Phòng", dt.date(2027, 2, 5)) == "Hải Phòng, ngày 05 tháng 02 năm 2027"
    with pytest.raises(ValueError, match="sequence"):
        document_number(0, "BC", "X")


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="blocks"):
        Paper(body="A", kind="B", abstract="C", blocks=[Grid(COLUMNS, [["1"]])])
