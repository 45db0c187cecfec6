"""What IDNA 2008 allows in a label: code points, contexts, directions (RFC 5890 to 5893).

A *U-label* holds code points that are PVALID or stand in the context their rule wants (RFC 5892),
is in Normalization Form C, begins with no combining mark, and neither begins nor ends with a hyphen
nor has two as third and fourth character (RFC 5891, section 4.2). If any label of a name holds a
right-to-left character, all of them obey the Bidi rule (RFC 5893, section 2). All of that is
regular: the rules forbid infixes, and Form C forbids a mark behind a starter that it would compose
with, with nothing but marks of lower combining classes between, and marks out of order.

The length is not: a label may have 63 octets as an A-label, and how many that takes depends on how
its code points are spread. ``SHORT`` are lengths that fit whatever they are; they follow from a
bound on the digits of Punycode (RFC 3492, section 6.3: digits of a delta, by the bias that the one
before it left, against the sum of all deltas), which a test tries to exceed. Longer labels are not
accepted, which is the one restriction of this module.

The code points are those of :mod:`idna_points`, of one version of Unicode, whatever Python's is.
Cost: some 10 ms, once per process and only when a format asks for it. Rejected: deriving them from
:mod:`unicodedata` each time (0.5 s, and a language that depends on the interpreter).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from grammarlib import _core
from grammarlib.compiler.formats import idna_points
from grammarlib.compiler.formats.abnf import one_of
from grammarlib.compiler.formats.joining import JOINS_AFTER, JOINS_BEFORE
from grammarlib.compiler.regex.program import (
    ANY_CHAR,
    EMPTY,
    MAX_CODE_POINT,
    Ranges,
    again,
    char_class,
    complement,
    concat,
    intersect,
    keep,
    literal,
    normalize_ranges,
    optional,
    repeat,
    union,
)

__all__ = [
    "IN_CONTEXT",
    "SHORT",
    "Labels",
    "bidi_rule",
    "excluding",
    "labels",
    "ranges",
    "u_labels",
]

SHORT: Final = ((12, MAX_CODE_POINT, 12), (19, 0x7FF, 19), (38, MAX_CODE_POINT, 4))
"""Code points of a label, the last of them, how many may be other than ASCII: any one suffices."""

# All byte strings: what is left of a rule that is broken is then nothing, without a search.
_ALL: Final = complement(EMPTY)

_MIDDLE_DOT, _KERAIA, _KATAKANA_DOT = "\u00b7", "\u0375", "\u30fb"
_GERESH: Final = "\u05f3\u05f4"
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_ARABIC_DIGITS: Final = ((0x660, 0x669),)
_EXTENDED_DIGITS: Final = ((0x6F0, 0x6F9),)
IN_CONTEXT: Final = (
    *one_of(_MIDDLE_DOT + _KERAIA + _KATAKANA_DOT + _GERESH + _JOINER + _NON_JOINER),
    *_ARABIC_DIGITS,
    *_EXTENDED_DIGITS,
)
"""What may stand in some contexts only."""

_SLOTS: Final = 16
"""The first slot that is used here for what a program uses again."""


class Labels(NamedTuple):
    """The languages that names are made of; none of them bounds a length."""

    composed: bytes
    """U-labels, or ASCII labels in lower case."""
    loose: bytes
    """The same, without Normalization Form C."""
    one_way: bytes
    """Texts without right-to-left characters."""
    bidi: bytes
    """Texts that obey the Bidi rule."""


@lru_cache(maxsize=1)
def labels() -> Labels:
    """Make the languages of labels."""
    points = _Points()
    bad = [*_bad_hyphens(), *_bad_contexts(points)]
    bad.append(concat(char_class(points.marks), _ALL))
    alphabet = repeat(char_class(points.allowed), 1)
    mixed = intersect(_holding(_ARABIC_DIGITS), _holding(_EXTENDED_DIGITS))
    japanese = [pair for name in ("Hiragana", "Katakana", "Han") for pair in _script(name)]
    alone = intersect(_holding(one_of(_KATAKANA_DOT)), complement(_holding(japanese)))
    loose = intersect(alphabet, complement(union(*bad, mixed, alone)))
    composed = intersect(loose, complement(_not_composed()))
    rtl = points.direction("R", "AL", "AN")
    return Labels(composed, loose, complement(_holding(rtl)), bidi_rule(points))


def u_labels(shape: bytes) -> bytes:
    """The labels of this shape that are not ASCII and short enough."""
    ascii_only = [(0, 0x7F)]
    short = []
    for most, last, other in SHORT:
        kept = char_class([(0, last)])
        length = repeat(kept, 1, most)
        if other < most:
            one = concat(some_of(ascii_only), char_class([(0x80, last)]))
            length = intersect(length, concat(repeat(one, 0, other), some_of(ascii_only)))
        short.append(length)
    return intersect(shape, union(*short), _holding([(0x80, MAX_CODE_POINT)]))


def some_of(ranges: Iterable[tuple[int, int]]) -> bytes:
    """Any number of these characters."""
    return repeat(char_class(ranges), 0)


def _holding(ranges: Iterable[tuple[int, int]]) -> bytes:
    return concat(_ALL, char_class(ranges), _ALL)


def _bad_hyphens() -> Iterator[bytes]:
    hyphen = literal("-")
    yield concat(hyphen, _ALL)
    yield concat(_ALL, hyphen)
    yield concat(ANY_CHAR, ANY_CHAR, literal("--"), _ALL)


# -- contexts (RFC 5892, appendix A) --------------------------------------------------------------


def _bad_contexts(points: _Points) -> Iterator[bytes]:
    """Labels in which a character stands outside its context; rules about all of a label apart."""
    dot, letter_l = one_of(_MIDDLE_DOT), one_of("l")
    yield _not_after(letter_l, dot)
    yield _not_before(letter_l, dot)
    yield _not_before(_script("Greek"), one_of(_KERAIA))
    yield _not_after(_script("Hebrew"), one_of(_GERESH))
    viramas = points.classes[9]
    yield _not_after(viramas, one_of(_JOINER))
    # A non-joiner stands after a virama, or between letters that would join.
    transparent = points.transparent
    before = union(
        concat(_ALL, char_class(viramas)),
        concat(_ALL, char_class(JOINS_AFTER), some_of(transparent)),
    )
    after = concat(some_of(transparent), char_class(JOINS_BEFORE), _ALL)
    mark = literal(_NON_JOINER)
    not_virama = complement(concat(_ALL, char_class(viramas)))
    yield concat(complement(before), mark, _ALL)
    yield concat(not_virama, mark, complement(after))


def _not_after(wanted: Ranges, what: Ranges) -> bytes:
    """Texts with one of ``what`` that does not follow one of ``wanted``."""
    other = char_class(excluding(wanted))
    return concat(optional(concat(_ALL, other)), char_class(what), _ALL)


def _not_before(wanted: Ranges, what: Ranges) -> bytes:
    other = char_class(excluding(wanted))
    return concat(_ALL, char_class(what), optional(concat(other, _ALL)))


def excluding(ranges: Ranges) -> Ranges:
    """All other code points."""
    out, start = [], 0
    for lo, hi in normalize_ranges(ranges):
        if start < lo:
            out.append((start, lo - 1))
        start = hi + 1
    return normalize_ranges([*out, (start, MAX_CODE_POINT)])


@lru_cache(maxsize=8)
def _script(name: str) -> Ranges:
    ranges = _core.unicode_property(f"Script={name}")
    assert ranges is not None
    return normalize_ranges(ranges)


# -- directions (RFC 5893, section 2) -------------------------------------------------------------


def bidi_rule(points: _Points) -> bytes:
    """The labels that may stand in a name with right-to-left characters."""
    numbers = ("EN", "ES", "CS", "ET", "ON", "BN", "NSM")
    marks = some_of(points.direction("NSM"))
    # The Katakana dot stands beside letters that are all left to right. Said here, or a search
    # would go through all labels to find that.
    either = normalize_ranges(
        pair
        for lo, hi in points.direction("R", "AL", "AN", *numbers)
        for pair in _split(lo, hi, ord(_KATAKANA_DOT))
    )
    rtl = intersect(
        concat(char_class(points.direction("R", "AL")), _ALL),
        some_of(either),
        concat(_ALL, char_class(points.direction("R", "AL", "EN", "AN")), marks),
        complement(intersect(_holding(points.direction("EN")), _holding(points.direction("AN")))),
    )
    ltr = intersect(
        concat(char_class(points.direction("L")), _ALL),
        some_of(points.direction("L", *numbers)),
        concat(_ALL, char_class(points.direction("L", "EN")), marks),
    )
    return union(rtl, ltr)


def _split(lo: int, hi: int, without: int) -> Iterator[tuple[int, int]]:
    if lo <= without <= hi:
        yield from [(a, b) for a, b in ((lo, without - 1), (without + 1, hi)) if a <= b]
    else:
        yield lo, hi


# -- code points ----------------------------------------------------------------------------------


class _Points:
    """The code points of labels, sorted by what the rules ask."""

    def __init__(self) -> None:
        self.allowed = ranges(idna_points.ALLOWED)
        self.marks = ranges(idna_points.MARKS)
        self.transparent = ranges(idna_points.TRANSPARENT)
        self.classes = {rank: ranges(text) for rank, text in idna_points.CLASSES.items()}
        self._directions = {name: ranges(text) for name, text in idna_points.DIRECTIONS.items()}
        # Labels of ASCII alone may be in upper case; that these are allowed is said elsewhere.
        others = [pair for found in self._directions.values() for pair in found]
        self._directions["L"] = excluding(normalize_ranges(others))

    def direction(self, *names: str) -> Ranges:
        """The code points with one of these values of Bidi_Class."""
        return normalize_ranges([pair for name in names for pair in self._directions.get(name, ())])


def ranges(text: str) -> Ranges:
    """Ranges as :mod:`idna_points` has them."""
    ends = [item.partition("-") for item in text.split()]
    return tuple([(int(lo, 16), int(hi or lo, 16)) for lo, _, hi in ends])


# -- Normalization Form C -------------------------------------------------------------------------


def _not_composed() -> bytes:
    """Texts that Form C would change.

    Either marks stand out of the order of their combining classes, or one of them would compose
    with the starter before it: marks between keep it from doing so if their class is its own.
    """
    ranks = sorted(idna_points.CLASSES)
    kept, bad = [], []
    below = EMPTY  # the marks of lower classes
    lower = {0: EMPTY}
    for slot, rank in enumerate(ranks):
        own = again(2 * slot + _SLOTS)
        kept.append(keep(_chars(idna_points.CLASSES[rank]), 2 * slot + _SLOTS))
        lower[rank] = below
        bad.append(concat(own, below))
        kept.append(keep(union(below, own), 2 * slot + _SLOTS + 1))
        below = again(2 * slot + _SLOTS + 1)
    for rank, starters, marks in idna_points.COMPOSING:
        bad.append(concat(_chars(starters), repeat(lower[rank], 0), _chars(marks)))
    return b"".join(kept) + concat(_ALL, union(*bad), _ALL)


def _chars(text: str) -> bytes:
    return char_class(ranges(text))
