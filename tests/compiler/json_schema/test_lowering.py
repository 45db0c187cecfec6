"""The pass itself: order, sharing, budgets, recursion, refusals."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from grammarlib.compiler.json_schema import lowering
from grammarlib.compiler.json_schema.lowering import MAX_DEPTH, Unenforced
from grammarlib.errors import CompileBudgetExceeded, InvalidSchema, UnsupportedSchema
from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at


def test_keywords_keep_document_order() -> None:
    lowered = Lowered(
        {
            "required": ["z"],
            "allOf": [{"properties": {"first": {}}}, {"properties": {"second": {}}}],
            "properties": {"third": {}},
            "$ref": "#/$defs/fourth",
            "additionalProperties": {"type": "null"},
            "$defs": {"fourth": {"properties": {"fourth": {}}}},
        }
    )
    kind, parts = lowered.value()
    assert kind == "all_of"
    in_all_of, own, reference = (lowered.recorder.calls[part] for part in parts)
    assert in_all_of[0] == "all_of"
    assert own[0] == "if_object"
    assert own[1][0][0] == "third"
    assert own[3] == ["z"]
    assert reference == ("reference",)


def test_type_comes_first() -> None:
    lowered = Lowered({"properties": {"a": {}}, "required": ["a"], "type": "object"})
    _, parts = lowered.value()
    assert lowered.recorder.calls[parts[0]] == ("types", 32)


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, "any"),
        ({"title": "x"}, "any"),
        ({"type": ["string", "null"]}, "types"),
        ({"type": "string", "minLength": 1, "pattern": "a", "maxLength": 3}, "strings"),
        ({"minLength": 1, "pattern": "a"}, "if_string"),
        ({"type": "integer", "minimum": 1, "maximum": 3}, "numbers"),
        ({"type": "integer"}, "numbers"),
        ({"minimum": 1, "maximum": 3}, "if_number"),
        ({"minItems": 1, "items": {}, "maxItems": 3}, "if_array"),
        ({"required": ["a"], "additionalProperties": False, "properties": {}}, "if_object"),
        ({"type": "string", "enum": ["a", "b"]}, "string_literals"),
        ({"enum": ["a", "b", 1], "type": ["string", "null"]}, "string_literals"),
        ({"const": None}, "types"),
        ({"allOf": [{"type": "null"}, {}]}, "types"),
        ({"anyOf": [{"const": "a"}, False]}, "string_literals"),
    ],
)
def test_keywords_read_together_become_one_value(schema: dict[str, Any], kind: str) -> None:
    assert Lowered(schema).value()[0] == kind


def test_equal_programs_and_types_are_made_once() -> None:
    schema = {"type": ["string", "null"], "pattern": "^a"}
    lowered = Lowered({"properties": {"a": dict(schema), "b": dict(schema)}})
    assert len(lowered.calls("regex")) == 1
    assert len(lowered.calls("types")) == 1


def test_a_target_is_lowered_once() -> None:
    lowered = Lowered(
        {
            "properties": {name: {"$ref": "#/$defs/x"} for name in "abc"},
            "$defs": {"x": {"minLength": 3}, "unused": {"minLength": 4}},
        }
    )
    assert len(lowered.calls("if_string")) == 1
    assert len(lowered.calls("reference")) == 2  # the root and the target


def test_recursion_through_references() -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["children"],
        "additionalProperties": False,
    }
    accepts = Lowered(tree)
    assert accepts({"children": [{"children": []}, {"children": [{"children": []}]}]})
    assert not accepts({"children": [{"children": [{}]}]})


def test_a_long_chain_of_references_is_no_recursion() -> None:
    length = 20_000
    definitions: dict[str, Any] = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(length)}
    definitions[f"d{length}"] = {"type": "null"}
    lowered = Lowered({"$ref": "#/$defs/d0", "$defs": definitions})
    assert len(lowered.calls("reference")) == length + 2


@pytest.mark.parametrize(
    "definitions",
    [
        {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
        {"a": {"$ref": "#/$defs/a"}},
        {"a": {"allOf": [{"type": "object"}, {"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}},
        {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}]}},
        {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"$ref": "#/$defs/b"}},
    ],
)
def test_references_that_consume_nothing_have_no_meaning(definitions: dict[str, Any]) -> None:
    pointer = invalid_at({"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": definitions})
    assert pointer.endswith("/$ref")


def test_references_that_enter_the_value_are_no_chain() -> None:
    accepts = Lowered(
        {
            "$ref": "#/$defs/a",
            "$defs": {
                "a": {"anyOf": [{"type": "null"}, {"items": {"$ref": "#/$defs/b"}}]},
                "b": {"allOf": [{"$ref": "#/$defs/c"}], "properties": {"x": {"$ref": "#/$defs/a"}}},
                "c": {"not": {"properties": {"y": {"not": {"$ref": "#/$defs/b"}}}}},
            },
        }
    )
    assert accepts([])


# -- budgets --------------------------------------------------------------------------------------


def nested(wrap: Callable[[Any], Any], depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = wrap(inner)
    return inner


WRAPS: dict[str, Callable[[Any], Any]] = {
    "properties": lambda s: {"properties": {"a": s}},
    "items": lambda s: {"items": s},
    "prefixItems": lambda s: {"prefixItems": [s]},
    "allOf": lambda s: {"allOf": [s]},
    "anyOf": lambda s: {"anyOf": [s]},
    "oneOf": lambda s: {"oneOf": [s]},
    "not": lambda s: {"not": s},
    "if": lambda s: {"if": s, "then": {}},
    "then": lambda s: {"if": {"type": "null"}, "then": s},
    "contains": lambda s: {"contains": s},
    "propertyNames": lambda s: {"propertyNames": s},
    "dependentSchemas": lambda s: {"dependentSchemas": {"a": s}},
    "additionalProperties": lambda s: {"additionalProperties": s},
    "patternProperties": lambda s: {"patternProperties": {"": s}},
    "irrelevant": lambda s: {"type": "string", "properties": {"a": s}},
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_deep_schemas_are_over_budget(wrap: Callable[[Any], Any]) -> None:
    with pytest.raises(CompileBudgetExceeded, match="nesting"):
        Lowered(nested(wrap, 100_000, {}))


@pytest.mark.parametrize("name", ["properties", "items", "allOf", "not", "irrelevant"])
def test_schemas_within_the_budget_pass(name: str) -> None:
    Lowered(nested(WRAPS[name], MAX_DEPTH - 1, {}))


@pytest.mark.parametrize("keyword", ["enum", "const"])
@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"a": v}], ids=["array", "object"])
def test_deep_values_are_over_budget(keyword: str, wrap: Callable[[Any], Any]) -> None:
    value = nested(wrap, 100_000, 1)
    with pytest.raises(CompileBudgetExceeded, match="nesting"):
        Lowered({keyword: [value] if keyword == "enum" else value})


@pytest.mark.parametrize("keyword", ["default", "examples", "unknown"])
def test_annotations_are_not_walked(keyword: str) -> None:
    assert Lowered({keyword: nested(lambda v: [v], 100_000, 1)}).value() == ("any",)


def test_shared_subschemas_cannot_multiply_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "MAX_SUBSCHEMAS", 10_000)
    schema: dict[str, Any] = {"minLength": 1}
    for _ in range(60):
        schema = {"properties": {"a": schema, "b": schema}}
    with pytest.raises(CompileBudgetExceeded, match="10000 subschemas"):
        Lowered(schema)


def test_shared_values_cannot_multiply_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "MAX_SUBSCHEMAS", 10_000)
    value: list[Any] = [1]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(CompileBudgetExceeded, match="10000 subschemas"):
        Lowered({"const": value})


def test_a_nearly_full_stack_is_a_budget() -> None:
    """Where the caller has used up the stack, no RecursionError leaks."""
    schema = nested(WRAPS["items"], MAX_DEPTH - 1, {})
    raised: list[BaseException] = []

    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        else:
            try:
                Lowered(schema)
            except BaseException as error:
                raised.append(error)

    thread = threading.Thread(target=deep, args=(sys.getrecursionlimit() - 150,))
    thread.start()
    thread.join()
    assert [type(error) for error in raised] == [CompileBudgetExceeded]


# -- refusals -------------------------------------------------------------------------------------


def test_a_refusal_names_pointer_keyword_and_reason() -> None:
    schema = {"properties": {"a/b": {"items": {"pattern": "(a)\\1"}}}}
    with pytest.raises(UnsupportedSchema) as caught:
        Lowered(schema)
    assert caught.value.pointer == "/properties/a~1b/items/pattern"
    assert caught.value.keyword == "pattern"
    assert caught.value.reason


def test_recorded_keywords_are_skipped_and_listed() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {
                "prefixItems": [{"type": "integer"}],
                "not": {"contains": {"pattern": "(b)\\1"}},
            },
            "b": {"pattern": "(a)\\1", "minLength": 1},
        },
        "additionalProperties": False,
    }
    lowered = Lowered(schema, unsupported="record")
    assert [entry[:2] for entry in lowered.unenforced] == [
        ("/properties/a/not/contains/pattern", "pattern"),
        ("/properties/a/not", "not"),
        ("/properties/b/pattern", "pattern"),
    ]
    assert all(isinstance(entry, Unenforced) and entry.reason for entry in lowered.unenforced)
    assert lowered({"a": [1, 1], "b": "a"})
    assert not lowered({"a": ["x"]})
    assert not lowered({"b": ""})
    assert not lowered({"c": 0})


SKIPPED = {"x": {"pattern": "(a)\\1"}}


@pytest.mark.parametrize(
    ("schema", "taken", "skipped"),
    [
        ({"oneOf": [{"$ref": "#/$defs/x"}, {"const": "b"}]}, ["b", "c"], ["/oneOf"]),
        ({"not": {"$ref": "#/$defs/x"}}, ["b", 1], ["/not"]),
        ({"if": {"$ref": "#/$defs/x"}, "then": {"maxLength": 2}}, ["bbbb"], ["/if"]),
        (
            {"contains": {"$ref": "#/$defs/x"}, "maxContains": 1},
            [["bbb", "aa", "c"]],
            ["/maxContains"],
        ),
        (
            {"not": {"properties": {"a": {"$ref": "#/$defs/x"}}, "required": ["a"]}},
            [{"a": "b"}],
            ["/not"],
        ),
        (
            {
                "not": {"$ref": "#/$defs/y"},
                "$defs": {
                    "y": {"allOf": [{"$ref": "#/$defs/z"}]},
                    "z": {"not": {"$ref": "#/$defs/x"}},
                },
            },
            ["b", 1],
            ["/not", "/$defs/z/not"],
        ),
        (
            {
                "$ref": "#/$defs/n",
                "$defs": {
                    "n": {
                        "properties": {"d": {"not": {"$ref": "#/$defs/n"}}},
                        "allOf": [{"$ref": "#/$defs/x"}],
                    }
                },
            },
            [{"d": {}}, {"d": {"d": 1}}],
            ["/$defs/n/properties/d/not"],
        ),
        (
            {
                "$dynamicAnchor": "n",
                "not": {"properties": {"k": {"$dynamicRef": "#n"}}, "required": ["k"]},
                "allOf": [{"$ref": "#/$defs/x"}],
            },
            [{"k": "aa"}, {"k": {"k": 1}}],
            ["/not"],
        ),
    ],
)
def test_complements_of_what_is_skipped_behind_references_are_skipped(
    schema: dict[str, Any], taken: list[Any], skipped: list[str]
) -> None:
    schema = {**schema, "$defs": {**SKIPPED, **schema.get("$defs", {})}}
    lowered = Lowered(schema, unsupported="record")
    assert [value for value in taken if not lowered(value)] == []
    pointers = [entry.pointer for entry in lowered.unenforced]
    assert sorted(pointers) == sorted([*skipped, "/$defs/x/pattern"])


def test_what_is_skipped_is_listed_once_by_its_keyword() -> None:
    schema = {
        "anyOf": [
            {"patternProperties": {"(a)\\1": {}}, "pattern": "(a)\\1"},
            {"properties": {"b": True}},
        ],
        "unevaluatedProperties": False,
    }
    lowered = Lowered(schema, unsupported="record")
    assert [entry[:2] for entry in lowered.unenforced] == [
        ("/anyOf/0/patternProperties/(a)\\1", "patternProperties"),
        ("/anyOf/0/pattern", "pattern"),
    ]
    assert lowered({"x": 1})


def test_nothing_is_recorded_where_nothing_is_refused() -> None:
    assert Lowered({"type": "string"}, unsupported="record").unenforced == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "allOf": [{}], "unevaluatedItems": False},
        {"type": "array", "multipleOf": 7},
        {"type": "null", "properties": {"a": {"items": {"pattern": "(a)\\1"}}}},
        {"type": "object", "contains": {"pattern": "(a)\\1"}},
        {"type": ["number", "string"], "minProperties": 7, "patternProperties": {"(a)\\1": {}}},
        {"type": "integer", "pattern": "(a)\\1"},
        {"type": "object", "items": {"$ref": "#/$defs/x"}, "$defs": {"x": {"pattern": "(a)\\1"}}},
    ],
)
def test_what_cannot_matter_is_not_refused(schema: dict[str, Any]) -> None:
    assert refused_at(schema) == ("", "")


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "string", "minItems": -1}, "/minItems"),
        ({"type": "string", "properties": {"a": 5}}, "/properties/a"),
        ({"type": "null", "items": {"$ref": "#/nowhere"}}, "/items/$ref"),
        ({"type": "array", "pattern": "("}, "/pattern"),
    ],
)
def test_what_cannot_matter_is_still_checked(schema: dict[str, Any], pointer: str) -> None:
    assert invalid_at(schema) == pointer


@pytest.mark.parametrize(
    "value", ["integers", "any", 5, None, [], ["string", 3], {"a": 1}, ["object", "file"]]
)
def test_bad_types(value: object) -> None:
    assert invalid_at({"type": value}) == "/type"


@pytest.mark.parametrize("schema", [None, 5, "x", [], 1.0])
def test_a_schema_is_an_object_or_a_boolean(schema: object) -> None:
    assert invalid_at(schema) == ""
    assert invalid_at({"properties": {"a": schema}}) == "/properties/a"


def test_boolean_documents() -> None:
    assert Lowered(True)(1)
    assert not Lowered(False)(1)


def test_dialects_only_change_where_they_are_named() -> None:
    with pytest.raises(InvalidSchema):
        Lowered(in_draft({"items": [{}]}, "2020-12"))
    assert Lowered(in_draft({"items": [{"type": "null"}]}, "7"))([None])
