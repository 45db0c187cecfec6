"""``unevaluatedProperties`` and ``unevaluatedItems``: what other keywords have left over.

A subschema *evaluates* the keys that its ``properties``, ``patternProperties`` and
``additionalProperties`` speak of, and the items that ``items`` and its relatives do, and hands that
on through the applicators that work in place. Which of these apply depends on the value, so the
answer is a list of *ways*: conditions on the value, and what is evaluated where they hold.

What is evaluated only ever grows with the branches that hold. So ``anyOf`` is "for some non-empty
set of branches, all of them hold and what they leave over is such": the set of all branches that do
hold is among them and leaves least over, and no branch need be excluded. Branches that evaluate the
same are one.

Cost: the product of the ways of what stands side by side, under a budget; keywords are only looked
at where an ``unevaluated`` keyword asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import ANY, OBJECT, intersection_of, union_of
from grammarlib.compiler.json_schema.keywords.strings import pattern_program
from grammarlib.compiler.json_schema.pointers import Path
from grammarlib.compiler.regex.program import literal, union

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering
    from grammarlib.compiler.json_schema.references import Scope

__all__ = ["MAX_WAYS", "Evaluated", "Way", "keys_program", "ways"]

MAX_WAYS = 256
"""Ways in which one value may be evaluated."""

_MAX_DEPTH = 60


class Evaluated(NamedTuple):
    """What is evaluated of a value.

    Attributes
    ----------
    names : frozenset of str
        Keys.
    patterns : frozenset of bytes
        Programs of further keys.
    items : int
        How many of the first items.
    kinds : frozenset of int
        Values of which all items are evaluated.
    every_key, every_item : bool
        Whether nothing is left over.
    """

    names: frozenset[str] = frozenset()
    patterns: frozenset[bytes] = frozenset()
    items: int = 0
    kinds: frozenset[int] = frozenset()
    every_key: bool = False
    every_item: bool = False

    def __or__(self, other: object) -> Evaluated:
        assert isinstance(other, Evaluated)
        return Evaluated(
            self.names | other.names,
            self.patterns | other.patterns,
            max(self.items, other.items),
            self.kinds | other.kinds,
            self.every_key or other.every_key,
            self.every_item or other.every_item,
        )


class Way(NamedTuple):
    """Conditions, all of which must hold, and what is evaluated then."""

    conditions: frozenset[int]
    evaluated: Evaluated


class _TooMany(Exception):
    pass


_NOTHING = Evaluated()
_ALWAYS = [Way(frozenset(), _NOTHING)]


def ways(
    lowering: Lowering, schema: dict[str, object], path: Path, scope: Scope, keyword: str
) -> list[Way] | None:
    """Return how the keywords beside ``keyword`` evaluate a value; None if there are too many ways.

    Parameters
    ----------
    lowering : Lowering
        Where conditions are made.
    schema : dict
        The schema that holds ``keyword``; its other keywords are already checked.
    path, scope : Path, Scope
        Where it stands.
    keyword : str
        ``unevaluatedProperties`` or ``unevaluatedItems``: only what it asks about is followed.
    """
    try:
        return _Ways(lowering, keyword).of(schema, path, scope, outermost=True)
    except _TooMany:
        return None


def keys_program(evaluated: Evaluated) -> bytes:
    """Return the program of the keys that are evaluated."""
    names = [literal(name) for name in sorted(evaluated.names) if shapes.encodable(name)]
    return union(*names, *sorted(evaluated.patterns))


class _Ways:
    def __init__(self, lowering: Lowering, keyword: str) -> None:
        self._lowering = lowering
        self._keys = keyword == "unevaluatedProperties"
        self._depth = 0

    def of(self, schema: object, path: Path, scope: Scope, *, outermost: bool = False) -> list[Way]:
        """Return the ways of a schema that applies in place."""
        if not isinstance(schema, dict):
            return _ALWAYS
        if self._depth > _MAX_DEPTH:
            raise _TooMany
        self._depth += 1
        if not outermost:
            scope = self._lowering.documents.inside(schema, scope, path)
        keywords = scope.draft.keywords
        own = self._own_keys(schema, path) if self._keys else self._own_items(schema, path, scope)
        if not outermost:
            word = "unevaluatedProperties" if self._keys else "unevaluatedItems"
            if word in schema and word in keywords:
                own |= Evaluated(every_key=self._keys, every_item=not self._keys)
        found = [Way(frozenset(), own)]
        for keyword in schema:
            follow = _FOLLOW.get(keyword)
            if follow is not None and keyword in keywords:
                found = self._product(found, follow(self, schema, (path, keyword), scope))
        self._depth -= 1
        return found

    # -- what a schema evaluates itself ---------------------------------------------------------

    def _own_keys(self, schema: dict[str, object], path: Path) -> Evaluated:
        if "additionalProperties" in schema:
            return Evaluated(every_key=True)
        names = frozenset(shapes.mapping(schema.get("properties", {}), (path, "properties")))
        programs = []
        where = (path, "patternProperties")
        for pattern in shapes.mapping(schema.get("patternProperties", {}), where):
            program = pattern_program(
                self._lowering, pattern, (where, pattern), "patternProperties"
            )
            if program is None:  # refused where it stands
                return Evaluated(every_key=True)
            programs.append(program)
        return Evaluated(names, frozenset(programs))

    def _own_items(self, schema: dict[str, object], path: Path, scope: Scope) -> Evaluated:
        keywords = scope.draft.keywords
        kinds: frozenset[int] = frozenset()
        if "prefixItems" in keywords:
            if "items" in schema:
                return Evaluated(every_item=True)
            first = len(shapes.sequence(schema.get("prefixItems", []), (path, "prefixItems")))
            if "contains" in schema:
                where = (path, "contains")
                kinds = frozenset([self._value(schema["contains"], where, scope)])
            return Evaluated(items=first, kinds=kinds)
        items = schema.get("items", [])
        if not isinstance(items, list | tuple):
            return Evaluated(every_item=True)
        beyond = "additionalItems" in schema and "items" in schema
        return Evaluated(items=len(items), every_item=beyond)

    def _value(self, schema: object, path: Path, scope: Scope) -> int:
        """Lower a schema that applies to an item or in place, once more."""
        return self._lowering.schema(schema, path, scope)

    # -- what it hands on -----------------------------------------------------------------------

    def _reference(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        target, inner, place = self._lowering.target(schema[str(path[-1])], path, scope)
        with self._lowering.entered(inner):
            return self.of(target, place, inner)

    def _all_of(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        found = _ALWAYS
        for i, branch in enumerate(shapes.sequence(schema["allOf"], path)):
            found = self._product(found, self.of(branch, (*path, i), scope))
        return found

    def _any_of(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        groups = self._groups(schema, path, scope)
        if len(groups) == 1:
            return [Way(frozenset(), evaluated) for evaluated in groups]
        found = [Way(frozenset([value]), e) for e, value in groups.items() if e == _NOTHING]
        sets: list[Way] = []
        for evaluated, value in groups.items():
            if evaluated == _NOTHING:
                continue
            more = [Way(way.conditions | {value}, way.evaluated | evaluated) for way in sets]
            sets += [Way(frozenset([value]), evaluated), *more]
            self._check(sets)
        return found + sets

    def _one_of(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        groups = self._groups(schema, path, scope)
        if len(groups) == 1:
            return [Way(frozenset(), evaluated) for evaluated in groups]
        return [Way(frozenset([value]), evaluated) for evaluated, value in groups.items()]

    def _groups(self, schema: dict[str, object], path: Path, scope: Scope) -> dict[Evaluated, int]:
        """What branches may evaluate, each with the value of the branches that do."""
        builder = self._lowering.builder
        found: dict[Evaluated, list[int]] = {}
        for i, branch in enumerate(shapes.sequence(schema[str(path[-1])], path)):
            place = (*path, i)
            value = None
            for way in self.of(branch, place, scope):
                if value is None:
                    value = self._value(branch, place, scope)
                both = intersection_of(builder, [value, *sorted(way.conditions)])
                found.setdefault(way.evaluated, []).append(both)
        return {e: union_of(builder, v) for e, v in found.items()}

    def _conditional(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        above = path[0]
        holds = self.of(schema["if"], path, scope)
        then = _ALWAYS
        if "then" in schema:
            then = self.of(schema["then"], (above, "then"), scope)
        otherwise = _ALWAYS
        if "else" in schema:
            otherwise = self.of(schema["else"], (above, "else"), scope)
        first = self._product(holds, then)
        if first == otherwise and len(first) == 1:
            return first
        condition = self._value(schema["if"], path, scope)
        fails = self._lowering.builder.negation(condition)
        return [
            *(Way(way.conditions | {condition}, way.evaluated) for way in first),
            *(Way(way.conditions | {fails}, way.evaluated) for way in otherwise),
        ]

    def _dependent(self, schema: dict[str, object], path: Path, scope: Scope) -> list[Way]:
        builder = self._lowering.builder
        found = _ALWAYS
        for key, dependent in shapes.mapping(schema["dependentSchemas"], path).items():
            own = self.of(dependent, (path, key), scope)
            if own == _ALWAYS or not shapes.encodable(key):
                continue
            objects = self._lowering.types(OBJECT)
            having = builder.all_of([objects, builder.if_object([], ANY, [key])])
            lacking = Way(frozenset([builder.negation(having)]), _NOTHING)
            own = [Way(way.conditions | {having}, way.evaluated) for way in own]
            found = self._product(found, [lacking, *own])
        return found

    # -- ways side by side ----------------------------------------------------------------------

    def _product(self, a: list[Way], b: list[Way]) -> list[Way]:
        made = {
            Way(x.conditions | y.conditions, x.evaluated | y.evaluated): None for x in a for y in b
        }
        self._check(made)
        return list(made)

    def _check(self, found: Iterable[Way]) -> None:
        if len(list(found)) > MAX_WAYS:
            raise _TooMany


_FOLLOW = {
    "$dynamicRef": _Ways._reference,
    "$recursiveRef": _Ways._reference,
    "$ref": _Ways._reference,
    "allOf": _Ways._all_of,
    "anyOf": _Ways._any_of,
    "dependentSchemas": _Ways._dependent,
    "if": _Ways._conditional,
    "oneOf": _Ways._one_of,
}
