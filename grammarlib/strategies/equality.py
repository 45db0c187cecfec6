"""Which JSON values are equal: numbers by value, strings decoded, members in any order.

Each value that is met gets a number, made of the numbers of its parts, so that values are compared
as numbers and nothing recurses. Exponents are never worked out.
"""

from __future__ import annotations

import json
from collections.abc import Hashable

from grammarlib.strategies.json_text import Array, Object, Scalar, Tree

__all__ = ["Equality"]


class Equality:
    """The values met so far."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, tree: Tree) -> int:
        """Return the number of a value: equal ones have the same."""
        if isinstance(tree, Scalar):
            return self._of(_scalar(tree.text))
        done: list[int] = []
        todo: list[tuple[Tree, bool]] = [(tree, False)]
        while todo:
            at, entered = todo.pop()
            if isinstance(at, Scalar):
                done.append(self._of(_scalar(at.text)))
                continue
            values = at.items if isinstance(at, Array) else at.values
            if not entered:
                todo.append((at, True))
                todo += [(value, False) for value in reversed(values)]
                continue
            parts = done[len(done) - len(values) :]
            del done[len(done) - len(values) :]
            if isinstance(at, Object):
                keys = map(json.loads, at.keys)
                done.append(self._of(frozenset(zip(keys, parts, strict=True))))
            else:
                done.append(self._of(tuple(parts)))
        return done[0]

    def _of(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


def _scalar(text: str) -> Hashable:
    """A word, a string or a number as what it says."""
    if text[0] == '"':
        return ("string", json.loads(text))
    if text[0] not in "-0123456789":
        return ("word", text)
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return ("number", "", False, 0)
    power = int(exponent or 0) - len(fraction) + len(digits)
    return ("number", digits.rstrip("0"), text[0] == "-", power)
