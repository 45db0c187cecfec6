"""Complements of schemas, as far as value expressions can say them without a complement.

Negation is pushed to the leaves: a schema is a conjunction of keywords, so its complement is the
union of theirs, and each is a set of values of one type. What has none here asserts something of
*all* keys or items past the named ones: its complement would be "there is one such that", which no
shape says. The universe of the complement of a number set is that of ``numbers``.

Cost: that of lowering the schema again, under a budget of steps; references are followed in place,
so a recursive schema has no complement here. Rejected: a complement in the builder's contract,
which belongs to the value algebra and takes this module's place once it is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from grammarlib.compiler.json_schema import shapes
from grammarlib.compiler.json_schema.builder import (
    ANY,
    ARRAY,
    BOOLEAN,
    EVERY_TYPE,
    NEVER,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
)
from grammarlib.compiler.json_schema.keywords.bounds import number_set
from grammarlib.compiler.json_schema.keywords.objects import lacks, say
from grammarlib.compiler.json_schema.keywords.strings import text_program
from grammarlib.compiler.json_schema.lowering import Lowering, Subschema, type_mask
from grammarlib.compiler.json_schema.numbers import Number, number_program, value_program
from grammarlib.compiler.json_schema.pointers import Path
from grammarlib.compiler.regex.program import (
    ANY_TEXT,
    EMPTY,
    MAX_COUNT,
    complement,
    intersect,
    literal,
    union,
)

if TYPE_CHECKING:
    from grammarlib.compiler.json_schema.references import Scope

__all__ = ["NO_COMPLEMENT", "Complements"]

NO_COMPLEMENT = "a complement that is not formed is needed"

_MAX_STEPS = 2_000
_MAX_DEPTH = 40
_STRINGS = ("minLength", "maxLength", "pattern", "format")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


class Complements:
    """Complements of schemas that were already checked, under one budget of steps."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._steps = _MAX_STEPS
        self._depth = 0
        self._made: dict[tuple[int, int], int | None] = {}
        self._alternatives: dict[int, int] = {}

    def alternatives(self, value: int) -> int:
        """Return of how many alternatives a complement made here is the union, at most."""
        return self._alternatives.get(value, 1)

    def of(self, schema: object, path: Path, scope: Scope) -> int | None:
        """Return everything that the schema excludes; None if that cannot be said."""
        if not isinstance(schema, dict):
            return NEVER if schema else ANY
        key = (id(schema), id(scope))
        if key in self._made:
            return self._made[key]
        self._made[key] = None  # what a recursive schema finds of itself
        self._steps -= 1
        self._depth += 1
        if self._steps > 0 and self._depth < _MAX_DEPTH:
            refusals = self._lowering.refusals
            value = self._of(schema, path, scope)
            if refusals == self._lowering.refusals:  # else a part of it was left out
                self._made[key] = value
        self._depth -= 1
        return self._made[key]

    def _of(self, schema: dict[str, object], path: Path, scope: Scope) -> int | None:
        lowering, draft = self._lowering, scope.draft
        if draft.reference_stands_alone and "$ref" in schema:
            return self._reference(schema["$ref"], path, scope)
        if schema is not scope.root and (draft.id_keyword in schema or "$schema" in schema):
            return None
        mask, integer = type_mask(schema["type"], path) if "type" in schema else (EVERY_TYPE, False)
        here = Subschema(schema, path, scope, EVERY_TYPE, integer)
        alternatives: list[int | None] = []
        if mask != EVERY_TYPE:
            alternatives.append(lowering.types(EVERY_TYPE & ~mask))
        if integer:
            alternatives.append(self._numbers(here, "type"))
        for keyword in schema:
            if keyword in draft.keywords:
                complement_of = _COMPLEMENTS.get(keyword)
                if complement_of is None:
                    return None
                alternatives.append(complement_of(self, here, keyword))
        return self._any(alternatives)

    def _any(self, values: list[int | None]) -> int | None:
        kept: list[int] = []
        for value in values:
            if value is None:
                return None
            if value != NEVER:
                kept.append(value)
        if len(kept) == 1:
            return kept[0]
        if not kept:
            return NEVER
        either = self._lowering.builder.any_of(kept)
        self._alternatives[either] = sum(map(self.alternatives, kept))
        return either

    def _all(self, values: list[int | None]) -> int | None:
        kept: list[int] = []
        for value in values:
            if value is None:
                return None
            kept.append(value)
        both = self._lowering.builder.all_of(kept)
        self._alternatives[both] = math.prod(map(self.alternatives, kept))
        return both

    def _only(self, type_bit: int, value: int) -> int:
        return self._lowering.builder.all_of([self._lowering.types(type_bit), value])

    # -- keywords -----------------------------------------------------------------------------

    def _reference(self, reference: object, path: Path, scope: Scope) -> int | None:
        target, scope, place = scope.resolve(shapes.text(reference, path), (path, "$ref"))
        return self.of(target, place, scope)

    def _applied_reference(self, here: Subschema, keyword: str) -> int | None:
        return self._reference(here.schema[keyword], here.path, here.scope)

    def _not(self, here: Subschema, keyword: str) -> int | None:
        return self._lowering.schema(here.schema["not"], (here.path, "not"), here.scope)

    def _branches(self, here: Subschema, keyword: str) -> list[int | None]:
        branches = shapes.sequence(here.schema[keyword], (here.path, keyword))
        return [self.of(b, (here.path, keyword, i), here.scope) for i, b in enumerate(branches)]

    def _all_of(self, here: Subschema, keyword: str) -> int | None:
        return self._any(self._branches(here, keyword))

    def _any_of(self, here: Subschema, keyword: str) -> int | None:
        return self._all(self._branches(here, keyword))

    def _enum(self, here: Subschema, keyword: str) -> int | None:
        return self._excluded(shapes.sequence(here.schema["enum"], (here.path, "enum")))

    def _const(self, here: Subschema, keyword: str) -> int | None:
        return self._excluded([here.schema["const"]])

    def _excluded(self, values: Sequence[object]) -> int | None:
        """Everything but some scalars."""
        lowering = self._lowering
        mask, booleans = EVERY_TYPE, 3
        strings: list[bytes] = []
        numbers: list[Number] = []
        for value in values:
            if isinstance(value, str):
                strings.append(literal(value) if shapes.encodable(value) else EMPTY)
            elif value is None:
                mask &= ~NULL
            elif isinstance(value, bool):
                booleans &= ~(2 if value else 1)
            elif isinstance(value, list | tuple | dict):
                return None
            else:
                numbers.append(shapes.number(value, ()))
        alternatives: list[int | None] = []
        if booleans != 3:
            mask &= ~BOOLEAN
            alternatives.append(lowering.builder.booleans(booleans) if booleans else NEVER)
        if strings:
            mask &= ~STRING
            program = intersect(ANY_TEXT, complement(union(*strings)))
            alternatives.append(lowering.builder.strings(lowering.regex(program)))
        if numbers:
            mask &= ~NUMBER
            program = intersect(number_program(), complement(value_program(numbers)))
            alternatives.append(lowering.builder.numbers(lowering.regex(program)))
        return self._any([lowering.types(mask) if mask else NEVER, *alternatives])

    def _strings(self, here: Subschema, keyword: str) -> int | None:
        lowering = self._lowering
        lowering.muted += 1
        program = text_program(lowering, here)
        lowering.muted -= 1
        if program is None:
            return NEVER
        program = intersect(ANY_TEXT, complement(program))
        return lowering.builder.strings(lowering.regex(program))

    def _numbers(self, here: Subschema, keyword: str) -> int | None:
        lowering = self._lowering
        lowering.muted += 1
        program = number_set(lowering, here)
        lowering.muted -= 1
        if program is None:
            return NEVER
        program = intersect(number_program(), complement(program))
        return lowering.builder.numbers(lowering.regex(program))

    def _required(self, here: Subschema, keyword: str) -> int | None:
        names = shapes.names(here.schema["required"], (here.path, "required"))
        lacking: list[int | None] = [
            self._only(OBJECT, lacks(self._lowering, name)) for name in names
        ]
        return self._any(lacking)

    def _properties(self, here: Subschema, keyword: str) -> int | None:
        where = (here.path, "properties")
        self._lowering.inside += 1
        alternatives: list[int | None] = []
        for name, schema in shapes.mapping(here.schema["properties"], where).items():
            value = self.of(schema, (here.path, "properties", name), here.scope)
            if value is not None and value != NEVER:
                shape = say(self._lowering, [(name, value)], ANY, [name])
                value = self._only(OBJECT, shape)
            alternatives.append(value)
        self._lowering.inside -= 1
        return self._any(alternatives)

    def _min_properties(self, here: Subschema, keyword: str) -> int | None:
        least = shapes.count(here.schema["minProperties"], (here.path, "minProperties"))
        if least == 0:
            return NEVER
        if least > 1:
            return None
        return self._only(OBJECT, self._lowering.builder.if_object([], NEVER, []))

    def _min_items(self, here: Subschema, keyword: str) -> int | None:
        least = shapes.count(here.schema["minItems"], (here.path, "minItems"))
        return self._lengths(0, least - 1) if least else NEVER

    def _max_items(self, here: Subschema, keyword: str) -> int | None:
        return self._lengths(
            shapes.count(here.schema["maxItems"], (here.path, "maxItems")) + 1, None
        )

    def _lengths(self, least: int, most: int | None) -> int | None:
        if max(least, most or 0) > MAX_COUNT:
            return None
        return self._only(ARRAY, self._lowering.builder.if_array([], ANY, least, most))

    def _items(self, here: Subschema, keyword: str) -> int | None:
        """Items by position; what is said of all items has no complement here."""
        schemas = here.schema[keyword]
        if not isinstance(schemas, list | tuple):
            return NEVER if self.of(schemas, (here.path, keyword), here.scope) == NEVER else None
        if "additionalItems" in here.schema:
            return None
        self._lowering.inside += 1
        alternatives: list[int | None] = []
        for i, schema in enumerate(schemas):
            value = self.of(schema, (here.path, keyword, i), here.scope)
            if value is not None and value != NEVER:
                prefix = [*[ANY] * i, value]
                shape = self._lowering.builder.if_array(prefix, ANY, i + 1, None)
                value = self._only(ARRAY, shape)
            alternatives.append(value)
        self._lowering.inside -= 1
        return self._any(alternatives)

    def _additional(self, here: Subschema, keyword: str) -> int | None:
        return NEVER if here.schema[keyword] in (True, {}) else None


_COMPLEMENTS: dict[str, Callable[[Complements, Subschema, str], int | None]] = {
    "$ref": Complements._applied_reference,
    "additionalProperties": Complements._additional,
    "allOf": Complements._all_of,
    "anyOf": Complements._any_of,
    "const": Complements._const,
    "enum": Complements._enum,
    "items": Complements._items,
    "maxItems": Complements._max_items,
    "minItems": Complements._min_items,
    "minProperties": Complements._min_properties,
    "not": Complements._not,
    "prefixItems": Complements._items,
    "properties": Complements._properties,
    "required": Complements._required,
    **dict.fromkeys(_STRINGS, Complements._strings),
    **dict.fromkeys(_NUMBERS, Complements._numbers),
}
