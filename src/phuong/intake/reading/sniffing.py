"""What a file is, by its content; its name only tells whether the person should be told."""

import re

from django.utils.translation import gettext as _

from phuong.intake.reading.archives import Archive, damaged
from phuong.intake.reading.books import Book
from phuong.intake.reading.delimited import TextBook
from phuong.intake.reading.html import HtmlBook
from phuong.intake.reading.ods import OdsBook
from phuong.intake.reading.shapes import Notice, Unreadable
from phuong.intake.reading.xls import XlsBook
from phuong.intake.reading.xlsx import XlsxBook

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = tuple(bytes([9, version, length, 0]) for version in (0, 2, 4, 8) for length in (4, 6, 8, 16))
_NO_TABLES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\x00", "SQLite"),
)
_OFFICE = {"word/": "Word", "ppt/": "PowerPoint", "visio/": "Visio"}
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|meta|style|body|table|div|center|font)\b", re.IGNORECASE)
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_LOOK = 2**16
_ENDINGS = {
    "xlsx": ("xlsx", "xlsm", "xltx", "xltm"),
    "xls": ("xls", "xlt"),
    "ods": ("ods", "ots"),
    "html": ("html", "htm"),
    "csv": ("csv", "txt", "tsv", "tab"),
}


def open_book(content: bytes, name: str) -> Book:
    """Open a file by what it is.

    :raises Unreadable: it is no table, or not to be opened
    """
    kind, book = _open(content)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in {each for endings in _ENDINGS.values() for each in endings} - set(_ENDINGS[kind]):
        text = _("Tệp mang đuôi .%(ending)s nhưng nội dung là %(kind)s; đã đọc theo nội dung.")
        book.notices.append(Notice("wrong_extension", text % {"ending": ending, "kind": kind.upper()}))
    return book


def _open(content: bytes) -> tuple[str, Book]:
    if content.startswith(_ZIP):
        return _open_zip(content)
    if content.startswith(_COMPOUND):
        return "xls", XlsBook(content)
    if content.startswith(b"PK\x05\x06"):
        raise _no_table("ZIP")
    if content.startswith(_OLD_EXCEL):
        raise _to_be_saved_again("old_excel", "Excel 2–4")
    # a text may begin like a file of another kind: «BM» is a heading too, so the rest must be binary
    for start, kind in _NO_TABLES:
        if content.startswith(start) and (len(start) > 2 or b"\x00" in content[:_LOOK]):
            raise _no_table(kind)
    return _open_text(content)


def _open_text(content: bytes) -> tuple[str, Book]:
    start = content[:_LOOK].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        if _SPREADSHEET_XML in start:
            raise _to_be_saved_again("xml_spreadsheet", "XML Spreadsheet 2003")
        if _HTML.search(start):
            return "html", HtmlBook(content)
    if start.startswith(b"MIME-Version:"):
        raise _to_be_saved_again("web_archive", "MHTML")
    return "csv", TextBook(content)


def _open_zip(content: bytes) -> tuple[str, Book]:
    archive = Archive(content)
    names = archive.names()
    if "xl/workbook.bin" in archive:
        raise _to_be_saved_again("xlsb", "Excel Binary (.xlsb)")
    for folder, kind in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            raise _no_table(kind)
    if "mimetype" in archive:
        kind = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
        if "opendocument.spreadsheet" in kind:
            return "ods", OdsBook(archive)
        raise _no_table(kind.rpartition(".")[2])
    if "[content_types].xml" in archive or "_rels/.rels" in archive or "xl/workbook.xml" in archive:
        return "xlsx", XlsxBook(archive)
    if not names:
        raise damaged()
    raise _no_table("ZIP")


def _no_table(kind: str) -> Unreadable:
    text = _("Đây là tệp %(kind)s, không phải bảng tính. Tải lên tệp .xlsx, .xls, .ods hoặc .csv.")
    return Unreadable("not_a_table", text % {"kind": kind}, kind=kind)


def _to_be_saved_again(code: str, kind: str) -> Unreadable:
    text = _("Tệp ở dạng %(kind)s chưa đọc được. Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên.")
    return Unreadable(code, text % {"kind": kind})
