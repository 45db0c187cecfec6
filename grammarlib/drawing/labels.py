"""Bytes as short texts on the edges of a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["byte_class", "cut", "joined"]

_PRINTABLE = range(0x20, 0x7F)
_NAMES = {0x20: "␣", 0x09: "⇥", 0x0A: "↵", 0x0D: "↵"}
_SPECIAL = set(b"[]^-\\")


def byte_class(chosen: Iterable[int]) -> str:
    """Return a set of bytes: one byte as itself, several in brackets.

    Bytes from 0x80 on are written ``é…``: they are parts of characters. A set of nearly all
    printable ASCII is written by what it lacks.

    >>> byte_class(b"7"), byte_class(b"abcxyz"), byte_class(b" ")
    ('7', '[a-cx-z]', '␣')
    >>> byte_class(set(range(0x20, 0x7F)) - {ord('"')})
    '[^"]'
    """
    every = set(chosen)
    ascii_part = sorted(b for b in every if b < 0x80)
    more = "é…" if len(ascii_part) < len(every) else ""
    missing = [b for b in _PRINTABLE if b not in every]
    if not ascii_part:
        return more
    if len(ascii_part) == 1:
        return _name(ascii_part[0], "") + more
    if len(missing) <= 8 and len(ascii_part) > 60:
        if not missing:
            return "any"
        return f"[^{_ranges(missing)}]"
    return f"[{_ranges(ascii_part)}{more}]"


def joined(pieces: Sequence[str], longest: int = 30) -> str:
    """Return the labels of consecutive edges as one, cut in the middle where it is long."""
    return cut("".join(pieces), longest)


def cut(text: str, longest: int) -> str:
    """Return a text, its middle left out if it is longer than ``longest``.

    >>> cut("abcdefghij", 7)
    'abc…hij'
    """
    if len(text) <= longest:
        return text
    head = (longest - 1 + 1) // 2
    tail = longest - 1 - head
    return f"{text[:head]}…{text[len(text) - tail :]}"


def _ranges(members: Sequence[int]) -> str:
    out = []
    start = previous = members[0]
    for b in [*members[1:], -1]:
        if b == previous + 1:
            previous = b
            continue
        first, last = _name(start, _SPECIAL), _name(previous, _SPECIAL)
        out.append(first if start == previous else first + "-" * (previous > start + 1) + last)
        start = previous = b
    return "".join(out)


def _name(b: int, special: Iterable[int] | str) -> str:
    if b in _NAMES:
        return _NAMES[b]
    if b not in _PRINTABLE:
        return f"\\x{b:02x}"
    return f"\\{chr(b)}" if special and b in _SPECIAL else chr(b)
