"""Random schema documents and instances over small alphabets, so that they meet often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = ["a", "b", "c"]
STRINGS = ["", "a", "b", "ab", "abc", "b1", "é", "\U0001f600x"]
NUMBERS: list[int | float] = [0, 1, 2, 3, -1, 10, 100, 1.0, 1.5, -0.5, 2.25, 1e3, 1e-3, 12345]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
PATTERNS = ["^a", "b$", "^[a-c]+$", "[0-9]", "^$", "a|x", "^.{2}$"]

scalars = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(STRINGS)
)
instances = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*KEYS, "d"]), inner, max_size=3),
    ),
    max_leaves=6,
)
counts = st.integers(0, 3)
names = st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True)


def _distinct(values: list[Any]) -> list[Any]:
    """Drop members that JSON or Python would call equal: enum members must be unique."""
    kept: list[Any] = []
    for value in values:
        if not any(value == other for other in kept):
            kept.append(value)
    return kept


def keywords(draft: str, schema: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for the value of every keyword that asserts in a draft."""
    schemas = st.lists(schema, min_size=1, max_size=3)
    properties = st.dictionaries(st.sampled_from(KEYS), schema, max_size=3)
    bound = st.sampled_from(NUMBERS)
    table: dict[str, st.SearchStrategy[Any]] = {
        "type": st.one_of(
            st.sampled_from(TYPES),
            st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
        ),
        "properties": properties,
        "required": names,
        "additionalProperties": st.one_of(st.booleans(), schema),
        "items": schema,
        "minItems": counts,
        "maxItems": counts,
        "enum": st.lists(instances, min_size=1, max_size=4).map(_distinct),
        "anyOf": schemas,
        "allOf": schemas,
        "oneOf": schemas,
        "not": schema,
        "minLength": counts,
        "maxLength": counts,
        "pattern": st.sampled_from(PATTERNS),
        "minimum": bound,
        "maximum": bound,
        "multipleOf": st.sampled_from([1, 10, 0.5, 3]),
        "minProperties": counts,
        "maxProperties": counts,
        "uniqueItems": st.booleans(),
        "patternProperties": st.dictionaries(st.sampled_from(["", "^a"]), schema, max_size=1),
        "title": st.sampled_from(["x"]),
        "default": instances,
    }
    if draft in ("4", "6", "7"):
        table["dependencies"] = st.dictionaries(
            st.sampled_from(KEYS), st.one_of(names, schema), max_size=1
        )
    if draft != "2020-12":
        table["items"] = st.one_of(schema, schemas)
        table["additionalItems"] = st.one_of(st.booleans(), schema)
    else:
        table["prefixItems"] = schemas
    if draft != "4":
        table |= {
            "const": instances,
            "exclusiveMinimum": bound,
            "exclusiveMaximum": bound,
            "contains": schema,
            "propertyNames": schema,
        }
    if draft not in ("4", "6"):
        table |= {"if": schema, "then": schema, "else": schema}
    if draft in ("2019-09", "2020-12"):
        table |= {
            "dependentRequired": st.dictionaries(st.sampled_from(KEYS), names, max_size=1),
            "dependentSchemas": st.dictionaries(st.sampled_from(KEYS), schema, max_size=1),
            "minContains": counts,
            "maxContains": counts,
        }
    return table


@st.composite
def documents(draw: st.DrawFn, draft: str, uri: str) -> dict[str, Any]:
    """A document of a draft, with two definitions that its subschemas may refer to."""
    bucket = "$defs" if draft in ("2019-09", "2020-12") else "definitions"
    references = st.sampled_from([f"#/{bucket}/x", f"#/{bucket}/y", "#"])
    trivial = st.just({}) if draft == "4" else st.sampled_from([{}, True, False])

    def schema(depth: int) -> st.SearchStrategy[Any]:
        if depth == 0:
            inner: st.SearchStrategy[Any] = trivial
        else:
            inner = st.deferred(lambda: schema(depth - 1))
        table = keywords(draft, inner)

        @st.composite
        def build(draw: st.DrawFn) -> Any:
            chosen = draw(
                st.lists(st.sampled_from(sorted(table)), min_size=1, max_size=3, unique=True)
            )
            if draft == "4" and draw(st.integers(0, 9)) == 0:
                return {"minimum": 1, "exclusiveMinimum": draw(st.booleans())}
            return {keyword: draw(table[keyword]) for keyword in chosen}

        reference = references.map(lambda r: {"properties": {"a": {"$ref": r}}})
        return st.one_of(build(), build(), build(), reference, trivial)

    root = draw(schema(2).filter(lambda s: isinstance(s, dict)))
    return {"$schema": uri, **root, bucket: {"x": draw(schema(1)), "y": draw(schema(1))}}
