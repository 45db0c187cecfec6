"""Random patterns with look-arounds of all kinds, anywhere, for the judge of positions."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.oracle.regex_positions import ALONE, AROUND, Pattern

_CHARS = st.sampled_from(["a", "b", ",", "ab", "a,", "ab,"]).map(lambda s: Pattern("char", text=s))
_BOUNDS = st.sampled_from([(0, None), (1, None), (0, 1), (2, 2), (1, 2), (0, 2), (2, None)])


def arounds() -> st.SearchStrategy[Pattern]:
    """Patterns over the alphabet of :mod:`tests.compiler.regex.patterns`."""
    leaves = _CHARS | _CHARS | st.sampled_from(sorted(ALONE)).map(Pattern)

    def extend(inner: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Pattern, st.just("seq"), several),
            st.builds(Pattern, st.just("seq"), several),
            st.builds(Pattern, st.just("alt"), several),
            st.builds(lambda part, bounds: Pattern("loop", (part,), "", *bounds), inner, _BOUNDS),
            st.builds(
                lambda part, kind: Pattern(kind, (part,)), inner, st.sampled_from(sorted(AROUND))
            ),
        )

    return st.recursive(leaves, extend, max_leaves=9)


def loops_around() -> st.SearchStrategy[Pattern]:
    """Loops in which a look-around stands beside choices of several lengths."""
    several = st.lists(_CHARS, min_size=1, max_size=2).map(tuple)
    texts = st.builds(Pattern, st.just("seq"), several)
    texts |= st.builds(lambda part: Pattern("loop", (part,), "", 1, None), _CHARS)
    choice = st.lists(texts, min_size=2, max_size=3).map(lambda ways: Pattern("alt", tuple(ways)))
    look = st.sampled_from(sorted(ALONE)).map(Pattern) | st.builds(
        lambda part, kind: Pattern(kind, (part,)), _CHARS, st.sampled_from(sorted(AROUND))
    )
    body = st.lists(choice | texts, min_size=1, max_size=2).flatmap(
        lambda parts: look.flatmap(lambda one: st.permutations([*parts, one]))
    )
    body = body.map(lambda parts: Pattern("seq", tuple(parts)))
    loop = st.builds(
        lambda part, lo: Pattern("loop", (part,), "", lo, None), body, st.integers(0, 1)
    )
    around = st.builds(
        lambda part, kind: Pattern(kind, (part,)), loop, st.sampled_from(sorted(AROUND))
    )
    part = loop | loop | around | body
    return st.lists(part | _CHARS, min_size=1, max_size=3).map(lambda p: Pattern("seq", tuple(p)))
