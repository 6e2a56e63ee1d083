"""The layout of the decree: ends, marks, long tables, what the fonts lack, and the editable form."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from phuong.paper.api import (
    Bar,
    Block,
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
from phuong.paper.numbers import clean, ended, listed, plain

LETTERS = [
    plain_one + tone
    for plain_one in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
]
ALPHABET = [clean(letter) for letter in LETTERS] + ["đ", "Đ"]
HOSTILE = '#import $x$ *đậm* _nghiêng_ @ai <nhãn> \\u{41} // chú /* giải */ = `mã` ~ [a] {b} "c" & <w:p/>'


def a_paper(blocks: Sequence[Block] = (Paragraph("Kết quả như sau."),), **facts: Any) -> Paper:
    return Paper(
        **{
            "body": "SỞ",
            "kind": "BÁO CÁO",
            "abstract": "Tình hình",
            "day": dt.date(2026, 11, 5),
            **facts,
            "blocks": blocks,
        }
    )


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def words_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def docx_of(paper: Paper) -> Any:
    return Document(io.BytesIO(to_docx(paper)))


def all_texts(document: Any) -> str:
    lines = [line.text for line in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*lines, *cells]))


def test_every_letter_of_the_alphabet_comes_out_in_upright_bold_and_italic() -> None:
    words = " ".join(ALPHABET)

    text = words_of(to_pdf(a_paper([Heading(words), Paragraph(words)], place=words)))

    assert len(set(ALPHABET)) == 146
    assert text.count(squeezed(words)) == 3


def test_a_decomposed_text_is_printed_composed() -> None:
    assert "Phượng" in words_of(to_pdf(a_paper([Paragraph("Phu\u031bo\u031b\u0323ng")])))


def test_hostile_words_stay_words_in_every_place() -> None:
    grid = Grid([Column(HOSTILE), Column("b")], [[HOSTILE, Bar(Decimal(1), None)]])
    blocks = [Heading(HOSTILE), Listing([HOSTILE]), grid, Paragraph(HOSTILE, HOSTILE)]
    fields = ("parent_body", "body", "number", "place", "kind", "abstract", "signer", "foot")
    paper = a_paper(blocks, **dict.fromkeys(fields, HOSTILE), recipients=[HOSTILE])

    pdf, docx = words_of(to_pdf(paper)), all_texts(docx_of(paper))

    assert pdf.count(squeezed(HOSTILE)) >= len(fields) + 7
    assert docx.count(squeezed(HOSTILE)) >= len(fields) - 1 + 7


def test_the_file_declares_pdf_a_2a_its_language_and_the_words_of_a_bar() -> None:
    grid = Grid([Column("Tiến độ")], [[Bar(Decimal("52.30"), Decimal(58))]])

    reader = PdfReader(io.BytesIO(to_pdf(a_paper([grid]))))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()

    assert re.search(r"pdfaid:part>2<.*pdfaid:conformance>A<", metadata, re.DOTALL)
    assert root["/Lang"] == "vi"
    alts = [each.get_object().get("/Alt") for each in reader.resolved_objects.values() if isinstance(each, dict)]
    assert "Đạt 52,3; Chỉ tiêu 58" in alts or "Đạt 52,3; Chỉ tiêu 58" in _alts(root["/StructTreeRoot"])


def _alts(node: Any) -> list[str]:
    node = node.get_object()
    if isinstance(node, list):
        return [alt for each in node for alt in _alts(each)]
    if not isinstance(node, dict):
        return []
    return [*([str(node["/Alt"])] if "/Alt" in node else []), *(_alts(node["/K"]) if "/K" in node else [])]


def test_a_table_of_two_hundred_rows_repeats_its_head_on_each_of_its_pages() -> None:
    grid = Grid([Column("Đầu bảng", 3), Column("Số", 1, "right")], [[f"Hàng {n};", str(n)] for n in range(200)])

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(a_paper([grid, Paragraph("Hết")])))).pages]
    bearing = [page for page in pages if "Hàng" in page]

    assert len(pages) == 7
    assert all("Đầu bảng" in page for page in bearing)
    assert all("".join(pages).count(f"Hàng {n};") == 1 for n in range(200))
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]


@pytest.mark.parametrize("lines", range(24, 34))
def test_the_signature_is_never_alone_on_a_page(lines: int) -> None:
    blocks = [*[Paragraph(f"Dòng {n}.") for n in range(lines)], Paragraph("Lời cuối")]

    last = PdfReader(io.BytesIO(to_pdf(a_paper(blocks, signer="Người Ký")))).pages[-1].extract_text()

    assert "Người Ký" in last
    assert "Lời cuối./." in last


def test_the_last_words_alone_end_with_the_sign_of_the_end() -> None:
    for last in (Paragraph("Hết."), Listing(["một;", "Hết;"])):
        paper = a_paper([Paragraph("Đầu."), last])

        assert words_of(to_pdf(paper)).count("./.") == 1
        assert "Hết./." in words_of(to_pdf(paper))
        assert "Hết./." in all_texts(docx_of(paper))


def test_a_paper_without_number_and_day_leaves_dots_and_says_it_is_a_draft() -> None:
    paper = a_paper(day=None, place="Hải Phòng", draft=True)

    for text in (words_of(to_pdf(paper)), all_texts(docx_of(paper))):
        assert "DỰTHẢO" in text
        assert "Số:…………" in text
        assert "HảiPhòng,ngày……tháng……năm………" in text


def test_a_paper_with_a_day_is_the_same_bytes_each_time() -> None:
    with Press() as press:
        assert press.pdf(a_paper()) == press.pdf(a_paper()) == to_pdf(a_paper())


def test_threads_that_share_a_press_get_each_its_own() -> None:
    papers = [a_paper(abstract=f"Trường số {n} đây") for n in range(24)]

    with Press() as press, ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(press.pdf, papers))

    assert all(f"Trườngsố{n}đây" in words_of(pdf) for n, pdf in enumerate(printed))


def test_a_closed_press_prints_no_more() -> None:
    with Press() as press:
        assert press.pages(a_paper())[0].startswith(b"\x89PNG")

    with pytest.raises(ValueError, match="closed"):
        press.pdf(a_paper())


def test_a_character_that_no_font_holds_is_named_with_its_place() -> None:
    paper = a_paper([Paragraph("Tốt"), Grid([Column("A")], [["ổn"], ["vui 😀"]])])

    with pytest.raises(ValueError, match=r"^blocks\[1\]\.rows\[1\]\[0\]: .*😀"):
        to_pdf(paper)


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        ("body: missing", {"body": " "}),
        ("kind: missing", {"kind": ""}),
        ("abstract: a control", {"abstract": "a\x07"}),
        ("signer: half", {"signer": "\ud800"}),
        ("foot: a private", {"foot": "\ue000"}),
        ("number: text expected", {"number": 412}),
        ("language", {"language": "Việt"}),
        ("recipients: a list", {"recipients": "Lưu: VT"}),
        (r"recipients\[1\]", {"recipients": ["VT", "\x00"]}),
        (r"blocks\[0\]\.level", {"blocks": [Heading("a", 3)]}),
        (r"blocks\[0\]: Heading", {"blocks": ["words"]}),
        (r"blocks\[0\]\.columns: at", {"blocks": [Grid([], [])]}),
        (r"blocks\[0\]\.columns\[0\]\.align", {"blocks": [Grid([Column("a", 1, "middle")], [])]}),
        (r"blocks\[0\]\.columns\[0\]\.width", {"blocks": [Grid([Column("a", 0)], [])]}),
        (r"blocks\[0\]\.rows\[1\]: 2 cells", {"blocks": [Grid([Column("a")], [["1"], ["1", "2"]])]}),
        (r"blocks\[0\]\.rows\[0\]\[0\]: text or Bar", {"blocks": [Grid([Column("a")], [[3]])]}),
        (r"rows\[0\]\[0\]: a bar", {"blocks": [Grid([Column("a")], [[Bar(Decimal("nan"), None)]])]}),
        (r"rows\[0\]\[0\]\.top", {"blocks": [Grid([Column("a")], [[Bar(None, None, Decimal(0))]])]}),
    ],
)
def test_bad_input_is_refused_with_its_place(place: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{place}" if not place.startswith("rows") else place):
        a_paper(**facts) if "blocks" not in facts else a_paper(facts["blocks"])


def test_the_editable_form_repeats_heads_keeps_rows_whole_and_draws_bars() -> None:
    grid = Grid([Column("Đầu"), Column("Tiến độ")], [["x", Bar(Decimal(3), Decimal(4))], ["y", Bar(None, None)]])

    document = docx_of(a_paper([Heading("Phần"), grid, Paragraph("Hết", "Kết luận.")], signer_title="Giám đốc"))
    xml = document.element.xml

    assert xml.count("<w:tblHeader") == 1
    assert xml.count("<w:cantSplit") == 1 + 2 + 2
    assert 'descr="Đạt 3; Chỉ tiêu 4"' in xml
    assert 'descr="Chưa có số liệu"' in xml
    assert [each.style.name for each in document.paragraphs if each.text == "Phần"] == ["Heading 1"]
    assert [run.text for line in document.paragraphs for run in line.runs if run.bold and "Kết" in run.text] == [
        "Kết luận. "
    ]
    assert "PAGE" in document.sections[0].header._element.xml


@given(st.integers(1, 10**6), st.sampled_from(["BC", "KH", "QyĐ", ""]))
def test_a_number_has_two_digits_at_least_and_can_be_read_back(seq: int, kind: str) -> None:
    digits, sign = document_number(seq, kind, "SGDĐT").split("/")

    assert int(digits) == seq
    assert len(digits) == max(2, len(str(seq)))
    assert sign == (f"{kind}-SGDĐT" if kind else "SGDĐT")


def test_a_number_without_issuer_is_refused() -> None:
    with pytest.raises(ValueError, match="issuer"):
        document_number(1, "BC", " ")


@given(st.dates(dt.date(1945, 9, 2), dt.date(2100, 12, 31)))
def test_a_day_takes_zeros_as_the_decree_asks(day: dt.date) -> None:
    found = re.fullmatch(r"Huế, ngày (\d\d) tháng (0[12]|[3-9]|1[0-2]) năm (\d{4})", long_day("Huế", day))

    assert found is not None
    assert dt.date(int(found[3]), int(found[2]), int(found[1])) == day


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_the_end_is_marked_once_however_often_asked(text: str) -> None:
    assert ended(text).endswith("./.")
    assert ended(ended(text)) == ended(text)


def test_recipients_and_figures_are_written_the_vietnamese_way() -> None:
    assert listed(["Như trên;", " ", "- Lưu: VT"]) == ["- Như trên;", "- Lưu: VT."]
    assert [plain(Decimal(value)) for value in ("52.30", "1E+2", "0", "100")] == ["52,3", "100", "0", "100"]


@given(st.decimals(-200, 200, places=2), st.decimals("0.01", 150, places=2))
def test_a_bar_is_never_longer_than_its_frame(value: Decimal, top: Decimal) -> None:
    share = Bar(value, None, top).share(value)

    assert share is not None
    assert 0 <= share <= 1
