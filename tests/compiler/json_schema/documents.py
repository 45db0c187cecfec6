"""Random schema documents and instances over small alphabets, so that they meet often.

Plain pseudo-random choices from a seed: thousands of documents a second, where a property-testing
engine makes dozens. What they lose is shrinking; documents are small to begin with.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.compiler.json_schema.judge import DRAFTS

KEYS = ["a", "b", "c"]
STRINGS = ["", "a", "b", "ab", "b1", "é"]
NUMBERS: list[int | float] = [0, 1, 2, -1, 10, 1.0, 1.5, 2.25, 1e3]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
PATTERNS = ["^a", "b$", "^[a-c]+$", "[0-9]", "^$", "^.{2}$"]
KEY_PATTERNS = ["^", ".*", "^a", "^[ab]$", "b|c", "^[^a]", "^(a|c|d)$"]
SCALARS = [None, True, False, *NUMBERS, *STRINGS]

Make = Callable[[], Any]


class Chance:
    """Draws documents of one draft, and instances, from one seed."""

    def __init__(self, draft: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.draft = draft
        self.bucket = "$defs" if draft.startswith("20") else "definitions"

    # -- values -----------------------------------------------------------------------------------

    def instance(self, depth: int = 2) -> Any:
        pick = self.random.random()
        if depth == 0 or pick < 0.4:
            return self.random.choice(SCALARS)
        if pick < 0.6:
            return [self.instance(depth - 1) for _ in range(self.random.randrange(4))]
        keys = self.random.sample([*KEYS, "d"], self.random.randrange(4))
        return {key: self.instance(depth - 1) for key in keys}

    def instances(self, number: int) -> list[Any]:
        return [self.instance() for _ in range(number)]

    def some(self, make: Make, least: int, most: int) -> list[Any]:
        """Values that neither JSON nor Python calls equal."""
        values: list[Any] = []
        for _ in range(self.random.randint(least, most)):
            value = make()
            if not any(value == other for other in values):
                values.append(value)
        return values

    # -- schemas ----------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """A document with two definitions, which its subschemas may refer to."""
        definitions = {"x": self.schema(1), "y": self.schema(1)}
        return {"$schema": DRAFTS[self.draft], **self.keywords(2), self.bucket: definitions}

    def schema(self, depth: int) -> Any:
        pick = self.random.random()
        if pick < 0.05 and self.draft != "4":
            return self.random.random() < 0.5
        if pick < 0.08:
            return {}
        if pick < 0.2:  # a property is entered, so that references are never endless
            target = self.random.choice([f"#/{self.bucket}/x", f"#/{self.bucket}/y", "#"])
            return {"properties": {self.random.choice(KEYS): {"$ref": target}}}
        if depth == 0 or pick < 0.35:
            return {"type": self.type()}
        return self.keywords(depth)

    def type(self) -> Any:
        if self.random.random() < 0.7:
            return self.random.choice(TYPES)
        return self.some(lambda: self.random.choice(TYPES), 1, 3)

    def keywords(self, depth: int) -> dict[str, Any]:
        table = self.table(depth - 1)
        chosen = self.random.sample(sorted(table), self.random.randint(1, 4))
        schema = {keyword: table[keyword]() for keyword in chosen}
        if self.draft == "4":
            for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
                if bound in schema and self.random.random() < 0.5:
                    schema[flag] = self.random.random() < 0.5
        if isinstance(schema.get("items"), bool):
            schema.pop("additionalItems", None)  # jsonschema raises a TypeError on the two
        return schema

    def table(self, depth: int) -> dict[str, Make]:
        """How to draw the value of every keyword that asserts in the draft."""
        choose = self.random.choice

        def schema() -> Any:
            return self.schema(depth)

        def schemas() -> list[Any]:
            return [schema() for _ in range(self.random.randint(1, 3))]

        def schema_or_boolean() -> Any:
            return choose([True, False, schema()])

        def named(make: Make) -> Make:
            return lambda: {
                key: make() for key in self.random.sample(KEYS, self.random.randint(1, 2))
            }

        def count() -> int:
            return self.random.randrange(4)

        def bound() -> int | float:
            return choose(NUMBERS)

        def names() -> list[str]:
            return self.random.sample(KEYS, self.random.randint(1, 2))

        table: dict[str, Make] = {
            "type": self.type,
            "properties": named(schema),
            "required": names,
            "additionalProperties": schema_or_boolean,
            "items": schema,
            "minItems": count,
            "maxItems": count,
            "enum": lambda: self.some(self.instance, 1, 4),
            "anyOf": schemas,
            "allOf": schemas,
            "oneOf": schemas,
            "not": schema,
            "minLength": count,
            "maxLength": count,
            "pattern": lambda: choose(PATTERNS),
            "minimum": bound,
            "maximum": bound,
            "multipleOf": lambda: choose([1, 10, 0.5, 3]),
            "minProperties": count,
            "maxProperties": count,
            "uniqueItems": lambda: choose([True, False]),
            # No empty pattern: beside additionalProperties, jsonschema does not match it.
            "patternProperties": lambda: {
                pattern: schema() for pattern in self.some(lambda: choose(KEY_PATTERNS), 1, 2)
            },
            "title": lambda: "x",
            "default": self.instance,
        }
        if self.draft in ("4", "6", "7"):
            table["dependencies"] = named(lambda: choose([names(), schema()]))
        if self.draft == "2020-12":
            table["prefixItems"] = schemas
        else:
            table["items"] = lambda: choose([schema(), schemas()])
            table["additionalItems"] = schema_or_boolean
        if self.draft != "4":
            table |= {
                "const": self.instance,
                "exclusiveMinimum": bound,
                "exclusiveMaximum": bound,
                "contains": schema,
                "propertyNames": lambda: choose(
                    [
                        schema(),
                        {"enum": names()},
                        {"const": choose(KEYS)},
                        {"pattern": choose(KEY_PATTERNS)},
                        {"not": {"const": choose(KEYS)}},
                    ]
                ),
            }
        if self.draft not in ("4", "6"):
            table |= {"if": schema, "then": schema, "else": schema}
        if self.draft in ("2019-09", "2020-12"):
            table |= {
                "dependentRequired": named(names),
                "dependentSchemas": named(schema),
                "minContains": count,
                "maxContains": count,
                "unevaluatedProperties": schema,
                "unevaluatedItems": schema,
            }
        return table


def draws(draft: str, seed: int, number: int) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Documents of a draft, each with instances to judge."""
    chance = Chance(draft, seed)
    for _ in range(number):
        yield chance.document(), chance.instances(12)
