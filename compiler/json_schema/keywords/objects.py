"""The shape of an object: values by key, by pattern, the rest; which keys, and how many.

Everything about one object becomes one ``if_object``, at the place of ``properties``, so that keys
keep their document order; ``propertyNames`` is a value of its own beside it.

Keys are sequences of Unicode scalar values: no text spells a key with a lone surrogate, so such a
property can never be there. A maximum that no text of 2 GiB reaches is no bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import (
    ANY,
    EVERY_TYPE,
    NEVER,
    OBJECT,
    intersection_of,
    union_of,
)
from grammarlib.compiler.json_schema.keywords.evaluation import MAX_WAYS, keys_program, ways
from grammarlib.compiler.json_schema.keywords.strings import pattern_program
from grammarlib.compiler.json_schema.pointers import Path
from grammarlib.compiler.regex.program import EMPTY, MAX_COUNT
from grammarlib.errors import CompileBudgetExceeded

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["Members", "say", "shape", "shape_unless_properties"]


def shape_unless_properties(
    lowering: Lowering, here: Subschema, keyword: str, value: object
) -> int | None:
    """Read the keywords about objects, unless ``properties`` will."""
    return None if "properties" in here.schema else shape(lowering, here, keyword, value)


def shape(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Read the keywords about objects together."""
    schema, path, scope = here.schema, here.path, here.scope
    relevant = here.mask & OBJECT
    if not relevant:
        lowering.muted += 1
    lowering.inside += 1
    members, left_over = Members(), ANY
    if "properties" in schema:
        for name, inner in shapes.mapping(schema["properties"], (path, "properties")).items():
            value = lowering.schema(inner, (path, "properties", name), scope)
            members.properties.append((name, value))
    if "additionalProperties" in schema:
        beyond = schema["additionalProperties"]
        if isinstance(beyond, bool):  # also where booleans are no schemas
            members.additional = ANY if beyond else NEVER
        else:
            where = (path, "additionalProperties")
            members.additional = lowering.schema(beyond, where, scope)
    if "patternProperties" in schema:
        # Subschemas are lowered in this frame: deeper calls would nest the Python stack further.
        patterns = shapes.mapping(schema["patternProperties"], (path, "patternProperties"))
        for pattern, inner in patterns.items():
            place = (path, "patternProperties", pattern)
            _pattern(lowering, members, place, pattern, lowering.schema(inner, place, scope))
    if "required" in schema:
        members.required = shapes.names(schema["required"], (path, "required"))
    if "minProperties" in schema:
        members.least = shapes.count(schema["minProperties"], (path, "minProperties"))
    if "maxProperties" in schema:
        members.most = shapes.count(schema["maxProperties"], (path, "maxProperties"))
    if "unevaluatedProperties" in schema and "unevaluatedProperties" in scope.draft.keywords:
        where = (path, "unevaluatedProperties")
        allowed = lowering.schema(schema["unevaluatedProperties"], where, scope)
        if allowed != ANY and "additionalProperties" not in schema:
            left_over = allowed
    result = say(lowering, members) if members.assert_something() else None
    if left_over != ANY and not lowering.muted:
        rest = _unevaluated(lowering, here, left_over)
        result = rest if result is None else lowering.builder.all_of([result, rest])
    if "propertyNames" in schema and "propertyNames" in scope.draft.keywords:
        names = lowering.schema(schema["propertyNames"], (path, "propertyNames"), scope)
        if names != ANY:
            value_of_names = lowering.builder.if_names(names)
            both = [value_of_names] if result is None else [result, value_of_names]
            result = lowering.builder.all_of(both)
    lowering.inside -= 1
    if not relevant:
        lowering.muted -= 1
        return None
    return result


def _unevaluated(lowering: Lowering, here: Subschema, allowed: int) -> int:
    """Return what must hold of the members that no other keyword evaluates."""
    where = (here.path, "unevaluatedProperties")
    found = ways(lowering, here.schema, here.path, here.scope, "unevaluatedProperties")
    if found is None:
        lowering.refuse(where, f"over {MAX_WAYS} ways to evaluate the properties of one object")
        return ANY
    alternatives = []
    for way in found:
        parts = sorted(way.conditions)
        if not way.evaluated.every_key:
            members = Members()
            program = keys_program(way.evaluated)
            members.patterns = [] if program == EMPTY else [(lowering.regex(program), ANY)]
            members.additional = allowed
            parts.append(say(lowering, members))
        if not parts:
            return ANY
        alternatives.append(intersection_of(lowering.builder, parts))
    return union_of(lowering.builder, alternatives)


class Members:
    """What one shape says of the members of an object.

    Attributes
    ----------
    properties : list of (str, int)
        Values by key, in document order.
    patterns : list of (int, int)
        Expressions of keys, and the values of the members whose keys match.
    additional : int
        The value of all others.
    required : list of str
        Keys that must be there.
    least, most : int, int or None
        How many members there are.
    """

    __slots__ = ("additional", "least", "most", "patterns", "properties", "required")

    def __init__(self) -> None:
        self.properties: list[tuple[str, int]] = []
        self.patterns: list[tuple[int, int]] = []
        self.additional = ANY
        self.required: list[str] = []
        self.least = 0
        self.most: int | None = None

    def assert_something(self) -> bool:
        """Return whether any object is excluded, or a property given its place."""
        return bool(
            self.additional
            or self.required
            or self.properties
            or self.patterns
            or self.least
            or self.most is not None
        )


def say(lowering: Lowering, members: Members) -> int:
    """Return the value of one shape of objects."""
    if members.least > MAX_COUNT:
        raise CompileBudgetExceeded(f"a minimum of {MAX_COUNT} members")
    most = members.most
    if most is not None and most > MAX_COUNT:
        most = None
    properties, required = members.properties, members.required
    if not all(map(shapes.encodable, required)):
        return lowering.types(EVERY_TYPE & ~OBJECT)
    if not all(shapes.encodable(name) for name, _ in properties):
        properties = [(name, value) for name, value in properties if shapes.encodable(name)]
    builder, patterns, least = lowering.builder, members.patterns, members.least
    if patterns or least or most is not None:
        return builder.if_object(properties, members.additional, required, patterns, least, most)
    return builder.if_object(properties, members.additional, required)


def _pattern(lowering: Lowering, members: Members, path: Path, pattern: str, value: int) -> None:
    """Add a member of ``patternProperties``."""
    refusals = lowering.refusals
    program = pattern_program(lowering, pattern, path, "patternProperties")
    if program is not None:
        members.patterns.append((lowering.regex(program), value))
    elif refusals != lowering.refusals:
        members.additional = ANY  # it speaks of the keys that no pattern matches
