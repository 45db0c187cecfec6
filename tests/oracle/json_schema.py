"""Is a value valid against a JSON Schema document? By the specifications, keyword by keyword.

Drafts 4, 6, 7, 2019-09 and 2020-12, of which every keyword that asserts; ``format`` does not. Slow
and obvious: a schema object is evaluated as a whole and says, beside yes or no, which properties
and items it has evaluated, as annotations would. References are resolved here, by URIs and JSON
pointers over an index of all resources, and the dynamic scope is the list of resources entered.

Numbers are ``int`` and ``Decimal``, compared exactly; draft 4's integers are the ``int``s. Patterns
go to ``re`` after the few constructs where ECMA-262 differs are spelled out.

Shares nothing with the compiler, nor with ``jsonschema`` or ``referencing``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin

Schema = Any
Scope = tuple[str, ...]
"""The URIs of the resources entered, outermost first; the last is the base of references."""

IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
VALUES = (
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items",
    "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
LISTS = (*IN_PLACE_LISTS, "items", "prefixItems")
MAPS = (
    "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
)  # fmt: skip


class Unresolvable(LookupError):
    """A reference that leads nowhere."""


class Undecided(Exception):
    """A verdict would take too many steps: branches that recur cost a power of the depth."""


class Target(NamedTuple):
    """Where a reference leads: the schema, the resource around it, and the name of its anchor."""

    schema: Schema
    resource: str
    anchor: str = ""


class Evaluated(NamedTuple):
    """What a schema object has evaluated of an instance that is valid against it."""

    keys: set[str]
    items: set[int]


NOTHING = Evaluated(set(), set())


class Judge:
    """A document, to be called with instances.

    Parameters
    ----------
    document : dict or bool
    draft : str
        ``"4"``, ``"6"``, ``"7"``, ``"2019-09"`` or ``"2020-12"``.
    remotes : mapping of str to dict or bool
        Other documents by their URI, of the same draft.
    limit : int, optional
        How many schemas a verdict may evaluate; past it, `Undecided` is raised.
    """

    def __init__(
        self,
        document: Schema,
        draft: str,
        remotes: Mapping[str, Schema] | None = None,
        limit: int = 1_000_000,
    ) -> None:
        self.draft = draft
        self.limit = limit
        self.steps = 0
        self.old = draft in ("4", "6", "7")
        self.id_keyword = "id" if draft == "4" else "$id"
        self.resources: dict[str, Schema] = {}
        self.anchors: dict[tuple[str, str], Schema] = {}
        self.dynamic: set[tuple[str, str]] = set()
        self.roots: dict[int, str] = {}
        for uri, contents in (remotes or {}).items():
            self._index(contents, uri.rstrip("#"), is_root=True)
        self.document = document
        self.start: Scope = (self._index(document, "urn:document", is_root=True),)

    def __call__(self, instance: object) -> bool:
        self.steps = 0
        return self.evaluate(self.document, instance, self.start) is not None

    # -- references -------------------------------------------------------------------------------

    def _index(self, schema: Schema, base: str, *, is_root: bool = False) -> str:
        """Note the resources and anchors of a schema; return the URI of its own resource."""
        if is_root:
            self.resources[base] = schema
        if not isinstance(schema, dict):
            return base
        name = schema.get(self.id_keyword)
        if isinstance(name, str) and not (self.old and "$ref" in schema):
            uri, fragment = urldefrag(urljoin(base, name))
            if fragment and self.old:
                self.anchors[uri if name[0] != "#" else base, fragment] = schema
            if not (self.old and name.startswith("#")):
                base = uri
                self.resources[base] = schema
                is_root = True
        if is_root:
            self.roots[id(schema)] = base
        for keyword in ("$anchor", "$dynamicAnchor"):
            if not self.old and isinstance(schema.get(keyword), str):
                self.anchors[base, schema[keyword]] = schema
                if keyword == "$dynamicAnchor" and self.draft == "2020-12":
                    self.dynamic.add((base, schema[keyword]))
        for inner in subschemas(schema):
            self._index(inner, base)
        return base

    def resolve(self, reference: str, base: str) -> Target:
        """Where a reference leads, whatever the dynamic scope."""
        uri, fragment = urldefrag(urljoin(base, reference) if reference[:1] != "#" else reference)
        uri = base if reference[:1] == "#" else uri
        fragment = unquote(fragment)
        if uri not in self.resources:
            raise Unresolvable(reference)
        if fragment and fragment[0] != "/":
            if (uri, fragment) not in self.anchors:
                raise Unresolvable(reference)
            return Target(self.anchors[uri, fragment], uri, fragment)
        schema = self.resources[uri]
        for token in fragment.split("/")[1:]:
            uri = self.roots.get(id(schema), uri)
            token = token.replace("~1", "/").replace("~0", "~")
            try:
                schema = schema[int(token)] if isinstance(schema, list) else schema[token]
            except (KeyError, IndexError, TypeError, ValueError):
                raise Unresolvable(reference) from None
        return Target(schema, self.roots.get(id(schema), uri))

    def references(self, schema: dict[str, Any], scope: Scope) -> Iterator[tuple[Schema, Scope]]:
        """The schemas that the references of a schema object lead to, each with its scope."""
        if isinstance(schema.get("$ref"), str):
            target = self.resolve(schema["$ref"], scope[-1])
            yield target.schema, _enter(scope, target.resource)
        if self.draft == "2020-12" and isinstance(schema.get("$dynamicRef"), str):
            target = self.resolve(schema["$dynamicRef"], scope[-1])
            if (target.resource, target.anchor) in self.dynamic:
                entered = (*scope, target.resource)
                outer = next(uri for uri in entered if (uri, target.anchor) in self.dynamic)
                target = Target(self.anchors[outer, target.anchor], outer)
            yield target.schema, _enter(scope, target.resource)
        if self.draft == "2019-09" and isinstance(schema.get("$recursiveRef"), str):
            uri = scope[-1]
            if self._recurs(uri):
                uri = next(outer for outer in scope if self._recurs(outer))
            yield self.resources[uri], _enter(scope, uri)

    def _recurs(self, uri: str) -> bool:
        root = self.resources[uri]
        return isinstance(root, dict) and root.get("$recursiveAnchor") is True

    def scope_in(self, schema: Schema, scope: Scope) -> Scope:
        """The dynamic scope within a schema that is entered from a scope."""
        resource = self.roots.get(id(schema))
        return scope if resource is None else _enter(scope, resource)

    # -- evaluation -------------------------------------------------------------------------------

    def evaluate(self, schema: Schema, instance: object, scope: Scope) -> Evaluated | None:
        """What a schema evaluates of an instance; None if the instance is not valid."""
        self.steps += 1
        if self.steps > self.limit:
            raise Undecided(f"more than {self.limit} steps")
        if isinstance(schema, bool):
            return NOTHING if schema else None
        scope = self.scope_in(schema, scope)
        here = _Here(self, schema, scope)
        if self.old and "$ref" in schema:
            return here.references(instance)
        if not here.asserts(instance):
            return None
        evaluated = Evaluated(set(), set())
        parts = [here.references(instance), here.logic(instance)]
        if isinstance(instance, dict):
            parts += [here.dependents(instance), here.properties(instance)]
        elif isinstance(instance, list):
            parts.append(here.items(instance))
        for part in parts:
            if part is None:
                return None
            evaluated.keys.update(part.keys)
            evaluated.items.update(part.items)
        if self.old or here.unevaluated(instance, evaluated):
            return evaluated
        return None


class _Here:
    """A schema object in its scope."""

    def __init__(self, judge: Judge, schema: dict[str, Any], scope: Scope) -> None:
        self.judge = judge
        self.schema = schema
        self.scope = scope

    def get(self, keyword: str) -> Any:
        """The value of a keyword, if the draft has it; None otherwise (null never is one here)."""
        return self.schema.get(keyword) if keyword in KNOWN[self.judge.draft] else None

    def valid(self, schema: Schema, instance: object) -> bool:
        return self.judge.evaluate(schema, instance, self.scope) is not None

    # -- in place ---------------------------------------------------------------------------------

    def in_place(
        self, instance: object, schemas: Iterable[tuple[Schema, Scope]]
    ) -> Evaluated | None:
        """All of some schemas, each in a scope."""
        evaluated = Evaluated(set(), set())
        for schema, scope in schemas:
            part = self.judge.evaluate(schema, instance, scope)
            if part is None:
                return None
            evaluated.keys.update(part.keys)
            evaluated.items.update(part.items)
        return evaluated

    def references(self, instance: object) -> Evaluated | None:
        return self.in_place(instance, self.judge.references(self.schema, self.scope))

    def logic(self, instance: object) -> Evaluated | None:
        keys: set[str] = set()
        items: set[int] = set()
        for keyword in IN_PLACE_LISTS:
            branches = self.get(keyword)
            if branches is None:
                continue
            results = [self.judge.evaluate(branch, instance, self.scope) for branch in branches]
            valid = [result for result in results if result is not None]
            if not {
                "allOf": len(valid) == len(results),
                "anyOf": len(valid) > 0,
                "oneOf": len(valid) == 1,
            }[keyword]:
                return None
            for part in valid:
                keys |= part.keys
                items |= part.items
        if self.get("not") is not None and self.valid(self.schema["not"], instance):
            return None
        if self.get("if") is not None:
            condition = self.judge.evaluate(self.schema["if"], instance, self.scope)
            consequence = self.schema.get("else" if condition is None else "then", True)
            result = self.judge.evaluate(consequence, instance, self.scope)
            if result is None:
                return None
            for chosen in (condition or NOTHING, result):
                keys |= chosen.keys
                items |= chosen.items
        return Evaluated(keys, items)

    def dependents(self, instance: dict[str, Any]) -> Evaluated | None:
        present: list[Schema] = []
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            for key, dependency in (self.get(keyword) or {}).items():
                if key not in instance:
                    continue
                if isinstance(dependency, list):
                    if not all(name in instance for name in dependency):
                        return None
                else:
                    present.append(dependency)
        return self.in_place(instance, ((schema, self.scope) for schema in present))

    # -- objects and arrays -----------------------------------------------------------------------

    def properties(self, instance: dict[str, Any]) -> Evaluated | None:
        properties = self.get("properties") or {}
        patterns = self.get("patternProperties") or {}
        evaluated: set[str] = set()
        for key, value in instance.items():
            schemas = [properties[key]] if key in properties else []
            schemas += [inner for pattern, inner in patterns.items() if search(pattern, key)]
            if not schemas and self.get("additionalProperties") is not None:
                schemas = [self.schema["additionalProperties"]]
            if not all(self.valid(schema, value) for schema in schemas):
                return None
            if schemas:
                evaluated.add(key)
        names = self.get("propertyNames")
        if names is not None and not all(self.valid(names, key) for key in instance):
            return None
        return Evaluated(evaluated, set())

    def items(self, instance: list[Any]) -> Evaluated | None:
        first, rest = self.positions()
        evaluated = set(range(min(len(first), len(instance)) if rest is None else len(instance)))
        for i, item in enumerate(instance):
            schema = first[i] if i < len(first) else rest
            if schema is not None and not self.valid(schema, item):
                return None
        if self.get("contains") is not None:
            matching = {i for i, x in enumerate(instance) if self.valid(self.schema["contains"], x)}
            least, most = self.get("minContains"), self.get("maxContains")
            if len(matching) < (1 if least is None else least):
                return None
            if most is not None and len(matching) > most:
                return None
            if self.judge.draft == "2020-12":
                evaluated |= matching
        return Evaluated(set(), evaluated)

    def positions(self) -> tuple[list[Schema], Schema | None]:
        """The schemas of the first items, and that of the others, if there is one."""
        items = self.get("items")
        if self.judge.draft == "2020-12":
            return self.get("prefixItems") or [], items
        if isinstance(items, list):
            return items, self.get("additionalItems")
        return [], items

    def unevaluated(self, instance: object, evaluated: Evaluated) -> bool:
        """Judge what no keyword has evaluated, and count it as evaluated."""
        if isinstance(instance, dict) and self.get("unevaluatedProperties") is not None:
            left = set(instance) - evaluated.keys
            evaluated.keys.update(left)
            return all(self.valid(self.schema["unevaluatedProperties"], instance[k]) for k in left)
        if isinstance(instance, list) and self.get("unevaluatedItems") is not None:
            rest = set(range(len(instance))) - evaluated.items
            evaluated.items.update(rest)
            return all(self.valid(self.schema["unevaluatedItems"], instance[i]) for i in rest)
        return True

    # -- assertions on the instance alone ---------------------------------------------------------

    def asserts(self, instance: object) -> bool:
        by_spelling = self.judge.draft == "4"
        if (types := self.get("type")) is not None:
            names = types if isinstance(types, list) else [types]
            if not any(is_of_type(name, instance, by_spelling) for name in names):
                return False
        for keyword in ("enum", "const"):
            if keyword in self.schema and keyword in KNOWN[self.judge.draft]:
                values = self.schema[keyword] if keyword == "enum" else [self.schema[keyword]]
                if canonical(instance) not in map(canonical, values):
                    return False
        return all(
            asserts(self.schema, self.schema[keyword], instance)
            for keyword, (kind, asserts) in ASSERTIONS.items()
            if self.get(keyword) is not None
            and isinstance(instance, kind)
            and not isinstance(instance, bool)
        )


def _enter(scope: Scope, resource: str) -> Scope:
    return scope if scope[-1] == resource else (*scope, resource)


def subschemas(schema: dict[str, Any]) -> Iterator[Schema]:
    """The schemas directly within a schema object, in all drafts."""
    for keyword, value in schema.items():
        if keyword in VALUES and isinstance(value, dict | bool):
            yield value
        elif keyword in LISTS and isinstance(value, list):
            yield from value
        elif keyword in MAPS and isinstance(value, dict):
            yield from (inner for inner in value.values() if isinstance(inner, dict | bool))


# -- values ---------------------------------------------------------------------------------------


def is_of_type(name: str, instance: object, by_spelling: bool) -> bool:
    if isinstance(instance, bool):
        return name == "boolean"
    if isinstance(instance, Decimal):
        integral = not by_spelling and Fraction(instance).denominator == 1
        return name == "number" or (name == "integer" and integral)
    kinds: dict[str, Any] = {
        "null": type(None), "string": str, "array": list, "object": dict,
        "integer": int, "number": int, "boolean": bool,
    }  # fmt: skip
    return isinstance(instance, kinds[name])


def canonical(value: object) -> Any:
    """Something hashable that is equal exactly for equal JSON values."""
    if isinstance(value, bool | None | str):
        return (type(value).__name__, value)
    if isinstance(value, list):
        return ("list", tuple(map(canonical, value)))
    if isinstance(value, dict):
        return ("dict", frozenset((key, canonical(inner)) for key, inner in value.items()))
    assert isinstance(value, int | Decimal), value
    return ("number", Fraction(value))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    spelled = {"$": r"\Z", ".": r"[^\n\r\u2028\u2029]", r"\d": "[0-9]", r"\w": "[A-Za-z0-9_]"}
    pieces = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return re.compile("".join(spelled.get(piece, piece) for piece in pieces))


def search(pattern: str, text: str) -> bool:
    """Whether a pattern matches somewhere in a text."""
    return _compiled(pattern).search(text) is not None


def _multiple(schema: Schema, of: Any, number: Any) -> bool:
    return (Fraction(number) / Fraction(of)).denominator == 1


def _minimum(schema: Schema, bound: Any, number: Any) -> bool:
    return bool(number > bound if schema.get("exclusiveMinimum") is True else number >= bound)


def _maximum(schema: Schema, bound: Any, number: Any) -> bool:
    return bool(number < bound if schema.get("exclusiveMaximum") is True else number <= bound)


def _unique(schema: Schema, wanted: bool, items: Any) -> bool:
    return not wanted or len(set(map(canonical, items))) == len(items)


_NUMBER = (int, Decimal)
ASSERTIONS: dict[str, tuple[Any, Callable[[Schema, Any, Any], bool]]] = {
    "multipleOf": (_NUMBER, _multiple),
    "minimum": (_NUMBER, _minimum),
    "maximum": (_NUMBER, _maximum),
    "exclusiveMinimum": (_NUMBER, lambda s, bound, x: isinstance(bound, bool) or x > bound),
    "exclusiveMaximum": (_NUMBER, lambda s, bound, x: isinstance(bound, bool) or x < bound),
    "minLength": (str, lambda s, count, text: len(text) >= count),
    "maxLength": (str, lambda s, count, text: len(text) <= count),
    "pattern": (str, lambda s, pattern, text: search(pattern, text)),
    "minItems": (list, lambda s, count, items: len(items) >= count),
    "maxItems": (list, lambda s, count, items: len(items) <= count),
    "uniqueItems": (list, _unique),
    "minProperties": (dict, lambda s, count, members: len(members) >= count),
    "maxProperties": (dict, lambda s, count, members: len(members) <= count),
    "required": (dict, lambda s, names, members: all(name in members for name in names)),
}

_DRAFT_4 = {
    "additionalItems", "additionalProperties", "allOf", "anyOf", "dependencies", "enum",
    "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maxLength", "maxProperties",
    "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf",
    "pattern", "patternProperties", "properties", "required", "type", "uniqueItems",
}  # fmt: skip
_DRAFT_6 = _DRAFT_4 | {"const", "contains", "propertyNames"}
_DRAFT_7 = _DRAFT_6 | {"if", "then", "else"}
_DRAFT_2019_09 = (_DRAFT_7 - {"dependencies"}) | {
    "dependentRequired", "dependentSchemas", "maxContains", "minContains", "unevaluatedItems",
    "unevaluatedProperties",
}  # fmt: skip
_DRAFT_2020_12 = (_DRAFT_2019_09 - {"additionalItems"}) | {"prefixItems"}
KNOWN = {
    "4": _DRAFT_4,
    "6": _DRAFT_6,
    "7": _DRAFT_7,
    "2019-09": _DRAFT_2019_09,
    "2020-12": _DRAFT_2020_12,
}
"""The keywords of each draft that assert by themselves, references apart."""
