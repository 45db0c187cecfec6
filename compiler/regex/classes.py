"""Character sets of ECMA-262 patterns: class escapes, sets of code points, Unicode properties.

The sets are ECMA-262's own (section 22.2.2.9, CharacterClassEscape), not Python's: ``\\d`` and
``\\w`` are ASCII, ``\\s`` is WhiteSpace and LineTerminator, ``.`` leaves out four line terminators.

With the ``i`` flag a set holds all that differ from a member by case alone: by simple case folding,
as ECMA-262 has it with the ``u`` flag (section 22.2.2.7.3, Canonicalize). ``\\w`` is then larger,
and ``\\W`` what is left of it (section 22.2.2.9.3, WordCharacters).

Unicode properties are those of ``property_names``; the core holds their sets, of its own Unicode
version (16). A property costs some 100 µs and is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from grammarlib import _core
from grammarlib.compiler.regex.nodes import Chars, chars
from grammarlib.compiler.regex.program import MAX_CODE_POINT, Ranges, normalize_ranges
from grammarlib.compiler.regex.property_names import property_query

__all__ = [
    "CLASS_ESCAPES",
    "DOT",
    "FOLDED_CLASS_ESCAPES",
    "LINE_TERMINATOR",
    "any_case",
    "invert",
    "unicode_property",
]


def invert(ranges: Ranges) -> Ranges:
    """The code points that are in none of these normal ranges."""
    out: list[tuple[int, int]] = []
    start = 0
    for lo, hi in ranges:
        if lo > start:
            out.append((start, lo - 1))
        start = hi + 1
    if start <= MAX_CODE_POINT:
        out.append((start, MAX_CODE_POINT))
    return normalize_ranges(out)


_LINE_TERMINATORS: Final = normalize_ranges([(10, 10), (13, 13), (0x2028, 0x2029)])
_DIGITS: Final = normalize_ranges([(0x30, 0x39)])
_WORD: Final = normalize_ranges([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
_SPACES: Final = normalize_ranges(
    [
        (0x09, 0x0D),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ]
)

DOT: Final = chars(invert(_LINE_TERMINATORS))
"""``.`` without the ``s`` flag."""

CLASS_ESCAPES: Final = {
    "d": chars(_DIGITS),
    "D": chars(invert(_DIGITS)),
    "s": chars(_SPACES),
    "S": chars(invert(_SPACES)),
    "w": chars(_WORD),
    "W": chars(invert(_WORD)),
}


LINE_TERMINATOR: Final = chars(_LINE_TERMINATORS)
"""What ``.`` leaves out, and what ``^`` and ``$`` stand beside with the ``m`` flag."""


def any_case(found: Chars) -> Chars:
    """The code points that differ from one of the set by case alone."""
    return chars(_core.case_closure(found.ranges))


FOLDED_CLASS_ESCAPES: Final = CLASS_ESCAPES | {
    "w": (word := any_case(CLASS_ESCAPES["w"])),
    "W": chars(invert(word.ranges)),
}
"""The same with the ``i`` flag."""


@lru_cache(maxsize=64)
def unicode_property(expression: str) -> Chars | None:
    """The set of ``\\p{expression}``, or None if it is no property, or not available.

    ECMA-262 allows only the exact spellings of names, aliases and values, without loose matching.
    """
    query = property_query(expression)
    if query is None:
        return None
    ranges = [_core.unicode_property(part) for part in query]
    return None if None in ranges else chars([pair for part in ranges for pair in part or ()])
