"""Identifiers that sort by the time they were made and cannot be guessed (UUID version 7, RFC 9562)."""

import secrets
import threading
import time
import uuid

RANDOM_BITS = 74
_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, then 74 random bits.

    Those of one process sort in the order of making, within a millisecond too: what is written in one go stays in
    its order. There the next one lies at a random distance beyond the last.
    """
    global _last
    made = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    with _lock:
        if made <= _last:
            made = _last + 1 + secrets.randbits(40)
        _last = made
    value = made >> RANDOM_BITS << 80
    value |= 0x7 << 76
    value |= (made >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= made & (1 << 62) - 1
    return uuid.UUID(int=value)
