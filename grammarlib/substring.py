"""``Substring``: any stretch of a document, for answers that are quoted from it.

*How.* The suffix automaton of the text (Blumer et al. 1985, built as it is read): at most two
states and three moves a character, each state an end. So a document of 100,000 characters costs
what a Choice of as many letters does. *Rejected*: the list of all stretches, which are quadratic in
number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grammarlib.arguments import instance
from grammarlib.errors import EmptyLanguage
from grammarlib.grammar import Grammar

__all__ = ["Substring", "stretches"]


class Substring(Grammar):
    """Any stretch of a text, of at least one character.

    Parameters
    ----------
    text : str
        The document.

    Examples
    --------
    >>> import grammarlib as gl
    >>> quote = gl.Substring("to be or not to be")
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        instance("text", text, str, "a str")
        text.encode()  # a lone surrogate has no bytes: UnicodeEncodeError says where
        if not text:
            raise EmptyLanguage("a Substring of the empty text")
        self.text: Final = text

    def __repr__(self) -> str:
        return f"<Substring of {len(self.text)} characters>"

    def program(self) -> bytes:
        """Return the regex program of the stretches (``grammarlib.compiler.regex.program``)."""
        from grammarlib.compiler.regex.program import automaton

        return automaton(stretches(self.text))


def stretches(
    text: str, spell: Callable[[str], str] = str
) -> list[tuple[bool, list[tuple[int, int, int]]]]:
    """The states of the automaton of a text's stretches, for ``program.automaton``.

    Parameters
    ----------
    text : str
        The document.
    spell : callable
        How each character is written; of no two is one a beginning of the other.
    """
    moves = _suffix_automaton(text)
    ends = len(moves)
    for state in range(ends):
        arms, moves[state] = moves[state], {}
        for c, to in arms.items():
            *first, last = list(spell(c))
            here = state
            for part in first:
                if part not in moves[here]:
                    moves[here][part] = len(moves)
                    moves.append({})
                here = moves[here][part]
            moves[here][last] = to
    return [
        (0 < state < ends, [(ord(c), ord(c), to) for c, to in sorted(leading.items())])
        for state, leading in enumerate(moves)
    ]


def _suffix_automaton(text: str) -> list[dict[str, int]]:
    """The moves of each state; the first one is before the stretch."""
    moves: list[dict[str, int]] = [{}]
    links = [-1]
    lengths = [0]
    last = 0
    for c in text:
        here = len(moves)
        moves.append({})
        links.append(0)
        lengths.append(lengths[last] + 1)
        at = last
        while at >= 0 and c not in moves[at]:
            moves[at][c] = here
            at = links[at]
        if at >= 0:
            to = moves[at][c]
            if lengths[to] == lengths[at] + 1:
                links[here] = to
            else:
                copy = len(moves)
                moves.append(dict(moves[to]))
                links.append(links[to])
                lengths.append(lengths[at] + 1)
                while at >= 0 and moves[at].get(c) == to:
                    moves[at][c] = copy
                    at = links[at]
                links[to] = links[here] = copy
        last = here
    return moves
