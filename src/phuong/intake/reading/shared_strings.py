"""The texts that the cells of an .xlsx share: without the count they claim, and measured by how often each is used.

The reader writes each use out, so one long text with a hundred thousand uses is a bomb that no size of a file tells.
"""

import re
from collections import Counter
from collections.abc import Sequence

from phuong.intake.reading.archives import bomb, damaged, unsafe
from phuong.intake.reading.markup import Attributes, Listener, listen
from phuong.intake.reading.sheet_xml import SheetXml

NO_STRINGS = b"<sst></sst>"
_MOST_TEXT = 200 * 2**20  # bytes over all cells, each use of a text counted
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?(?:\s|<!--.{0,999}?-->)*<(\w+:)?sst\b[^<>]*>", re.DOTALL)
_PLAIN_TAGS = (b"<si>", b"</si>", b"<t>", b"</t>", b'<t xml:space="preserve">', b"</sst>", b"<t/>")


def bare_strings(document: bytes) -> bytes:
    """Give the document with a bare root and without prefixes.

    :raises Unreadable: another document, or one that declares entities
    """
    head = _HEAD.match(document)
    if head is None:
        raise unsafe() if b"<!DOCTYPE" in document[:4096] else damaged()
    if head[0].endswith(b"/>"):
        return NO_STRINGS
    rest = document[head.end() :]
    if prefix := head[1]:
        rest = rest.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    return b"<sst>" + rest


def check_uses(strings: bytes, sheets: Sequence[SheetXml]) -> None:
    """Refuse texts that would fill the memory when each use is written out.

    :raises Unreadable: they would
    """
    most = sum(sheet.most_uses() for sheet in sheets)
    if most * len(strings) <= _MOST_TEXT:
        return
    lengths = _lengths(strings)
    longest = max(lengths, default=0)
    if most * longest <= _MOST_TEXT:
        return
    uses: Counter[int] = Counter()
    for sheet in sheets:
        uses.update(sheet.uses())
    whole = sum(count * (lengths[at] if at < len(lengths) else longest) for at, count in uses.items())
    if whole > _MOST_TEXT:
        raise bomb()


def _lengths(strings: bytes) -> list[int]:
    """Give the bytes of each text, or a little more.

    Where every tag is one of the plain ones nothing can stand for something else: the ends of the texts divide them.
    """
    if strings.count(b"<") == 1 + sum(map(strings.count, _PLAIN_TAGS)):
        parts = strings.split(b"</si>")
        if all(part.count(b"<si>") == 1 for part in parts[:-1]):
            return list(map(len, parts))
    heard = _Texts()
    listen([strings], heard)
    return heard.lengths


class _Texts(Listener):
    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.is_inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            if self.is_inside:
                raise damaged()
            self.is_inside = True
            self.lengths.append(0)

    def end(self, name: str) -> None:
        if name == "si":
            self.is_inside = False

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text.encode())
