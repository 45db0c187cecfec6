"""Random grammar expressions over a few characters, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.grammar import Grammar, Text

ALPHABET = "ab("
LEAVES = ["", "a", "b", "ab", "(", "ba"]
SETS = [gl.Choice(["a", "ab", ""]), gl.Choice(["b(", "ba"]), gl.Substring("abba(")]
PATTERNS = ["a*", "[ab]", "[^a]", "a|ba", "(ab)+", "b?", "[ab]{2,3}", "(?=ab)a", "x"]


@st.composite
def grammars(draw: st.DrawFn) -> Grammar:
    """A grammar of up to three rules, which call each other, and of all operators."""
    rules = [gl.rule(name) for name in "RST"[: draw(st.integers(0, 3))]]

    def regular(depth: int) -> Grammar:
        if depth == 0 or draw(st.integers(0, 3)) == 0:
            kind = draw(st.integers(0, 5))
            if kind < 3:
                return Text(draw(st.sampled_from(LEAVES)))
            if kind == 3:
                return draw(st.sampled_from(SETS))
            return gl.Regex(draw(st.sampled_from(PATTERNS)))
        return composed(depth, regular)

    def any_grammar(depth: int) -> Grammar:
        if rules and draw(st.integers(0, 2)) == 0:
            return draw(st.sampled_from(rules))
        return regular(0) if depth == 0 else composed(depth, any_grammar)

    def composed(depth: int, part) -> Grammar:  # type: ignore[no-untyped-def]
        kind = draw(st.sampled_from(["+", "+", "+", "|", "|", "*", "?", "{}", "&", "~", "c"]))
        if kind == "+":
            return part(depth - 1) + part(depth - 1)
        if kind == "|":
            return part(depth - 1) | part(depth - 1)
        if kind == "*":
            return part(depth - 1).repeat(draw(st.integers(0, 2)))
        if kind == "?":
            return part(depth - 1).optional()
        if kind == "{}":
            least = draw(st.integers(0, 2))
            return part(depth - 1).repeat(least, least + draw(st.integers(0, 3)))
        if kind == "&":
            return regular(depth - 1) & regular(depth - 1)
        if kind == "~":
            return ~regular(depth - 1)
        return part(depth - 1)

    for rule in rules:
        rule.define(any_grammar(3))
    return any_grammar(3)
