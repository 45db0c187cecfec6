"""Random schema documents: a pool of seeds, and what mutations make of them.

Seeds are drawn well formed, as people write them or over every keyword and draft (`Chance`), or
stand in `SEEDS`. A document
is mutated none, one or a few times, so that most are one mistake away from sense.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from tests.compiler.json_schema.documents import Chance
from tests.compiler.json_schema.judge import DRAFTS
from tests.fuzz import patterns
from tests.fuzz.odd import odd_key, odd_value

__all__ = ["SEEDS", "draw", "keywords"]

_TREE = {"$ref": "#/$defs/tree"}
SEEDS: list[Any] = [
    True,
    {},
    {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "required": ["a"]},
    {"$defs": {"tree": {"type": "array", "items": _TREE, "maxItems": 3}}, **_TREE},
    {"$id": "http://x.y/z", "$defs": {"a": {"$id": "a", "$anchor": "b"}}, "items": {"$ref": "a#b"}},
    {"$dynamicAnchor": "n", "properties": {"a": {"$dynamicRef": "#n"}}, "minProperties": 1},
    {"$recursiveAnchor": True, "items": {"$recursiveRef": "#"}, "$schema": DRAFTS["2019-09"]},
    {"id": "#top", "properties": {"a": {"$ref": "#top"}}, "$schema": DRAFTS["4"]},
    {"properties": {"a/b": {"$ref": "#/properties/c~1d%25"}, "c/d%": {"enum": [1, "1", [1]]}}},
    {"oneOf": [{"properties": {"k": {"const": c}}, "required": ["k"]} for c in "abc"]},
    {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}, "else": False},
    {"type": "string", "minLength": 100, "maxLength": 1000, "pattern": "^[a-z]*$"},
    {"type": "array", "minItems": 50, "maxItems": 3000, "items": {"type": "boolean"}},
    {"type": "integer", "minimum": -(10**30), "exclusiveMaximum": 10**12, "multipleOf": 1000},
    {"type": "number", "minimum": 0.1, "maximum": 1e-7, "not": {"const": 1e-8}},
    {"type": "number", "exclusiveMinimum": -2.5, "maximum": 1e300},
    {"enum": [None, 0, -0.0, 1e2, "a\u2028", "😀", {"a": [{}]}, [[], [0]]]},
    {"properties": {str(i): {"type": "null"} for i in range(70)}, "required": ["0", "69"]},
    {"patternProperties": {".*": {"type": "integer"}}, "propertyNames": {"enum": ["a", "b"]}},
    {"prefixItems": [{"type": "string"}, True, False], "items": False, "contains": True},
    {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"required": ["c"]}}},
    {"dependencies": {"a": ["b"], "c": {"minProperties": 2}}, "$schema": DRAFTS["7"]},
    {"allOf": [{"minItems": 2}, {"maxItems": 4}, {"items": {"anyOf": [{"type": "null"}, _TREE]}}]}
    | {"$defs": {"tree": {"type": "object", "additionalProperties": _TREE}}},
    {"anyOf": [{"type": "string", "format": f} for f in ("date", "uuid", "email", "ipv6", "uri")]},
    {"type": ["object", "null"], "additionalProperties": {"type": "integer"}, "maxProperties": 1},
    {"unevaluatedProperties": False, "properties": {"a": True, "b": {"unevaluatedItems": False}}},
    {"not": {"not": {"type": "array", "uniqueItems": True, "maxItems": 1}}},
    {"const": {"a": 1.0, "b": [True, 1, "1"], "": None}},
]

_FORMATS = ["date", "date-time", "time", "duration", "email", "idn-email", "hostname", "ipv4"]
_FORMATS += ["ipv6", "uri", "uri-reference", "iri", "uri-template", "uuid", "json-pointer", "regex"]
_REFERENCES = ["#", "#/", "#/$defs/x", "#/definitions/y", "#x", "#/%", "#/a~2", "#/0", "x", "x#y"]
_REFERENCES += [
    "",
    "##",
    "#/items/0",
    "#/properties/a",
    "file:///x",
    "http://x.y/z",
    "urn:x",
    "%zz",
]
_REFERENCES += ["#/allOf/01", "#/allOf/-1", "#/$defs", "#/$defs/x/type", "//", "?", "http://[", " "]
_REFERENCES += ["\ud800", "#\ud800", "http://json-schema.org/draft-07/schema#", "#/" + "a/" * 3000]
_DIALECTS: list[Any] = [*DRAFTS.values(), *DRAFTS.values(), "", "x", "http://[", None, 7]

keywords = sorted(
    {
        *Chance("4", 0).table(1),
        *Chance("7", 0).table(1),
        *Chance("2019-09", 0).table(1),
        *Chance("2020-12", 0).table(1),
        *("format", "$ref", "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$id"),
        *("id", "$schema", "$defs", "definitions", "$vocabulary", "$recursiveAnchor", "$comment"),
    }
)


def draw(r: random.Random) -> Any:
    """A document."""
    chance = Chance(r.choice(list(DRAFTS)), r.randrange(1 << 30))
    document = _drawn(r, chance)
    for _ in range(r.choice([0, 0, 0, 1, 1, 2, 6])):
        document = _mutated(r, document, chance)
    return document


def _drawn(r: random.Random, chance: Chance) -> Any:
    pick = r.random()
    if pick < 0.3:
        return copy.deepcopy(r.choice(SEEDS))
    if pick < 0.6:
        return {"$schema": DRAFTS[chance.draft], **_usual(r, chance, 3)}
    return chance.document()


def _usual(r: random.Random, chance: Chance, depth: int) -> dict[str, Any]:
    """A schema as people write them: a type, and keywords of that type."""
    table = chance.table(depth)
    kind = r.choice(
        ["object"] * depth
        + ["array"] * depth
        + ["string", "number", "integer"] * 2
        + ["boolean", "null", "enum"]
    )
    names: dict[str, list[str]] = {
        "object": ["required", "additionalProperties", "minProperties", "patternProperties"],
        "array": ["minItems", "maxItems", "uniqueItems"],
        "string": ["minLength", "maxLength", "pattern"],
        "number": ["minimum", "maximum", "multipleOf"],
        "integer": ["minimum", "maximum", "multipleOf"],
    }
    if kind == "enum":
        return {"enum": table["enum"]()}
    schema: dict[str, Any] = {"type": kind}
    if kind == "object":
        keys = r.sample(["a", "b", "c", "ab", 'é"', ""], r.randrange(4))
        schema["properties"] = {key: _usual(r, chance, depth - 1) for key in keys}
    elif kind == "array" and r.random() < 0.8:
        schema["items"] = _usual(r, chance, depth - 1)
    for name in names.get(kind, []):
        if r.random() < 0.3:
            schema[name] = table[name]()
    if "multipleOf" in schema and r.random() < 0.7:
        schema["multipleOf"] = r.choice([0.01, 0.1, 0.25, 2.5, 2, 3, 7, 12, 100, 365, 1e-3])
    return schema


def _places(document: Any) -> list[tuple[int, Any, Any]]:
    """Depth, holder and key of the values in a document, some thousands at most."""
    places: list[tuple[int, Any, Any]] = []
    work: list[tuple[int, Any]] = [(0, document)]
    while work and len(places) < 3000:
        depth, holder = work.pop()
        inside: Any = ()
        if isinstance(holder, dict):
            inside = list(holder)
        elif isinstance(holder, list):
            inside = range(len(holder))
        for key in inside:
            places.append((depth, holder, key))
            if depth < 300:
                work.append((depth + 1, holder[key]))
    return places


def _mutated(r: random.Random, document: Any, chance: Chance) -> Any:
    holder: Any = {"": document}  # so that the root has a place as well
    places = [*_places(document), (0, holder, "")]
    _, at, key = r.choice(places)
    r.choice(_MUTATIONS)(r, at, key, chance)
    return holder[""]


# -- mutations: each changes one place ------------------------------------------------------------

_Mutation = Callable[[random.Random, Any, Any, Chance], None]


def _put(at: Any, key: Any, value: Any) -> None:
    at[key] = value


def _odd(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    _put(at, key, odd_value(r))


def _spliced(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    _put(at, key, _drawn(r, chance))


def _subschema(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    _put(at, key, chance.schema(2))


def _dropped(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    if key != "":
        del at[key]


def _wrapped(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    inner = at[key]
    names = ["not", "items", "contains", "if", "then", "propertyNames", "unevaluatedItems"]
    choices: list[Any] = [{name: inner} for name in names]
    choices += [{name: [inner, inner]} for name in ("allOf", "anyOf", "oneOf", "prefixItems")]
    choices += [{name: {"a": inner, "": inner}} for name in ("properties", "$defs")]
    choices += [{"const": inner}, {"enum": [inner]}, [inner], [inner, inner]]
    _put(at, key, r.choice(choices))


def _keyword(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    """One more keyword, with a value of its own kind or of another's."""
    target = at[key]
    if not isinstance(target, dict):
        return
    name = r.choice(keywords)
    if r.random() < 0.2:
        target[name] = odd_value(r)
    elif name in ("$ref", "$dynamicRef", "$recursiveRef", "$id", "id"):
        target[name] = r.choice(_REFERENCES)
    elif name == "$schema":
        target[name] = r.choice(_DIALECTS)
    elif name in ("$anchor", "$dynamicAnchor"):
        target[name] = r.choice(["x", "y", "#x", "", "a b"])
    elif name == "format":
        target[name] = r.choice(_FORMATS)
    elif name in ("$defs", "definitions"):
        target[name] = {"x": chance.schema(1), "y": chance.schema(1)}
    elif name in ("pattern", "patternProperties"):
        pattern = patterns.draw(r)
        target[name] = pattern if name == "pattern" else {pattern: chance.schema(1)}
    else:
        table = chance.table(1)
        if name in table:
            target[name] = table[name]()


def _far_bound(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    target = at[key]
    if isinstance(target, dict):
        names = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]
        names += ["minContains", "maxContains", "minimum", "maximum", "multipleOf"]
        bounds = [5, 20, 300, 5000, 10**5, 10**6, 2**31 - 1, 2**31, 2**32, 2**63, 2**64, 10**100]
        target[r.choice(names)] = r.choice(bounds)


def _rekeyed(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    """A key that is another one, or no string."""
    target = at[key]
    if isinstance(target, dict) and target:
        old = r.choice(list(target))
        new = odd_key(r) if r.random() < 0.4 else r.choice(keywords)
        target[new] = target.pop(old)


def _many(r: random.Random, at: Any, key: Any, chance: Chance) -> None:
    """A long list or a wide object of what is there."""
    inner = at[key]
    count = r.choice([10, 200, 3000])
    choices: list[Any] = [
        {"enum": [f"x{i}" for i in range(count)]},
        {r.choice(["anyOf", "allOf", "oneOf"]): [inner] * min(count, 200)},
        {"properties": {f"k{i}": inner for i in range(count)}},
        {"required": [f"k{i}" for i in range(min(count, 200))]},
        {"oneOf": [{"const": i} for i in range(min(count, 200))]},
        {"$defs": {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(count)}},
        {"prefixItems": [inner] * count},
    ]
    _put(at, key, r.choice(choices))


_MUTATIONS: list[_Mutation] = [
    *(_odd, _odd, _spliced, _subschema, _subschema, _dropped, _wrapped, _wrapped),
    *(_keyword, _keyword, _keyword, _keyword, _far_bound, _rekeyed, _many),
]
