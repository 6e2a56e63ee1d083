"""Whatever the bytes, reading ends in a table or in a refusal, soon."""

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phuong.intake.reading import Unreadable, read_table
from phuong.intake.tests import nasty_books, nasty_cases, nasty_texts
from phuong.intake.tests.nasty import file, known

SEEDS = [case.make() for case in (*nasty_cases.CASES, *nasty_texts.CASES) if not case.is_heavy]
STARTS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<table><tr><td>",
    b"\xff\xfe",
    b"sep=;\n",
    b"\xef\xbb\xbf",
]
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 300), st.binary(max_size=8)), min_size=1, max_size=6)


def _ends_well(content: bytes) -> bool:
    """Read, and say that it ended as it may; any other exception fails the test."""
    try:
        table = read_table(content, "x.xlsx", known=known)
    except Unreadable as refusal:
        return refusal.code.startswith("intake.") and bool(refusal.message)
    return all(len(row) == len(table.headings) for row in table.rows) and len(table.numbers) == len(table.rows)


def _changed(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, size, new in changes:
        place = at % (len(content) + 1)
        content = content[:place] + new + content[place + size :]
    return content


A_WIDE_CELL = (
    '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
    "<text:p>x</text:p></table:table-cell>"
)


def an_ods(rows: str) -> bytes:
    page = f'<office:spreadsheet><table:table table:name="S">{rows}'
    return nasty_books.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": page})


@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_arbitrary_bytes_end_well(start: bytes, rest: bytes) -> None:
    assert _ends_well(start + rest)


@given(st.sampled_from(STARTS), st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32"]))
def test_arbitrary_text_ends_well(start: bytes, text: str, encoding: str) -> None:
    assert _ends_well(start + text.encode(encoding, "replace"))


@given(st.sampled_from(SEEDS), CHANGES)
@settings(deadline=None)
def test_a_changed_file_ends_well(content: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    assert _ends_well(_changed(content, changes))


@given(st.sampled_from([seed for seed in SEEDS if seed.startswith(b"PK")]), st.integers(0, 99), CHANGES)
@settings(deadline=None)
def test_a_workbook_with_a_changed_part_ends_well(
    content: bytes, which: int, changes: list[tuple[int, int, bytes]]
) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return
    name = sorted(parts)[which % len(parts)]

    assert _ends_well(nasty_books.zipped(parts | {name: _changed(bytes(parts[name]), changes)}))  # type: ignore[arg-type]


@pytest.mark.parametrize("cut", range(0, 6_600, 300))
def test_a_cut_file_ends_well(cut: int) -> None:
    assert _ends_well(file("sheets.xls")()[:cut])
    assert _ends_well(file("sheets.ods")()[: 2 * cut])


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"<table>" + b"<div>" * 100_000,
        lambda: b"<table><tr>" + b"<td colspan=999999999>x" * 20_000,
        lambda: b"<table>" + b"<tr><td rowspan=99999999>x" * 20_000,
        lambda: b'"' * 2_000_000,
        lambda: b"," * 2_000_000,
        lambda: b"a,b\n" + b"\n" * 1_000_000,
        lambda: ("Ã" * 1_000_000).encode("latin-1"),
        lambda: "Nguyeãn Vaên\n".encode("latin-1") * 50_000,
        lambda: nasty_books.book({"S": nasty_books.sheet('<row r="1">' + "<c><f>" * 100_000)}),
        lambda: nasty_books.book({f"S{n}": nasty_books.sheet(nasty_books.row(1, "Lớp")) for n in range(500)}),
        lambda: an_ods("<table:table-row>" + A_WIDE_CELL * 100_000),
        lambda: an_ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
            'table:number-columns-repeated="900"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
        ),
        lambda: an_ods("<table:table-row><table:table-cell><text:p>" + '<text:s text:c="999999999"/>' * 100_000),
        lambda: nasty_books.plain(*[("Họ và tên", "x" * 30_000)] * 50),
    ],
    ids=[
        "nested",
        "wide cells",
        "high cells",
        "quotes",
        "commas",
        "blank lines",
        "no words",
        "long",
        "open",
        "sheets",
        "wide ods",
        "repeated ods",
        "spaces",
        "long cells",
    ],
)
def test_what_is_made_to_be_slow_ends_soon(make) -> None:
    content = make()
    started = time.process_time()

    assert _ends_well(content)
    assert time.process_time() - started < 5
