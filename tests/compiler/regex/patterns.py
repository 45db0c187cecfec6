"""Hypothesis strategies for patterns that ECMA-262 and Python's ``re`` spell alike or nearly so.

Each pattern is drawn as a pair (ECMA spelling, Python spelling); Python's ``$`` also matches before
a final line break, so anchors are ``\\A`` and ``\\Z`` there. ``TEXTS`` are all short texts over an
alphabet in which every leaf tells some characters apart.
"""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

Pair = tuple[str, str]

ALPHABET = "ab,"
TEXTS = ["".join(t) for n in range(4) for t in product(ALPHABET, repeat=n)]

_PLAIN: list[Pair] = [
    ("a", "a"),
    ("b", "b"),
    (",", ","),
    ("[ab]", "[ab]"),
    ("[^a]", "[^a]"),
    (".", "."),
    ("\\w", "[0-9A-Za-z_]"),
    ("", ""),
]
_ANCHORS: list[Pair] = [("^", "\\A"), ("$", "\\Z")]
_QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{2,}", "{0,2}", "{2,3}", "{0}"]


def _sequence(parts: list[Pair]) -> Pair:
    return ("".join(p[0] for p in parts), "".join(p[1] for p in parts))


def _choice(parts: list[Pair]) -> Pair:
    ecma, python = ("|".join(p[i] for p in parts) for i in (0, 1))
    return (f"(?:{ecma})", f"(?:{python})")


def _loop(part: Pair, quantifier: str) -> Pair:
    return (f"(?:{part[0]}){quantifier}", f"(?:{part[1]}){quantifier}")


def _look(part: Pair, kind: str) -> Pair:
    return (f"({kind}{part[0]})", f"({kind}{part[1]})")


def patterns(*, anchors: bool = False, looks: bool = False) -> st.SearchStrategy[Pair]:
    """Patterns in both spellings."""
    leaves = st.sampled_from(_PLAIN + (_ANCHORS * 3 if anchors else []))

    def extend(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
        ways = [
            st.lists(inner, min_size=2, max_size=3).map(_sequence),
            st.lists(inner, min_size=2, max_size=3).map(_choice),
            st.builds(_loop, inner, st.sampled_from(_QUANTIFIERS)),
        ]
        if looks:
            ways.append(st.builds(_look, inner, st.sampled_from(["?=", "?!"])))
        return st.one_of(ways)

    return st.recursive(leaves, extend, max_leaves=8)
