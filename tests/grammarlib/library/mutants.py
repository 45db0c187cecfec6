"""Grammars with one part exchanged, and the search for a text on which two grammars differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib import grammar as parts
from tests.compiler.json_schema.core import accepts, single_bytes

Change = Callable[[gl.Grammar], gl.Grammar | None]
"""What stands in the place of a part; ``None``: the part itself."""


def mutant(root: gl.Grammar, change: Change) -> gl.Grammar:
    """A copy in which the first part that the change takes is exchanged, and it alone."""
    done: dict[gl.Grammar, gl.Grammar] = {}
    changed = False

    def copy(part: gl.Grammar) -> gl.Grammar:
        nonlocal changed
        if part in done:
            return done[part]
        other = None if changed else change(part)
        if other is not None:
            changed = True
            done[part] = other
            return other
        match part:
            case parts.Rule():
                done[part] = made = gl.rule(part.name)
                made.define(copy(part.body))
            case parts.Sequence() | parts.Union() | parts.Intersection():
                done[part] = type(part)(copy(part.left), copy(part.right))
            case parts.Repetition():
                done[part] = parts.Repetition(copy(part.item), part.min, part.max)
            case parts.Complement():
                done[part] = parts.Complement(copy(part.item))
            case _:
                done[part] = part
        return done[part]

    copied = copy(root)
    assert changed, "nothing was planted"
    return copied


def differing(one: gl.Grammar, other: gl.Grammar) -> Callable[[str], bool]:
    """Whether one of two grammars has a text that the other has not."""
    compiled = [gl.compile(grammar, single_bytes()) for grammar in (one, other)]

    def differ(text: str) -> bool:
        first, second = (accepts(grammar.core, text) for grammar in compiled)
        return first != second

    return differ


def difference(one: gl.Grammar, other: gl.Grammar, examples: int) -> str:
    """A text on which two grammars differ, drawn from either; no stretch of it can be taken away,
    and none is enough by itself.

    Hypothesis shrinks the choices of a derivation, which keeps the way the text was derived; a
    shorter one may need another. So the text itself is shrunk.
    """
    differ = differing(one, other)
    texts: st.SearchStrategy[Any] = gl.strategies.from_grammar(one)
    texts = texts | gl.strategies.from_grammar(other)
    settings = hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    found: str = hypothesis.find(texts, differ, settings=settings)
    return _shrunk(found, differ)


def _shrunk(text: str, wanted: Callable[[str], bool]) -> str:
    size = len(text)
    while size:
        for start in range(len(text) - size + 1):
            stretch, rest = text[start : start + size], text[:start] + text[start + size :]
            shorter = next((one for one in (rest, stretch) if one != text and wanted(one)), None)
            if shorter is not None:
                text, size = shorter, len(shorter) + 1
                break
        size = min(size - 1, len(text))
    return text
