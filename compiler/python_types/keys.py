"""What the keys of a dictionary may be: keys are text in JSON, whatever they are in Python.

pydantic's schema leaves out all keys that are no strings. Here numbers are keys in their canonical
spelling, enums and literals those members that pydantic reads from a key, and everything that is
text in JSON anyway is what it is there. Key types that pydantic reads from no key (``None``,
tuples) are refused.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import JsonSchemaValue

from grammarlib.compiler.python_types import decimals, members, numerals

if TYPE_CHECKING:
    from grammarlib.compiler.python_types.generator import TypeSchema

__all__ = ["names"]

_INNER = {
    "function-after": "schema",
    "function-before": "schema",
    "function-wrap": "schema",
    "default": "schema",
    "nullable": "schema",  # null is no key
    "custom-error": "schema",
}
_EITHER = {"lax-or-strict": "lax_schema", "json-or-python": "json_schema"}
_MOST_LISTED = 100


def names(generator: TypeSchema, schema: Any) -> JsonSchemaValue:
    """The schema of a dictionary's keys; empty if any text will do."""
    kind = "any" if schema is None else schema["type"]
    if kind == "any":
        return {}
    if kind == "definition-ref":
        return names(generator, generator.definition(schema))
    if kind == "definitions":
        generator.definitions_schema(schema)
        return names(generator, schema["schema"])
    if kind == "model" and schema.get("root_model"):
        return names(generator, schema["schema"])
    if kind in _INNER:
        return names(generator, schema[_INNER[kind]])
    if kind == "union":
        return _union(generator, schema)
    if kind in ("enum", "literal"):
        return _members(generator, schema)
    if kind == "bool":
        return {"enum": ["true", "false"]}
    if kind == "int":
        return _integers(schema)
    if kind == "float":
        return {"pattern": f"^(?:{numerals.FLOAT})$"}
    if kind == "decimal":
        generator.has_decimals = True
        pattern = decimals.text(schema) or numerals.decimals(None, None)
        return {"pattern": f"^(?:{pattern})$"}
    if kind == "fraction":
        return {"pattern": f"^(?:{numerals.FRACTION})$"}
    said = generator.generate_inner(schema)
    if said.get("type") != "string":
        if kind in _EITHER:
            return names(generator, schema[_EITHER[kind]])
        return generator.refuse(schema, f"keys of a dictionary that are of type {kind}")
    return {key: value for key, value in said.items() if key != "type"}


def _union(generator: TypeSchema, schema: Any) -> JsonSchemaValue:
    found = []
    for choice in schema["choices"]:
        try:
            found.append(names(generator, choice[0] if isinstance(choice, tuple) else choice))
        except PydanticInvalidForJsonSchema:
            continue
    if not found:
        return generator.refuse(schema, "keys of a dictionary that are never text")
    return {} if {} in found else found[0] if len(found) == 1 else {"anyOf": found}


def _members(generator: TypeSchema, schema: Any) -> JsonSchemaValue:
    found = members.keys(schema)
    return {"enum": found} if found else generator.refuse(schema, "keys none of which is text")


def _integers(schema: Any) -> JsonSchemaValue:
    least, most = _finite(schema, "ge"), _finite(schema, "le")
    if (above := _finite(schema, "gt")) is not None:
        least = above + 1 if least is None else max(least, above + 1)
    if (below := _finite(schema, "lt")) is not None:
        most = below - 1 if most is None else min(most, below - 1)
    factor = schema.get("multiple_of")
    if least is not None and most is not None and most - least < _MOST_LISTED:
        every = range(least, most + 1)
        return {"enum": [str(one) for one in every if factor is None or one % factor == 0]}
    return {"pattern": f"^(?:{numerals.integers(least, most) or '(?!)'})$"}


def _finite(schema: Any, name: str) -> int | None:
    bound = schema.get(name)
    return None if bound is None or math.isinf(bound) else int(bound)
