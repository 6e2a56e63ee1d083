"""One table out of a file: its sheet, its headings, its rows, and where each stands."""

import datetime as dt

import pytest

from phuong.intake.reading import Notice, Unreadable, read_table
from phuong.intake.tests.nasty import file, known
from phuong.intake.tests.nasty_books import AN, BINH, HEADS, book, official_form, plain, row, sheet
from phuong.intake.tests.nasty_texts import PAGE


def _notice(notices: tuple[Notice, ...], code: str) -> Notice:
    return next(notice for notice in notices if notice.code == code)


def test_rows_and_headings_keep_the_numbers_of_the_file() -> None:
    table = read_table(official_form(), "m.xlsx", known=known)

    assert table.heading_row == 6
    assert table.numbers == [8]
    assert table.sheet == "5A"
    assert table.sheets == ("5A",)
    assert _notice(table.notices, "numbering_row").message == "Dòng 7 chỉ đánh số cột nên bỏ qua."


def test_columns_keep_their_letters_when_the_first_are_empty() -> None:
    content = book(
        {
            "S": sheet(
                '<row r="3"><c r="C3" t="str"><v>Lớp</v></c></row><row r="5"><c r="C5" t="str"><v>5A</v></c></row>'
            )
        }
    )

    table = read_table(content, "a.xlsx", known=known)

    assert (table.headings, table.rows, table.numbers) == (("", "", "Lớp"), [[None, None, "5A"]], [5])


def test_two_rows_of_headings_are_joined_without_merged_cells_too() -> None:
    content = "STT,Họ và tên,,Lớp\n,cha,mẹ,\n1,Bình,Hoa,5A\n".encode()

    assert read_table(content, "a.csv", known=known).headings == ("STT", "Họ và tên cha", "Họ và tên mẹ", "Lớp")


def test_a_title_above_does_not_join_the_headings() -> None:
    table = read_table(plain(("DANH SÁCH",), ("STT", "Lớp", "Khác"), (1, "5A", "x")), "a.xlsx", known=known)

    assert (table.headings, table.heading_row) == (("STT", "Lớp", "Khác"), 2)


def test_merged_cells_show_two_rows_of_headings_even_to_who_knows_no_words() -> None:
    merges = '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>'
    table = read_table(
        plain(("A", "Cha", None, "Ghi"), (None, "tên", "nghề"), ("x", "y", "z", "t"), tail=merges), "a.xlsx"
    )

    assert table.headings == ("A", "Cha tên", "Cha nghề", "Ghi")
    assert table.rows == [["x", "y", "z", "t"]]


def test_without_known_words_the_wordiest_row_is_the_heading() -> None:
    table = read_table(plain(("Sở GDĐT",), ("Tên", "Khối", "Ngày"), ("An", "5", "05/09/2013")), "a.xlsx")

    assert (table.heading_row, table.headings) == (2, ("Tên", "Khối", "Ngày"))


def test_the_row_that_the_person_names_is_the_heading() -> None:
    content = plain(("Họ và tên", "Lớp"), ("Tên", "Khối"), ("An", "5"))

    table = read_table(content, "a.xlsx", heading_row=2, known=known)

    assert (table.headings, table.rows, table.heading_row) == (("Tên", "Khối"), [["An", "5"]], 2)
    with pytest.raises(Unreadable) as refusal:
        read_table(content, "a.xlsx", heading_row=9, known=known)
    assert refusal.value.code == "intake.no_such_row"


def test_headings_lose_the_star_and_their_line_breaks() -> None:
    assert read_table(plain(("Họ\n và  tên *", "Lớp(*)"), ("An", "5A")), "a.xlsx").headings == ("Họ và tên", "Lớp")


def test_the_sheet_that_the_person_names_is_read_even_when_hidden() -> None:
    content = book(
        {"Một": sheet(row(1, *HEADS), row(2, *AN)), "Ẩn": sheet(row(1, *HEADS), row(2, *BINH))}, hidden=("Ẩn",)
    )

    assert read_table(content, "a.xlsx", known=known).rows == [list(AN)]
    assert read_table(content, "a.xlsx", sheet="Ẩn", known=known).rows == [list(BINH)]
    with pytest.raises(Unreadable) as refusal:
        read_table(content, "a.xlsx", sheet="Ba", known=known)
    assert refusal.value.code == "intake.no_such_sheet"


def test_the_other_sheets_with_data_are_named() -> None:
    pages = {
        "Bìa": sheet(row(1, "Trường")),
        "Trống": sheet(),
        "5A": sheet(row(1, *HEADS), row(2, *AN)),
        "5B": sheet(row(1, *HEADS)),
    }

    table = read_table(book(pages), "a.xlsx", known=known)

    assert (table.sheet, table.sheets) == ("5A", ("Bìa", "5A", "5B"))
    assert _notice(table.notices, "several_sheets").message.endswith("Trang khác có dữ liệu: Bìa, 5B.")


def test_a_sheet_of_legacy_text_is_known_by_its_converted_headings() -> None:
    old = sheet(row(1, "Hä vµ tªn", "Ngµy sinh", "Líp"), row(2, "NguyÔn V¨n Kh¸nh", "5/9/2013", "5A"))

    table = read_table(book({"Ghi chú": sheet(row(1, "Lớp"), row(2, "x")), "Cũ": old}), "a.xlsx", known=known)

    assert (table.sheet, table.headings) == ("Cũ", HEADS)
    assert _notice(table.notices, "converted_from_tcvn3").where == "A, B, C"


@pytest.mark.parametrize("name", ["sheets.xls", "sheets.ods"])
def test_errors_and_merged_cells_of_other_formats_have_their_places(name: str) -> None:
    table = read_table(file(name)(), name, known=known)

    assert table.errors == {(1, 3): "#DIV/0!", (3, 3): "#N/A"}
    assert table.numbers == [2, 3, 4, 5, 6]
    assert _notice(table.notices, "merged_cells").where == "Học sinh!A6:B7"


def test_errors_keep_their_places_even_alone_in_a_row() -> None:
    table = read_table(plain(HEADS, AN, (None, "#REF!"), ("Bình", "#N/A", "5B")), "a.xlsx", known=known)

    assert table.rows[1:] == [[None, None, None], ["Bình", None, "5B"]]
    assert table.errors == {(1, 1): "#REF!", (2, 1): "#N/A"}
    assert table.numbers == [2, 3, 4]


def test_the_notice_about_formulas_names_the_cells() -> None:
    table = read_table(plain(("STT", "Họ và tên"), ("=1", "An"), ("=A2+1", "Bình")), "a.xlsx", known=known)

    assert _notice(table.notices, "formulas").where == "Học sinh!A2, Học sinh!A3"


def test_a_formula_with_an_empty_text_as_result_is_no_formula_without_result() -> None:
    done = (
        '<row r="2"><c r="A2" t="str"><f>IF(1,"","")</f><v></v></c><c r="B2" t="inlineStr"><is><t>An</t></is></c></row>'
    )
    table = read_table(book({"S": sheet(row(1, "STT", "Họ và tên"), done)}), "a.xlsx", known=known)

    assert table.notices == ()
    assert table.rows == [[None, "An"]]


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    listed = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    workbook = f'<workbook xmlns:r="r"><workbookPr date1904="1"/>{listed}</workbook>'
    page = sheet(row(1, *HEADS), row(2, "An", dt.date(2009, 9, 4), "5A"))
    content = book({"S": page}, more={"xl/workbook.xml": workbook})

    assert read_table(content, "a.xlsx", known=known).rows == [["An", dt.date(2013, 9, 5), "5A"]]


def test_paths_with_backslashes_are_paths() -> None:
    good = plain(HEADS, AN)
    content = good.replace(b"xl/worksheets/s1.xml", b"xl\\worksheets\\s1.xml")

    assert content != good
    assert read_table(content, "a.xlsx", known=known).rows == [list(AN)]


def test_duplicated_headings_name_both_columns() -> None:
    table = read_table(plain(("Lớp", "Họ và tên", "lớp"), ("5A", "An", "5B")), "a.xlsx", known=known)

    assert _notice(table.notices, "duplicated_headings").where == "A, C"


def test_ragged_rows_are_named() -> None:
    table = read_table("Họ và tên,Lớp\nAn,5A\nLê, Hoà,5A\nBình,5B\n".encode(), "a.csv", known=known)

    assert _notice(table.notices, "ragged_rows").where == "3"


def test_the_row_with_the_open_quote_is_named() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_table('Họ và tên,Lớp\nAn,5A\n"Bình,5B\nChi,5C\n'.encode(), "a.csv", known=known)

    assert "dòng 3" in refusal.value.message
    assert refusal.value.facts == {"row": 3}


def test_a_row_of_a_text_is_a_record_not_a_line() -> None:
    table = read_table(b'Lop,Ghi chu\n5A,"x\ny"\n\n5B,z\n', "a.csv")

    assert table.numbers == [2, 4]


def test_tables_of_a_page_stand_one_under_the_other() -> None:
    table = read_table(PAGE.encode(), "a.xls", known=known)

    assert (table.heading_row, table.numbers) == (2, [3, 4])
    assert _notice(table.notices, "merged_cells").where == "C3:C4"


def test_a_table_inside_a_layout_table_is_the_table() -> None:
    page = f"<table><tr><td>Menu</td><td>{PAGE}</td></tr></table>"

    assert read_table(page.encode(), "a.xls", known=known).headings == ("STT", "Họ và tên", "Lớp")


def test_a_cell_does_not_reach_into_the_next_table() -> None:
    page = "<table><tr><td rowspan=9>Tiêu đề</td></tr></table><table><tr><td>Họ và tên</td><td>Lớp</td></tr></table>"

    assert read_table(page.encode(), "a.xls", known=known).headings == ("Họ và tên", "Lớp")


def test_hidden_rows_are_read() -> None:
    hidden = row(2, *AN).replace('<row r="2"', '<row r="2" hidden="1" ht="0"')

    assert read_table(book({"S": sheet(row(1, *HEADS), hidden)}), "a.xlsx", known=known).rows == [list(AN)]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258", "utf-8-sig"])
def test_pages_come_in_other_encodings(encoding: str) -> None:
    page = PAGE.replace("charset=utf-8", f"charset={encoding}") if encoding == "cp1258" else PAGE
    body = page if encoding != "cp1258" else "".join(APART.get(char, char) for char in page)

    assert read_table(body.encode(encoding), "a.html", known=known).rows[1] == ["2", "Trần Bình", None]


APART = {
    "ọ": "o\u0323",
    "ầ": "â\u0300",
    "ì": "i\u0300",
    "à": "à",
    "ớ": "ơ\u0301",
    "ư": "ư",
    "ở": "ơ\u0309",
    "Ọ": "O\u0323",
}
