"""A text of a regular language, drawn character by character.

At each place one draw says whether the text ends, or which group of characters comes next (all
characters of a group lead to one place, so that a rare character is as likely as a common one);
another says which character of the group. The smallest draws lead to the shortest text by the
simplest characters. When the allowance is spent, a shortest text ends the walk without a draw.

Cost: two or three draws a character, none where only one character can follow. Rejected: leaving
languages that hold every text to Hypothesis's own ``text``, whose tables take seconds to make on
their first use.
"""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from grammarlib.strategies.languages import Characters, Languages

__all__ = ["Draw", "below", "walk"]

Draw = st.DrawFn
_GO_ON = 7  # against 1, that a text which could end goes on
_PLAIN = 2  # times that ASCII is as likely again as each other band of characters


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """Return the strategy of the numbers from 0 to less than ``count``."""
    return st.integers(0, count - 1)


def walk(draw: Draw, languages: Languages, expression: int, allowance: int) -> tuple[str, int]:
    """Draw a text.

    Parameters
    ----------
    draw : DrawFn
        Of the strategy in which the text is drawn.
    languages : Languages
        Whose expression it is.
    expression : int
        The language.
    allowance : int
        How many draws it may take.

    Returns
    -------
    tuple of (str, int)
        The text, and what is left of the allowance.
    """
    text: list[str] = []
    while True:
        if allowance <= 0:
            text.append(languages.shortest(expression))
            break
        steps = languages.steps(expression)
        chosen = 0
        if languages.nullable(expression):
            if not steps:
                break
            chosen = draw(below(1 + _GO_ON * len(steps)))
            allowance -= 1
            if not chosen:
                break
            chosen = (chosen - 1) % len(steps)
        elif len(steps) > 1:
            chosen = draw(below(len(steps)))
            allowance -= 1
        characters = steps[chosen]
        text.append(_character(draw, characters))
        allowance -= characters.several
        expression = characters.target
    return "".join(text), max(allowance, 0)


def _character(draw: Draw, characters: Characters) -> str:
    if not characters.several:
        return characters.at(0, 0)
    bands = characters.bands
    band = max(0, draw(below(len(bands) + _PLAIN)) - _PLAIN) if len(bands) > 1 else 0
    return characters.at(band, draw(below(bands[band])) if bands[band] > 1 else 0)
