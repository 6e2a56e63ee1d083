"""Workbooks that go wrong, made part by part."""

import datetime as dt
import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from phuong.intake.reading.compound import compound_of

HEADS = ("Họ và tên", "Ngày sinh", "Lớp")
AN = ("Nguyễn Văn An", dt.date(2013, 9, 5), "5A")
BINH = ("Trần Thị Bình", dt.date(2013, 11, 20), "5B")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def cell(place: str, value: object, prefix: str = "") -> str:
    p = prefix
    if value is None:
        return f'<{p}c r="{place}" s="1"/>'
    if isinstance(value, str) and value.startswith("="):
        return f'<{p}c r="{place}"><{p}f>{escape(value[1:])}</{p}f></{p}c>'
    if isinstance(value, str) and value.startswith("#"):
        return f'<{p}c r="{place}" t="e"><{p}v>{value}</{p}v></{p}c>'
    if isinstance(value, str):
        return f'<{p}c r="{place}" t="inlineStr"><{p}is><{p}t>{escape(value)}</{p}t></{p}is></{p}c>'
    if isinstance(value, dt.date):
        return f'<{p}c r="{place}" s="1"><{p}v>{(value - dt.date(1899, 12, 30)).days}</{p}v></{p}c>'
    return f'<{p}c r="{place}"><{p}v>{value}</{p}v></{p}c>'


def row(number: int, *values: object, prefix: str = "") -> str:
    cells = "".join(cell(f"{chr(65 + place)}{number}", value, prefix) for place, value in enumerate(values))
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'


def sheet(*rows: str, tail: str = "") -> str:
    return f"<worksheet {_MAIN}><sheetData>{''.join(rows)}</sheetData>{tail}</worksheet>"


def book(
    sheets: dict[str, str],
    *,
    hidden: tuple[str, ...] = (),
    strings: str = "",
    more: dict[str, str | bytes] | None = None,
) -> bytes:
    names = list(sheets)
    lines = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{place}" r:id="r{place}" state="{_state(name in hidden)}"/>'
        for place, name in enumerate(names, 1)
    )
    targets = "".join(
        f'<Relationship Id="r{place}" Type="{_RELATION}/worksheet" Target="worksheets/s{place}.xml"/>'
        for place in range(1, len(names) + 1)
    )
    shared = f'<Relationship Id="x" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<R><Relationship Id="r" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></R>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_RELATION}"><sheets>{lines}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{targets}{shared}"
        f'<Relationship Id="s" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    parts |= {f"xl/worksheets/s{place}.xml": text for place, text in enumerate(sheets.values(), 1)}
    parts |= {"xl/sharedStrings.xml": strings} if strings else {}
    return zipped(parts | (more or {}))


def _state(is_hidden: bool) -> str:
    return "hidden" if is_hidden else "visible"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def plain(*rows: tuple[object, ...], tail: str = "") -> bytes:
    return book({"Học sinh": sheet(*(row(number, *values) for number, values in enumerate(rows, 1)), tail=tail)})


def million_rows() -> bytes:
    blank = "".join(
        f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(3, 1048577)
    )
    return book({"Học sinh": sheet(row(1, *HEADS), row(2, *AN), blank)})


def value_in_the_last_row() -> bytes:
    return book({"Học sinh": sheet(row(1, *HEADS), row(2, *AN), row(1048576, "x"))})


def value_in_the_last_corner() -> bytes:
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return book({"Học sinh": sheet(row(1, *HEADS), row(2, *AN), last)})


def corner_by_another_attribute() -> bytes:
    """A cell that names its place twice: what is measured must be what is read."""
    return book({"Học sinh": sheet(row(1, *HEADS), '<row r="2"><c r="A2" r="XFD1048576"><v>1</v></c></row>')})


def corner_in_a_row_above() -> bytes:
    return book(
        {"Học sinh": sheet(row(1, *HEADS), '<row r="2"><c r="A2"><v>1</v></c><c r="ZZ1048576"><v>1</v></c></row>')}
    )


def bomb() -> bytes:
    return book({"Học sinh": sheet(row(1, *HEADS), f"<!--{' ' * (40 * 2**20)}-->")})


def lying_bomb() -> bytes:
    """The directory claims that the large part is small."""
    content = bytearray(bomb())
    at = content.rfind(b"xl/worksheets/s1.xml") - 46
    struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


def laughing_strings() -> bytes:
    """One long text that 200,000 cells point to."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 200_001))
    return book({"S": sheet(cells)}, strings=f"<sst><si><t>{'ha ' * 10_000}</t></si></sst>")


def hidden_laughter(kind: str) -> bytes:
    """The same, where the long text or its uses hide from who only looks at tags."""
    long, use = "ha " * 20_000, '<c r="A{n}" t="s"><v>1</v></c>'
    strings = {
        "comment": "<si><t>a</t></si><si><t>" + "<!--</si>-->".join([long] * 3) + "</t></si>",
        "nested": f"<si><si><t>a</t></si>b</si><si><t>{long}</t></si><si><t>c</t></si>",
        "spaced": f"<si><t>a</t></si ><si><t>{long}</t></si><si><t>b</t></si>",
        "values": f"<si><t>a</t></si><si><t>{long}</t></si><si><t>b</t></si>",
        "prefix": f"<x:si><x:t>a</x:t></x:si><x:si><x:t>{long}</x:t></x:si>",
    }[kind]
    if kind == "values":
        use = '<c r="A{n}" t="s"><v>2</v><v>1</v></c>'
    cells = "".join(f'<row r="{n}">{use.format(n=n)}</row>' for n in range(1, 50_001))
    root = "x:sst xmlns:x='urn:x'" if kind == "prefix" else "sst"
    return book({"S": sheet(cells)}, strings=f"<{root}>{strings}</{root.split()[0]}>")


def sheets_far_apart() -> bytes:
    """Many small sheets whose corners are far from each other."""
    page = sheet(row(1, "Lớp"), '<row r="900"><c r="Z900"><v>1</v></c></row>')
    return book({f"S{place}": page for place in range(400)})


def one_sheet_many_times() -> bytes:
    relation = f'<Relationship Id="r1" Type="{_RELATION}/worksheet" Target="worksheets/s1.xml"/>'
    twice = relation + relation.replace('"r1"', '"r2"')
    pages = {"A": sheet(row(1, *HEADS)), "B": sheet(row(1, *HEADS))}
    return book(pages, more={"xl/_rels/workbook.xml.rels": f"<Relationships>{twice}</Relationships>"})


def greedy_strings() -> bytes:
    body = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return book({"S": sheet(body)}, strings='<sst uniqueCount="99999999999999"><si><t>Lớp</t></si></sst>')


def entities(part: str) -> bytes:
    lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    parts = {"xl/sharedStrings.xml": lol + "<sst><si><t>&b;</t></si></sst>"} if part == "strings" else {}
    text = sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    parts |= {"xl/worksheets/s1.xml": lol + text} if part == "sheet" else {}
    parts |= {"xl/_rels/workbook.xml.rels": lol + "<Relationships/>"} if part == "list" else {}
    return book({"S": text}, strings="<sst/>", more=parts)


def written(*rows: tuple[object, ...], **options: object) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "dd/mm/yyyy"} | options) as workbook:
        page = workbook.add_worksheet("Học sinh")
        for line, values in enumerate(rows):
            page.write_row(line, 0, values)
    return made.getvalue()


def official_form() -> bytes:
    merged = "".join(f"<mergeCell ref='{area}'/>" for area in ("A1:D1", "D5:E5", "A5:A6", "B5:B6"))
    rows = [
        row(1, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        row(2, "Độc lập - Tự do - Hạnh phúc"),
        row(4, "DANH SÁCH HỌC SINH LỚP 5A"),
        row(5, "STT", "Họ và tên", "Ngày\nsinh", "Họ và tên", None),
        row(6, None, None, None, "cha", "mẹ"),
        row(7, "(1)", "(2)", "(3)", "(4)", "(5)"),
        row(8, 1, AN[0], AN[1], "Nguyễn Văn Bình", "Lê Thị Hoa"),
    ]
    return book({"5A": sheet(*rows, tail=f"<mergeCells>{merged}</mergeCells>")})


def prefixed() -> bytes:
    """As programs with the OpenXML SDK write it."""
    rows = row(1, *HEADS, prefix="x:") + row(2, *AN, prefix="x:") + row(3, "Lê Hoà", "#REF!", "5A", prefix="x:")
    page = f'<x:worksheet xmlns:x="urn:x"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    return book({"Học sinh": page})


def without_places() -> bytes:
    """Cells without addresses: their order says where they stand."""
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line) + "</row>"
        for line in (("Họ và tên", "Lớp"), ("Lê Hoà", "5A"))
    )
    return book({"Học sinh": sheet(rows)})


OLE_WORD = compound_of({"WordDocument": b"x"})
