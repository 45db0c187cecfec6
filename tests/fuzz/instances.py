"""Values that may be valid against a document: drawn along the schema, or near to one that is."""

from __future__ import annotations

import copy
import random
from typing import Any

__all__ = ["along", "neighbours"]

_SCALARS: list[Any] = [None, True, False, 0, 1, -1, 1.5, 10, "", "a", "ab", "é"]
_KEYS = ["a", "b", "c", "d"]
_TYPE_OF = {"properties": "object", "required": "object", "additionalProperties": "object"}
_TYPE_OF |= {"patternProperties": "object", "propertyNames": "object", "minProperties": "object"}
_TYPE_OF |= {"items": "array", "prefixItems": "array", "minItems": "array", "maxItems": "array"}
_TYPE_OF |= {"minLength": "string", "maxLength": "string", "pattern": "string", "format": "string"}
_TYPE_OF |= {"minimum": "number", "maximum": "number", "multipleOf": "number"}


def along(r: random.Random, schema: Any, root: Any, depth: int = 5) -> Any:
    """A value drawn along a schema: often valid, where the keywords do not quarrel."""
    if not isinstance(schema, dict) or depth == 0:
        return r.choice(_SCALARS)
    target = _target(schema, root)
    if target is not None and r.random() < 0.9:
        return along(r, target, root, depth - 1)
    if "const" in schema:
        return schema["const"]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return r.choice(schema["enum"])
    for name in ("anyOf", "oneOf", "allOf"):
        branches = schema.get(name)
        if isinstance(branches, list) and branches and r.random() < 0.6:
            branch = r.choice(branches)
            joined = {**schema, **branch} if isinstance(branch, dict) else {**schema}
            joined.pop(name)
            return along(r, joined, root, depth - 1)
    kind = schema.get("type")
    if isinstance(kind, list) and kind:
        kind = r.choice(kind)
    if not isinstance(kind, str):
        kinds = [_TYPE_OF[keyword] for keyword in schema if keyword in _TYPE_OF]
        kind = r.choice(kinds or ["null", "boolean", "integer", "string", "array", "object"])
    if kind == "object":
        return _object(r, schema, root, depth)
    if kind == "array":
        return _array(r, schema, root, depth)
    if kind == "string":
        least = _count(schema.get("minLength"), 0)
        return (r.choice(["", "a", "ab", "b1", "c"]) + "a" * least)[: max(least, r.randrange(4))]
    if kind in ("integer", "number"):
        bounds = [schema.get(name) for name in ("minimum", "maximum", "multipleOf")]
        near = r.choice([b for b in bounds if _is_number(b)] or [0, 1, 7])
        step = r.choice([0, 1, -1] if kind == "integer" else [0, 0.5, -0.5, 1])
        return int(near) + step if kind == "integer" else near + step
    return r.choice([True, False]) if kind == "boolean" else None


def _target(schema: dict[str, Any], root: Any) -> Any:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    here = root
    for token in reference[1:].split("/")[1:]:
        if not isinstance(here, dict) or token not in here:
            return None
        here = here[token]
    return here


def _object(r: random.Random, schema: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
    required = schema.get("required")
    names = [name for name in required if isinstance(name, str)] if _is_list(required) else []
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    names += [name for name in properties if isinstance(name, str) and r.random() < 0.5]
    if r.random() < 0.2:
        names.append(r.choice(_KEYS))
    r.shuffle(names)
    others = schema.get("additionalProperties", True)
    return {name: along(r, properties.get(name, others), root, depth - 1) for name in names[:100]}


def _array(r: random.Random, schema: dict[str, Any], root: Any, depth: int) -> list[Any]:
    first, items = schema.get("prefixItems", []), schema.get("items", True)
    if isinstance(items, list):
        first, items = items, schema.get("additionalItems", True)
    first = first if isinstance(first, list) else []
    least = _count(schema.get("minItems"), 0)
    most = _count(schema.get("maxItems"), least + 3)
    count = min(max(least, r.randrange(4)), most)
    return [along(r, first[i] if i < len(first) else items, root, depth - 1) for i in range(count)]


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _count(value: Any, otherwise: int) -> int:
    return int(value) if _is_number(value) and 0 <= value < 200 else otherwise


def neighbours(r: random.Random, value: Any) -> list[Any]:
    """Values that differ from a value in one place."""
    found = []
    for _ in range(6):
        changed: Any = {"": copy.deepcopy(value)}
        at, key = r.choice(_places(changed))
        inner = at[key]
        if isinstance(at, dict) and at is not changed and r.random() < 0.4:
            del at[key]
        elif isinstance(inner, list) and inner and r.random() < 0.3:
            inner.pop(r.randrange(len(inner)))
        elif isinstance(inner, list) and r.random() < 0.5:
            inner.insert(r.randrange(len(inner) + 1), r.choice(_SCALARS))
        elif isinstance(inner, dict) and r.random() < 0.5:
            inner[r.choice(_KEYS)] = r.choice(_SCALARS)
        elif _is_number(inner):
            at[key] = inner + r.choice([1, -1, 0.5])
        else:
            at[key] = r.choice([*_SCALARS, [], {}])
        found.append(changed[""])
    return found


def _places(value: Any) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    work = [value]
    while work and len(places) < 1000:
        holder = work.pop()
        if isinstance(holder, dict | list):
            inside = holder if isinstance(holder, dict) else range(len(holder))
            places += [(holder, key) for key in inside]
            work += [holder[key] for key in inside]
    return places
