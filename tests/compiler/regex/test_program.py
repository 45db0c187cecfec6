"""The combinators denote what their names say; well-formedness is checked; the core agrees."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib import _core
from grammarlib.compiler.regex import program as p
from grammarlib.compiler.regex.ecma import fullmatch_program
from grammarlib.errors import EmptyLanguage
from tests.compiler.regex.patterns import TEXTS
from tests.oracle.regex_program import matches

Language = tuple[bytes, frozenset[str]]


def _base(program: bytes, pattern: str) -> Language:
    return program, frozenset(t for t in TEXTS if re.fullmatch(pattern, t))


_LEAVES: list[Language] = [
    _base(p.EMPTY, "(?!)"),
    _base(p.EPSILON, ""),
    _base(p.literal("ab"), "ab"),
    _base(p.literal(","), ","),
    _base(p.char_class([(0x61, 0x62)]), "[ab]"),
    _base(p.byte_class([(0x2C, 0x2C), (0x61, 0x61)]), "[,a]"),
    _base(p.ANY_TEXT, ".*"),
    # An odd number of a, and no comma after one; the third state has no end.
    _base(
        p.automaton(
            [
                (False, [(0x2C, 0x2C, 0), (0x61, 0x61, 1), (0x62, 0x62, 0)]),
                (True, [(0x2C, 0x2C, 2), (0x61, 0x61, 0), (0x62, 0x62, 1)]),
                (False, [(0, 0x10FFFF, 2)]),
            ]
        ),
        "([,b]|ab*a)*ab*",
    ),
]


def _concat(parts: list[Language]) -> Language:
    texts = {""}
    for _, members in parts:
        texts = {x + y for x in texts for y in members if len(x + y) <= 3}
    return p.concat(*[x[0] for x in parts]), frozenset(texts)


def _union(parts: list[Language]) -> Language:
    return p.union(*[x[0] for x in parts]), frozenset().union(*[x[1] for x in parts])


def _intersect(parts: list[Language]) -> Language:
    members = frozenset.intersection(*[x[1] for x in parts])
    return p.intersect(*[x[0] for x in parts]), members


def _complement(part: Language) -> Language:
    return p.complement(part[0]), frozenset(TEXTS) - part[1]


def _repeat(part: Language, lo: int, more: int | None) -> Language:
    hi = None if more is None else lo + more
    texts = {""}
    result = set(texts) if lo == 0 else set()
    # Texts have at most three characters, so rounds beyond lo + 3 add none.
    for n in range(1, lo + 4 if hi is None else hi + 1):
        texts = {x + y for x in texts for y in part[1] if len(x + y) <= 3}
        if n >= lo:
            result |= texts
    return p.repeat(part[0], lo, hi), frozenset(result)


LANGUAGES = st.recursive(
    st.sampled_from(_LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(_concat),
        st.lists(inner, max_size=3).map(_union),
        st.lists(inner, min_size=1, max_size=3).map(_intersect),
        inner.map(_complement),
        st.builds(_repeat, inner, st.integers(0, 3), st.none() | st.integers(0, 2)),
    ),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(LANGUAGES)
def test_combinators_mean_the_operations_on_sets(language: Language) -> None:
    program, members = language
    assert {t for t in TEXTS if matches(program, t)} == members
    p.decode(program)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(LANGUAGES)
def test_the_core_reads_programs_as_the_oracle_does(language: Language) -> None:
    program = p.intersect(language[0], p.ANY_TEXT)
    members = language[1]
    vocabulary = _core.Vocabulary([*(bytes([b]) for b in range(256)), None], [256], 257)
    builder = _core.SchemaBuilder(fullmatch_program(""), "declared", 1_000_000)
    try:
        compiled = builder.build(builder.strings(builder.regex(program)), vocabulary)
    except EmptyLanguage:
        assert members == frozenset()
        return
    for text in TEXTS:
        matcher = compiled.matcher()
        accepted = matcher.accept_bytes(json.dumps(text).encode()) and matcher.is_accepting()
        assert accepted == (text in members), text


def test_what_is_kept_is_used_again() -> None:
    word = p.keep(p.repeat(p.char_class([(0x61, 0x62)]), 1, 2), 3)
    pair = word + p.concat(p.again(3), p.literal(","), p.again(3))
    other = p.keep(p.literal("y"), 3) + p.concat(p.literal("x"), p.again(3), p.again(3))
    both = p.union(pair, other)
    for text, member in (("a,bb", True), ("ab,", False), ("xyy", True), ("xya", False)):
        assert matches(both, text) is member
    vocabulary = _core.Vocabulary([*(bytes([b]) for b in range(256)), None], [256], 257)
    builder = _core.SchemaBuilder(fullmatch_program(""), "declared")
    compiled = builder.build(builder.strings(builder.regex(both)), vocabulary)
    for text, member in (("a,bb", True), ("ab,", False), ("xyy", True), ("xya", False)):
        matcher = compiled.matcher()
        assert (matcher.accept_bytes(f'"{text}"'.encode()) and matcher.is_accepting()) is member


def test_classes_are_normal_and_leave_out_surrogates() -> None:
    mixed = [(0x62, 0x64), (0x61, 0x61), (0x63, 0x70), (0xD000, 0xE0FF)]
    assert p.normalize_ranges(mixed) == ((0x61, 0x70), (0xD000, 0xD7FF), (0xE000, 0xE0FF))
    assert p.normalize_ranges([(0xD800, 0xDFFF)]) == ()
    assert p.char_class([]) == p.EMPTY
    assert p.char_class([(0xE9, 0xE9)]) == p.literal("é")
    assert matches(p.char_class([(0x80, 0x10FFFF)]), "😀")
    assert not matches(p.byte_class([(0x80, 0xFF)]), "é")
    assert matches(p.byte_class([(0x80, 0xFF)]), b"\xc3")


def test_bad_ranges_and_bounds_are_refused() -> None:
    for bad in ([(5, 4)], [(-1, 3)], [(0, 0x110000)]):
        with pytest.raises(ValueError, match="range"):
            p.char_class(bad)
    with pytest.raises(ValueError, match="byte range"):
        p.byte_class([(0, 256)])
    for lo, hi in ((2, 1), (-1, 2), (0, p.MAX_COUNT + 1)):
        with pytest.raises(ValueError, match="bounds"):
            p.repeat(p.EPSILON, lo, hi)
    for modulus, places, low in ((0, 0, 0), (p.MAX_MODULUS + 1, 0, 0), (1, -1, 0), (1, 0, -1)):
        with pytest.raises(ValueError, match="multiples"):
            p.multiples(p.Spelling.PLAIN, modulus, places, low, None)
    assert p.multiples(p.Spelling.PLAIN, 1, 0, 3, 2) == p.EMPTY
    with pytest.raises(ValueError, match="at least one"):
        p.intersect()


@given(st.integers(0, 2**63))
@settings(derandomize=True)
def test_numbers_are_leb128(number: int) -> None:
    code = p.varint(number)
    assert sum((b & 127) << 7 * i for i, b in enumerate(code)) == number
    assert [b >> 7 for b in code] == [1] * (len(code) - 1) + [0]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (b"", "leaves 0"),
        (b"\x01\x01", "leaves 2"),
        (b"\x01\x05\x02", "needs 2 operands"),
        (b"\x04\x05ab", "truncated"),
        (b"\x02\x01\x61", "truncated"),
        (b"\x7f", "unknown code"),
        (b"\x0a\x01\x07\x00\x010", "truncated"),
        (b"\x0c\x00", "nothing is kept in slot 0"),
        (b"\x0b\x00", "needs 1 operands"),
        (b"\x0a\x03\x07\x00\x010\x00", "bad multiples"),
        (b"\x0a\x01\x07\x00\x01a\x00", "bad multiples"),
        (b"\x02\x02\x61\x62\x63\x64", "not normal"),
        (b"\x02\x01\x62\x61", "not normal"),
        (b"\x0d\x00", "leads to no state"),
        (b"\x0d\x01\x01\x01\x61\x61\x01", "leads to no state"),
        (b"\x0d\x01\x02\x00", "bad state"),
        (b"\x0d\x01\x01\x02\x61\x62\x00\x62\x63\x00", "bad state"),
    ],
)
def test_malformed_programs_are_named(program: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        p.decode(program)


def test_pretty_shows_every_operation() -> None:
    program = p.union(
        p.concat(p.literal("ab"), p.char_class([(0x30, 0x39)]), p.ANY_TEXT),
        p.intersect(p.complement(p.EMPTY), p.byte_class([(0, 255)]), p.EPSILON),
        p.repeat(p.literal("x"), 2, 3),
        p.multiples(p.Spelling.PLAIN, 25, 1, 3, None),
        p.keep(p.literal("y"), 0) + p.concat(p.again(0), p.literal("z"), p.again(0)),
        p.automaton([(True, [(0x61, 0x61, 0)])]),
    )
    shown = (
        "(('ab' [0-9] Σ{0,}) | (~(∅) & <00-ff> & ε) | 'x'{2,3} | {plain 25e-1: 3..} | "
        "('y' 'z' 'y') | <automaton of 1 states>)"
    )
    assert p.pretty(program) == shown
    names = {step.name for step in p.decode(p.union(program, p.EMPTY + b"\x08\x08"))}
    assert len(names) == 14
