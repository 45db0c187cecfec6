"""Words for writing RFC grammars as programs: RFC 5234's core rules and string conventions.

In ABNF a quoted string is case-insensitive (RFC 5234, section 2.3): :func:`word` keeps that, while
:func:`grammarlib.compiler.regex.program.literal` is for texts that have no letters or are given by
code (``%x``). Ranges are tuples, so that classes are joined with ``+`` before they are encoded.
"""

from __future__ import annotations

from grammarlib.compiler.regex.program import (
    Ranges,
    char_class,
    concat,
    literal,
    repeat,
    union,
)

__all__ = [
    "ALPHA",
    "DIGIT",
    "HEXDIG",
    "digits",
    "exactly",
    "hexdig",
    "one_of",
    "some",
    "texts",
    "two_digits",
    "word",
]

ALPHA: Ranges = ((0x41, 0x5A), (0x61, 0x7A))
DIGIT: Ranges = ((0x30, 0x39),)
HEXDIG: Ranges = ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))

digits = repeat(char_class(DIGIT), 1)
"""One digit or more."""
hexdig = char_class(HEXDIG)


def one_of(characters: str) -> Ranges:
    """The ranges of these characters."""
    return tuple((ord(c), ord(c)) for c in characters)


def word(text: str) -> bytes:
    """The text in any mixture of cases."""
    return concat(*[char_class(one_of(c.lower() + c.upper())) for c in text])


def texts(*choices: str) -> bytes:
    """Exactly one of these texts."""
    return union(*[literal(c) for c in choices])


def exactly(part: bytes, count: int) -> bytes:
    """``count`` strings of ``part``."""
    return repeat(part, count, count)


def some(part: bytes) -> bytes:
    """Any number of strings of ``part``."""
    return repeat(part, 0)


def two_digits(first: int, last: int) -> bytes:
    """The two-digit numbers from ``first`` to ``last``, tens with the same ones taken together."""
    tens_of: dict[tuple[int, int], list[int]] = {}
    for tens in range(first // 10, last // 10 + 1):
        ones = (max(first, 10 * tens) % 10, min(last, 10 * tens + 9) % 10)
        tens_of.setdefault(ones, []).append(tens)
    return union(
        *[
            concat(
                char_class([(0x30 + t, 0x30 + t) for t in tens]),
                char_class([(0x30 + low, 0x30 + high)]),
            )
            for (low, high), tens in tens_of.items()
        ]
    )
