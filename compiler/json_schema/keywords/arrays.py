"""The shape of an array: items by position, the rest, their number.

Until draft 2019-09 an array-form ``items`` gives the positions and ``additionalItems`` the rest;
from 2020-12 on ``prefixItems`` does, and ``items`` is the rest. ``unevaluatedItems`` is a value of
its own beside it (see ``evaluation``). A maximum that no text of 2 GiB reaches is no bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import (
    ANY,
    ARRAY,
    EVERY_TYPE,
    NEVER,
    intersection_of,
    union_of,
)
from grammarlib.compiler.json_schema.keywords.evaluation import MAX_WAYS, ways
from grammarlib.compiler.json_schema.pointers import invalid
from grammarlib.compiler.regex.program import MAX_COUNT
from grammarlib.errors import CompileBudgetExceeded

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["shape_by_items", "shape_by_prefix"]


def shape_by_items(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Read the keywords about arrays of draft 2019-09 and before."""
    schema, path, scope = here.schema, here.path, here.scope
    keywords = scope.draft.keywords
    relevant = _enter(lowering, here)
    prefix: list[int] = []
    rest = None
    if "items" in schema:
        items = schema["items"]
        if isinstance(items, list | tuple):
            for i, item in enumerate(items):
                prefix.append(lowering.schema(item, (path, "items", i), scope))
        else:
            rest = lowering.schema(items, (path, "items"), scope)
    if "additionalItems" in schema:
        beyond = schema["additionalItems"]
        if isinstance(beyond, bool):  # also where booleans are no schemas
            additional = ANY if beyond else NEVER
        else:
            additional = lowering.schema(beyond, (path, "additionalItems"), scope)
        if rest is None and "items" in schema:
            rest = additional
    contains = unevaluated = None
    if "contains" in schema and "contains" in keywords:
        contains = _contained(lowering, here)
    if "unevaluatedItems" in schema and "unevaluatedItems" in keywords:
        where = (path, "unevaluatedItems")
        unevaluated = lowering.schema(schema["unevaluatedItems"], where, scope)
    return _shape(lowering, here, relevant, prefix, rest, contains, unevaluated)


def shape_by_prefix(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Read the keywords about arrays of draft 2020-12."""
    schema, path, scope = here.schema, here.path, here.scope
    relevant = _enter(lowering, here)
    prefix: list[int] = []
    rest = None
    if "prefixItems" in schema:
        for i, item in enumerate(shapes.sequence(schema["prefixItems"], (path, "prefixItems"))):
            prefix.append(lowering.schema(item, (path, "prefixItems", i), scope))
    if "items" in schema:
        items = schema["items"]
        if isinstance(items, list | tuple):
            raise invalid((path, "items"), "must be a schema; positions are prefixItems")
        rest = lowering.schema(items, (path, "items"), scope)
    contains = unevaluated = None
    if "contains" in schema:
        contains = _contained(lowering, here)
    if "unevaluatedItems" in schema:
        where = (path, "unevaluatedItems")
        unevaluated = lowering.schema(schema["unevaluatedItems"], where, scope)
    return _shape(lowering, here, relevant, prefix, rest, contains, unevaluated)


def _enter(lowering: Lowering, here: Subschema) -> bool:
    lowering.inside += 1
    if here.mask & ARRAY:
        return True
    lowering.muted += 1
    return False


def _shape(
    lowering: Lowering,
    here: Subschema,
    relevant: bool,
    prefix: list[int],
    rest: int | None,
    contains: tuple[int, int, int | None] | None,
    unevaluated: int | None,
) -> int | None:
    """Say the shape; None stands for the value of a keyword that is not there."""
    schema, path = here.schema, here.path
    least, most = 0, None
    if "minItems" in schema:
        least = shapes.count(schema["minItems"], (path, "minItems"))
    if "maxItems" in schema:
        most = shapes.count(schema["maxItems"], (path, "maxItems"))
    left_over = ANY
    if unevaluated is not None and rest is None and unevaluated != ANY:
        left_over = unevaluated if not lowering.muted else ANY
    if rest == NEVER and (most is None or most > len(prefix)):
        most = len(prefix)
    unique = False
    if "uniqueItems" in schema:
        unique = shapes.boolean(schema["uniqueItems"], (path, "uniqueItems"))
        unique = unique and (most is None or most > 1)
    lowering.inside -= 1
    if not relevant:
        lowering.muted -= 1
        return None
    if most is not None:
        if least > most:
            return lowering.types(EVERY_TYPE & ~ARRAY)
        if most > MAX_COUNT:
            most = None
    if least > MAX_COUNT:
        raise CompileBudgetExceeded(f"a minimum of {MAX_COUNT} items")
    result = None
    if contains is not None or unique:
        result = lowering.builder.if_array(prefix, rest or ANY, least, most, contains, unique)
    elif prefix or rest or least or most is not None:
        result = lowering.builder.if_array(prefix, rest or ANY, least, most)
    if left_over != ANY:
        items = _unevaluated(lowering, here, left_over)
        result = items if result is None else lowering.builder.all_of([result, items])
    return result


def _unevaluated(lowering: Lowering, here: Subschema, allowed: int) -> int:
    """Return what must hold of the items that no other keyword evaluates."""
    where = (here.path, "unevaluatedItems")
    lowering.inside += 1
    found = ways(lowering, here.schema, here.path, here.scope, "unevaluatedItems")
    lowering.inside -= 1
    if found is None:
        lowering.refuse(where, f"over {MAX_WAYS} ways to evaluate the items of one array")
        return ANY
    builder = lowering.builder
    alternatives = []
    for way in found:
        parts = sorted(way.conditions)
        evaluated = way.evaluated
        if not evaluated.every_item:
            rest = union_of(builder, [allowed, *sorted(evaluated.kinds)])
            parts.append(builder.if_array([ANY] * evaluated.items, rest, 0, None))
        if not parts:
            return ANY
        alternatives.append(intersection_of(builder, parts))
    return union_of(builder, alternatives)


def _contained(lowering: Lowering, here: Subschema) -> tuple[int, int, int | None] | None:
    """Return of what kind some items must be, how many at least and at most; None for no demand."""
    schema, path = here.schema, here.path
    fewest, limit = 1, None
    if "minContains" in here.scope.draft.keywords:
        if "minContains" in schema:
            fewest = shapes.count(schema["minContains"], (path, "minContains"))
        if "maxContains" in schema:
            limit = shapes.count(schema["maxContains"], (path, "maxContains"))
    refusals = lowering.refusals
    value = lowering.schema(schema["contains"], (path, "contains"), here.scope)
    if limit is not None and limit > MAX_COUNT:
        limit = None
    if fewest > MAX_COUNT:
        raise CompileBudgetExceeded(f"a minimum of {MAX_COUNT} items")
    if limit is not None and refusals != lowering.refusals:
        lowering.refuse((path, "maxContains"), "a part of what is counted is refused")
        limit = None
    if fewest == 0 and limit is None:
        return None
    return value, fewest, limit
