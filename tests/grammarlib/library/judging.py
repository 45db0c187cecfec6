"""Grammars of the library against judges that share no code with them."""

from __future__ import annotations

import random
from collections.abc import Callable

import grammarlib as gl
from tests.compiler.json_schema.core import accepts, single_bytes
from tests.grammarlib.strategies.checks import each


def judged(
    grammar: gl.Grammar,
    judge: Callable[[str], bool],
    texts: int,
    misses: int = 0,
    exempt: Callable[[str], bool] | None = None,
) -> None:
    """Texts are valid by the engine and the judge, near misses by neither.

    ``exempt`` says of which near misses the judge says nothing.
    """
    compiled = gl.compile(grammar, single_bytes())

    def inside(text: str) -> None:
        assert accepts(compiled.core, text), f"the engine refuses {text!r}"
        assert judge(text), f"the judge refuses {text!r}"

    def outside(text: str) -> None:
        assert not accepts(compiled.core, text), f"the engine accepts {text!r}"
        if exempt is None or not exempt(text):
            assert not judge(text), f"the judge accepts {text!r}"

    each(gl.strategies.from_grammar(grammar), inside, texts, shrink=True)
    if misses:
        each(gl.strategies.near_misses(grammar), outside, misses, shrink=True)


def edited(grammar: gl.Grammar, judge: Callable[[str], bool], texts: list[str], number: int) -> int:
    """What is made of texts by small edits is valid by the judge where the engine takes it.

    Texts by hand have what draws seldom have: what stands late in a rule.
    """
    compiled = gl.compile(grammar, single_bytes())
    chance = random.Random(5)
    taken = 0
    for _ in range(number):
        text, other = chance.sample(texts, 2)
        start, end = sorted(chance.choices(range(len(text) + 1), k=2))
        end = min(end, start + chance.choice([0, 1, 2, 10]))
        first = chance.randrange(len(other))
        piece = other[first : first + chance.choice([0, 0, 1, 2, 5, 20])]
        made = text[:start] + piece + text[end:]
        if accepts(compiled.core, made):
            taken += 1
            assert judge(made), f"the judge refuses {made!r}"
    return taken


def takes(grammar: gl.Grammar, text: str) -> bool:
    """Whether a text is in the language, by the engine."""
    return accepts(gl.compile(grammar, single_bytes()).core, text)
