"""Report cards: a page each, everything on it, small, tagged."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from phuong.paper.api import Card, print_cards
from phuong.paper.packing import packed

CARD = Card(
    above="UBND PHƯỜNG THỦY NGUYÊN",
    body="TRƯỜNG THCS LẠCH TRAY",
    title="Phiếu báo kết quả học tập và rèn luyện",
    period="Học kì I, năm học 2026–2027",
    name="Đỗ Khánh An",
    facts=[("Lớp", "8A3"), ("Ngày sinh", "01/05/2013")],
    heads=["Môn học", "Học kì I", "Học kì II", "Cả năm"],
    rows=[[f"Môn {place}", "8,5", "7,0", "7,5"] for place in range(13)],
    sums=[["Kết quả học tập", "Tốt", "Khá", "Khá"], ["Kết quả rèn luyện", "Tốt", "Tốt", "Tốt"]],
    notes=[("Nhận xét", "Chăm ngoan, cần đọc thêm sách. " * 6)],
    place="Thủy Nguyên",
    day=dt.date(2027, 1, 18),
    signers=[("Giáo viên chủ nhiệm", "Nguyễn Thị Lan"), ("Hiệu trưởng", "")],
    foot="Theo quy định TT22/2021@1",
)


def test_each_card_has_its_page_with_everything_on_it() -> None:
    cards = [CARD, replace(CARD, name="Bùi Thị Ánh")]

    printed = print_cards(cards)

    reader = PdfReader(io.BytesIO(printed))
    assert len(reader.pages) == 2
    assert [card.name in page.extract_text() for card, page in zip(cards, reader.pages, strict=True)] == [True, True]
    text = reader.pages[0].extract_text()
    for words in (
        "THCS LẠCH TRAY",
        "Môn 12",
        "8,5",
        "Kết quả rèn luyện",
        "Nguyễn Thị Lan",
        "ngày 18 tháng 01 năm 2027",
    ):
        assert words in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_card_is_small() -> None:
    assert len(print_cards([CARD])) <= 20 * 1024
    assert len(print_cards([CARD] * 45)) <= 45 * 6 * 1024


def test_a_packed_file_holds_every_object_of_the_first() -> None:
    with pytest.raises(ValueError, match="no table"):
        packed(b"%PDF-1.7 nothing")

    reader = PdfReader(io.BytesIO(print_cards([CARD])), strict=True)

    names = [child.get_object()["/S"] for child in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    assert names == ["/Document"]
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told.replace(" ", "")


def test_a_card_that_does_not_fit_is_a_fault() -> None:
    with pytest.raises(ValueError, match="2 cards took 4 pages"):
        print_cards([replace(CARD, rows=list(CARD.rows) * 4)] * 2)
    with pytest.raises(ValueError, match="none"):
        print_cards([])


def test_a_card_is_checked_when_it_is_put_together() -> None:
    with pytest.raises(ValueError, match=r"rows\[0\]: 1 cells for 4 columns"):
        replace(CARD, rows=[["x"]])
    with pytest.raises(ValueError, match="name"):
        replace(CARD, name="\x00")
