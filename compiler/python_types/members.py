"""Members of enums and literals, as far as pydantic reads them from JSON.

pydantic's schema lists every member's value as it would be written; a tuple or a date is then
written as what no text is read into. Here each one is tried.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from pydantic_core import (
    PydanticSerializationError,
    SchemaError,
    SchemaValidator,
    ValidationError,
    core_schema,
    to_jsonable_python,
)

__all__ = ["keys", "readable"]

_NOTHING: Final = object()


def readable(schema: Any, every: Iterable[Any]) -> list[Any]:
    """The values in JSON of those members that are read, each once."""
    validator = _validator(_plain(schema))
    found: list[Any] = []
    for _, value in _jsonable(every):
        if _read(validator, value) is not _NOTHING and not _holds(found, value):
            found.append(value)
    return found


def keys(schema: Any) -> list[str]:
    """The keys of those members that are read from a key as themselves, each once."""
    validator = _validator(core_schema.dict_schema(keys_schema=_plain(schema)))
    every = schema["members"] if schema["type"] == "enum" else schema["expected"]
    found: dict[str, None] = {}
    for member, value in _jsonable(every):
        text = value if isinstance(value, str) else json.dumps(value)
        # None is written as a key that is not read.
        if value is not None and _read(validator, {text: 0}) == {member: 0}:
            found[text] = None
    return list(found)


def _plain(schema: Any) -> Any:
    return {key: value for key, value in schema.items() if key != "ref"}


def _validator(schema: Any) -> SchemaValidator | None:
    try:
        return SchemaValidator(cast(Any, schema))
    except SchemaError:
        return None


def _jsonable(every: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each member with its value in JSON, where there is one."""
    for member in every:
        value = member.value if isinstance(member, enum.Enum) else member
        try:
            json.dumps(jsonable := to_jsonable_python(value), allow_nan=False)
        except (PydanticSerializationError, TypeError, ValueError):
            continue
        yield member, jsonable


def _read(validator: SchemaValidator | None, value: object) -> Any:
    if validator is None:
        return _NOTHING
    try:
        return validator.validate_json(json.dumps(value))
    except ValidationError:
        return _NOTHING


def _holds(values: list[Any], value: object) -> bool:
    return any(type(one) is type(value) and one == value for one in values)
