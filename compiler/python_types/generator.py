"""``TypeSchema``: pydantic's schema of a type, brought to what pydantic reads and writes.

pydantic's own schema (that of validation, by alias) describes types to others; some of its texts
pydantic refuses, and some that it writes are missing. What is changed:

- Declared fields are all there are: an undeclared key would be dropped again, so objects are closed
  unless their type keeps such keys (``extra="allow"``).
- Formats mean what pydantic reads (``formats``), ``pattern`` what Rust's or Python's regular
  expressions match, an excluded bound of a float the next float.
- Dates have their bounds, decimals their digits, both as patterns.
- Members of enums and literals are those that pydantic reads; flags may be combined.
- Keys of dictionaries are what the key type reads (``keys``).
- A set may repeat an item, as pydantic reads it, unless so many different ones are asked for.
- The key that tells the members of a union apart must be there, also where it has a default.
- A field that is read from a path (``AliasPath``), classes, and whatever else JSON has no text for,
  are refused; a union leaves such alternatives out.
- No titles made from the names of fields and models, and keywords stay in order: the schema goes
  into prompts. A default that is no JSON (an infinity) is not told.
"""

from __future__ import annotations

import enum
import json
import math
import re
from typing import Any, cast

from pydantic import ByteSize
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from grammarlib.compiler.python_types import decimals, keys, members, numerals
from grammarlib.compiler.python_types.dates import dates_between
from grammarlib.compiler.python_types.formats import AWARE, NAIVE, base64, hexadecimal, uuid
from grammarlib.compiler.python_types.rust_pattern import translate
from grammarlib.compiler.python_types.urls import url
from grammarlib.regex import Regex

__all__ = ["TypeSchema"]

_LARGEST_FLOAT = 1.7976931348623157e308
_MOST_FLAGS = 12
_NO_BLANKS_AROUND = r"^(?:\P{White_Space}(?:[\s\S]*\P{White_Space})?)?$"
_FRACTION_BOUNDS = ("ge", "gt", "le", "lt")
# pydantic's pattern of a size lets any word be a unit.
_ANY_BYTE_SIZE = ByteSize.byte_string_pattern
_BYTE_SIZE = rf"^\s*(\d*\.?\d+)\s*(?i:{'|'.join(ByteSize.byte_sizes)})?\s*$"


class TypeSchema(GenerateJsonSchema):
    """pydantic's generator with the differences that the module's header lists.

    Attributes
    ----------
    own_formats : dict of str to str or Regex
        Formats that the schema names and that mean what nobody else calls so.
    has_decimals : bool
        Whether there is a ``Decimal`` somewhere.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_formats: dict[str, str | Regex] = {}
        self.has_decimals = False
        self._core_definitions: dict[str, core_schema.CoreSchema] = {}

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def refuse(self, schema: Any, why: str) -> JsonSchemaValue:
        """Say that JSON cannot stand for a part of the type."""
        return self.handle_invalid_for_json_schema(schema, why)

    # Objects

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return _closed(_untitled(super().model_schema(schema), schema["cls"]))

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return _closed(_untitled(super().dataclass_schema(schema), schema["cls"]))

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        self._refuse_paths(schema, schema["fields"].items())
        return _closed(_untitled(super().typed_dict_schema(schema), schema.get("cls")))

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> JsonSchemaValue:
        self._refuse_paths(schema, schema["fields"].items())
        return super().model_fields_schema(schema)

    def dataclass_args_schema(self, schema: core_schema.DataclassArgsSchema) -> JsonSchemaValue:
        self._refuse_paths(schema, [(field["name"], field) for field in schema["fields"]])
        return super().dataclass_args_schema(schema)

    def _refuse_paths(self, schema: Any, fields: Any) -> None:
        config = self._config
        if config.validate_by_name or config.populate_by_name:
            return
        for name, field in fields:
            alias = field.get("validation_alias")
            if isinstance(alias, list):
                paths = alias if isinstance(alias[0], list) else [alias]
                if not any(len(path) == 1 for path in paths):
                    self.refuse(schema, f"the field {name}, which is read from a path")

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        said = super().default_schema(schema)
        try:
            json.dumps(said.get("default"), allow_nan=False)
        except (TypeError, ValueError):
            return _without(said, "default")
        return said

    # Dictionaries

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        return self._dictionary(schema)

    def ordered_dict_schema(self, schema: Any) -> JsonSchemaValue:
        return self._dictionary(schema)

    def frozendict_schema(self, schema: Any) -> JsonSchemaValue:
        return self._dictionary(schema)

    def counter_schema(self, schema: Any) -> JsonSchemaValue:
        return self._dictionary({**schema, "values_schema": core_schema.int_schema()})

    def _dictionary(self, schema: Any) -> JsonSchemaValue:
        said: JsonSchemaValue = {"type": "object"}
        names = keys.names(self, schema.get("keys_schema"))
        if names:
            said["propertyNames"] = names
        values = schema.get("values_schema")
        said["additionalProperties"] = (self.generate_inner(values) if values else None) or True
        self.update_with_validations(said, schema, self.ValidationsMapping.object)
        return said

    # Arrays

    def set_schema(self, schema: core_schema.SetSchema) -> JsonSchemaValue:
        return _set(super().set_schema(schema))

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        return _set(super().frozenset_schema(schema))

    # Numbers

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        said = super().float_schema(schema)
        for bound, excluded, towards in (
            ("minimum", "exclusiveMinimum", math.inf),
            ("maximum", "exclusiveMaximum", -math.inf),
        ):
            if excluded in said:  # numbers just beyond it are read as it
                said.setdefault(bound, math.nextafter(said[excluded], towards))
        finite = schema.get("allow_inf_nan")
        if finite is None:
            finite = self._config.config_dict.get("allow_inf_nan", True)
        if not finite:
            said.setdefault("minimum", -_LARGEST_FLOAT)
            said.setdefault("maximum", _LARGEST_FLOAT)
        return said

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        self.has_decimals = True
        numbers = decimals.numbers(schema)
        pattern = decimals.text(schema)
        if pattern is None:
            return {"anyOf": numbers} if len(numbers) > 1 else numbers[0]
        return {"anyOf": [*numbers, {"type": "string", "pattern": f"^(?:{pattern})$"}]}

    def fraction_schema(self, schema: Any) -> JsonSchemaValue:
        bounds: dict[str, Any] = {
            name: float(schema[name]) for name in _FRACTION_BOUNDS if schema.get(name) is not None
        }
        number = self.float_schema(core_schema.float_schema(allow_inf_nan=False, **bounds))
        return {"anyOf": [number, {"type": "string", "format": "fraction"}]}

    def complex_schema(self, schema: core_schema.ComplexSchema) -> JsonSchemaValue:
        return self._formatted("complex", numerals.COMPLEX)

    # Strings

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        pattern = schema.get("pattern")
        said = super().str_schema(_without(cast(Any, schema), "pattern"))  # type: ignore[arg-type]
        if isinstance(pattern, str) and self._config.regex_engine != "python-re":
            ours = _BYTE_SIZE if pattern == _ANY_BYTE_SIZE else translate(pattern)
            said["pattern"] = ours
        elif pattern is not None:
            text = pattern if isinstance(pattern, str) else pattern.pattern
            flags = 0 if isinstance(pattern, str) else pattern.flags & ~re.UNICODE
            if not isinstance(text, str):
                return self.refuse(schema, "a pattern of bytes")
            said["format"] = f"python-regex {text}"
            self.own_formats[said["format"]] = Regex(text, flags=flags, search=True)
        further = []
        if schema.get("strip_whitespace") or self._config.str_strip_whitespace:
            further.append(_NO_BLANKS_AROUND)
        if schema.get("ascii_only"):
            further.append(r"^[\x00-\x7f]*$")
        for expression in further:
            if "pattern" in said:
                said.setdefault("allOf", []).append({"pattern": expression})
            else:
                said["pattern"] = expression
        return said

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        least, most = schema.get("min_length") or 0, schema.get("max_length")
        mode = self._config.val_json_bytes
        if mode == "utf8":  # how many bytes it takes is asked afterwards
            said: JsonSchemaValue = {"type": "string", "format": "binary"}
            if least:
                said["minLength"] = -(-least // 4)
            return said if most is None else {**said, "maxLength": most}
        name = "base64url" if mode == "base64" else "hex"
        pattern = base64("-_", least, most) if mode == "base64" else hexadecimal(least, most)
        bounds = "" if not least and most is None else f" of {least} to {most} bytes"
        return self._formatted(name + bounds, pattern)

    def _formatted(self, name: str, pattern: str) -> JsonSchemaValue:
        self.own_formats[name] = pattern
        return {"type": "string", "format": name}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        said = super().date_schema(schema)
        pattern = dates_between(schema)
        return said if pattern is None else {**said, "pattern": pattern}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        zone = schema.get("tz_constraint")
        if zone is None:
            return super().datetime_schema(schema)
        if zone == "naive":
            return self._formatted("naive-date-time", NAIVE)
        return self._formatted("aware-date-time", AWARE)

    def uuid_schema(self, schema: core_schema.UuidSchema) -> JsonSchemaValue:
        version = schema.get("version")
        if version is None:
            return super().uuid_schema(schema)
        return self._formatted(f"uuid{version}", uuid(version))

    def url_schema(self, schema: core_schema.UrlSchema) -> JsonSchemaValue:
        return self._url(super().url_schema(schema), schema, hosts=False)

    def multi_host_url_schema(self, schema: core_schema.MultiHostUrlSchema) -> JsonSchemaValue:
        return self._url(super().multi_host_url_schema(schema), schema, hosts=True)

    def _url(self, said: JsonSchemaValue, schema: Any, *, hosts: bool) -> JsonSchemaValue:
        schemes = schema.get("allowed_schemes")
        name = str(said["format"])
        if schemes:
            name = f"{name} ({', '.join(schemes)})"
        said = _without(said, "minLength")
        return {**said, **self._formatted(name, url(schemes, hosts=hosts))}

    # Members

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return self._members(super().literal_schema(schema), schema, schema["expected"])

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        said = super().enum_schema(schema)
        cls = schema["cls"]
        if issubclass(cls, enum.Flag):
            every = 0
            for member in cls:
                every |= int(member.value)
            if every.bit_length() <= _MOST_FLAGS:
                return self._members(said, schema, range(every + 1))
            return self._members(said, schema, [0, *(member.value for member in cls), every])
        return self._members(said, schema, [member.value for member in schema["members"]])

    def _members(self, said: JsonSchemaValue, schema: Any, every: Any) -> JsonSchemaValue:
        found = members.readable(schema, every)
        if not found:
            return self.refuse(schema, f"{schema['type']} without a member that is JSON")
        rest = {k: v for k, v in said.items() if k not in ("const", "enum")}
        if isinstance(every, range) and found == list(every):
            return {**rest, "minimum": 0, "maximum": every[-1]}
        if schema["type"] == "literal" and len(found) == 1:
            return {"const": found[0], **rest}
        return {"enum": found, **rest}

    # Unions and wrappers

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        said = super().tagged_union_schema(schema)
        if not said["oneOf"]:
            return self.refuse(schema, "a union of nothing that is JSON")
        discriminator = said.pop("discriminator", None)
        if discriminator is None:  # a function tells them apart
            return {("anyOf" if key == "oneOf" else key): value for key, value in said.items()}
        name = discriminator["propertyName"]
        choices = [
            {**choice, "required": list(dict.fromkeys([*choice.get("required", ()), name]))}
            for choice in said["oneOf"]
        ]
        return {**said, "oneOf": choices}

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchemaValue:
        said = super().union_schema(schema)
        if said == {"anyOf": []}:
            return self.refuse(schema, "a union of nothing that is JSON")
        return said

    def is_subclass_schema(self, schema: core_schema.IsSubclassSchema) -> JsonSchemaValue:
        return self.refuse(schema, f"classes ({schema['cls'].__name__})")

    def custom_error_schema(self, schema: core_schema.CustomErrorSchema) -> JsonSchemaValue:
        if schema.get("custom_error_type") == "is_hashable":
            return {"type": ["null", "boolean", "number", "string"]}
        return super().custom_error_schema(schema)

    def definitions_schema(self, schema: core_schema.DefinitionsSchema) -> JsonSchemaValue:
        for definition in schema["definitions"]:
            self._core_definitions[definition["ref"]] = definition
        return super().definitions_schema(schema)

    def definition(self, schema: core_schema.DefinitionReferenceSchema) -> core_schema.CoreSchema:
        """What a reference of pydantic's leads to."""
        return self._core_definitions[schema["schema_ref"]]


def _set(said: JsonSchemaValue) -> JsonSchemaValue:
    return said if said.get("minItems", 0) > 1 else _without(said, "uniqueItems")


def _closed(schema: JsonSchemaValue) -> JsonSchemaValue:
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    return schema


def _untitled(schema: JsonSchemaValue, cls: type[Any] | None) -> JsonSchemaValue:
    return _without(schema, "title") if cls and schema.get("title") == cls.__name__ else schema


def _without(schema: JsonSchemaValue, keyword: str) -> JsonSchemaValue:
    return {key: value for key, value in schema.items() if key != keyword}
