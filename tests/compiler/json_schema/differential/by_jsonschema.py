"""The ``jsonschema`` library as a judge, with its departures from the specification listed.

Where a departure sits in one keyword, the keyword is replaced (``REPLACED``) by the few lines that
the specification asks for; where it sits in the resolution of references, documents that come near
it are not judged (``UNJUDGED``). Each entry says what the library does and what the specification
says; ``test_by_jsonschema`` shows that the library still does it, so no entry outlives its reason.

Formats are off, documents carry no ``$schema`` here (a subschema that did would be judged by the
library's own classes), and numbers are ``int`` and ``Decimal``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema
from jsonschema import validators
from referencing import Registry, Resource
from referencing.jsonschema import specification_with

from tests.compiler.json_schema.differential.schemas import keywords_of, walk
from tests.compiler.json_schema.judge import DRAFTS

Errors = Iterator[jsonschema.ValidationError]
CLASSES: dict[str, Any] = {
    "4": jsonschema.Draft4Validator,
    "6": jsonschema.Draft6Validator,
    "7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}


def _error(keyword: str) -> jsonschema.ValidationError:
    return jsonschema.ValidationError(keyword)


# -- replaced -------------------------------------------------------------------------------------


def _is_integer(checker: object, instance: object) -> bool:
    if isinstance(instance, Decimal):
        return Fraction(instance).denominator == 1
    return isinstance(instance, int) and not isinstance(instance, bool)


def _multiple_of(validator: Any, of: Any, instance: Any, schema: Any) -> Errors:
    if (
        validator.is_type(instance, "number")
        and (Fraction(instance) / Fraction(of)).denominator > 1
    ):
        yield _error("multipleOf")


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    return bool(one == two)


def _unique_items(validator: Any, wanted: bool, instance: Any, schema: Any) -> Errors:
    if wanted and isinstance(instance, list):
        for i, item in enumerate(instance):
            if any(_same(item, other) for other in instance[:i]):
                yield _error("uniqueItems")
                return


def _search(pattern: str, text: str) -> bool:
    """By ``re``, with the end of input for ``$`` and the line ends of ECMA-262 for ``.``."""
    python = pattern.replace("$", r"\Z").replace(".", "[^\n\r\u2028\u2029]")
    return re.search(python, text, re.ASCII) is not None


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, str) and not _search(pattern, instance):
        yield _error("pattern")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for pattern, inner in patterns.items():
            for key, value in instance.items():
                if _search(pattern, key):
                    yield from validator.descend(value, inner, path=key)


def _additional_properties(validator: Any, inner: Any, instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for key, value in instance.items():
            named = key in schema.get("properties", {})
            if not named and not any(_search(p, key) for p in schema.get("patternProperties", {})):
                yield from validator.descend(value, inner, path=key)


def _additional_items(validator: Any, inner: Any, instance: Any, schema: Any) -> Errors:
    items = schema.get("items")
    if isinstance(instance, list) and isinstance(items, list):
        for item in instance[len(items) :]:
            yield from validator.descend(item, inner)


REPLACED: dict[str, tuple[Callable[..., Errors], str]] = {
    "multipleOf": (
        _multiple_of,
        "divides decimals in the precision of the current context and fails beyond it; the "
        "quotient is to be an integer (validation 6.2.1)",
    ),
    "uniqueItems": (
        _unique_items,
        "compares neighbours after sorting, where true and 1 are equal: [[1], [true], [1]] passes; "
        "true is not 1, and [1] equals [1] (core 4.2.2)",
    ),
    "pattern": (
        _pattern,
        "takes patterns for Python's: `$` before a last line break, `.` at U+2028, \\d and \\w of "
        "all scripts; they are ECMA-262's (core 6.4)",
    ),
    "patternProperties": (_pattern_properties, "as `pattern`"),
    "additionalProperties": (
        _additional_properties,
        "as `pattern`; joins the patterns by |, where an empty one matches no key; it matches "
        "every key (core 10.3.2.3)",
    ),
    "additionalItems": (
        _additional_items,
        "raises TypeError beside a boolean `items`; beside anything but an array it is ignored",
    ),
}
"""Keyword to its replacement, and what the library does otherwise."""

TYPES = "`integer` is false of Decimals; 1.0 is an integer from draft 6 on (validation 6.1.1)"
"""Why the type checker is replaced, too."""


# -- not judged -----------------------------------------------------------------------------------

EMBEDDED = "a resource among the subschemas"
TO_DYNAMIC = "$ref to a dynamic anchor"
TWO_FORMS = "dependencies of both forms"

UNJUDGED: dict[tuple[str, tuple[str, ...]], str] = {
    ("2019-09", ("unevaluatedItems", "contains")): (
        "what `contains` matched counts as evaluated, which 2020-12 is the first to say"
    ),
    ("2019-09", ("unevaluatedItems", "items")): "raises TypeError where `items` is boolean",
    ("2019-09", ("unevaluatedProperties",)): (
        "the keywords in the schema of `additionalProperties` are taken for names of properties, "
        "and what the schema applied to is forgotten; with a `unevaluatedProperties` below likewise"
    ),
    ("2019-09", ("$recursiveRef", EMBEDDED)): "as `$dynamicRef` in 2020-12",
    ("2020-12", ("$dynamicRef", EMBEDDED)): (
        "the dynamic scope lacks what is entered as a subschema (core 7.1)"
    ),
    ("2020-12", (TO_DYNAMIC,)): (
        "resolved as `$dynamicRef` would be; a `$ref` is resolved once and for all (core 8.2.3.1)"
    ),
    ("4", (TWO_FORMS,)): "`referencing` takes the arrays of names for subschemas",
    ("6", (TWO_FORMS,)): "as in draft 4",
    ("7", (TWO_FORMS,)): "as in draft 4",
}
"""Draft and traits of documents that are left to the other judge, and why."""


def traits(document: Any) -> set[str]:
    """The keywords of a document, and what else `UNJUDGED` asks for."""
    found = set(keywords_of(document))
    for schema in walk(document):
        if str(schema.get("$id", "")).rpartition("/")[2].startswith("e"):
            found.add(EMBEDDED)
        if schema.get("$ref") == "#node":
            found.add(TO_DYNAMIC)
        forms = {type(inner) is list for inner in schema.get("dependencies", {}).values()}
        if len(forms) == 2:
            found.add(TWO_FORMS)
    return found


def judged(draft: str, documents: Iterable[Any]) -> bool:
    """Whether documents that refer to each other are judged."""
    found = set().union(*map(traits, documents))
    return not any(of == draft and found.issuperset(words) for of, words in UNJUDGED)


class ByJsonschema:
    """A document, to be called with instances."""

    def __init__(self, document: Any, draft: str, remotes: dict[str, Any]) -> None:
        specification = specification_with(DRAFTS[draft])
        registry: Registry[Any] = Registry().with_resources(
            (uri, Resource.from_contents(contents, default_specification=specification))
            for uri, contents in remotes.items()
        )
        if isinstance(document, dict):
            document = {key: value for key, value in document.items() if key != "$schema"}
        self.validator = _class(draft)(document, registry=registry)

    def __call__(self, instance: object) -> bool:
        return bool(self.validator.is_valid(instance))


_CLASSES: dict[str, Any] = {}


def _class(draft: str) -> Any:
    if draft not in _CLASSES:
        known = CLASSES[draft]
        checker = known.TYPE_CHECKER
        if draft != "4":
            checker = checker.redefine("integer", _is_integer)
        replaced = {word: new for word, (new, _) in REPLACED.items() if word in known.VALIDATORS}
        _CLASSES[draft] = validators.extend(known, replaced, type_checker=checker)
    return _CLASSES[draft]
