"""What every drawn text is checked for, by the engine and by judges that share no code with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

import hypothesis
from hypothesis import strategies as st

import grammarlib as gl
from tests.compiler.json_schema.core import accepts, single_bytes
from tests.oracle import json_text

T = TypeVar("T")


def check_inside(schema: Any, compiled: gl.CompiledGrammar, text: str) -> None:
    """A text that is in the language, say the engine and the judges."""
    assert accepts(compiled.core, text), f"the engine refuses {text!r}"
    try:
        fault = json_text.fault(schema, text)
    except json_text.Undecided:
        return
    assert fault is None, f"{text!r}: {fault}"


def check_outside(schema: Any, compiled: gl.CompiledGrammar, text: str) -> None:
    """A text that is not, unless for a spelling of a number that the library leaves out."""
    assert not accepts(compiled.core, text), f"the engine accepts {text!r}"
    try:
        fault = json_text.fault(schema, text)
    except json_text.Undecided:
        return
    if fault is None:
        numbers = json_text.numbers_of(text)
        assert not all(map(json_text.ORDINARY.fullmatch, numbers)), f"{text!r} is a member"


def compiled_over_bytes(grammar: gl.JSONSchema | dict[str, Any] | bool) -> gl.CompiledGrammar:
    return gl.compile(grammar, single_bytes())


def each(
    strategy: st.SearchStrategy[T], check: Callable[[T], object], number: int, shrink: bool = False
) -> None:
    """Check as many draws, always the same ones; no health check may fail."""
    phases = [hypothesis.Phase.generate, *[hypothesis.Phase.shrink] * shrink]

    @hypothesis.settings(
        max_examples=number, derandomize=True, database=None, deadline=None, phases=phases
    )
    @hypothesis.given(strategy)
    def run(drawn: T) -> None:
        check(drawn)

    run()


def drawn(strategy: st.SearchStrategy[T], number: int) -> list[T]:
    """As many draws, always the same ones."""
    found: list[T] = []
    each(strategy, found.append, number)
    return found


def smallest(
    strategy: st.SearchStrategy[T], predicate: Callable[[T], bool], seed: int | None = None
) -> T:
    """What a failing draw shrinks to; with a seed, other draws."""
    settings = hypothesis.settings(max_examples=3000, derandomize=seed is None, database=None)
    chance = None if seed is None else random.Random(seed)
    return hypothesis.find(strategy, predicate, settings=settings, random=chance)
