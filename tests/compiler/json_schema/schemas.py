"""A Hypothesis strategy of schemas over the keywords that are enforced, made to be hard to mask.

Keys and strings begin each other, need escapes, or have characters of several bytes; shapes of
objects disagree about order and required keys; definitions refer to each other below properties and
items. What `tests.compiler.json_schema.documents` draws is wider in keywords, and does not shrink.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any] | bool

KEYS = ["a", "ab", "b", "", 'é"', "a\n"]
STRINGS = ["", "a", "ab", "abc", "b", "é", "😀", 'a"b', "\\", "\n", "aaaaaaaa"]
NUMBERS = [0, 1, 12, -1, 100, 0.5, 1.25, -2.5, 1000000]
PATTERNS = ["^a", "b$", "^[a-c]{2,4}$", "^(ab|a)+$", "[0-9]{2}", "^.{2}$", "^[^b]*$", "é|\\n", "^$"]
KEY_PATTERNS = ["^a", "b$", "^[ab]$", "^(a|ab)$", "^.{2}$", "^[^a]", ""]
FORMATS = ["date", "time", "ipv4", "uuid", "email", "json-pointer"]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
SCALARS: list[Any] = [None, True, False, *NUMBERS, *STRINGS]


def _with(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the keywords."""
    return st.fixed_dictionaries({}, optional=keywords)


def _typed(name: str, keywords: dict[str, Any]) -> dict[str, Any]:
    return {"type": name, **keywords}


_count = st.integers(0, 4)
_bound = st.sampled_from(NUMBERS)
_values = st.lists(st.sampled_from(SCALARS), min_size=1, max_size=5, unique_by=repr)

strings = _with(
    minLength=_count,
    maxLength=st.integers(1, 12),
    pattern=st.sampled_from(PATTERNS),
).map(lambda keywords: _typed("string", keywords))
numbers = st.builds(
    _typed,
    st.sampled_from(["integer", "number"]),
    _with(
        minimum=_bound,
        maximum=_bound,
        exclusiveMinimum=_bound,
        multipleOf=st.sampled_from([1, 10, 0.1, 7, 2.5]),
    ),
)
scalars: st.SearchStrategy[Schema] = st.one_of(
    st.sampled_from(TYPES).map(lambda name: {"type": name}),
    st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True).map(
        lambda names: {"type": names}
    ),
    _values.map(lambda values: {"enum": values}),
    st.sampled_from(SCALARS).map(lambda value: {"const": value}),
    strings,
    numbers,
    st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name}),
    _values.map(lambda values: {"type": ["string", "integer"], "not": {"enum": values}}),
    st.booleans(),
)


def _objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    names = st.lists(st.sampled_from(KEYS), max_size=4, unique=True)
    properties = names.flatmap(
        lambda chosen: st.tuples(*[inner] * len(chosen)).map(
            lambda values: dict(zip(chosen, values, strict=True))
        )
    )
    shape = _with(
        properties=properties,
        required=st.lists(st.sampled_from(KEYS), max_size=3, unique=True),
        additionalProperties=st.one_of(st.booleans(), inner),
        propertyNames=st.one_of(
            st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True).map(
                lambda chosen: {"enum": chosen}
            ),
            st.sampled_from(KEY_PATTERNS).map(lambda pattern: {"pattern": pattern}),
            st.integers(0, 2).map(lambda length: {"not": {"maxLength": length}}),
        ),
        patternProperties=st.dictionaries(st.sampled_from(KEY_PATTERNS), inner, max_size=2),
        minProperties=st.integers(0, 3),
        maxProperties=st.integers(0, 4),
        dependentRequired=st.dictionaries(
            st.sampled_from(KEYS),
            st.lists(st.sampled_from(KEYS), max_size=2, unique=True),
            max_size=2,
        ),
    )
    return st.builds(
        lambda shape, typed: {"type": "object", **shape} if typed else shape,
        shape,
        st.sampled_from([True, True, True, False]),
    )


def _arrays(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    shape = _with(
        items=inner,
        prefixItems=st.lists(inner, max_size=3),
        minItems=st.integers(0, 3),
        maxItems=st.integers(0, 4),
        contains=inner,
        minContains=st.integers(0, 2),
        maxContains=st.integers(0, 3),
    )
    return shape.map(lambda shape: {"type": "array", **shape})


def _references(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """The schema, or in its place a reference; only ever below a property or an item."""
    targets = st.sampled_from(["#", "#/$defs/x", "#/$defs/y"])
    return st.one_of(inner, inner, inner, targets.map(lambda target: {"$ref": target}))


def _extend(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    below = _references(inner)
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        _objects(below),
        _objects(below),
        _arrays(below),
        several.map(lambda parts: {"anyOf": parts}),
        several.map(lambda parts: {"allOf": parts}),
        several.map(lambda parts: {"oneOf": parts}),
        inner.map(lambda part: {"not": part}),
        st.tuples(_objects(below), inner).map(lambda parts: {**_dict(parts[0]), "not": parts[1]}),
        st.tuples(inner, inner, inner).map(
            lambda parts: dict(zip(("if", "then", "else"), parts, strict=True))
        ),
        st.tuples(_objects(below), st.lists(_objects(below), min_size=2, max_size=2)).map(
            lambda parts: {**_dict(parts[0]), "anyOf": parts[1]}
        ),
    )


def _dict(schema: Schema) -> dict[str, Any]:
    assert isinstance(schema, dict)
    return schema


values = st.recursive(scalars, _extend, max_leaves=8)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """A document with two definitions, an object or an array more often than not."""
    below = _references(values)
    root = draw(st.one_of(_objects(below), _objects(below), _arrays(below), values))
    defs = {name: draw(values) for name in ("x", "y")}
    if isinstance(root, bool):
        root = {"allOf": [root]}
    return {**root, "$defs": defs}


def words(schema: Any) -> list[str]:
    """The keys and strings of a document, for vocabularies that spell them in one token."""
    if isinstance(schema, str):
        return [schema]
    if isinstance(schema, list):
        return [word for part in schema for word in words(part)]
    if isinstance(schema, dict):
        return [word for key, part in schema.items() for word in [key, *words(part)]]
    return []
