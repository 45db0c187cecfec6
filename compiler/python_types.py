"""``PythonType``: a Python type as a JSON Schema, and JSON text as an instance of it.

pydantic's ``TypeAdapter`` does both, so whatever it knows is known here: models, dataclasses,
typed dictionaries, named tuples, ``Literal``, enums, unions, containers, dates, ``Annotated``. The
schema is that of validation, by alias. It is pydantic's own but for these:

- Declared fields are all there are: an undeclared key would be dropped again, so objects are closed
  unless their type keeps such keys (``extra="allow"``).
- A complex number has no schema.
- A set may repeat an item, as pydantic reads it: no ``uniqueItems``. A ``Decimal`` is a number; any
  text is what pydantic says beside it.
- Enum keys of a dictionary stand where they are used, not behind a reference.
- No titles made from the names of fields and models, and keywords stay in order: the schema goes
  into prompts.

Text is read by ``validate_json``, so a strict model takes dates and enums from their spellings.
Numbers like ``1.0`` and ``1e2`` are integers in JSON Schema but not in pydantic; they are spelled
out first. What validators ask beyond the schema is known only afterwards: `InvalidValue`.

Cost: what pydantic takes, once for each type. Needs pydantic; nothing else in the package does.
Rejected: a walk over type annotations of our own (pydantic's is complete, and its validation has to
agree with the schema).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from grammarlib._core import SchemaBuilder
from grammarlib.arguments import shown
from grammarlib.compiler.json_schema import lower
from grammarlib.errors import InvalidValue
from grammarlib.schema import JSONSchema

__all__ = ["PythonType"]

_STRING_OR_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')
_MOST_DIGITS = 4000  # longer integers are refused by Python and by pydantic
_SHOWN_FAULTS = 3


class PythonType:
    """A Python type whose instances are read from JSON text.

    Parameters
    ----------
    annotation : type or special form
        Whatever can stand in an annotation, evaluated.

    Attributes
    ----------
    grammar : JSONSchema
        Texts that are read into instances, as far as a schema can say.

    Raises
    ------
    NameError
        If a name that the type refers to is not defined (yet).
    TypeError
        If JSON cannot stand for the type.
    UnsupportedSchema, InvalidSchema, CompileBudgetExceeded
        If its schema asks for what cannot be enforced.
    """

    def __init__(self, annotation: Any) -> None:
        try:
            self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)
            schema = self._adapter.json_schema(schema_generator=_Schema, mode="validation")
            json.dumps(schema, allow_nan=False)
        except PydanticUserError as error:
            said = str(error).splitlines()[0]
            if error.code == "class-not-fully-defined":
                raise NameError(said) from error
            raise TypeError(said) from error
        except NameError:
            raise
        except Exception as error:  # pydantic asks all kinds of objects for their parts
            raise TypeError(f"{shown(annotation)} has no JSON Schema: {error}") from error
        self.grammar = JSONSchema(schema)
        builder = SchemaBuilder(self.grammar.whitespace_program(), self.grammar.property_order)
        lower(
            schema,
            builder,
            format=self.grammar.format,
            registry=self.grammar.registry,
            unsupported=self.grammar.unsupported,
        )

    def read(self, text: str) -> Any:
        """The instance that a text of the grammar stands for.

        Raises
        ------
        InvalidValue
            If the type's validators refuse it.
        """
        try:
            return self._adapter.validate_json(_with_whole_numbers(text))
        except ValidationError as error:
            raise InvalidValue(text, _reason(error)) from error


class _Schema(GenerateJsonSchema):
    """pydantic's schema of a type, with the differences that the module's header lists."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return _closed(_untitled(super().model_schema(schema), schema["cls"]))

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return _closed(_untitled(super().dataclass_schema(schema), schema["cls"]))

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        return _closed(_untitled(super().typed_dict_schema(schema), schema.get("cls")))

    def set_schema(self, schema: core_schema.SetSchema) -> JsonSchemaValue:
        return _without(super().set_schema(schema), "uniqueItems")

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        return _without(super().frozenset_schema(schema), "uniqueItems")

    def complex_schema(self, schema: core_schema.ComplexSchema) -> JsonSchemaValue:
        # pydantic says any string, of which hardly one is a complex number.
        return self.handle_invalid_for_json_schema(schema, "complex numbers")

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        said = super().decimal_schema(schema)
        numbers = [one for one in said.get("anyOf", []) if one.get("type") == "number"]
        return numbers[0] if numbers else said

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        said = super().dict_schema(schema)
        if "patternProperties" in said:  # pydantic takes no other keys, and does not say so
            said.setdefault("additionalProperties", False)
        return said


def _closed(schema: JsonSchemaValue) -> JsonSchemaValue:
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    return schema


def _untitled(schema: JsonSchemaValue, cls: type[Any] | None) -> JsonSchemaValue:
    return _without(schema, "title") if cls and schema.get("title") == cls.__name__ else schema


def _without(schema: JsonSchemaValue, keyword: str) -> JsonSchemaValue:
    return {key: value for key, value in schema.items() if key != keyword}


def _with_whole_numbers(text: str) -> str:
    """JSON text whose whole numbers are spelled with digits alone."""

    def spell(match: re.Match[str]) -> str:
        spelling = match[0]
        if spelling.startswith('"') or spelling.lstrip("-").isdigit():
            return spelling
        try:
            number = Decimal(spelling)
        except InvalidOperation:  # an exponent of nineteen digits
            return spelling
        if number.adjusted() < _MOST_DIGITS and number == number.to_integral_value():
            return str(int(number))
        return spelling

    return _STRING_OR_NUMBER.sub(spell, text)


def _reason(error: ValidationError) -> str:
    faults = [
        f"{''.join(f'/{step}' for step in fault['loc']) or '(root)'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False)
    ]
    more = len(faults) - _SHOWN_FAULTS
    return "; ".join(faults[:_SHOWN_FAULTS]) + (f"; and {more} more" if more > 0 else "")
