"""JSON texts as trees and as rows of tokens, and their spellings.

A tree says what a text holds and how each scalar and key is spelled; ``Row`` is the same as a row
of JSON tokens with the places of values, items and members, which is what edits work on. Blanks
stand between tokens only, and are put in last.

Iterative throughout: a schema may force values to nest deeper than Python's stack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["Array", "Blanks", "Object", "Row", "Scalar", "Tree", "spell", "spellings"]


@dataclass(slots=True)
class Scalar:
    """A word, a number or a string, as it is spelled."""

    text: str


@dataclass(slots=True)
class Array:
    """An array of trees."""

    items: list[Tree]


@dataclass(slots=True)
class Object:
    """An object: the keys as they are spelled, and the trees of their values."""

    keys: list[str]
    values: list[Tree]


Tree = Scalar | Array | Object


def spellings(character: str) -> list[str]:
    """Return the ways in which a JSON string may spell a character, the plainest first."""
    plain = json.dumps(character, ensure_ascii=False)[1:-1]
    escaped = json.dumps(character)[1:-1] if ord(character) > 0x7F else f"\\u{ord(character):04x}"
    upper = escaped.upper().replace("\\U", "\\u")
    return [plain, escaped, upper, "\\/" if character == "/" else escaped]


def spell(text: str, pattern: int, turn: int = 0) -> str:
    """Return a JSON string.

    Parameters
    ----------
    text : str
        What it says.
    pattern : int
        How its characters are spelled: two bits each, in turns of three characters; 0 is plain.
    turn : int
        Which of the three is the first.
    """
    if not pattern:
        return json.dumps(text, ensure_ascii=False)
    ways = (spellings(c)[pattern >> 2 * (i % 3) & 3] for i, c in enumerate(text, turn))
    return f'"{"".join(ways)}"'


@dataclass(slots=True)
class Blanks:
    """What stands between tokens: two bits for each place, in turns of three places.

    Attributes
    ----------
    least : str
        The shortest that may stand there.
    others : list of str
        Up to three others.
    pattern : int
        Which stands where: 0 is ``least``.
    """

    least: str
    others: list[str] = field(default_factory=list)
    pattern: int = 0

    def at(self, place: int) -> str:
        """Return the blanks of a place."""
        chosen = self.pattern >> 2 * (place % 3) & 3
        return self.others[chosen - 1] if 0 < chosen <= len(self.others) else self.least

    def between(self, tokens: Sequence[str]) -> str:
        """Return the text of a row of tokens."""
        return "".join(self._interleaved(tokens))

    def _interleaved(self, tokens: Sequence[str]) -> Iterator[str]:
        for place, token in enumerate(tokens):
            if place:
                yield self.at(place - 1)
            yield token


Span = tuple[int, int]


class Row:
    """A tree as a row of tokens.

    Attributes
    ----------
    tokens : list of str
        The JSON tokens.
    values : list of (start, end)
        Where each value stands, those that enclose others after these.
    arrays, objects : list of list of (start, end)
        For each array its items, for each object its members (key, colon and value), without the
        commas between them.
    """

    def __init__(self, tree: Tree) -> None:
        self.tokens: list[str] = []
        self.values: list[Span] = []
        self.arrays: list[list[Span]] = []
        self.objects: list[list[Span]] = []
        self._lay(tree)

    def _lay(self, root: Tree) -> None:
        tokens = self.tokens
        levels: list[_Level] = []
        tree: Tree | None = root
        while True:
            if isinstance(tree, Scalar):
                self.values.append((len(tokens), len(tokens) + 1))
                tokens.append(tree.text)
            elif tree is not None:
                levels.append(_Level(tree, len(tokens)))
                tokens.append(levels[-1].brackets[0])
            if not levels:
                return
            tree = levels[-1].advance(tokens)
            if tree is None:
                done = levels.pop()
                tokens.append(done.brackets[1])
                self.values.append((done.start, len(tokens)))
                (self.arrays if done.keys is None else self.objects).append(done.parts)


class _Level:
    """An array or object while its tokens are laid."""

    __slots__ = ("_at", "_begun", "brackets", "keys", "parts", "start", "values")

    def __init__(self, tree: Array | Object, start: int) -> None:
        self.start = start
        self.parts: list[Span] = []
        self._at = 0
        self._begun = 0
        self.keys = None if isinstance(tree, Array) else tree.keys
        self.values = tree.items if isinstance(tree, Array) else tree.values
        self.brackets = "[]" if self.keys is None else "{}"

    def advance(self, tokens: list[str]) -> Tree | None:
        """End the part under way, begin the next and return its value."""
        if self._at:
            self.parts.append((self._begun, len(tokens)))
        if self._at == len(self.values):
            return None
        if self._at:
            tokens.append(",")
        self._begun = len(tokens)
        if self.keys is not None:
            tokens += [self.keys[self._at], ":"]
        self._at += 1
        return self.values[self._at - 1]
