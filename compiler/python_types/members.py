"""Members of enums and literals, as far as pydantic reads them from JSON.

pydantic's schema lists every member's value as it would be written; a tuple or a date is then
written as what no text is read into. Here each one is tried.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from typing import Any, cast

from pydantic_core import (
    PydanticSerializationError,
    SchemaError,
    SchemaValidator,
    ValidationError,
    core_schema,
    to_jsonable_python,
)

__all__ = ["keys", "readable"]


def readable(schema: Any, every: Iterable[Any]) -> list[Any]:
    """The values in JSON of those members that are read, each once."""
    validator = _validator(_plain(schema))
    found: list[Any] = []
    for value in _jsonable(every):
        if _reads(validator, value) and not _holds(found, value):
            found.append(value)
    return found


def keys(schema: Any) -> list[str]:
    """The keys of those members that are read from a key, each once."""
    validator = _validator(core_schema.dict_schema(keys_schema=_plain(schema)))
    every = schema["members"] if schema["type"] == "enum" else schema["expected"]
    texts = [one if isinstance(one, str) else json.dumps(one) for one in _jsonable(every)]
    return list(dict.fromkeys(text for text in texts if _reads(validator, {text: 0})))


def _plain(schema: Any) -> Any:
    return {key: value for key, value in schema.items() if key != "ref"}


def _validator(schema: Any) -> SchemaValidator | None:
    try:
        return SchemaValidator(cast(Any, schema))
    except SchemaError:
        return None


def _jsonable(every: Any) -> list[Any]:
    found = []
    for member in every:
        value = member.value if isinstance(member, enum.Enum) else member
        try:
            json.dumps(jsonable := to_jsonable_python(value), allow_nan=False)
        except (PydanticSerializationError, TypeError, ValueError):
            continue
        found.append(jsonable)
    return found


def _reads(validator: SchemaValidator | None, value: object) -> bool:
    if validator is None:
        return False
    try:
        validator.validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True


def _holds(values: list[Any], value: object) -> bool:
    return any(type(one) is type(value) and one == value for one in values)
