"""``enum`` and ``const``: finite sets of JSON values.

Equality is JSON's: numbers by value (``1`` is ``1.0``), ``true`` is not ``1``, objects whatever the
order of their keys. All strings of an ``enum`` become one literal set. Members of a type that
``type`` excludes are left out, so that ``type`` need not be said again. Strings with a lone
surrogate are spelled by no text, and match nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from grammarlib.arguments import shown
from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import (
    ARRAY,
    BOOLEAN,
    NEVER,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
)
from grammarlib.compiler.json_schema.numbers import Number, exact, value_program
from grammarlib.compiler.json_schema.pointers import Path, invalid

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.lowering import Lowering, Subschema

__all__ = ["COMPOUND", "const", "enum"]

COMPOUND = 20_000
"""Arrays and objects of one ``enum``: a tenth of them is too many for the core where it meets them,
and to tell it of more takes seconds."""


def enum(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """Any of some values."""
    path = (here.path, "enum")
    return _members(lowering, here, shapes.sequence(value, path), path)


def const(lowering: Lowering, here: Subschema, keyword: str, value: object) -> int | None:
    """One value."""
    return _members(lowering, here, [value], (here.path, "const"))


def _members(
    lowering: Lowering, here: Subschema, values: list[object] | tuple[object, ...], path: Path
) -> int | None:
    """Return the values, as far as ``type`` allows them."""
    mask = here.mask
    lowering.spend(len(values))
    strings: list[str] = []
    numbers: list[Number] = []
    constants = booleans = 0
    compound: list[object] = []
    for value in values:
        if isinstance(value, str):
            strings.append(value)
        elif value is None:
            constants = NULL
        elif isinstance(value, bool):
            booleans |= 2 if value else 1
        elif isinstance(value, list | tuple | dict):
            if mask & (OBJECT if isinstance(value, dict) else ARRAY):
                compound.append(value)
        else:
            numbers.append(_number(value, path))
    if len(compound) > COMPOUND:
        lowering.refuse(path, f"over {COMPOUND} arrays and objects")
        return None
    here.typed = True
    builder = lowering.builder
    alternatives: list[int] = []
    if strings and mask & STRING:
        alternatives.append(_strings(lowering, strings))
    if numbers and mask & NUMBER:
        if here.integer:
            numbers = [n for n in numbers if _integral(n)]
        by_spelling = here.integer and here.scope.draft.integer_by_spelling
        program = value_program(numbers, digits_only=by_spelling)
        alternatives.append(builder.numbers(lowering.regex(program)))
    if constants & mask:
        alternatives.append(lowering.types(NULL))
    if booleans and mask & BOOLEAN:
        alternatives.append(builder.booleans(booleans))
    alternatives += [_literal(lowering, value, path, 1) for value in compound]
    if len(alternatives) == 1:
        return alternatives[0]
    return builder.any_of(alternatives) if alternatives else NEVER


def _number(value: object, path: Path) -> Number:
    if not isinstance(value, int | float | Decimal):
        raise invalid(path, f"must be a JSON value, not {type(value).__name__}")
    return shapes.number(value, path)


def _integral(number: Number) -> bool:
    if isinstance(number, float | Decimal):
        value = exact(number)
        return value == value.to_integral_value()
    return True


def _strings(lowering: Lowering, texts: list[str]) -> int:
    try:
        return lowering.builder.string_literals(texts)
    except UnicodeEncodeError:
        return lowering.builder.string_literals([t for t in texts if shapes.encodable(t)])


def _literal(lowering: Lowering, value: object, path: Path, depth: int) -> int:
    """Return exactly one value."""
    lowering.spend(1, depth)
    builder = lowering.builder
    if isinstance(value, str):
        return _strings(lowering, [value])
    if value is None:
        return lowering.types(NULL)
    if isinstance(value, bool):
        return builder.booleans(2 if value else 1)
    if isinstance(value, list | tuple):
        items: list[int] = []
        for item in value:
            items.append(_literal(lowering, item, path, depth + 1))
        shape = builder.if_array(items, NEVER, len(items), len(items))
        return builder.all_of([lowering.types(ARRAY), shape])
    if isinstance(value, dict):
        properties: list[tuple[str, int]] = []
        for key, member in value.items():
            if not isinstance(key, str):
                raise invalid(path, f"has a key that is no string: {shown(key)}")
            if not shapes.encodable(key):
                return NEVER
            properties.append((key, _literal(lowering, member, path, depth + 1)))
        shape = builder.if_object(properties, NEVER, list(value))
        return builder.all_of([lowering.types(OBJECT), shape])
    number = value_program([_number(value, path)])
    return builder.numbers(lowering.regex(number))
