"""PDF files made smaller: what is no stream is gathered into object streams, as PDF 1.5 and PDF/A-2 allow.

A tagged table is hundreds of small objects that Typst writes one by one; together they shrink to a sixth.
"""

import re
import zlib

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref", re.DOTALL)
_HEAD = re.compile(rb"\d+ 0 obj\n")
_SIZE = re.compile(rb"/Size \d+")
_LENGTH = re.compile(rb"/Length \d+")
_ENTRY = 20  # bytes of a line in a table of places
_AT_A_TIME = 200  # objects in one stream
_FREE, _PLAIN, _PACKED = 0, 1, 2


def packed(printed: bytes) -> bytes:
    """Pack a PDF that Typst wrote.

    :raises ValueError: it is not written as expected
    """
    start, trailer = _START.search(printed), _TRAILER.search(printed)
    if start is None or trailer is None:
        raise ValueError("pdf: no table of places")
    at = int(start[1])
    places = _places(printed, at)
    out = bytearray(printed[: min(places.values())])
    rows: dict[int, tuple[int, int, int]] = {0: (_FREE, 0, 65535)}
    small: list[tuple[int, bytes]] = []
    for number, body in _objects(printed, places, at):
        if body.rstrip().endswith(b"endstream"):
            rows[number] = (_PLAIN, len(out), 0)
            out += b"%d 0 obj\n" % number + _shrunk(body) + b"\nendobj\n"
        else:
            small.append((number, body))
    last = max(places)
    for first in range(0, len(small), _AT_A_TIME):
        last += 1
        part = small[first : first + _AT_A_TIME]
        rows[last] = (_PLAIN, len(out), 0)
        rows |= {number: (_PACKED, last, index) for index, (number, _body) in enumerate(part)}
        out += _stream(last, part)
    rows[last + 1] = (_PLAIN, len(out), 0)
    return bytes(out + _table(last + 1, rows, _SIZE.sub(b"", trailer[1])))


def _places(printed: bytes, at: int) -> dict[int, int]:
    """Read where each object lies."""
    head = re.compile(rb"xref\s+0 (\d+)\s+").match(printed, at)
    if head is None:
        raise ValueError("pdf: no table of places")
    lines = (printed[head.end() + _ENTRY * each :][:_ENTRY] for each in range(int(head[1])))
    return {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}


def _objects(printed: bytes, places: dict[int, int], at: int) -> list[tuple[int, bytes]]:
    """Give each object without its number and end."""
    order = sorted(places.items(), key=lambda pair: pair[1])
    ends = [*(place for _number, place in order[1:]), at]
    found = []
    for (number, place), end in zip(order, ends, strict=True):
        whole = printed[place:end].rstrip()
        head = _HEAD.match(whole)
        if head is None or not whole.endswith(b"endobj"):
            raise ValueError("pdf: an object that is not whole")
        found.append((number, whole[head.end() : -len(b"endobj")].rstrip(b"\n")))
    return found


def _shrunk(body: bytes) -> bytes:
    """Compress a stream that is not yet: the metadata, which PDF/A-1 wanted plain and PDF/A-2 does not."""
    facts, _start, rest = body.partition(b">>\nstream\n")
    if b"/Filter" in facts or _LENGTH.search(facts) is None:
        return body
    data = zlib.compress(rest.rpartition(b"\nendstream")[0], 9)
    facts = _LENGTH.sub(b"/Length %d/Filter/FlateDecode" % len(data), facts)
    return facts + b">>\nstream\n" + data + b"\nendstream"


def _stream(number: int, part: list[tuple[int, bytes]]) -> bytes:
    heads, bodies, at = [], [], 0
    for each, body in part:
        heads.append(b"%d %d" % (each, at))
        bodies.append(body)
        at += len(body) + 1
    head = b" ".join(heads) + b"\n"
    data = zlib.compress(head + b"\n".join(bodies), 9)
    facts = b"<</Type/ObjStm/N %d/First %d/Length %d/Filter/FlateDecode>>" % (len(part), len(head), len(data))
    return b"%d 0 obj\n" % number + facts + b"\nstream\n" + data + b"\nendstream\nendobj\n"


def _table(number: int, rows: dict[int, tuple[int, int, int]], trailer: bytes) -> bytes:
    """Write the table of places as a stream, and where it lies."""
    at = rows[number][1]
    told = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, place, index in (rows.get(each, (_FREE, 0, 65535)) for each in range(number + 1))
    )
    data = zlib.compress(told, 9)
    facts = b"<</Type/XRef/W[1 4 2]/Size %d/Length %d/Filter/FlateDecode %s>>" % (number + 1, len(data), trailer)
    body = b"%d 0 obj\n" % number + facts + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % at
