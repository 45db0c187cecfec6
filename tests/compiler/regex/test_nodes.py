"""The constructors simplify, and keep the language while they do."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.regex import nodes as n
from grammarlib.compiler.regex import program as p
from grammarlib.compiler.regex.emit import emit
from tests.compiler.regex.patterns import TEXTS
from tests.oracle.regex_program import matches

A, B = n.Text("a"), n.Text("b")
AB = n.chars([(0x61, 0x62)])

# A tree built by the constructors, and the program of the same tree written without them.
Both = tuple[n.Node, bytes]


def _repeat(x: Both, lo: int, more: int | None) -> Both:
    hi = None if more is None else lo + more
    return n.repeat(x[0], lo, hi), p.repeat(x[1], lo, hi)


TREES: st.SearchStrategy[Both] = st.recursive(
    st.sampled_from(
        [
            (A, p.literal("a")),
            (n.Text(",b"), p.literal(",b")),
            (AB, p.char_class([(0x61, 0x62)])),
            (n.EPS, p.EPSILON),
            (n.NEVER, p.EMPTY),
            (n.ANYTHING, p.ANY_TEXT),
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(
            lambda xs: (n.concat([x[0] for x in xs]), p.concat(*[x[1] for x in xs]))
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda xs: (n.union([x[0] for x in xs]), p.union(*[x[1] for x in xs]))
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda xs: (n.and_([x[0] for x in xs]), p.intersect(*[x[1] for x in xs]))
        ),
        inner.map(
            lambda x: (
                n.and_([n.not_(x[0]), n.ANYTHING]),
                p.intersect(p.complement(x[1]), p.ANY_TEXT),
            )
        ),
        st.builds(_repeat, inner, st.integers(0, 3), st.none() | st.integers(0, 2)),
    ),
    max_leaves=8,
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(TREES)
def test_constructors_keep_the_language_and_know_the_empty_text(both: Both) -> None:
    tree, plain = both
    program = emit(tree)
    for text in TEXTS:
        assert matches(program, text) == matches(plain, text), text
    assert tree.nullable == matches(plain, "")
    assert tree.plain
    assert not tree.look


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_nested_bounds_merge_exactly_when_no_count_is_missing(
    a: int, wide: int, c: int, deep: int
) -> None:
    b, d = a + wide, c + deep
    counts = {0} if d == 0 else set()
    for rounds in range(c, d + 1):
        counts |= set(range(a * rounds, b * rounds + 1))
    gapless = counts == set(range(min(counts), max(counts) + 1))
    inner = n.repeat(AB, a, b)
    tree = n.repeat(inner, c, d)
    nested = isinstance(tree, n.Repeat) and isinstance(tree.item, n.Repeat)
    assert nested == (not gapless)


def test_texts_join_and_alternatives_become_classes() -> None:
    joined = n.concat([A, n.EPS, n.concat([B, AB, A]), B])
    assert isinstance(joined, n.Concat)
    assert [type(x).__name__ for x in joined.items] == ["Text", "Chars", "Text"]
    assert p.pretty(emit(joined)) == "('ab' [a-b] 'ab')"
    assert emit(n.union([A, B, n.chars([(0x63, 0x66)])])) == p.char_class([(0x61, 0x66)])
    assert emit(n.union([A, n.EPS])) == p.optional(p.literal("a"))
    assert emit(n.union([A, A])) == p.literal("a")
    assert n.concat([A, n.NEVER]) is n.NEVER
    assert n.union([n.NEVER, n.NEVER]) is n.NEVER


def test_anchors_and_look_aheads_are_not_plain() -> None:
    look = n.Look(A, False, 0)
    for tree in (n.START, n.concat([A, n.END]), n.union([n.START, A]), n.repeat(look, 1, None)):
        assert not tree.plain
    assert n.concat([A, look]).look
    assert not n.concat([A, n.END]).look
    assert n.repeat(look, 0, 5) is n.EPS
    assert n.repeat(look, 2, None) is look


def test_an_intersection_of_complements_stays_among_texts() -> None:
    tree = n.and_([n.not_(A), n.ANYTHING])
    assert not matches(emit(tree), b"\xff")
    assert matches(emit(n.not_(A)), b"\xff")
    assert n.not_(n.not_(A)) is A
