"""What is called disjoint shares no instance; what evidently is, is called so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from grammarlib.compiler.json_schema.builder import EVERY_TYPE, OBJECT
from grammarlib.compiler.json_schema.disjoint import Outlines
from grammarlib.compiler.json_schema.drafts import BY_URI, DEFAULT
from grammarlib.compiler.json_schema.references import Documents
from grammarlib.errors import CompileBudgetExceeded
from tests.compiler.json_schema.documents import Chance
from tests.compiler.json_schema.judge import by_jsonschema


def overlapping(
    *branches: Any, root: Any = None, limit: int = EVERY_TYPE
) -> list[tuple[int, int]] | None:
    scope = Documents(BY_URI, None).scope(root or {}, DEFAULT, ())
    return Outlines().overlapping([(branch, scope) for branch in branches], limit)


def tagged(tag: str, **extra: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": tag}, **extra},
        "required": ["kind"],
    }


def test_numbers_beyond_floats_are_compared_as_they_are() -> None:
    one, both = Decimal("1e390"), [Decimal("1e390"), 2]
    assert overlapping({"const": one}, {"enum": both}) == [(0, 1)]
    assert overlapping({"const": one}, {"const": Decimal("1e391")}) == []
    assert overlapping({"const": 10**390}, {"enum": both}) == [(0, 1)]


def test_numbers_of_too_many_digits_are_over_budget() -> None:
    with pytest.raises(CompileBudgetExceeded):
        overlapping({"const": 10**500}, {"const": 1})


@pytest.mark.parametrize(
    "branches",
    [
        ({"type": "string"}, {"type": ["null", "array"]}, {"type": "number"}),
        ({"enum": ["a", 1]}, {"enum": ["b", 2.0, None]}),
        ({"const": 1}, {"const": True}),
        ({"const": False}, {"const": True}),
        (tagged("a"), tagged("b"), tagged("c")),
        (tagged("a"), {"properties": {"kind": {"enum": ["b"]}}, "type": "object"}),
        ({"type": "array", "maxItems": 1}, {"type": "array", "minItems": 2}),
        (
            {"type": "object", "required": ["a"]},
            {"type": "object", "properties": {"b": {}}, "additionalProperties": False},
        ),
        ({"type": "object", "required": ["a"]}, {"type": "object", "properties": {"a": False}}),
        ({"type": "object", "required": ["a"]}, {"not": {"required": ["a"]}}),
        ({"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}),
        ({"anyOf": [{"const": "a"}, {"const": "b"}]}, {"const": "c"}),
        ({"allOf": [tagged("a"), {"required": ["x"]}]}, tagged("b")),
        (False, {}),
    ],
)
def test_evidently_disjoint(branches: tuple[Any, ...]) -> None:
    root = {"$defs": {"a": tagged("a"), "b": {"$ref": "#/$defs/c"}, "c": tagged("b")}}
    assert overlapping(*branches, root=root) == []


@pytest.mark.parametrize(
    "branches",
    [
        ({"type": "number"}, {"type": "integer"}),
        ({"const": 1}, {"enum": [1.0]}),
        ({"required": ["a"]}, {"required": ["b"]}),
        ({"properties": {"k": {"const": 1}}}, {"properties": {"k": {"const": 2}}}),
        ({}, {"type": "null"}),
        ({"$ref": "#/$defs/loop"}, {"type": "null"}),
        ({"type": "array", "maxItems": 2}, {"type": "array", "minItems": 2}),
        (
            {"type": "object", "required": ["a"]},
            {
                "type": "object",
                "patternProperties": {"a": {}},
                "additionalProperties": False,
            },
        ),
    ],
)
def test_not_evidently_disjoint(branches: tuple[Any, ...]) -> None:
    root = {"$defs": {"loop": {"anyOf": [{"$ref": "#/$defs/loop"}]}}}
    assert overlapping(*branches, root=root) == [(0, 1)]


def test_types_that_cannot_be_do_not_count() -> None:
    untyped = [{k: v for k, v in tagged(tag).items() if k != "type"} for tag in "ab"]
    assert overlapping(*untyped) == [(0, 1)]
    assert overlapping(*untyped, limit=OBJECT) == []


def test_disjoint_schemas_share_no_instance() -> None:
    proved = 0
    chance = Chance("2020-12", seed=3)
    for _ in range(1_800):
        one, other = chance.schema(2), chance.schema(2)
        definitions = {"x": chance.schema(1), "y": chance.schema(1)}
        if overlapping(one, other, root={"$defs": definitions}):
            continue
        proved += 1
        root = {"$defs": definitions, "allOf": [one, other]}
        for instance in chance.instances(15):
            assert not by_jsonschema(root, instance), (root, instance)
    assert proved > 200


def test_many_branches_are_told_apart_by_their_tag() -> None:
    branches = [tagged(f"t{i}", x={"type": "string"}) for i in range(2_000)]
    assert overlapping(*branches) == []


def test_the_steps_are_bounded() -> None:
    branches = [{"type": "object", "minProperties": i} for i in range(2_000)]
    assert len(overlapping(*branches[:200]) or []) == 199 * 100
    with pytest.raises(CompileBudgetExceeded, match="pairs of branches"):
        overlapping(*branches)


def test_malformed_targets_are_no_crash() -> None:
    root = {
        "$defs": {
            "a": {"type": 5, "required": 3, "properties": [], "enum": 7, "allOf": {}, "anyOf": 1},
            "b": {"type": ["x", {}], "minItems": "y", "const": float("nan"), "$ref": 5},
        }
    }
    assert overlapping({"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}, root=root) is not None
    assert overlapping({"$ref": "#/nowhere"}, {}, root=root) == [(0, 1)]
