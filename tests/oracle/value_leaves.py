"""Recorded values as unions of lists of plain statements, complements driven inwards.

What is said of a value holds or does not: `Said`. By the definitions of ``all_of``, ``any_of`` and
``negation`` it becomes a union of lists of *leaves*, which hold together; the complement of a shape
is the union of what each of its parts excludes. What is said within a complement gives keys no
order, even if it is a complement again.
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

from tests.oracle.regex_derivatives import Undecided
from tests.oracle.value_calls import ARRAY, OBJECT, Recorder

MOST = 2_000  # lists of leaves of one value
ANY, NEVER = 0, 1  # handles


class Said(NamedTuple):
    """A recorded value, whether it holds, and whether its properties give keys an order."""

    handle: int
    holds: bool = True
    ordered: bool = True

    def of(self, handle: int) -> Said:
        """The same said of a part."""
        return Said(handle, self.holds, self.ordered)

    def denied(self) -> Said:
        return Said(self.handle, not self.holds, False)


EVERYTHING, NOTHING = Said(ANY), Said(NEVER)
Values = tuple[Said, ...]

# A leaf is the name of what it says, and operands:
# ("types", mask), ("booleans", mask, holds), ("literals", texts, holds),
# ("strings" or "numbers" or "if_string" or "if_number", handle, holds),
# ("items", prefix, rest), ("length", least, most), ("kind", said, start, least, most),
# ("at", index, said), ("unique",),
# ("members", Shape), ("size", least, most), ("required", name), ("lacks", name), ("names", said),
# ("some", Keys, said).
Leaf = tuple[Any, ...]


class Shape(NamedTuple):
    """What is said of members by their keys."""

    properties: tuple[tuple[str, Said], ...]
    patterns: tuple[tuple[int, Said], ...]
    additional: Said
    ordered: bool


class Keys(NamedTuple):
    """Keys: of an expression or of names (`None`: any key), or all others."""

    expression: int | None = None
    names: frozenset[str] | None = None
    others: Shape | None = None
    """Those that a shape says nothing of but ``additional``."""
    denied: Said | None = None
    """Those that are no such strings."""


def leaves(recorder: Recorder, said: Said) -> list[list[Leaf]]:
    """The value as a union of lists of leaves."""
    kind, *operands = recorder.calls[said.handle]
    if kind == "reference":
        return leaves(recorder, said.of(recorder.meanings[said.handle]))
    if kind == "negation":
        return leaves(recorder, Said(operands[0], not said.holds, False))
    if kind in ("all_of", "any_of"):
        parts = [leaves(recorder, said.of(part)) for part in operands[0]]
        if (kind == "all_of") == said.holds:
            return together(parts)
        return [one for part in parts for one in part]
    if kind in ("any", "never"):
        return [[]] if (kind == "any") == said.holds else []
    if kind == "types":
        return [[("types", operands[0] if said.holds else 63 & ~operands[0])]]
    if kind == "booleans":
        return [[("booleans", *operands, said.holds)]]
    if kind == "string_literals":
        return [[("literals", tuple(operands[0]), said.holds)]]
    if kind in ("strings", "numbers", "if_string", "if_number"):
        return [[(kind, operands[0], said.holds)]]
    if kind == "if_array":
        return _arrays(said, *operands)
    if kind == "if_names":
        names = Said(operands[0], ordered=said.ordered)
        if said.holds:
            return [[("names", names)]]
        return [[("types", OBJECT), ("some", Keys(denied=names), EVERYTHING)]]
    assert kind == "if_object"
    return _objects(said, *operands)


def together(parts: list[list[list[Leaf]]]) -> list[list[Leaf]]:
    """The intersection of unions."""
    number = 1
    for part in parts:
        number *= len(part)
    if number > MOST:
        raise Undecided(f"more than {MOST} alternatives")
    return [[leaf for one in chosen for leaf in one] for chosen in product(*parts)]


def _arrays(
    said: Said,
    prefix: list[int],
    rest: int,
    least: int,
    most: int | None,
    contains: tuple[int, int, int | None] | None,
    unique: bool,
) -> list[list[Leaf]]:
    if said.holds:
        first = tuple(said.of(item) for item in prefix)
        whole: list[Leaf] = [("items", first, said.of(rest)), ("length", least, most)]
        if contains is not None:
            whole.append(("kind", said.of(contains[0]), 0, *contains[1:]))
        return [[*whole, ("unique",)] if unique else whole]
    if unique:
        raise Undecided("arrays with two equal items")
    ways: list[Leaf] = []
    if least:
        ways.append(("length", 0, least - 1))
    if most is not None:
        ways.append(("length", most + 1, None))
    ways += [("at", i, said.of(item)) for i, item in enumerate(prefix)]
    ways.append(("kind", said.of(rest), len(prefix), 1, None))
    if contains is not None:
        kind, fewest, limit = contains
        such = Said(kind, ordered=False)
        if fewest:
            ways.append(("kind", such, 0, 0, fewest - 1))
        if limit is not None:
            ways.append(("kind", such, 0, limit + 1, None))
    return [[("types", ARRAY), way] for way in ways]


def _objects(
    said: Said,
    properties: list[tuple[str, int]],
    additional: int,
    required: list[str],
    patterns: list[tuple[int, int]],
    least: int,
    most: int | None,
) -> list[list[Leaf]]:
    shape = Shape(
        tuple((name, said.of(value)) for name, value in properties),
        tuple((expression, said.of(value)) for expression, value in patterns),
        said.of(additional),
        said.ordered,
    )
    if said.holds:
        whole: list[Leaf] = [("members", shape), ("size", least, most)]
        return [[*whole, *(("required", name) for name in required)]]
    ways: list[Leaf] = [("lacks", name) for name in required]
    if least:
        ways.append(("size", 0, least - 1))
    if most is not None:
        ways.append(("size", most + 1, None))
    ways += [("some", Keys(names=frozenset([name])), value) for name, value in shape.properties]
    ways += [("some", Keys(expression=regex), value) for regex, value in shape.patterns]
    ways.append(("some", Keys(others=shape), shape.additional))
    return [[("types", OBJECT), way] for way in ways]
