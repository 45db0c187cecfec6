"""Random documents over the whole keyword set of a draft.

A subschema has a *focus*, a type that most of its keywords speak about, and so do the schemas that
it applies in place: otherwise keywords rarely meet. References may lead anywhere once a value was
entered; in place, only to definitions made before, so that no document is endless. Resources with
names, anchors of all kinds and a second document come with the references.

Plain pseudo-random choices from one seed: the same seed, the same document.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.compiler.json_schema.differential.universe import (
    BOUNDS,
    DIVISORS,
    FORMATS,
    KEY_PATTERNS,
    KEY_WEIGHTS,
    KEYS,
    NUMBERS,
    PATTERNS,
    SCALARS,
    STRINGS,
    TYPES,
)
from tests.compiler.json_schema.judge import DRAFTS
from tests.oracle.json_schema import canonical, subschemas

ROOT = "http://x.test/root"
REMOTE = "http://x.test/remote"
FOCUS = {"object": 40, "array": 32, "number": 12, "string": 12}
TYPED = {"object": ["object"], "array": ["array"], "string": ["string"],
         "number": ["number", "integer"]}  # fmt: skip
BOUND_PAIRS = [
    ("minItems", "maxItems"), ("minContains", "maxContains"), ("minProperties", "maxProperties"),
    ("minLength", "maxLength"), ("minimum", "maximum"), ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"), ("exclusiveMinimum", "exclusiveMaximum"),
]  # fmt: skip
Schema = Any
Make = Callable[[], Any]


class Document(NamedTuple):
    """A schema document, and what its references may lead to beside it."""

    draft: str
    schema: Schema
    remotes: dict[str, Schema]


def document(draft: str, seed: int) -> Document:
    """The document of a seed."""
    return _Maker(draft, random.Random(f"{draft}/{seed}")).document()


class _Place(NamedTuple):
    """Where a subschema stands: how deep, below which definition, whether a value was entered."""

    depth: int
    level: int
    resource: str
    entered: bool = False
    focus: str = ""

    def enter(self) -> _Place:
        return self._replace(depth=self.depth - 1, entered=True, focus="")

    def beside(self, focus: str) -> _Place:
        return self._replace(depth=self.depth - 1, focus=focus)


class _Maker:
    def __init__(self, draft: str, chance: random.Random) -> None:
        self.draft = draft
        self.chance = chance
        self.old = draft in ("4", "6", "7")
        self.id = "id" if draft == "4" else "$id"
        self.bucket = "definitions" if self.old or self.odds(0.1) else "$defs"
        self.definitions: list[tuple[str, str, str]] = []  # name, resource, reference to it
        self.nodes: set[str] = set()  # resources with the dynamic anchor, or the recursive one
        self.named = self.odds(0.4)
        self.embedded = 0  # how many resources stand among the subschemas
        self.dynamic = self.draft in ("2019-09", "2020-12") and self.odds(0.2)
        self.remote = self.odds(0.1)

    def odds(self, share: float) -> bool:
        return self.chance.random() < share

    def some(self, make: Make, least: int, most: int) -> list[Any]:
        """Distinct values; of equal ones the first."""
        made = [make() for _ in range(self.chance.randint(least, most))]
        return list({canonical(value): value for value in reversed(made)}.values())

    # -- documents --------------------------------------------------------------------------------

    def document(self) -> Document:
        self.named = self.named or self.dynamic or self.remote
        base = ROOT if self.named else ""
        if self.dynamic and self.odds(0.7):
            self.nodes.add(base)
        remotes = {REMOTE: self.second()} if self.remote else {}
        definitions = {}
        for level in range(self.chance.choice([0, 1, 1, 2, 2])):
            name, made = self.definition(level, base)
            definitions[name] = made
        depth = self.chance.choice([1, 1, 2, 2, 2, 3])
        schema = self.keywords(_Place(depth, len(self.definitions), base))
        head: dict[str, Any] = {"$schema": DRAFTS[self.draft]}
        if base:
            head[self.id] = base
        if base in self.nodes and self.dynamic:
            head |= self.node()
        if definitions:
            schema[self.bucket] = definitions
        if self.old and "$ref" in schema:  # it would hide the identifier
            schema = {"allOf": [{"$ref": schema.pop("$ref")}], **schema}
        return Document(self.draft, {**head, **schema}, remotes)

    def node(self) -> dict[str, Any]:
        return {"$recursiveAnchor": True} if self.draft == "2019-09" else {"$dynamicAnchor": "node"}

    def definition(self, level: int, base: str) -> tuple[str, Schema]:
        """A definition that refers, in place, to those before it alone."""
        name = f"d{level}"
        own = bool(base) and self.odds(0.7 if self.dynamic else 0.35)
        resource = f"http://x.test/{name}" if own else base
        if own and self.dynamic and self.odds(0.7):
            self.nodes.add(resource)
        made = self.schema(_Place(1, level, resource))
        if self.old and isinstance(made, dict) and "$ref" in made:
            made = {"allOf": [made]}
        reference = f"{base}#/{self.bucket}/{name}"
        if isinstance(made, dict):
            if own:
                made = {self.id: self.chance.choice([resource, name]), **made}
                if resource in self.nodes:
                    made |= self.node()
                reference = resource
            elif self.odds(0.4):
                anchor = f"A{level}"
                if not self.old:
                    made["$anchor"] = anchor
                    reference = f"{base}#{anchor}"
                elif base:  # an anchor without a base has no URI to be told by
                    made[self.id] = f"#{anchor}"
                    reference = f"{base}#{anchor}"
            elif self.draft == "2020-12" and self.dynamic and self.odds(0.5):
                made["$dynamicAnchor"] = f"D{level}"
                reference = f"{base}#D{level}"
        else:
            resource = base
        self.definitions.append((name, resource, reference))
        return name, made

    def second(self) -> Schema:
        """The other document: a definition of its own, which the first may extend."""
        if self.dynamic:
            self.nodes.add(REMOTE)
        made = self.schema(_Place(1, 0, REMOTE))
        if not isinstance(made, dict) or (self.old and "$ref" in made):
            made = {"allOf": [made]}
        made = {self.id: REMOTE, **made}
        if self.dynamic:
            made |= self.node()
        self.definitions.append(("", REMOTE, REMOTE))
        return made

    # -- references -------------------------------------------------------------------------------

    def reference(self, place: _Place) -> dict[str, Any] | None:
        """A reference that may stand here."""
        choices: list[dict[str, Any]] = [
            {"$ref": self.relative(reference, place.resource)}
            for _, _, reference in self.definitions[: None if place.entered else place.level]
        ]
        if place.entered:
            choices.append({"$ref": "#"})
            if place.resource in self.nodes:
                if self.draft == "2019-09":
                    choices = [{"$recursiveRef": "#"}] * 3 + choices
                else:
                    choices = [{"$dynamicRef": "#node"}] * 3 + [{"$ref": "#node"}] + choices
            elif self.draft == "2019-09" and self.dynamic:
                choices.append({"$recursiveRef": "#"})
        return dict(self.chance.choice(choices)) if choices else None

    def relative(self, reference: str, resource: str) -> str:
        """A reference as it is written within a resource."""
        if reference.startswith(f"{resource}#") and self.odds(0.8):
            return reference[len(resource) :]
        if self.odds(0.5):
            return reference.replace("http://x.test/", "", 1)
        return reference

    # -- schemas ----------------------------------------------------------------------------------

    def schema(self, place: _Place) -> Schema:
        pick = self.chance.random()
        if pick < 0.06 and self.draft != "4":
            return self.odds(0.5)
        if pick < 0.09:
            return {}
        if pick < 0.2 and (made := self.reference(place)):
            if self.odds(0.3) and place.depth > 0:
                made |= self.keywords(place)
            return made
        if place.depth <= 0:
            return self.leaf(place)
        if self.named and place.entered and self.odds(0.1):
            return self.resource(place)
        return self.keywords(place)

    def resource(self, place: _Place) -> dict[str, Any]:
        """A subschema that is a resource of its own."""
        self.embedded += 1
        name = f"e{self.embedded}"
        place = place._replace(resource=f"http://x.test/{name}", entered=False)
        made: dict[str, Any] = {self.id: self.chance.choice([place.resource, name])}
        if self.dynamic and self.odds(0.6):
            self.nodes.add(place.resource)
            made |= self.node()
        inner = self.keywords(place)
        if self.old and "$ref" in inner:
            inner = {"allOf": [inner]}
        return made | inner

    def leaf(self, place: _Place) -> dict[str, Any]:
        focus = place.focus or self.choose_focus()
        pick = self.chance.random()
        if pick < 0.3:
            return {"type": self.type(focus)}
        if pick < 0.45:
            if self.draft != "4" and self.odds(0.5):
                return {"const": self.value(1, focus)}
            return {"enum": self.some(lambda: self.value(1, focus), 1, 4)}
        table = self.tables(place)[focus]
        schema = {keyword: table[keyword]() for keyword in self.chance.sample(sorted(table), 2)}
        self.complete(schema, place._replace(focus=focus))
        return schema

    def choose_focus(self) -> str:
        return self.chance.choices(list(FOCUS), list(FOCUS.values()))[0]

    def keywords(self, place: _Place) -> dict[str, Any]:
        focus = place.focus if place.focus and self.odds(0.85) else self.choose_focus()
        place = place._replace(focus=focus)
        schema: dict[str, Any] = {}
        if self.odds(0.45):
            schema["type"] = self.type(focus)
        table = self.tables(place)[focus]
        number = self.chance.choice([1, 2, 2, 3, 3, 3, 4, 5])
        for keyword in self.chance.sample(sorted(table), min(number, len(table))):
            schema[keyword] = table[keyword]()
        logic = self.logic(place)
        for keyword in self.chance.sample(sorted(logic), self.chance.choice([0, 0, 0, 1, 1, 2])):
            if keyword not in ("enum", "const") or self.odds(0.3):  # they leave the others little
                schema |= logic[keyword]()
        self.complete(schema, place)
        if self.odds(0.08):
            schema |= self.silent(place)
        shuffled = self.chance.sample(list(schema), len(schema))
        return {keyword: schema[keyword] for keyword in shuffled}

    def complete(self, schema: dict[str, Any], place: _Place) -> None:
        """What means nothing alone mostly gets what it leans on; bounds mostly leave room."""
        for low, high in BOUND_PAIRS:
            least, most = schema.get(low, 0), schema.get(high, 0)
            both = low in schema and high in schema and not isinstance(least, bool)
            if both and not isinstance(most, bool) and least > most and self.odds(0.9):
                schema[low], schema[high] = most, least
        for keyword, others in (
            ("minContains", ["contains"]),
            ("maxContains", ["contains"]),
            ("additionalItems", ["items"]),
            ("additionalProperties", ["properties", "patternProperties"]),
        ):
            if keyword in schema and not any(o in schema for o in others) and self.odds(0.9):
                other = self.chance.choice(others)
                schema[other] = self.tables(place)[place.focus][other]()
        if self.draft == "4":
            for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
                if flag in schema:
                    schema.setdefault(bound, self.chance.choice(BOUNDS))

    def type(self, focus: str) -> Any:
        name = self.chance.choice(TYPED[focus])
        if self.odds(0.65):
            return name
        return list(dict.fromkeys([name, *self.chance.sample(TYPES, self.chance.randint(1, 2))]))

    def silent(self, place: _Place) -> dict[str, Any]:
        """Annotations, and ``format``, which is told to be one."""
        annotations: dict[str, Any] = {
            "title": "x",
            "description": "",
            "default": self.value(1),
            "format": self.chance.choice(FORMATS),
        }
        if self.draft != "4":
            annotations["examples"] = [self.value(1)]
        if self.draft not in ("4", "6"):
            annotations |= {"$comment": "x", "readOnly": True, "contentEncoding": "base64"}
        if not self.old:
            annotations["deprecated"] = True
        return dict(self.chance.sample(list(annotations.items()), 2))

    # -- keywords ---------------------------------------------------------------------------------

    def logic(self, place: _Place) -> dict[str, Make]:
        """The applicators in place; their schemas share the focus."""
        inner = place.beside(place.focus)

        def schemas() -> list[Schema]:
            return [self.schema(inner) for _ in range(self.chance.choice([1, 2, 2, 3]))]

        def conditional() -> dict[str, Any]:
            names = self.chance.choice([["then"], ["else"], ["then", "else"]])
            return {"if": self.schema(inner), **{name: self.schema(inner) for name in names}}

        table: dict[str, Make] = {
            "allOf": lambda: {"allOf": schemas()},
            "anyOf": lambda: {"anyOf": schemas()},
            "oneOf": lambda: {"oneOf": schemas()},
            "not": lambda: {"not": self.schema(inner)},
            "enum": lambda: {"enum": self.some(lambda: self.value(2, place.focus), 1, 5)},
            "$ref": lambda: self.reference(place) or {},
        }
        if self.draft not in ("4", "6"):
            table |= {"if": conditional}
        if self.draft != "4":
            table["const"] = lambda: {"const": self.value(2, place.focus)}
        return table

    def tables(self, place: _Place) -> dict[str, dict[str, Make]]:
        """How to draw the value of every keyword that speaks about one type."""
        inner, beside = place.enter(), place.beside("object")
        choose, odds = self.chance.choice, self.odds

        def schema() -> Schema:
            return self.schema(inner)

        def closed() -> Schema:
            """Often a keyword about the rest forbids it."""
            return False if odds(0.4) else schema()

        def schemas() -> list[Schema]:
            return [schema() for _ in range(self.chance.randint(1, 3))]

        def names() -> list[str]:
            return list(dict.fromkeys(self.key() for _ in range(self.chance.randint(1, 2))))

        def named(make: Make, most: int = 3) -> dict[str, Any]:
            return {self.key(): make() for _ in range(self.chance.randint(1, most))}

        def count() -> int:
            return self.chance.choice([0, 1, 1, 2, 2, 3])

        def more() -> int:
            return self.chance.choice([0, 1, 2, 2, 3, 3, 4, 5])

        def bound() -> Any:
            return choose(BOUNDS)

        objects: dict[str, Make] = {
            "properties": lambda: named(schema),
            "patternProperties": lambda: {
                choose(KEY_PATTERNS): schema() for _ in range(choose([1, 1, 2]))
            },
            "additionalProperties": closed,
            "required": names,
            "minProperties": count,
            "maxProperties": more,
        }
        arrays: dict[str, Make] = {
            "items": schema,
            "minItems": count,
            "maxItems": more,
            "uniqueItems": lambda: odds(0.9),
        }
        numbers: dict[str, Make] = {
            "multipleOf": lambda: choose(DIVISORS),
            "minimum": bound,
            "maximum": bound,
            "exclusiveMinimum": bound,
            "exclusiveMaximum": bound,
        }
        strings: dict[str, Make] = {
            "minLength": count,
            "maxLength": more,
            "pattern": lambda: choose(PATTERNS),
        }
        if self.old:
            objects["dependencies"] = lambda: named(
                lambda: names() if odds(0.4) else self.schema(beside), 2
            )
        if self.draft == "4":
            numbers |= {
                "exclusiveMinimum": lambda: odds(0.7),
                "exclusiveMaximum": lambda: odds(0.7),
            }
        else:
            objects["propertyNames"] = lambda: self.names_schema(inner)
            arrays["contains"] = schema
        if self.draft == "2020-12":
            arrays["prefixItems"] = schemas
        else:
            arrays["items"] = lambda: schema() if odds(0.4) else schemas()
            arrays["additionalItems"] = closed
        if not self.old:
            objects |= {
                "dependentRequired": lambda: named(names, 2),
                "dependentSchemas": lambda: named(lambda: self.schema(beside), 2),
                "unevaluatedProperties": closed,
            }
            arrays |= {"minContains": count, "maxContains": more, "unevaluatedItems": closed}
        return {"object": objects, "array": arrays, "number": numbers, "string": strings}

    def names_schema(self, inner: _Place) -> Schema:
        pick = self.chance.random()
        if pick < 0.2:
            return {"enum": self.chance.sample(KEYS, 3)}
        if pick < 0.4:
            return {"pattern": self.chance.choice(KEY_PATTERNS)}
        if pick < 0.6:
            return {"maxLength": self.chance.choice([0, 1, 1, 2])}
        return self.schema(inner._replace(focus="string"))

    # -- values -----------------------------------------------------------------------------------

    def key(self) -> str:
        return self.chance.choices(KEYS, KEY_WEIGHTS)[0]

    def value(self, depth: int, focus: str = "") -> Any:
        """Any value; with a focus mostly one of that type."""
        if not focus or self.odds(0.25):
            focus = self.chance.choice(["", "", "", "array", "object"])
        if focus == "object":
            size = self.chance.randrange(3) if depth else 0
            return {self.key(): self.value(depth - 1) for _ in range(size)}
        if focus == "array":
            size = self.chance.randrange(3) if depth else 0
            return [self.value(depth - 1) for _ in range(size)]
        return self.chance.choice({"string": STRINGS, "number": NUMBERS}.get(focus, SCALARS))


# -- what is in a document ------------------------------------------------------------------------

GROUPS = {
    "object": {
        "properties", "patternProperties", "additionalProperties", "required", "minProperties",
        "maxProperties", "propertyNames", "dependencies", "dependentRequired", "dependentSchemas",
        "unevaluatedProperties",
    },
    "array": {
        "items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems",
        "contains", "minContains", "maxContains", "unevaluatedItems",
    },
    "number": {"multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "string": {"minLength", "maxLength", "pattern"},
}  # fmt: skip
IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")


def walk(schema: Schema) -> Iterator[dict[str, Any]]:
    """Every schema object of a document."""
    if isinstance(schema, dict):
        yield schema
        for inner in subschemas(schema):
            yield from walk(inner)


def keywords_of(schema: Schema) -> set[str]:
    """Every keyword that a document uses; of ``dependencies`` and ``items`` both forms are one."""
    return {keyword for inner in walk(schema) for keyword in inner}


def interacting(schema: Schema) -> bool:
    """Whether three keywords somewhere speak about one type at one place.

    An applicator in place counts for the types that its schemas speak about.
    """
    return any(
        sum(
            keyword in group or (keyword in IN_PLACE and bool(_in_place(inner, keyword) & group))
            for keyword in inner
        )
        >= 3
        for inner in walk(schema)
        for group in GROUPS.values()
    )


def _in_place(schema: dict[str, Any], keyword: str) -> set[str]:
    value = schema[keyword]
    branches = value if isinstance(value, list) else [value]
    return {key for branch in branches if isinstance(branch, dict) for key in branch}
