"""What a JSON string spells, read byte by byte: escapes, surrogate pairs, UTF-8.

Inside a string the text decoded so far is known up to one character that may be under way, either
as raw bytes or as an escape. `points` says which code points an escape that is cut off may become.
"""

from __future__ import annotations

Ranges = list[tuple[int, int]]

_SHORT = dict(zip(b'"\\/bfnrt', '"\\/\b\f\n\r\t', strict=True))
_HEX = b"0123456789abcdefABCDEF"


def points(escape: bytes) -> Ranges:
    """The code points that ``escape``, which begins with a backslash, may still become.

    An escape that is whole has one; one that is no beginning of an escape has none.
    """
    if escape == b"\\":
        return [(0, 0xD7FF), (0xE000, 0x10FFFF)]
    if escape[1] in _SHORT:
        point = ord(_SHORT[escape[1]])
        return [(point, point)] if len(escape) == 2 else []
    if escape[1:2] != b"u":
        return []
    units = _units(escape[2:6])
    if units is None:
        return []
    lo, hi = units
    if len(escape) <= 6:
        high = (max(lo, 0xD800), min(hi, 0xDBFF))
        out = [(max(lo, a), min(hi, b)) for a, b in ((0, 0xD7FF), (0xE000, 0xFFFF))]
        if high[0] <= high[1]:
            out.append((_pair(high[0], 0xDC00), _pair(high[1], 0xDFFF)))
        return [(a, b) for a, b in out if a <= b]
    if not 0xD800 <= lo <= 0xDBFF or not b"\\u".startswith(escape[6:8]) or len(escape) > 12:
        return []
    low = _units(escape[8:])
    if low is None or low[0] > 0xDFFF or low[1] < 0xDC00:
        return []
    return [(_pair(lo, max(low[0], 0xDC00)), _pair(lo, min(low[1], 0xDFFF)))]


def is_whole(escape: bytes) -> bool:
    """Whether an escape that `points` knows has come to its end."""
    if escape[1:2] != b"u":
        return len(escape) == 2
    if len(escape) < 6:
        return False
    return len(escape) == 12 or not 0xD800 <= int(escape[2:6], 16) <= 0xDBFF


def _units(digits: bytes) -> tuple[int, int] | None:
    """The units of 16 bits whose four digits begin so."""
    if any(digit not in _HEX for digit in digits):
        return None
    rest = 4 * (4 - len(digits))
    start = int(digits or b"0", 16) << rest
    return start, start + (1 << rest) - 1


def _pair(high: int, low: int) -> int:
    return 0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00


def following(byte: int) -> int:
    """How many bytes of a character follow its first one; -1 if no character begins so."""
    if byte < 0x80:
        return 0
    for lo, hi, more in ((0xC2, 0xDF, 1), (0xE0, 0xEF, 2), (0xF0, 0xF4, 3)):
        if lo <= byte <= hi:
            return more
    return -1
