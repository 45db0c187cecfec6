"""Character escapes and bracket classes of ECMA-262 patterns.

Each construct is read as with the ``u`` flag; where that grammar has no reading, as Annex B.1.2
reads it without the flag: identity escapes of any character, legacy octal, ``\\c`` alone as a
backslash, class escapes as the ends of a range. Errors are raised as :class:`ClassError` with an
offset into the text that was given, because the text of a class is parsed apart from its pattern
(classes recur, so they are cached by their text).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from grammarlib.compiler.regex.classes import (
    CLASS_ESCAPES,
    FOLDED_CLASS_ESCAPES,
    any_case,
    invert,
    unicode_property,
)
from grammarlib.compiler.regex.nodes import Chars, chars

__all__ = ["ClassError", "parse_class", "parse_class_uncached", "read_escape"]

_CONTROL: Final = {"f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}
_HEX2: Final = re.compile(r"[0-9A-Fa-f]{2}").match
_HEX4: Final = re.compile(r"[0-9A-Fa-f]{4}").match
_BRACED: Final = re.compile(r"\{0*([0-9A-Fa-f]{1,6})\}").match
_LOW_ESCAPE: Final = re.compile(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})").match
_OCTAL: Final = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?").match
_PROPERTY: Final = re.compile(r"\{([^{}]*)\}").match
_IS_PROPERTY: Final = re.compile(r"\\[pP]\{").match
_LETTER: Final = re.compile(r"[A-Za-z]").match
_CLASS_CONTROL: Final = re.compile(r"[A-Za-z0-9_]").match


class ClassError(Exception):
    """A fault at ``offset`` of the text that was parsed; ``unsupported`` if it is well-formed."""

    def __init__(self, message: str, offset: int, *, unsupported: bool = False) -> None:
        self.message = message
        self.offset = offset
        self.unsupported = unsupported
        super().__init__(message)


def read_escape(
    text: str, at: int, *, in_class: bool, any_case: bool = False
) -> tuple[int | Chars, int]:
    """Read the escape whose backslash is at ``at - 1``.

    With ``any_case``, ``\\w`` and ``\\W`` are those of the ``i`` flag; other sets, and code points,
    are as they are written.

    Returns
    -------
    tuple of (int or Chars, int)
        A code point (which may be a surrogate) or a set, and the index after the escape.
    """
    if at >= len(text):
        raise ClassError("a backslash at the end of the pattern escapes nothing", at - 1)
    char = text[at]
    found = (FOLDED_CLASS_ESCAPES if any_case else CLASS_ESCAPES).get(char)
    if found is not None:
        return found, at + 1
    if char in _CONTROL:
        return _CONTROL[char], at + 1
    if char == "u":
        return _unicode_escape(text, at)
    if char == "x":
        digits = _HEX2(text, at + 1)
        return (int(digits[0], 16), at + 3) if digits else (0x78, at + 1)
    if char in "pP":
        return _property_escape(text, at)
    if char == "c":
        letter = (_CLASS_CONTROL if in_class else _LETTER)(text, at + 1)
        return (ord(letter[0]) % 32, at + 2) if letter else (0x5C, at)
    if char == "b" and in_class:
        return 8, at + 1
    octal = _OCTAL(text, at)
    if octal:
        return int(octal[0], 8), octal.end()
    return ord(char), at + 1


def _unicode_escape(text: str, at: int) -> tuple[int, int]:
    digits = _HEX4(text, at + 1)
    if digits:
        point = int(digits[0], 16)
        if 0xD800 <= point <= 0xDBFF:
            low = _LOW_ESCAPE(text, at + 5)
            if low:
                return 0x10000 + (point - 0xD800) * 0x400 + int(low[1], 16) - 0xDC00, low.end()
        return point, at + 5
    braced = _BRACED(text, at + 1)
    if braced and int(braced[1], 16) <= 0x10FFFF:
        return int(braced[1], 16), braced.end()
    return 0x75, at + 1


def _property_escape(text: str, at: int) -> tuple[int | Chars, int]:
    braced = _PROPERTY(text, at + 1)
    if not braced:
        return ord(text[at]), at + 1
    found = unicode_property(braced[1])
    if found is None:
        raise ClassError(
            f"the Unicode property \\{text[at]}{{{braced[1]}}} is not available",
            at - 1,
            unsupported=True,
        )
    if text[at] == "P":
        found = chars(invert(found.ranges))
    return found, braced.end()


def parse_class_uncached(text: str, folded: bool = False) -> Chars:
    """The set of a bracket class, given with its brackets; ``folded`` with the ``i`` flag."""
    at = 1
    end = len(text) - 1
    negated = text[1] == "^"
    if negated:
        at = 2
    ranges: list[tuple[int, int]] = []
    while at < end:
        start = at
        low: int | Chars
        if text[at] == "\\":
            low, at = read_escape(text, at + 1, in_class=True, any_case=folded)
        else:
            low = ord(text[at])
            at += 1
        if at < end - 1 and text[at] == "-":
            high: int | Chars
            if text[at + 1] == "\\":
                high, after = read_escape(text, at + 2, in_class=True, any_case=folded)
            else:
                high, after = ord(text[at + 1]), at + 2
            if isinstance(low, int) and isinstance(high, int):
                if low > high:
                    raise ClassError("the ends of the range are out of order", start)
                ranges.append((low, high))
                at = after
                continue
            if _IS_PROPERTY(text, start) or _IS_PROPERTY(text, at + 1):
                # Annex B knows no properties, and the grammar that does no such range.
                raise ClassError("a Unicode property is no end of a range", start)
            # A set is no end of a range: the hyphen is an ordinary member (Annex B.1.2).
            ranges.append((0x2D, 0x2D))
            ranges.extend([(low, low)] if isinstance(low, int) else low.ranges)
            ranges.extend([(high, high)] if isinstance(high, int) else high.ranges)
            at = after
            continue
        if isinstance(low, int):
            ranges.append((low, low))
        else:
            ranges.extend(low.ranges)
    found = any_case(chars(ranges)) if folded else chars(ranges)
    return chars(invert(found.ranges)) if negated else found


parse_class = lru_cache(maxsize=2048)(parse_class_uncached)
"""The same, for short texts: few classes make up most patterns."""
