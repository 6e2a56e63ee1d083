"""A progress bar as a grey PNG, for the editable form of a paper."""

import struct
import zlib

from phuong.paper.blocks import Bar

WIDTH, HEIGHT = 240, 36  # dots
_EDGE, _TICK = 6, 3  # dots: the bar stands this far from the top and bottom; half the width of the tick
_WHITE, _GREY, _BLACK = 255, 85, 0


def png_of(bar: Bar) -> bytes:
    """Draw ``bar``: a frame, grey up to the figure, a tick at the target that stands out above and below."""
    outside, edge, inside = _line(bar, filled=False, edge=False), _line(bar, edge=True), _line(bar)
    frame = [edge] * 2
    rows = [*[outside] * _EDGE, *frame, *[inside] * (HEIGHT - 2 * _EDGE - 4), *frame, *[outside] * _EDGE]
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _line(bar: Bar, *, filled: bool = True, edge: bool = False) -> bytes:
    """Give one row of dots: outside the frame, on its upper or lower edge, or inside."""
    dots = bytearray([_BLACK if edge else _WHITE]) * WIDTH
    if filled and not edge:
        reached = round((bar.share(bar.actual) or 0) * WIDTH)
        dots[:reached] = bytes([_GREY]) * reached
        dots[:2] = dots[-2:] = bytes([_BLACK]) * 2
    target = bar.share(bar.target)
    if target is not None:
        at = min(max(round(target * WIDTH), _TICK), WIDTH - _TICK)
        dots[at - _TICK : at + _TICK] = bytes([_BLACK]) * (2 * _TICK)
    return bytes(dots)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
