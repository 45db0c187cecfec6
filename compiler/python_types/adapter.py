"""``adapt``: what a Python type is as a grammar: a schema, the formats it names, and a reader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import PydanticUserError, TypeAdapter

from grammarlib.arguments import shown
from grammarlib.compiler.python_types.formats import format_pattern
from grammarlib.compiler.python_types.generator import TypeSchema
from grammarlib.compiler.python_types.reading import Reader
from grammarlib.compiler.python_types.signatures import is_callable, parameters
from grammarlib.errors import GrammarlibError
from grammarlib.regex import Regex

__all__ = ["Adapted", "adapt"]


@dataclass(frozen=True)
class Adapted:
    """A type as a grammar.

    Attributes
    ----------
    schema : dict
        Its JSON Schema.
    formats : dict
        What formats that it names mean, where that is no specification's.
    reader : Reader
        From a text to an instance.
    """

    schema: dict[str, Any]
    formats: dict[str, str | Regex]
    reader: Reader


def adapt(annotation: Any) -> Adapted:
    """Make a type a grammar.

    Raises
    ------
    NameError
        If a name that the type refers to is not defined (yet).
    TypeError
        If JSON cannot stand for the type.
    UnsupportedPattern
        If a pattern uses a construct that is not enforced.
    """
    call = parameters(annotation) if is_callable(annotation) else None
    generator = TypeSchema()
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation if call is None else call.annotation)
        adapter.rebuild(raise_errors=True)  # where a name was not defined
        schema = generator.generate(adapter.core_schema)
        json.dumps(schema, allow_nan=False)
    except GrammarlibError:
        raise
    except NameError as error:
        raise NameError(str(error).splitlines()[0]) from error
    except PydanticUserError as error:
        said = str(error).splitlines()[0]
        if error.code == "class-not-fully-defined":
            raise NameError(said) from error
        raise TypeError(said) from error
    except Exception as error:  # pydantic asks all kinds of objects for their parts
        raise TypeError(f"{shown(annotation)} has no JSON Schema: {error}") from error
    if call is not None:
        schema = call.described(schema)
    reader = Reader(
        adapter,
        decimals=generator.has_decimals,
        finish=None if call is None else call.bound,
    )
    return Adapted(schema, _formats(schema, generator), reader)


def _formats(schema: object, generator: TypeSchema) -> dict[str, str | Regex]:
    """Of the formats that a schema names, those with a meaning of their own."""
    found: dict[str, str | Regex] = {}
    todo = [schema]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            todo += part.values()
            name = part.get("format")
            if isinstance(name, str):
                pattern = generator.own_formats.get(name) or format_pattern(name)
                if pattern is not None:
                    found[name] = pattern
        elif isinstance(part, list):
            todo += part
    return found
