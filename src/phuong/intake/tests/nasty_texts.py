"""Text files and pages that go wrong."""

from phuong.intake.tests.nasty import Case

TEXT = "Họ và tên,Lớp\nNguyễn Văn Khánh,5A\nTrần Thị Phượng,5B\n"
HEADS = ("Họ và tên", "Lớp")
ROWS = (("Nguyễn Văn Khánh", "5A"), ("Trần Thị Phượng", "5B"))
TCVN3 = "Hä vµ tªn;Líp\r\nNguyÔn V¨n Kh¸nh;5A\r\nTrÇn ThÞ Ph­îng;5B\r\n"
VNI = "Hoï vaø teân\tLôùp\nNguyeãn Vaên Khaùnh\t5A\nTraàn Thò Phöôïng\t5B\n"
# tone marks apart, as Windows-1258 has them
WINDOWS = "Ho\u0323 va\u0300 tên,Lơ\u0301p\nNguyê\u0303n Văn Kha\u0301nh,5A\nTrâ\u0300n Thi\u0323 Phươ\u0323ng,5B\n"
PAGE = """<html><head><meta http-equiv=Content-Type content="text/html; charset=utf-8"></head><body>
<table><tr><td colspan=3>DANH SÁCH HỌC SINH</td></tr></table>
<table border=1><tr><th>STT</th><th>Họ và tên</th><th>Lớp</th></tr>
<tr><td>1</td><td>Lê&nbsp;<b>Hoà</b><br>(lớp trưởng)</td><td rowspan=2>5A</td></tr>
<tr><td>2</td><td> Trần
 Bình </td></tr></table></body></html>"""


def _text(title: str, text: str, **outcome: object) -> Case:
    return Case(title, "ds.csv", lambda: text.encode(), **({"encoding": "utf-8"} | outcome))  # type: ignore[arg-type]


CASES = [
    _text("UTF-8", TEXT, headings=HEADS, rows=ROWS),
    _text("with a mark", "\ufeff" + TEXT, headings=HEADS, rows=ROWS),
    _text("semicolons", TEXT.replace(",", ";"), headings=HEADS, rows=ROWS),
    _text("tabs", TEXT.replace(",", "\t"), headings=HEADS, rows=ROWS),
    _text("a hint for Excel", "sep=|\n" + TEXT.replace(",", "|"), headings=HEADS, rows=ROWS),
    _text(
        "combining marks",
        "Ho\u0323 va\u0300 te\u0302n,Lơ\u0301p\nLê Hoa\u0300,5A\n",
        headings=HEADS,
        rows=(("Lê Hoà", "5A"),),
    ),
    _text(
        "decimal commas",
        "Họ và tên;Điểm\nAn;8,5\nBình;7,25\nHà;9,0\n",
        headings=("Họ và tên", "Điểm"),
        rows=(("An", "8,5"), ("Bình", "7,25"), ("Hà", "9,0")),
    ),
    _text(
        "quotes and line breaks",
        'Họ và tên,Ghi chú\n"Lê ""Tí"" Hoà","dòng 1\ndòng 2, hết"\n',
        headings=("Họ và tên", "Ghi chú"),
        rows=(('Lê "Tí" Hoà', "dòng 1\ndòng 2, hết"),),
    ),
    _text(
        "too many cells in a row",
        "Họ và tên,Lớp\nAn,5A\nLê, Hoà,5A\nBình,5B\n",
        headings=("Họ và tên", "Lớp", ""),
        rows=(("An", "5A", None), ("Lê", " Hoà", "5A"), ("Bình", "5B", None)),
        notices=frozenset({"ragged_rows"}),
    ),
    _text(
        "a row broken in two",
        "Họ và tên,Lớp\nAn,5A\nLê\nHoà,5A\nBình,5B\nChi,5B\nDung,5C\n",
        headings=HEADS,
        rows=(("An", "5A"), ("Lê", None), ("Hoà", "5A"), ("Bình", "5B"), ("Chi", "5B"), ("Dung", "5C")),
        notices=frozenset({"ragged_rows"}),
    ),
    _text(
        "zero bytes",
        TEXT.replace("Văn", "Vă\x00n"),
        headings=HEADS,
        rows=ROWS,
        notices=frozenset({"control_characters"}),
    ),
    _text("one column", "Họ và tên\nAn\nBình\n", headings=("Họ và tên",), rows=(("An",), ("Bình",))),
    _text("errors of Excel", "Họ và tên,Lớp\nAn,#REF!\n", headings=HEADS, rows=(("An", None),)),
    _text("a quote never closed", 'Họ và tên,Lớp\n"An,5A\nBình,5B\n', refused="bad_quotes"),
    _text("no telling the separator", "Họ;Tên,Lớp\nA;B,C\nD;E,F\n", refused="unknown_separator"),
    _text("no headings", "1,2\n3,4\n", refused="no_heading"),
    _text("only headings", "Họ và tên,Lớp\n", headings=HEADS, notices=frozenset({"no_rows"})),
    Case("UTF-16 with a mark", "ds.csv", lambda: TEXT.encode("utf-16"), HEADS, ROWS, encoding="utf-16"),
    Case(
        "UTF-16, big end first",
        "ds.txt",
        lambda: b"\xfe\xff" + TEXT.encode("utf-16-be"),
        HEADS,
        ROWS,
        encoding="utf-16",
    ),
    Case("UTF-16 without a mark", "ds.csv", lambda: TEXT.encode("utf-16-le"), HEADS, ROWS, encoding="utf-16"),
    Case(
        "Windows-1258",
        "ds.csv",
        lambda: WINDOWS.encode("cp1258"),
        HEADS,
        ROWS,
        frozenset({"converted_from_windows_1258"}),
        encoding="windows-1258",
    ),
    Case(
        "TCVN3",
        "ds.csv",
        lambda: TCVN3.encode("latin-1"),
        HEADS,
        ROWS,
        frozenset({"converted_from_tcvn3"}),
        encoding="tcvn3",
    ),
    Case(
        "VNI", "ds.txt", lambda: VNI.encode("latin-1"), HEADS, ROWS, frozenset({"converted_from_vni"}), encoding="vni"
    ),
    Case(
        "TCVN3 saved as UTF-8",
        "ds.csv",
        lambda: TCVN3.encode(),
        HEADS,
        ROWS,
        frozenset({"converted_from_tcvn3"}),
        encoding="utf-8",
    ),
    Case(
        "French, no encoding to be told",
        "ds.csv",
        lambda: "Nom,Né\nFrançois,côté\nZoë,naïf\n".encode("latin-1"),
        refused="unknown_encoding",
    ),
    Case("damaged UTF-8", "ds.csv", lambda: (TEXT * 5).encode() + b"\xe1\xbb,5A\n", refused="bad_characters"),
    Case("half of UTF-16", "ds.csv", lambda: TEXT.encode("utf-16")[:-1], refused="bad_characters"),
    Case(
        "a page saved as xls",
        "bao_cao.xls",
        lambda: PAGE.encode(),
        ("STT", "Họ và tên", "Lớp"),
        (("1", "Lê Hoà\n(lớp trưởng)", "5A"), ("2", "Trần Bình", None)),
        frozenset({"wrong_extension", "merged_cells"}),
    ),
    Case(
        "a page without a table",
        "a.xls",
        lambda: b"<html><body><p>Xin ch\xc3\xa0o</p></body></html>",
        refused="no_data",
    ),
    Case(
        "XML of Excel 2003",
        "a.xls",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        refused="xml_spreadsheet",
    ),
    Case("web archive", "a.xls", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related", refused="web_archive"),
    Case("PDF", "a.xlsx", lambda: b"%PDF-1.7\n" + bytes(50), refused="not_a_table"),
    Case("a picture", "a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), refused="not_a_table"),
    Case("noise", "a.csv", lambda: bytes(range(256)) * 40, refused="unknown_encoding"),
    Case("empty", "a.csv", lambda: b"", refused="empty_file"),
    Case("blank lines", "a.csv", lambda: b"\n\n , ,\n", refused="no_heading"),
    Case("larger than 30 MB", "a.csv", lambda: bytes(31 * 2**20), refused="too_big", is_heavy=True),
]
