"""``allOf``, ``anyOf``, ``oneOf``, ``not``, ``if``, ``dependencies``: Boolean combinations.

All are unions, intersections and complements. Branches of ``oneOf`` that evidently exclude each
other (see ``disjoint``) need no complement, so most ``oneOf`` are a union. The complement of a
schema of which a part was refused would exclude too much: the keyword is refused with it.
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
from grammarlib.compiler.json_schema.disjoint import Outlines
from grammarlib.compiler.json_schema.keywords.objects import Members, say
from grammarlib.compiler.json_schema.pointers import Path, invalid

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema
    from grammarlib.compiler.json_schema.references import Scope

__all__ = ["all_of", "any_of", "conditional", "dependencies", "negation", "one_of"]

_PART_OF_IT = "the complement of a schema is needed of which a part is refused"


def _branches(lowering: Lowering, here: Subschema, keyword: str, value: object) -> list[int]:
    path = (here.path, keyword)
    schemas = shapes.sequence(value, path)
    if not schemas:
        raise invalid(path, "must not be empty")
    values: list[int] = []
    for i, schema in enumerate(schemas):
        values.append(lowering.schema(schema, (here.path, keyword, i), here.scope))
    return values


def all_of(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Every branch."""
    return intersection_of(lowering.builder, _branches(lowering, here, keyword, value))


def any_of(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """At least one branch."""
    return union_of(lowering.builder, _branches(lowering, here, keyword, value))


def one_of(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Exactly one branch: any of them, each without those that it may overlap."""
    refusals = lowering.refusals
    values = _branches(lowering, here, keyword, value)
    alive = [i for i, branch in enumerate(values) if branch != NEVER]
    if len(alive) < 2 or lowering.muted:
        return union_of(lowering.builder, values)
    path, scope = here.path, here.scope
    schemas = shapes.sequence(value, path)
    pairs = Outlines().overlapping([(schemas[i], scope) for i in alive], here.mask)
    if pairs and refusals != lowering.refusals:
        lowering.refuse((path, keyword), _PART_OF_IT)
        return union_of(lowering.builder, values)
    without: dict[int, list[int]] = {i: [values[i]] for i in alive}
    negations: dict[int, int] = {}
    for a, b in pairs:
        for i, j in ((alive[a], alive[b]), (alive[b], alive[a])):
            if j not in negations:
                negations[j] = negation_of(lowering, values[j])
            without[i].append(negations[j])
    return union_of(
        lowering.builder, [intersection_of(lowering.builder, parts) for parts in without.values()]
    )


def negation(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Not this schema."""
    path = (here.path, keyword)
    refusals = lowering.refusals
    inner = lowering.schema(value, path, here.scope)
    if lowering.muted:
        return None
    if refusals != lowering.refusals:
        lowering.refuse(path, _PART_OF_IT)
        return None
    return negation_of(lowering, inner)


def negation_of(lowering: Lowering, value: int) -> int:
    """Return everything but a value."""
    if value in (ANY, NEVER):
        return NEVER if value == ANY else ANY
    return lowering.builder.negation(value)


def conditional(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """``then`` where ``if`` holds, ``else`` where it does not; read at the first of the three."""
    schema, path, scope = here.schema, here.path, here.scope
    branches = []
    for branch in ("then", "else"):
        branches.append(ANY)
        if branch in schema:
            if "if" in schema:
                branches[-1] = lowering.schema(schema[branch], (path, branch), scope)
            else:
                _check(lowering, schema[branch], (path, branch), scope)
    if "if" not in schema:
        return None
    where = (path, "if")
    then, otherwise = branches
    if lowering.muted or then == otherwise == ANY:
        _check(lowering, schema["if"], where, scope)
        return None
    refusals = lowering.refusals
    holds = lowering.schema(schema["if"], where, scope)
    if refusals != lowering.refusals:
        lowering.refuse(where, _PART_OF_IT)
        return None
    fails = negation_of(lowering, holds)
    parts = []
    if then != ANY:
        parts.append(union_of(lowering.builder, [fails, then]))
    if otherwise != ANY:
        # Both alternatives beside one complement: the core sees a condition (value/condition.rs).
        parts.append(union_of(lowering.builder, [negation_of(lowering, fails), otherwise]))
    return intersection_of(lowering.builder, parts)


def dependencies(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """What must hold of an object where a key is present: further keys, or a schema."""
    path, scope = here.path, here.scope
    relevant = here.mask & OBJECT
    if not relevant:
        lowering.muted += 1
    parts: list[int] = []
    for key, dependent in shapes.mapping(value, (path, keyword)).items():
        where = (path, keyword, key)
        if isinstance(dependent, list | tuple) and keyword != "dependentSchemas":
            required = shapes.names(dependent, where)
            needed = _having(lowering, required) if required else ANY
        elif keyword == "dependentRequired":
            raise invalid(where, "must be an array of strings")
        else:
            needed = lowering.schema(dependent, where, scope)
        if needed != ANY:
            lacks = negation_of(lowering, _having(lowering, [key]))
            others = lowering.types(EVERY_TYPE & ~OBJECT)
            parts.append(lowering.builder.any_of([others, lacks, needed]))
    if not relevant:
        lowering.muted -= 1
        return None
    return intersection_of(lowering.builder, parts)


def _having(lowering: Lowering, names: list[str]) -> int:
    """Return the objects with these keys, and everything that is no object."""
    members = Members()
    members.required = names
    return say(lowering, members)


def _check(lowering: Lowering, schema: object, path: Path, scope: Scope) -> None:
    """Check the form of a schema whose meaning is not used."""
    lowering.muted += 1
    lowering.schema(schema, path, scope)
    lowering.muted -= 1
