"""Files given back hold what came in, with what is wrong; templates are read as they are meant."""

import datetime as dt
import io
import zipfile
from string import printable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phuong.intake.reading import Cell, Table, TemplateColumn, read_table, write_back, write_template
from phuong.intake.tests.nasty import known

HEADS = ("Họ và tên", "Mã định danh", "Ngày sinh")
LETTERS = st.text(st.sampled_from(printable[:95] + "ăâđêôơưÂĐễộ\n😀"), min_size=1).filter(
    lambda text: not text.isspace()
)
CELLS = (
    st.none()
    | LETTERS.filter(lambda text: text.strip() not in ("#N/A",))
    | st.integers(-(10**9), 10**9).map(float)
    | st.booleans()
    | st.dates(dt.date(1900, 3, 1), dt.date(2999, 1, 1))
    | st.datetimes(dt.datetime.fromisoformat("1901-01-01"), dt.datetime.fromisoformat("2999-01-01")).map(
        lambda moment: moment.replace(microsecond=0, second=1)
    )
    | st.times().map(lambda time: time.replace(microsecond=0, second=1))
    | st.timedeltas(dt.timedelta(days=2), dt.timedelta(days=999)).map(
        lambda span: dt.timedelta(span.days, span.seconds)
    )
)


def a_table(*rows: list[Cell], headings: tuple[str, ...] = HEADS) -> Table:
    return Table("ds.xlsx", "Học sinh", ("Học sinh",), headings, 1, list(rows), [*range(2, len(rows) + 2)])


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), max_size=8))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_what_is_written_back_is_read_as_the_same_cells(rows: list[list[Cell]]) -> None:
    content = write_back(a_table(*rows), {}, heading="Cần sửa", only_problems=False)

    table = read_table(content, "ds.xlsx", known=known)

    assert table.headings == (*HEADS, "Cần sửa")
    assert [[(type(cell), cell) for cell in row[:3]] for row in table.rows] == [
        [(type(cell), cell) for cell in row] for row in rows
    ]


def test_only_rows_with_problems_come_back_with_their_words() -> None:
    rows: list[list[Cell]] = [["An", "031205001234", None], ["Bình", "1", dt.date(2013, 9, 5)], ["Chi", "2", None]]

    content = write_back(a_table(*rows), {1: [(1, "cần 12 chữ số"), (-1, "trùng dòng 9")]}, heading="Cần sửa")

    table = read_table(content, "ds.xlsx", known=known)
    assert table.rows == [["Bình", "1", dt.date(2013, 9, 5), "Mã định danh: cần 12 chữ số\ntrùng dòng 9"]]
    assert "cần 12 chữ số" in part(content, "xl/comments1.xml")
    assert 'ref="A1:D2"' in part(content, "xl/worksheets/sheet1.xml")  # the filter
    assert 'ySplit="1"' in part(content, "xl/worksheets/sheet1.xml")


def test_a_file_given_back_twice_has_one_column_of_problems() -> None:
    first = write_back(a_table(["An", "1", None]), {0: [(1, "sai")]}, heading="Cần sửa")

    second = write_back(read_table(first, "a.xlsx", known=known), {0: [(0, "thiếu họ")]}, heading="Cần sửa")

    table = read_table(second, "a.xlsx", known=known)
    assert table.headings == (*HEADS, "Cần sửa")
    assert table.rows == [["An", "1", None, "Họ và tên: thiếu họ"]]


def test_nothing_that_was_typed_becomes_a_formula_or_a_link() -> None:
    typed = ['=HYPERLINK("http://x","y")', "+1", "-2", "@SUM(A1)", "http://example.org", "{=1}"]

    content = write_back(
        a_table(*[[text, "1", None] for text in typed]), {0: [(0, "=1+1")]}, heading="=1", only_problems=False
    )

    xml = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    assert [row[0] for row in read_table(content, "a.xlsx", known=known).rows] == typed


def test_codes_keep_their_zeros_for_what_is_typed_later() -> None:
    content = write_back(a_table(["An", "031205001234", None]), {0: [(1, "x")]}, heading="Lỗi")

    assert 'formatCode="@"' in part(content, "xl/styles.xml") or 'numFmtId="49"' in part(content, "xl/styles.xml")
    assert '<col min="2" max="2"' in part(content, "xl/worksheets/sheet1.xml")
    assert read_table(content, "a.xlsx", known=known).rows[0][1] == "031205001234"


def test_errors_and_dates_before_all_counting_come_back_as_text() -> None:
    table = a_table(["An", None, dt.date(1850, 1, 2)])
    table.errors[0, 1] = "#REF!"

    content = write_back(table, {0: [(1, "sai")]}, heading="Lỗi")

    assert read_table(content, "a.xlsx", known=known).rows[0][2] == "02/01/1850"
    assert "#REF!" in part(content, "xl/sharedStrings.xml")


COLUMNS = [
    TemplateColumn("Họ và tên", True, "Viết đủ dấu", "text", (), "Nguyễn Văn An"),
    TemplateColumn("Ngày sinh", True, "Ngày, tháng, năm", "date", (), "05/09/2013"),
    TemplateColumn("Giới tính", False, "", "code", ("Nam", "Nữ"), "Nữ"),
    TemplateColumn("Mã định danh", False, "12 chữ số", "digits", (), "031205001234"),
    TemplateColumn("Điểm", False, "", "whole"),
    TemplateColumn("Ghi chú", False, "", "yes_no"),
]


def test_a_template_is_read_as_an_empty_table_and_its_guide_is_not() -> None:
    content = write_template(COLUMNS, title="Học sinh", notes=["Mỗi dòng một em.", "Không đổi tên cột."])

    table = read_table(content, "mau.xlsx", known=known)

    assert (table.sheet, table.rows) == ("Học sinh", [])
    assert table.headings == tuple(column.heading for column in COLUMNS)
    assert [notice.code for notice in table.notices] == ["no_rows"]


def test_a_template_offers_its_lists_and_marks_what_is_required() -> None:
    content = write_template(COLUMNS, title="Học sinh", notes=[])

    xml = part(content, "xl/worksheets/sheet1.xml")
    assert "'Danh mục'!$A$2:$A$3" in xml
    assert "'Danh mục'!$B$2:$B$3" in xml
    assert xml.count("<dataValidation ") == 4
    assert "<t>Họ và tên *</t>" in part(content, "xl/sharedStrings.xml")
    assert read_table(content, "mau.xlsx", sheet="Hướng dẫn").rows != []


def test_a_template_of_thousands_of_choices_points_to_them() -> None:
    wards = [f"Phường {number} của một quận có tên rất dài" for number in range(3_321)]

    content = write_template([TemplateColumn("Xã", True, "", "code", wards)], title="a/b:c*" * 20, notes=["x" * 900])

    assert "$A$2:$A$3322" in part(content, "xl/worksheets/sheet1.xml")
    assert read_table(content, "mau.xlsx").headings == ("Xã",)
