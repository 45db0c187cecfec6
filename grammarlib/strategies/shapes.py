"""What a value may be: words, numbers, strings, and the shapes of arrays and objects."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Alternative",
    "ArrayOf",
    "CountedArrayOf",
    "Demands",
    "NumberOf",
    "ObjectOf",
    "Others",
    "StringOf",
    "Word",
]


@dataclass(frozen=True, slots=True)
class Word:
    """``null``, ``true`` or ``false``."""

    text: str


@dataclass(frozen=True, slots=True)
class NumberOf:
    """Numbers: the expression of their spellings."""

    expression: int


@dataclass(frozen=True, slots=True)
class StringOf:
    """Strings: the expression of their decoded texts."""

    expression: int


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """Arrays: the states of the first items and of the others, and how many there may be.

    If they are ``unique``, no two items are equal; if there is a ``repeated`` state, an item of it
    is there twice.
    """

    prefix: tuple[int, ...]
    rest: int | None
    least: int
    most: int | None
    unique: bool = False
    repeated: int | None = None

    def item(self, index: int) -> int:
        """Return the state of an item."""
        if index < len(self.prefix):
            return self.prefix[index]
        assert self.rest is not None
        return self.rest


@dataclass(frozen=True, slots=True)
class CountedArrayOf:
    """Arrays in which items of a kind are counted.

    The core says what the next item may be, by the number of the shape and by how many of the
    ``fixed`` first items are there.
    """

    shape: int
    fixed: int
    least: int
    most: int | None
    unique: bool
    repeated: int | None


@dataclass(frozen=True, slots=True)
class Others:
    """Keys without a name: the state of their values, their expression, how many there are."""

    state: int
    keys: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of the members of an object together.

    Attributes
    ----------
    shape : int
        The core's number of the shape.
    formula : int
        Which keys go together, for the core to decide; 0 asks nothing.
    asked : tuple of int
        The keys that it names, as places among all keys with a name, in the order of decisions.
    least, most : int, int or None
        How many members there are.
    witnesses : int
        Members that must be found among the keys without a name, as bits.
    """

    shape: int
    formula: int
    asked: tuple[int, ...]
    least: int
    most: int | None
    witnesses: int


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """Objects: keys with a name (with state, and whether required), and classes of all others.

    ``properties`` are declared, in order; ``undeclared`` keys have a name as they are asked for.
    """

    properties: tuple[tuple[str, int, bool], ...]
    undeclared: tuple[tuple[str, int, bool], ...]
    others: tuple[Others, ...]
    demands: Demands | None = None

    @property
    def named(self) -> tuple[tuple[str, int, bool], ...]:
        """All keys with a name."""
        return self.properties + self.undeclared


Alternative = Word | NumberOf | StringOf | ArrayOf | CountedArrayOf | ObjectOf
