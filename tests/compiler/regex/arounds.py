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
