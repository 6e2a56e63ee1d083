"""Primary keys: UUID version 7 (RFC 9562), ordered by time and mergeable across provinces."""

import datetime as dt
import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Make a new key; keys made later sort later, to a quarter of a microsecond (RFC 9562, 6.2, method 3)."""
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    fraction = nanos * 4096 // 1_000_000
    raw = bytearray(millis.to_bytes(6, "big") + (0x7000 | fraction).to_bytes(2, "big") + os.urandom(8))
    raw[8] = 0x80 | raw[8] & 0x3F
    return uuid.UUID(bytes=bytes(raw))


def uuid7_texts(count: int) -> list[str]:
    """Make many new keys at once, as text: all of one moment, in no order among themselves."""
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    fraction = nanos * 4096 // 1_000_000
    head = f"{millis >> 16:08x}-{millis & 0xFFFF:04x}-{0x7000 | fraction:04x}-"
    tails = os.urandom(8 * count).hex()
    return [
        f"{head}{0x8 | int(tail[0], 16) & 0x3:x}{tail[1:4]}-{tail[4:]}"
        for tail in (tails[place : place + 16] for place in range(0, len(tails), 16))
    ]


def first_key_at(moment: dt.datetime) -> uuid.UUID:
    """Give the smallest key that can be made at ``moment``: keys below it were made earlier."""
    millis = int(moment.timestamp() * 1000)
    return uuid.UUID(bytes=millis.to_bytes(6, "big") + bytes(10))


def moment_of(key: uuid.UUID) -> dt.datetime:
    """Say when ``key`` was made, to the millisecond."""
    return dt.datetime.fromtimestamp(int.from_bytes(key.bytes[:6], "big") / 1000, dt.UTC)
