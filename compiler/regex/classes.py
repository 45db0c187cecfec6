"""Character sets of ECMA-262 patterns: class escapes, sets of code points, Unicode properties.

The sets are ECMA-262's own (section 22.2.2.9, CharacterClassEscape), not Python's: ``\\d`` and
``\\w`` are ASCII, ``\\s`` is WhiteSpace and LineTerminator, ``.`` leaves out four line terminators.

Unicode properties come from :mod:`unicodedata`, so their extent is that of the running Python's
Unicode version. Supported: every General_Category value under its short, long and alias names, and
the binary properties that Python's character methods expose exactly. Scripts and the other binary
properties are not in the standard library and are refused by name. The first property costs one
pass over the code points (80 ms), a General_Category then 1 ms, others 100 ms; all are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Final
from unicodedata import category as category_of

from grammarlib.compiler.regex.nodes import ANY_POINT, Chars, chars
from grammarlib.compiler.regex.program import MAX_CODE_POINT, Ranges, normalize_ranges

__all__ = ["CLASS_ESCAPES", "DOT", "invert", "unicode_property"]


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

# General_Category: long names and aliases of PropertyValueAliases.txt, by short name.
_CATEGORY_NAMES: Final = {
    "C": "Other",
    "Cc": "Control cntrl",
    "Cf": "Format",
    "Cn": "Unassigned",
    "Co": "Private_Use",
    "Cs": "Surrogate",
    "L": "Letter",
    "LC": "Cased_Letter",
    "Ll": "Lowercase_Letter",
    "Lm": "Modifier_Letter",
    "Lo": "Other_Letter",
    "Lt": "Titlecase_Letter",
    "Lu": "Uppercase_Letter",
    "M": "Mark Combining_Mark",
    "Mc": "Spacing_Mark",
    "Me": "Enclosing_Mark",
    "Mn": "Nonspacing_Mark",
    "N": "Number",
    "Nd": "Decimal_Number digit",
    "Nl": "Letter_Number",
    "No": "Other_Number",
    "P": "Punctuation punct",
    "Pc": "Connector_Punctuation",
    "Pd": "Dash_Punctuation",
    "Pe": "Close_Punctuation",
    "Pf": "Final_Punctuation",
    "Pi": "Initial_Punctuation",
    "Po": "Other_Punctuation",
    "Ps": "Open_Punctuation",
    "S": "Symbol",
    "Sc": "Currency_Symbol",
    "Sk": "Modifier_Symbol",
    "Sm": "Math_Symbol",
    "So": "Other_Symbol",
    "Z": "Separator",
    "Zl": "Line_Separator",
    "Zp": "Paragraph_Separator",
    "Zs": "Space_Separator",
}
_CATEGORY_OF_NAME: Final = {
    name: short for short, names in _CATEGORY_NAMES.items() for name in (short, *names.split())
}
_CASED_LETTER: Final = frozenset({"Ll", "Lt", "Lu"})

# Binary properties that the standard library exposes exactly, by name and alias.
_BINARY: Final[dict[str, Callable[[str], bool]]] = {
    "Lowercase": str.islower,
    "Lower": str.islower,
    "Uppercase": str.isupper,
    "Upper": str.isupper,
    "XID_Start": lambda c: c != "_" and c.isidentifier(),
    "XIDS": lambda c: c != "_" and c.isidentifier(),
    "XID_Continue": lambda c: ("a" + c).isidentifier(),
    "XIDC": lambda c: ("a" + c).isidentifier(),
}
_FIXED: Final = {
    "Any": [(0, MAX_CODE_POINT)],
    "ASCII": [(0, 0x7F)],
    "ASCII_Hex_Digit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
    "AHex": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
    # White_Space differs from \s by U+0085 and U+FEFF.
    "White_Space": [*(r for r in _SPACES if r[0] != 0xFEFF), (0x85, 0x85)],
    "space": [*(r for r in _SPACES if r[0] != 0xFEFF), (0x85, 0x85)],
}


@lru_cache(maxsize=1)
def _category_runs() -> list[tuple[str, int, int]]:
    """Stretches of code points with one General_Category.

    PERF: planes 4 to 13 are unassigned and planes 15 and 16 private in every version of Unicode;
    not asking for them saves 70% of the time. A test compares with asking for all.
    """
    runs: list[tuple[str, int, int]] = []
    for first, last in ((0, 0x3FFFF), (0xE0000, 0xEFFFF)):
        start = first
        for category, run in groupby(map(category_of, map(chr, range(first, last + 1)))):
            length = len(list(run))
            runs.append((category, start, start + length - 1))
            start += length
        if first == 0:
            runs.append(("Cn", 0x40000, 0xDFFFF))
    for plane in (0xF0000, 0x100000):
        runs.append(("Co", plane, plane + 0xFFFD))
        runs.append(("Cn", plane + 0xFFFE, plane + 0xFFFF))
    return runs


@lru_cache(maxsize=64)
def unicode_property(expression: str) -> Chars | None:
    """The set of ``\\p{expression}``, or None if the property is unknown or not exactly available.

    ECMA-262 allows only the exact spellings of names, aliases and values, without loose matching.
    """
    name, equals, value = expression.partition("=")
    if equals:
        if name not in ("General_Category", "gc"):
            return None
        short = _CATEGORY_OF_NAME.get(value)
        return None if short is None else _category(short)
    if expression in _CATEGORY_OF_NAME:
        return _category(_CATEGORY_OF_NAME[expression])
    if expression in _FIXED:
        return chars(_FIXED[expression])
    if expression == "Assigned":
        return chars(invert(_category("Cn").ranges))
    test = _BINARY.get(expression)
    if test is None:
        return None
    # Unassigned and private code points have none of these properties: skip their long runs.
    return chars(
        (point, point)
        for category, lo, hi in _category_runs()
        if category[0] != "C"
        for point in range(lo, hi + 1)
        if test(chr(point))
    )


def _category(short: str) -> Chars:
    if short == "LC":
        return chars((lo, hi) for c, lo, hi in _category_runs() if c in _CASED_LETTER)
    return chars((lo, hi) for c, lo, hi in _category_runs() if c.startswith(short))


assert chars(_FIXED["Any"]).code == ANY_POINT.code
