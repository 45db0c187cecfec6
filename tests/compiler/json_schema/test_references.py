"""Where references lead, and what is never read."""

from __future__ import annotations

from typing import Any

import pytest
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource
from referencing.jsonschema import DRAFT7, DRAFT202012

from grammarlib.errors import CompileBudgetExceeded, UnsupportedSchema
from tests.compiler.json_schema.judge import Lowered, in_draft, invalid_at, refused_at

NUMBER = {"type": "number"}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": NUMBER}},
        {"properties": {"a": {"$ref": "#/anywhere/at/all"}}, "anywhere": {"at": {"all": NUMBER}}},
        {"properties": {"a": {"$ref": "#/x/1"}}, "x": [False, NUMBER]},
        {"properties": {"a": {"$ref": "#/x/~0~1"}}, "x": {"~/": NUMBER}},
        {"properties": {"a": {"$ref": "#/x/%25%20"}}, "x": {"% ": NUMBER}},
        {"properties": {"a": {"$ref": "#/properties/b"}, "b": NUMBER}},
        {"properties": {"a": {"$ref": "#n"}}, "$defs": {"n": {"$anchor": "n", **NUMBER}}},
        {
            "$id": "http://x.test/root",
            "properties": {"a": {"$ref": "http://x.test/root#/$defs/n"}},
            "$defs": {"n": NUMBER},
        },
        {
            "$id": "http://x.test/root",
            "properties": {"a": {"$ref": "n"}},
            "$defs": {"n": {"$id": "n", **NUMBER}},
        },
        {
            "$id": "http://x.test/root",
            "properties": {"a": {"$id": "inner", "$ref": "#/$defs/n", "$defs": {"n": NUMBER}}},
            "$defs": {"n": {"type": "string"}},
        },
        {
            "$id": "http://x.test/root",
            "properties": {"a": {"$ref": "#/$defs/inner/$defs/n"}},
            "$defs": {
                "inner": {
                    "$id": "inner",
                    "$defs": {"n": {"$ref": "#/$defs/m"}, "m": NUMBER},
                },
                "m": {"type": "string"},
            },
        },
        {"properties": {"a": {"$dynamicRef": "#/$defs/n"}}, "$defs": {"n": NUMBER}},
    ],
)
def test_local_references(schema: dict[str, Any]) -> None:
    accepts = Lowered(schema)
    assert accepts({"a": 1})
    assert not accepts({"a": "x"})


def test_identifiers_of_older_drafts() -> None:
    accepts = Lowered(
        in_draft(
            {
                "id": "http://x.test/root.json",
                "properties": {
                    "a": {"$ref": "folder/n.json#"},
                    "b": {"$ref": "#anchor"},
                    "id": {"type": "string"},
                },
                "definitions": {
                    "n": {"id": "folder/n.json", **NUMBER},
                    "m": {"id": "#anchor", "type": "null"},
                },
            },
            "4",
        )
    )
    assert accepts({"a": 1, "b": None, "id": "x"})
    assert not accepts({"a": "x"})
    assert not accepts({"b": 1})
    assert not accepts({"id": 1})


def test_an_identifier_beside_an_old_reference_is_ignored() -> None:
    accepts = Lowered(
        in_draft(
            {
                "$id": "http://x.test/root",
                "properties": {"a": {"$id": "http://y.test/", "$ref": "#/definitions/n"}},
                "definitions": {"n": NUMBER},
            },
            "7",
        )
    )
    assert not accepts({"a": "x"})


@pytest.mark.parametrize(
    "reference",
    ["#/$defs/m", "#/items/a/b", "#/x/1", "#/x/-1", "#/x/01", "#/x/0x", "#/x/1000000000000", "#n"],
)
def test_references_to_nowhere(reference: str) -> None:
    schema = {"items": {"$ref": reference}, "$defs": {"n": {}}, "x": [{}]}
    assert invalid_at(schema) == "/items/$ref"


def test_a_reference_to_no_schema() -> None:
    schema = {"items": {"$ref": "#/enum/0"}, "enum": ["a"]}
    assert invalid_at(schema) == "/enum/0"
    assert invalid_at({"items": {"$ref": 5}}) == "/items/$ref"


def test_other_documents_come_from_the_registry_alone() -> None:
    schema = {"properties": {"a": {"$ref": "http://x.test/other#/$defs/n"}}}
    assert refused_at(schema) == ("/properties/a/$ref", "$ref")
    other = DRAFT202012.create_resource({"$defs": {"n": {"$ref": "#/$defs/m"}, "m": NUMBER}})
    registry: Registry[Any] = Registry().with_resource("http://x.test/other", other)
    accepts = Lowered(schema, registry=registry)
    assert accepts({"a": 1})
    assert not accepts({"a": "x"})


def test_a_document_names_its_own_draft() -> None:
    other = in_draft({"items": [{"type": "null"}], "additionalItems": False}, "7")
    registry: Registry[Any] = Registry().with_resource(
        "http://x.test/other", Resource.from_contents(other, DRAFT7)
    )
    accepts = Lowered({"$ref": "http://x.test/other"}, registry=registry)
    assert accepts([None])
    assert not accepts([None, 1])


def test_a_document_without_schema_is_read_in_the_draft_of_its_resource() -> None:
    other = {"items": [{"type": "null"}]}
    schema = {"$ref": "http://x.test/other"}
    registry: Registry[Any] = Registry().with_resource(
        "http://x.test/other", DRAFT7.create_resource(other)
    )
    accepts = Lowered(schema, registry=registry)
    assert accepts([None, 1])
    assert not accepts([1])
    registry = Registry().with_resource("http://x.test/other", Resource.opaque(other))
    assert invalid_at(schema, registry=registry) == "(registered schema)#/items"


def test_what_a_document_holds_is_read_in_its_draft() -> None:
    inner = {"$id": "http://x.test/inner", "items": [{"type": "null"}]}
    first = {"allOf": [{"$ref": "http://x.test/second"}], "definitions": {"inner": inner}}
    found = {
        "http://x.test/first": DRAFT7.create_resource(first),
        "http://x.test/second": DRAFT202012.create_resource({"$ref": "http://x.test/inner"}),
    }
    registry: Registry[Any] = Registry(retrieve=found.__getitem__)  # type: ignore[call-arg]
    accepts = Lowered({"$ref": "http://x.test/first"}, registry=registry)
    assert accepts([None, 1])
    assert not accepts([1])


def test_an_embedded_resource_is_read_in_the_draft_around_it_wherever_references_come_from() -> (
    None
):
    inner = {"$id": "http://x.test/inner", "items": [{"type": "null"}]}
    outer = in_draft({"$id": "http://x.test/outer", "definitions": {"inner": inner}}, "7")
    accepts = Lowered({"$ref": "http://x.test/inner", "$defs": {"outer": outer}})
    assert accepts([None, 1])
    assert not accepts([1])


def test_one_object_is_a_resource_of_its_own_at_each_place() -> None:
    shared = {"$id": "item", "$ref": "other"}

    def resource(uri: str, kind: str) -> dict[str, Any]:
        other = {"$id": "other", "type": kind}
        return {"$id": uri, "properties": {"p": shared}, "$defs": {"o": other}}

    accepts = Lowered(
        {
            "properties": {"a": {"$ref": "http://a.test/x"}, "b": {"$ref": "http://b.test/x"}},
            "$defs": {
                "a": resource("http://a.test/x", "integer"),
                "b": resource("http://b.test/x", "string"),
            },
        }
    )
    assert accepts({"a": {"p": 1}, "b": {"p": "x"}})
    assert not accepts({"a": {"p": "x"}})
    assert not accepts({"b": {"p": 1}})


@pytest.mark.parametrize("first", ["7", "2020-12"])
def test_a_document_of_no_draft_is_read_in_that_of_each_reference(first: str) -> None:
    document = {
        "properties": {"p": {"$ref": "#/definitions/n", "type": "string"}},
        "definitions": {"n": {}},
    }
    registry: Registry[Any] = Registry().with_resource(
        "http://x.test/other", Resource.opaque(document)
    )
    reference = {"$ref": "http://x.test/other"}
    old = in_draft({"$id": "http://x.test/7", "allOf": [reference]}, "7")
    drafts = {"7": old, "2020-12": reference}
    order = sorted(drafts, key=lambda name: name != first)
    accepts = Lowered({"properties": {name: drafts[name] for name in order}}, registry=registry)
    assert accepts({"7": {"p": 1}})
    assert not accepts({"2020-12": {"p": 1}})


def test_relative_references_are_relative_to_what_a_document_calls_itself() -> None:
    found = {
        "http://x.test/a": {"$id": "http://y.test/b", "items": {"$ref": "c"}},
        "http://y.test/c": {"type": "string"},
        "http://x.test/c": {"type": "number"},
    }
    registry: Registry[Any] = Registry().with_resources(
        (uri, DRAFT202012.create_resource(schema)) for uri, schema in found.items()
    )
    accepts = Lowered({"$ref": "http://x.test/a"}, registry=registry)
    assert accepts(["x"])
    assert not accepts([1])


def test_a_static_reference_to_a_dynamic_anchor_is_static() -> None:
    inner = {"$id": "b", "$defs": {"m": {"$dynamicAnchor": "m", "type": "string"}}}
    outer = {"$dynamicAnchor": "m", "type": "integer"}
    schema = {"$id": "http://x.test/r", "$defs": {"m": outer, "q": inner}}
    accepts = Lowered({**schema, "properties": {"k": {"$ref": "b#m"}}})
    assert accepts({"k": "x"})
    assert not accepts({"k": 1})
    accepts = Lowered({**schema, "properties": {"k": {"$dynamicRef": "b#m"}}})
    assert accepts({"k": 1})
    assert not accepts({"k": "x"})


def test_what_refers_to_itself_statically_is_not_extended() -> None:
    node = {"data": True, "children": {"items": {"$ref": "#node"}}}
    tree = {"$id": "tree", "$dynamicAnchor": "node", "type": "object", "properties": node}
    root = {"$id": "http://x.test/r", "$dynamicAnchor": "node", "$ref": "tree"}
    accepts = Lowered({**root, "unevaluatedProperties": False, "$defs": {"tree": tree}})
    assert accepts({"children": [{"daat": 1}]})
    assert not accepts({"daat": 1})


@pytest.mark.parametrize(
    ("place", "is_schema"),
    [
        ({"properties": {"default": 0}}, True),
        ({"$defs": {"const": 0}}, True),
        ({"allOf": [{"additionalProperties": {"not": {"enum": [9]}, "anyOf": [{}, 0]}}]}, True),
        ({"x-foo": 0}, False),
        ({"examples": [0]}, False),
        ({"properties": {"a": {"const": 0}}}, False),
        ({"additionalItems": 0}, False),
    ],
)
def test_anchors_are_those_of_subschemas(place: dict[str, Any], is_schema: bool) -> None:
    def put(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [put(inner) for inner in value]
        return {"$dynamicAnchor": "n", "type": ["integer", "object"]} if value == 0 else value

    inner = {
        "$id": "b",
        "properties": {"k": {"$dynamicRef": "#n"}},
        "$defs": {"z": {"$dynamicAnchor": "n", "type": "string"}},
    }
    placed = put(place)
    defs = {"q": inner, **placed.pop("$defs", {})}
    accepts = Lowered({"$id": "http://x.test/r", "$ref": "b", "$defs": defs, **placed})
    assert accepts({"k": 1}) == is_schema
    assert accepts({"k": "x"}) != is_schema


@pytest.mark.parametrize("draft", ["4", "6", "7"])
def test_names_in_older_drafts_are_identifiers(draft: str) -> None:
    keyword = "id" if draft == "4" else "$id"
    named = {"n": {keyword: "#m", "type": "number"}}
    hidden = {"n": {keyword: "#m", "$ref": "#"}}
    for definitions, leads in ((named, True), (hidden, False)):
        schema = in_draft({"items": {"$ref": "#m"}, "definitions": definitions}, draft)
        if not leads:
            assert invalid_at(schema) == "/items/$ref"
            continue
        accepts = Lowered(schema)
        assert accepts([1])
        assert not accepts(["x"])


def test_what_a_retrieval_raises_is_told() -> None:
    def retrieve(uri: str) -> Resource[Any]:
        raise OSError("no network\nhere")

    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    with pytest.raises(UnsupportedSchema, match=r"could not retrieve .* OSError: 'no network"):
        Lowered({"$ref": "http://x.test/other"}, registry=registry)


def test_errors_in_another_document_name_it() -> None:
    other = DRAFT202012.create_resource({"$id": "http://x.test/other", "minLength": -1})
    registry: Registry[Any] = Registry().with_resource("http://x.test/other", other)
    pointer = invalid_at({"$ref": "http://x.test/other"}, registry=registry)
    assert pointer == "http://x.test/other#/minLength"


def test_a_resource_is_retrieved_once() -> None:
    asked: list[str] = []

    def retrieve(uri: str) -> Resource[Any]:
        asked.append(uri)
        if uri != "http://x.test/list":
            raise NoSuchResource(uri)
        return DRAFT202012.create_resource(
            {"properties": {"next": {"$ref": "http://x.test/list"}, "n": NUMBER}}
        )

    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    schema = {"properties": {name: {"$ref": "http://x.test/list"} for name in "abc"}}
    accepts = Lowered(schema, registry=registry)
    assert asked == ["http://x.test/list"]
    assert accepts({"a": {"next": {"next": {"n": 1}}}})
    assert not accepts({"a": {"next": {"next": {"n": "x"}}}})


def test_a_malformed_document_is_no_crash() -> None:
    schema = {"properties": {"a": {"$ref": "#n"}}, "$defs": [], "allOf": 5}
    assert invalid_at(schema) in ("/properties/a/$ref", "/allOf")


@pytest.mark.parametrize("keyword", ["enum", "const", "default", "examples"])
def test_references_inside_values_are_values(keyword: str) -> None:
    value = {"$ref": "#/nowhere"}
    accepts = Lowered({keyword: [value] if keyword == "enum" else value})
    assert accepts(value)


def test_dynamic_references_mean_the_outermost_anchor() -> None:
    schema: dict[str, Any] = {
        "$dynamicAnchor": "n",
        "items": {"$dynamicRef": "#n"},
        "type": "array",
    }
    accepts = Lowered(schema)
    assert accepts([[], [[]]])
    assert not accepts([[], [1]])
    # An extension of the tree: what it refers to refers back to it.
    tree = {
        "$id": "tree",
        "$dynamicAnchor": "node",
        "properties": {"children": {"items": {"$dynamicRef": "#node"}}},
    }
    strict = {
        "$id": "strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {"tree": tree},
    }
    accepts = Lowered(strict)
    assert accepts({"children": [{"children": []}]})
    assert not accepts({"children": [{"daat": 1}]})
    loose = Lowered({"$ref": "tree", "$defs": {"tree": tree}})
    assert loose({"children": [{"daat": 1}]})


def test_recursive_references_mean_the_outermost_root() -> None:
    tree = {
        "$id": "tree",
        "$recursiveAnchor": True,
        "properties": {"children": {"items": {"$recursiveRef": "#"}}},
    }
    strict = {
        "$id": "strict",
        "$recursiveAnchor": True,
        "$ref": "tree",
        "required": ["name"],
        "$defs": {"tree": tree},
    }
    accepts = Lowered(in_draft(strict, "2019-09"))
    assert accepts({"name": 1, "children": [{"name": 1}]})
    assert not accepts({"name": 1, "children": [{}]})
    plain = in_draft({"items": {"$recursiveRef": "#"}, "type": "array"}, "2019-09")
    accepts = Lowered(plain)
    assert accepts([[], [[]]])
    assert not accepts([[], [1]])


@pytest.mark.parametrize("draft", ["4", "6", "7"])
@pytest.mark.parametrize("names_first", [False, True])
def test_dependencies_may_be_names_and_schemas(draft: str, names_first: bool) -> None:
    """``referencing`` tells by the first what all of them are."""
    entries: list[tuple[str, Any]] = [("x", {"properties": {"b": {"$ref": "#n"}}}), ("y", ["b"])]
    identifier = "id" if draft == "4" else "$id"
    inner = {"definitions": {"n": {identifier: "#n", **NUMBER}}}
    entries.append(("z", inner))
    if names_first:
        entries.insert(0, entries.pop(1))
    accepts = Lowered(in_draft({"dependencies": dict(entries)}, draft))
    assert accepts({"x": 0, "b": 1})
    assert not accepts({"x": 0, "b": "x"})
    assert not accepts({"y": 0})


def within_itself() -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    schema["$defs"] = {"a": schema}
    return schema


def doubled(times: int) -> dict[str, Any]:
    """A schema in 2**times places."""
    schema: dict[str, Any] = {}
    for _ in range(times):
        schema = {"allOf": [schema, schema]}
    return schema


@pytest.mark.parametrize("endless", [within_itself(), doubled(60)])
def test_documents_that_hold_themselves_are_over_budget(endless: dict[str, Any]) -> None:
    """The search of a URI would see each place of them."""
    schema = {"$id": "http://x.test/root", "$defs": {"x": endless}, "items": {"$ref": "other#b"}}
    with pytest.raises(CompileBudgetExceeded, match="1000000 values in a schema"):
        Lowered(schema)
    resource = Resource(contents=endless, specification=DRAFT202012)
    registry: Registry[Any] = Registry(retrieve=lambda uri: resource)  # type: ignore[call-arg]
    with pytest.raises(CompileBudgetExceeded, match="1000000 values in a schema"):
        Lowered({"items": {"$ref": "http://x.test/other#b"}}, registry=registry)
