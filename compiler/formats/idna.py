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

Derived from :mod:`unicodedata`, once per process and only when a format asks for it (0.2 s).
Rejected: a table of derived properties, which would have to be kept for each version of Unicode.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from grammarlib import _core
from grammarlib.compiler.formats.abnf import one_of
from grammarlib.compiler.formats.joining import JOINS_AFTER, JOINS_BEFORE
from grammarlib.compiler.regex.program import (
    ANY_CHAR,
    EMPTY,
    MAX_CODE_POINT,
    Ranges,
    char_class,
    complement,
    concat,
    intersect,
    literal,
    normalize_ranges,
    optional,
    repeat,
    union,
)

__all__ = ["SHORT", "Labels", "bidi_rule", "excluding", "labels", "u_labels"]

SHORT: Final = ((12, MAX_CODE_POINT, 12), (19, 0x7FF, 19), (38, MAX_CODE_POINT, 4))
"""Code points of a label, the last of them, how many may be other than ASCII: any one suffices."""

# All byte strings: what is left of a rule that is broken is then nothing, without a search.
_ALL: Final = complement(EMPTY)

_PVALID: Final = one_of("ßς۽۾་〇")
_DISALLOWED: Final = frozenset("ـߺ〮〯〱〲〳〴〵〻")
_JAMO: Final = ((0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB))
_IGNORED_BLOCKS: Final = ((0x20D0, 0x20FF), (0x1D100, 0x1D1FF), (0x1D200, 0x1D24F))
_LETTER_DIGITS: Final = frozenset({"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"})
_MIDDLE_DOT, _KERAIA, _KATAKANA_DOT = "\u00b7", "\u0375", "\u30fb"
_GERESH: Final = "\u05f3\u05f4"
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_ARABIC_DIGITS: Final = ((0x660, 0x669),)
_EXTENDED_DIGITS: Final = ((0x6F0, 0x6F9),)
_IN_CONTEXT: Final = (
    *one_of(_MIDDLE_DOT + _KERAIA + _KATAKANA_DOT + _GERESH + _JOINER + _NON_JOINER),
    *_ARABIC_DIGITS,
    *_EXTENDED_DIGITS,
)


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
    composed = intersect(loose, complement(union(*_not_composed(points))))
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
        ignored = _core.unicode_property("Default_Ignorable_Code_Point") or []
        never = {p for lo, hi in (*ignored, *_JAMO, *_IGNORED_BLOCKS) for p in range(lo, hi + 1)}
        valid = [p for p in map(ord, _stable(_letters_and_digits())) if p not in never]
        pairs = [*_PVALID, *one_of("-"), *_IN_CONTEXT]
        more = [p for lo, hi in pairs for p in range(lo, hi + 1)]
        points = sorted({*valid, *more} - set(map(ord, _DISALLOWED)))
        self.characters = "".join(map(chr, points))
        self.allowed = _runs(points)
        marks: list[int] = []
        transparent = [0x1E94B]
        by_class: dict[int, list[int]] = {}
        directions: dict[str, list[int]] = {}
        for c in self.characters:
            directions.setdefault(unicodedata.bidirectional(c), []).append(ord(c))
            category = unicodedata.category(c)
            if category[0] == "M":
                marks.append(ord(c))
                if category == "Mn":
                    transparent.append(ord(c))
                rank = unicodedata.combining(c)
                if rank:
                    by_class.setdefault(rank, []).append(ord(c))
        # Labels of ASCII alone may be in upper case.
        directions["L"] += range(0x41, 0x5B)
        self.marks = _runs(marks)
        self.transparent = _runs(sorted(transparent))
        self.classes = {rank: _runs(found) for rank, found in by_class.items()}
        self._directions = {name: _runs(sorted(found)) for name, found in directions.items()}

    def direction(self, *names: str) -> Ranges:
        """The code points with one of these values of Bidi_Class."""
        return normalize_ranges([pair for name in names for pair in self._directions.get(name, ())])


def _runs(points: list[int]) -> Ranges:
    """Ascending code points as ranges."""
    starts = [p for p, before in zip(points, [-2, *points], strict=False) if p != before + 1]
    ends = [p for p, after in zip(points, [*points[1:], -2], strict=True) if p + 1 != after]
    return tuple(zip(starts, ends, strict=True))


def _letters_and_digits() -> str:
    # Planes 4 to 13 are unassigned, 15 and 16 private, in 14 there are no letters.
    chars = map(chr, range(0x40000))
    return "".join([c for c in chars if unicodedata.category(c) in _LETTER_DIGITS])


def _stable(text: str) -> str:
    """The characters that case folding and compatibility composition leave as they are.

    A text is left as it is only if each of its characters is; most stretches are.
    """

    def fold(part: str) -> str:
        once = unicodedata.normalize("NFKC", part).casefold()
        return unicodedata.normalize("NFKC", once)

    kept: list[str] = []
    stack = [text]
    while stack:
        part = stack.pop()
        if fold(part) == part:
            kept.append(part)
        elif len(part) > 1:
            half = len(part) // 2
            stack += [part[half:], part[:half]]
    return "".join(kept)


# -- Normalization Form C -------------------------------------------------------------------------


def _not_composed(points: _Points) -> Iterator[bytes]:
    """Texts that Form C would change.

    Either marks stand out of the order of their combining classes, or one of them would compose
    with the starter before it: marks between keep it from doing so if their class is its own.
    """
    for rank in points.classes:
        later = [pair for r, pairs in points.classes.items() if r > rank for pair in pairs]
        yield _somewhere(char_class(later), char_class(points.classes[rank]))
    for (rank, starters), marks in _composing(points).items():
        between = [pair for r, pairs in points.classes.items() if r < rank for pair in pairs]
        if rank:
            yield _somewhere(char_class(starters), some_of(between), char_class(marks))
        else:
            yield _somewhere(char_class(starters), char_class(marks))


def _somewhere(*parts: bytes) -> bytes:
    return concat(_ALL, *parts, _ALL)


def _composing(points: _Points) -> dict[tuple[int, Ranges], list[tuple[int, int]]]:
    """Marks (or others) by their combining class and the starters that they compose with."""
    chars = points.characters
    bases: set[str] = set()
    last: set[str] = set()
    for c in chars:
        parts = unicodedata.decomposition(c)
        # Syllables compose of Jamo, which no label holds.
        if parts and parts[0] != "<" and " " in parts:
            first, second = (chr(int(part, 16)) for part in parts.split())
            bases.add(unicodedata.normalize("NFD", first)[0])
            last.add(second)
    allowed = set(chars)
    starters = [
        c
        for c in chars
        if c in bases
        or (unicodedata.decomposition(c) and unicodedata.normalize("NFD", c)[0] in bases)
    ]
    out: dict[tuple[int, Ranges], list[tuple[int, int]]] = {}
    for mark in sorted(last & allowed):
        met = [(ord(c), ord(c)) for c in starters if not _is_composed(c + mark)]
        if met:  # starters and marks apart: a mark is no starter
            key = unicodedata.combining(mark), normalize_ranges(met)
            out.setdefault(key, []).append((ord(mark), ord(mark)))
    return out


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)
