"""The small world that schemas and instances are drawn from, so that they meet often.

Strings begin each other, need escapes, and have characters of one to four bytes; numbers are equal
in other spellings, are no floats, or are too large for them; keys are few.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Number = int | Decimal

KEYS = ["a", "b", "c", "ab", "abc", "é", "1"]
KEY_WEIGHTS = [8, 8, 6, 4, 1, 1, 1]
STRINGS = [
    "", "a", "b", "ab", "ba", "abc", "aaa", "1", "a1", "é", "😀", "a😀", "\n", 'a"', "\\", "/",
    "\u2028",
]  # fmt: skip
NUMBERS: list[Number] = [
    0, 1, 2, 3, 4, 5, 6, 10, -1, -2, -7, 100, Decimal("1.0"), Decimal("0.5"), Decimal("1.5"),
    Decimal("2.50"), Decimal("-0.5"), Decimal("0.1"), Decimal("0.3"), Decimal("2.0"),
    Decimal("-0.0"), Decimal("1E+2"), Decimal("1E-7"), 9007199254740993, 12345678901234567890,
    Decimal("12345678901234567890.5"),
]  # fmt: skip
BOUNDS: list[Number] = [
    0, 1, 2, 3, 4, 6, 10, -1, -3, Decimal("0.5"), Decimal("1.5"), Decimal("2.5"), Decimal("-0.5"),
    Decimal("3.0"), Decimal("0.30"), 9007199254740992,
]  # fmt: skip
DIVISORS: list[Number] = [
    1, 2, 3, 4, 5, 7, 10, 100, Decimal("0.5"), Decimal("1.5"), Decimal("0.1"), Decimal("0.3"),
    Decimal("0.01"), Decimal("2.0"), Decimal("1E-7"), Decimal("0.25"),
]  # fmt: skip
PATTERNS = [
    "^a", "b$", "a", "^[ab]*$", "^.$", "^.{2}$", "^(a|ab)+$", "[0-9]", "^[^a]", "é|😀", "^$",
    "^\\w+$", "\\d", "a.", "^[a-c]{1,2}$",
]  # fmt: skip
KEY_PATTERNS = ["^a", "b$", "a", "^[ab]$", "^.$", "^[a-c]+$", "[0-9]", "^", "^[^a]", "c|é", "^ab"]
FORMATS = ["date", "email", "uri", "ipv4", "made-up"]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
SCALARS: list[Any] = [None, True, False, *NUMBERS[:16], *STRINGS[:12]]
