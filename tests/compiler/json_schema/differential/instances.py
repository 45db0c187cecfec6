"""Instances made for a document: aimed at being valid, nearly so, and any.

Aimed ones are built from all the schemas that apply at a place at once: branches are chosen, then a
type, then keys, items and bounds are taken from what the schemas say. Nothing is proved on the way;
the judges say what came out. Near ones are one or two changes away from those.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from tests.compiler.json_schema.differential.universe import (
    KEY_WEIGHTS,
    KEYS,
    NUMBERS,
    SCALARS,
    STRINGS,
)
from tests.oracle.json_schema import Judge, Schema, Scope, canonical, search

ROOM = 14  # values of an instance; past it arrays and objects stay small
DEEPEST = 7
MOST_APPLIED = 24

# What a keyword says about the type of a value for which it matters.
SPEAKS = {
    "object": ("properties", "required", "patternProperties", "additionalProperties",
               "minProperties", "maxProperties", "propertyNames", "dependencies",
               "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    "array": ("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems",
              "unevaluatedItems"),
    "number": ("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "string": ("minLength", "maxLength", "pattern"),
}  # fmt: skip


class Applied(NamedTuple):
    """A schema that applies at a place, in its dynamic scope."""

    schema: Schema
    scope: Scope


class Instances:
    """Draws instances for the document of a judge."""

    def __init__(self, judge: Judge, chance: random.Random) -> None:
        self.judge = judge
        self.chance = chance
        self.room = 0

    def odds(self, share: float) -> bool:
        return self.chance.random() < share

    # -- aimed ------------------------------------------------------------------------------------

    def aimed(self) -> Any:
        """A value that is meant to be valid."""
        self.room = ROOM
        self.judge.steps = 0
        return self._value([Applied(self.judge.document, self.judge.start)], 0)

    def _value(self, applied: list[Applied], depth: int) -> Any:
        self.room -= 1
        if depth > DEEPEST or self.room < -ROOM:
            return self.chance.choice([None, "", 0])
        schemas = self._spread(applied)
        constants = [
            value
            for schema, _ in schemas
            for value in schema.get("enum", []) + ([schema["const"]] if "const" in schema else [])
        ]
        if constants and self.odds(0.85):
            return self._constant(constants, schemas)
        kind = self._kind(schemas)
        if kind == "object":
            return self._object(schemas, depth)
        if kind == "array":
            return self._array(schemas, depth)
        if kind in ("number", "integer"):
            return self._number(schemas, kind == "integer")
        if kind == "string":
            return self._string(schemas)
        return {"null": None, "boolean": self.odds(0.5)}[kind]

    def _spread(self, applied: Iterable[Applied]) -> list[tuple[dict[str, Any], Scope]]:
        """The schema objects that apply together, of each choice one."""
        spread: list[tuple[dict[str, Any], Scope]] = []
        todo = list(applied)
        while todo and len(spread) < MOST_APPLIED:
            schema, scope = todo.pop()
            if not isinstance(schema, dict):
                continue
            scope = self.judge.scope_in(schema, scope)
            spread.append((schema, scope))
            todo += [Applied(*target) for target in self.judge.references(schema, scope)]
            if self.judge.old and "$ref" in schema:
                spread.pop()
                continue
            chosen: list[Schema] = [*schema.get("allOf", [])]
            if branches := schema.get("anyOf"):
                number = 1 if self.odds(0.7) else self.chance.randint(1, len(branches))
                chosen += self.chance.sample(branches, number)
            if branches := schema.get("oneOf"):
                chosen.append(self.chance.choice(branches))
            if "if" in schema:
                if self.odds(0.5):
                    chosen += [schema["if"], schema.get("then", True)]
                else:
                    chosen.append(schema.get("else", True))
            todo += [Applied(inner, scope) for inner in chosen]
        return spread

    def _constant(self, constants: list[Any], schemas: list[tuple[dict[str, Any], Scope]]) -> Any:
        """One of the constants, rather one that all schemas with constants name."""
        shared = {canonical(value): value for value in constants}
        for schema, _ in schemas:
            named = schema.get("enum", [schema["const"]] if "const" in schema else None)
            if named is not None:
                keys = set(map(canonical, named))
                shared = {key: value for key, value in shared.items() if key in keys} or shared
        return self.chance.choice(list(shared.values()))

    def _kind(self, schemas: list[tuple[dict[str, Any], Scope]]) -> str:
        kinds = ["null", "boolean", "number", "integer", "string", "array", "object"]
        for schema, _ in schemas:
            names = schema.get("type", kinds)
            names = names if isinstance(names, list) else [names]
            both = [
                kind for kind in kinds if kind in names or (kind == "integer" and "number" in names)
            ]
            kinds = both or kinds
        weights = []
        for kind in kinds:
            words = SPEAKS.get("number" if kind == "integer" else kind, ())
            said = sum(word in schema for schema, _ in schemas for word in words)
            heavy = kind in ("array", "object") and self.room <= 0
            weights.append((0.15 + 2 * said) * (0.05 if heavy else 1))
        return self.chance.choices(kinds, weights)[0]

    # -- objects ----------------------------------------------------------------------------------

    def _object(self, schemas: list[tuple[dict[str, Any], Scope]], depth: int) -> dict[str, Any]:
        known = [key for schema, _ in schemas for key in schema.get("properties", {})]
        keys = list(dict.fromkeys(k for schema, _ in schemas for k in schema.get("required", [])))
        least = max([schema.get("minProperties", 0) for schema, _ in schemas], default=0)
        most = min([schema.get("maxProperties", 9) for schema, _ in schemas], default=9)
        extra = self.chance.choice([0, 0, 1, 1, 2, 3]) if self.room > 0 else 0
        wanted = min(max(least, len(keys) + extra), int(most))
        for _ in range(12):
            self._depend(keys, schemas)
            if len(keys) >= wanted:
                break
            key = self.chance.choice(known) if known and self.odds(0.6) else self._key()
            if key not in keys and self._fits_names(key, schemas):
                keys.append(key)
        self._depend(keys, schemas)
        dependent = [
            Applied(inner, scope)
            for schema, scope in schemas
            for keyword in ("dependentSchemas", "dependencies")
            for key, inner in schema.get(keyword, {}).items()
            if key in keys and isinstance(inner, dict)
        ]
        if dependent:
            schemas = [*schemas, *self._spread(dependent)]
            for schema, _ in schemas:
                keys += [key for key in schema.get("required", []) if key not in keys]
        value = {}
        for key in keys:
            value[key] = self._value(self._of_key(key, schemas), depth + 1)
        return value

    def _depend(self, keys: list[str], schemas: list[tuple[dict[str, Any], Scope]]) -> None:
        for schema, _ in schemas:
            for keyword in ("dependentRequired", "dependencies"):
                for key, names in schema.get(keyword, {}).items():
                    if key in keys and isinstance(names, list):
                        keys += [name for name in dict.fromkeys(names) if name not in keys]

    def _fits_names(self, key: str, schemas: list[tuple[dict[str, Any], Scope]]) -> bool:
        """Whether the schemas of names, and a forbidden rest, leave room for a key."""
        for schema, scope in schemas:
            names = schema.get("propertyNames", True)
            if self.judge.evaluate(names, key, scope) is None:
                return False
            if any(inner is False for inner, _ in self._of_key(key, [(schema, scope)])):
                return False
        return True

    def _of_key(self, key: str, schemas: list[tuple[dict[str, Any], Scope]]) -> list[Applied]:
        applied = []
        evaluated = False
        for schema, scope in schemas:
            mine = [schema["properties"][key]] if key in schema.get("properties", {}) else []
            patterns = schema.get("patternProperties", {})
            mine += [inner for pattern, inner in patterns.items() if search(pattern, key)]
            if not mine and "additionalProperties" in schema:
                mine = [schema["additionalProperties"]]
            evaluated = evaluated or bool(mine)
            applied += [Applied(inner, scope) for inner in mine]
        if not evaluated:
            applied += [
                Applied(schema["unevaluatedProperties"], scope)
                for schema, scope in schemas
                if "unevaluatedProperties" in schema
            ]
        return applied

    # -- arrays -----------------------------------------------------------------------------------

    def _array(self, schemas: list[tuple[dict[str, Any], Scope]], depth: int) -> list[Any]:
        least = max([schema.get("minItems", 0) for schema, _ in schemas], default=0)
        most = min([schema.get("maxItems", 9) for schema, _ in schemas], default=9)
        wanted: list[list[Applied]] = []
        for schema, scope in schemas:
            if "contains" in schema:
                low = schema.get("minContains", 1)
                high = min(schema.get("maxContains", low + 1), low + 1)
                number = self.chance.randint(int(low), int(max(low, high)))
                wanted += [[Applied(schema["contains"], scope)]] * number
        extra = self.chance.choice([0, 0, 1, 1, 2, 3]) if self.room > 0 else 0
        size = int(min(max(least, len(wanted) + extra), most))
        wanted = [*wanted, *[[]] * size][:size]
        self.chance.shuffle(wanted)
        unique = any(schema.get("uniqueItems") for schema, _ in schemas)
        items: list[Any] = []
        for i in range(size):
            applied = [*self._of_index(i, schemas), *wanted[i]]
            for _ in range(4):
                item = self._value(applied, depth + 1)
                if not unique or canonical(item) not in map(canonical, items):
                    break
            items.append(item)
        return items

    def _of_index(self, i: int, schemas: list[tuple[dict[str, Any], Scope]]) -> list[Applied]:
        applied = []
        evaluated = False
        for schema, scope in schemas:
            first, rest = schema.get("prefixItems", []), schema.get("items")
            if isinstance(rest, list):
                first, rest = rest, schema.get("additionalItems")
            inner = first[i] if i < len(first) else rest
            if inner is not None:
                evaluated = True
                applied.append(Applied(inner, scope))
        if not evaluated:
            applied += [
                Applied(schema["unevaluatedItems"], scope)
                for schema, scope in schemas
                if "unevaluatedItems" in schema
            ]
        return applied

    # -- scalars ----------------------------------------------------------------------------------

    def _number(self, schemas: list[tuple[dict[str, Any], Scope]], integer: bool) -> Any:
        said = [
            schema[word]
            for schema, _ in schemas
            for word in SPEAKS["number"]
            if word in schema and not isinstance(schema[word], bool)
        ]
        near = [bound + step for bound in said for step in (0, 1, -1, Decimal("0.5"))]
        steps = [schema["multipleOf"] for schema, _ in schemas if "multipleOf" in schema]
        near += [step * self.chance.randint(-3, 12) for step in steps]
        pool = near * 2 + NUMBERS[:18] if self.odds(0.9) else NUMBERS
        fitting = [
            number
            for number in pool
            if all(
                self.judge.evaluate({w: schema[w] for w in SPEAKS["number"] if w in schema},
                                    number, scope) is not None
                for schema, scope in schemas
            )
            and (not integer or number == int(number))
        ]  # fmt: skip
        number = self.chance.choice(fitting or pool)
        if integer and isinstance(number, Decimal) and number == int(number) and self.odds(0.7):
            return int(number)
        return number

    def _string(self, schemas: list[tuple[dict[str, Any], Scope]]) -> str:
        longer = ["".join(self.chance.choices("ab1é😀", k=n)) for n in (2, 3, 4, 5)]
        fitting = [
            text
            for text in [*STRINGS, *longer, "a" * 5, "ababab"]
            if all(
                self.judge.evaluate({w: schema[w] for w in SPEAKS["string"] if w in schema},
                                    text, scope) is not None
                for schema, scope in schemas
            )
        ]  # fmt: skip
        return self.chance.choice(fitting or STRINGS)

    # -- any, and nearly --------------------------------------------------------------------------

    def any(self, depth: int = 2) -> Any:
        pick = self.chance.random()
        if depth == 0 or pick < 0.4:
            return self.chance.choice(SCALARS)
        if pick < 0.7:
            return [self.any(depth - 1) for _ in range(self.chance.randrange(4))]
        return {self._key(): self.any(depth - 1) for _ in range(self.chance.randrange(4))}

    def _key(self) -> str:
        return self.chance.choices(KEYS, KEY_WEIGHTS)[0]

    def near(self, value: Any) -> Any:
        """The value with one place changed."""
        if isinstance(value, dict):
            return self._near_object(value)
        if isinstance(value, list):
            return self._near_array(value)
        return self._near_scalar(value)

    def _near_object(self, value: dict[str, Any]) -> Any:
        pick = self.chance.random()
        if value and pick < 0.45:
            key = self.chance.choice(list(value))
            return {**value, key: self.near(value[key])}
        if value and pick < 0.65:
            gone = self.chance.choice(list(value))
            return {key: inner for key, inner in value.items() if key != gone}
        if value and pick < 0.75:
            old = self.chance.choice(list(value))
            return {(self._key() if key == old else key): inner for key, inner in value.items()}
        if pick < 0.95:
            like = self.chance.choice(list(value.values())) if value and self.odds(0.5) else None
            return {**value, self._key(): like if like is not None else self.any(1)}
        return self.any()

    def _near_array(self, value: list[Any]) -> Any:
        pick = self.chance.random()
        at = self.chance.randrange(len(value)) if value else 0
        if value and pick < 0.4:
            return [*value[:at], self.near(value[at]), *value[at + 1 :]]
        if value and pick < 0.55:
            return [*value[:at], *value[at + 1 :]]
        if value and pick < 0.7:  # an equal or nearly equal item
            again = value[at] if self.odds(0.5) else self.near(value[at])
            return [*value, again]
        if value and pick < 0.8:
            return self.chance.sample(value, len(value))
        if pick < 0.95:
            return [*value[:at], self.any(1), *value[at:]]
        return self.any()

    def _near_scalar(self, value: Any) -> Any:
        choices: list[Any] = [self.chance.choice(SCALARS), [value], str(value)]
        if isinstance(value, bool):
            choices += [int(value), not value, Decimal(int(value))]
        elif isinstance(value, int | Decimal):
            choices += [value + 1, value - 1, value + Decimal("0.5"), -value, value * 10]
            choices += [Decimal(value) * Decimal("1.0"), value in (0, 1) and bool(value)]
        elif isinstance(value, str):
            choices += [value + "a", value[:-1], value[::-1], value + "😀", value.upper()]
        return self.chance.choice(choices)
