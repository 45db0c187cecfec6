"""Masks by brute force: every token of a small vocabulary, tried byte by byte on `JsonTexts`.

A token is allowed if some text of the language goes on with its bytes, and, where the vocabulary
cannot spell every byte, if tokens can then spell some text to its end: that is looked for among all
sequences of tokens, and `Undecided` is raised past ``LIMIT`` states. An end token is allowed
exactly where the text may end; whatever else has no bytes never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from tests.oracle.json_texts import JsonTexts, State
from tests.oracle.regex_derivatives import Undecided

LIMIT = 1_500


class Masks:
    """The masks of a language over a vocabulary.

    Parameters
    ----------
    texts : JsonTexts
    tokens : sequence of (bytes or None)
        What each id adds to the text.
    ends : iterable of int
        The ids that end a text.
    """

    def __init__(
        self, texts: JsonTexts, tokens: Sequence[bytes | None], ends: Iterable[int]
    ) -> None:
        self.texts = texts
        self.tokens = tokens
        self.end_ids = frozenset(ends)
        self.pieces = sorted({token for token in tokens if token}, key=lambda t: (len(t), t))
        self.spells_all = {bytes([byte]) for byte in range(256)} <= set(self.pieces)
        self._finishes: dict[State, bool] = {}

    def mask(self, state: State) -> set[int]:
        """The ids allowed next."""
        verdicts = {
            piece: self.finishes(after)
            for piece in self.pieces
            if (after := self.texts.read(state, piece))
        }
        allowed = {i for i, token in enumerate(self.tokens) if token and verdicts.get(token)}
        return allowed | self.end_ids if self.texts.ends(state) else allowed

    def finishes(self, state: State) -> bool:
        """Whether tokens can spell some text of the language to its end."""
        if self.spells_all or not state:
            return bool(state)
        if state not in self._finishes:
            seen = {state}
            todo = [(_height(state), 0, state)]  # what is nearly read first
            found = False
            while todo and not found:
                _, _, at = heappop(todo)
                found = self.texts.ends(at) or self._finishes.get(at, False)
                for piece in self.pieces:
                    to = self.texts.read(at, piece)
                    if to and to not in seen and self._finishes.get(to, True):
                        seen.add(to)
                        heappush(todo, (_height(to), len(seen), to))
                if len(seen) > LIMIT and not found:
                    raise Undecided(f"more than {LIMIT} states in search of an end")
            if found:
                self._finishes[state] = True
            else:
                self._finishes.update(dict.fromkeys(seen, False))
        return self._finishes[state]


def _height(state: State) -> int:
    """How much the shortest thread has to read, roughly."""
    heights = []
    for thread in state:
        height = 0
        while thread is not None:
            (kind, *operands), thread = thread
            height += len(operands[0]) if kind == "word" else 1
        heights.append(height)
    return min(heights)
