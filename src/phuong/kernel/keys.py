"""Primary keys: UUID version 7 (RFC 9562), ordered by time and mergeable across provinces."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Make a new key; keys made later sort later (to the millisecond)."""
    millis = time.time_ns() // 1_000_000
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return uuid.UUID(bytes=bytes(raw))
