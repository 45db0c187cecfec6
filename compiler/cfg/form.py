"""The form of a grammar that the passes work on.

*Purpose.* Productions by name, their bodies regular expressions over terminals and calls. A
terminal is a language of bytes as the core reads it (a regex program); so what a pass folds is one
terminal more, and what the core needs is already there.

*Invariants.* Nodes are never changed and may be shared: a body is a graph without cycles, and every
walk over it (:func:`fold_up`) visits a shared node once. Recursion goes through :class:`Call`
alone. Bodies may be nested 100,000 deep, so nothing here recurses.

*Cost.* 0.5 µs a node and pass. Rejected: lists of alternatives of lists of symbols (each nested
choice and repetition would need a rule of its own, which the passes then inline again).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from grammarlib.compiler.regex.program import EPSILON
from grammarlib.errors import CompileBudgetExceeded

if TYPE_CHECKING:
    from grammarlib.schema import JSONSchema
    from grammarlib.token import Token

__all__ = [
    "EMPTY_TEXT",
    "MAX_NODES",
    "NOTHING",
    "Alternation",
    "Call",
    "Captured",
    "Complement",
    "Concatenation",
    "Form",
    "Intersection",
    "Node",
    "Production",
    "Repetition",
    "Terminal",
    "Tokens",
    "Value",
    "alternation",
    "concatenation",
    "fold_up",
    "nodes",
    "reachable",
    "repetition",
]

MAX_NODES: Final = 1_000_000
"""Most nodes of one grammar."""


class Node:
    """Base of all nodes."""

    __slots__ = ()

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes inside."""
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class Terminal(Node):
    """A language of texts: a regex program."""

    program: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Value(Node):
    """The JSON texts of a schema."""

    schema: JSONSchema


@dataclass(frozen=True, slots=True, eq=False)
class Tokens(Node):
    """One whole token, whatever its bytes."""

    token: Token


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A text of a production."""

    production: Production


@dataclass(frozen=True, slots=True, eq=False)
class Concatenation(Node):
    """Its items in sequence."""

    items: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True, eq=False)
class Alternation(Node):
    """Any of its items."""

    items: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True, eq=False)
class Repetition(Node):
    """From ``lo`` to ``hi`` texts of its item."""

    item: Node
    lo: int
    hi: int | None

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True, slots=True, eq=False)
class Intersection(Node):
    """Texts of both items."""

    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, eq=False)
class Complement(Node):
    """Texts that are none of its item's."""

    item: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True, slots=True, eq=False)
class Captured(Node):
    """A part whose text is wanted by name."""

    name: str
    item: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(slots=True, eq=False)
class Production:
    """A rule. The body is filled in once, after calls of it may have been made."""

    name: str
    body: Node = field(default_factory=lambda: Alternation(()))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A grammar: the production that whole texts are of."""

    start: Production

    def productions(self) -> list[Production]:
        """The productions that can be reached, the start first."""
        return reachable(self.start)


EMPTY_TEXT: Final = Terminal(EPSILON)
"""The empty text alone."""
NOTHING: Final = Alternation(())
"""No text."""


_FLAT: Final = 256  # longer sequences and choices stay nested: copied again and again, they cost


def concatenation(items: Sequence[Node]) -> Node:
    """Items in sequence, flat where they are short."""
    flat: list[Node] = []
    for item in items:
        if item is NOTHING:
            return NOTHING
        if isinstance(item, Concatenation) and len(item.items) <= _FLAT:
            flat.extend(item.items)
        elif item is not EMPTY_TEXT:
            flat.append(item)
    if not flat:
        return EMPTY_TEXT
    return flat[0] if len(flat) == 1 else Concatenation(tuple(flat))


def alternation(items: Sequence[Node]) -> Node:
    """Any of some items, flat where they are short, each once."""
    flat: dict[int, Node] = {}
    for item in items:
        nested = isinstance(item, Alternation) and len(item.items) <= _FLAT
        for one in item.parts if nested else (item,):
            flat[id(one)] = one
    if not flat:
        return NOTHING
    kept = tuple(flat.values())
    return kept[0] if len(kept) == 1 else Alternation(kept)


def repetition(item: Node, lo: int, hi: int | None) -> Node:
    """Repeated texts; a repetition of optional or unbounded ones is one repetition."""
    if item is EMPTY_TEXT or hi == 0:
        return EMPTY_TEXT
    if (lo, hi) == (1, 1):
        return item
    if isinstance(item, Repetition):
        if item.lo <= 1 and item.hi is None:
            return Repetition(item.item, lo * item.lo, None)
        if (item.lo, item.hi) == (0, 1):
            return Repetition(item.item, 0, hi)
    return Repetition(item, lo, hi)


T = TypeVar("T")


def fold_up(root: Node, combine: Callable[[Node, list[T]], T], memo: dict[Node, T]) -> T:
    """Work out a value for a node from those of its parts; calls are leaves.

    Raises
    ------
    CompileBudgetExceeded
        If ``memo`` comes to hold more than ``MAX_NODES`` nodes.
    """
    todo = [root]
    while todo:
        node = todo[-1]
        if node in memo:
            todo.pop()
            continue
        missing = [part for part in node.parts if part not in memo]
        if missing:
            todo.extend(missing)
            continue
        todo.pop()
        memo[node] = combine(node, [memo[part] for part in node.parts])
        if len(memo) > MAX_NODES:
            raise CompileBudgetExceeded(f"a grammar of {MAX_NODES} parts")
    return memo[root]


def nodes(root: Node) -> Iterator[Node]:
    """Every node of a body once, the root first."""
    seen = {root}
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        for part in node.parts:
            if part not in seen:
                seen.add(part)
                todo.append(part)


def reachable(start: Production) -> list[Production]:
    """The productions that a production comes to, itself first."""
    found = {start: None}
    todo = [start]
    while todo:
        for node in nodes(todo.pop().body):
            if isinstance(node, Call) and node.production not in found:
                found[node.production] = None
                todo.append(node.production)
    return list(found)
