"""The whole front end against independent verdicts: jsonschema, MaskBench.

Each document that the front end takes must be judged as the oracle judges it; a refusal is not a
verdict, so each test also demands that enough documents are taken.
"""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema_specifications
import pytest

from grammarlib.compiler.compile import compile
from grammarlib.errors import (
    CompileBudgetExceeded,
    EmptyLanguage,
    GrammarlibError,
    InvalidSchema,
    UnsupportedSchema,
)
from grammarlib.schema import JSONSchema
from tests.compiler.json_schema.core import single_bytes
from tests.compiler.json_schema.documents import draws
from tests.compiler.json_schema.judge import (
    DRAFTS,
    Lowered,
    by_jsonschema,
)
from tests.compiler.json_schema.shared_data import maskbench


@pytest.mark.parametrize("draft", DRAFTS)
def test_random_documents_are_judged_as_jsonschema_judges_them(draft: str) -> None:
    taken = 0
    for schema, instances in draws(draft, seed=1, number=1_000):
        # In this draft `contains` evaluates no items (core, §9.3.1.3); jsonschema says it does.
        text = json.dumps(schema)
        if draft == "2019-09" and '"unevaluatedItems"' in text and '"contains"' in text:
            continue
        try:
            lowered = Lowered(schema)
        except UnsupportedSchema:
            continue
        taken += 1
        for instance in instances:
            assert lowered(instance) == by_jsonschema(schema, instance), (schema, instance)
    assert taken > 600


# -- MaskBench ------------------------------------------------------------------------------------


def _judge_maskbench(step: int) -> tuple[int, int]:
    """Judge every ``step``-th case by the core; return how many are taken, of how many."""
    taken = cases = 0
    for i, (name, case) in enumerate(maskbench()):
        if i % step:
            continue
        cases += 1
        grammar = JSONSchema(
            case["schema"], property_order="any", registry=jsonschema_specifications.REGISTRY
        )
        try:
            compiled = compile(grammar, single_bytes())
        except (UnsupportedSchema, InvalidSchema, CompileBudgetExceeded):
            continue
        except EmptyLanguage:
            assert not any(test["valid"] for test in case["tests"]), name
            continue
        taken += 1
        for test in case["tests"]:
            text = json.dumps(test["data"], ensure_ascii=False)
            matcher = compiled.matcher()
            accepted = matcher.accept_bytes(text.encode()) and matcher.is_accepting()
            assert accepted == test["valid"], (name, test)
    return taken, cases


def test_a_sample_of_maskbench() -> None:
    taken, cases = _judge_maskbench(17)
    assert taken >= 0.85 * cases


@pytest.mark.exhaustive
def test_all_development_cases_of_maskbench() -> None:
    taken, cases = _judge_maskbench(1)
    assert taken >= 0.89 * cases


# -- garbage --------------------------------------------------------------------------------------

GARBAGE = [
    None, True, 5, -1, 1.5, float("nan"), 10**5000, "x", "#", "#/", "http://[", "(", "\ud800",
    [], [[]], {}, {"a": 1}, {1: 2}, (), b"x", object(), {"$ref": 1}, {"$id": "http://["},
    {"$schema": "x"}, {"type": []}, [None], {"$ref": "#/$defs/x/y"}, {"$anchor": 5},
]  # fmt: skip


def _spoil(chance: random.Random, document: Any) -> Any:
    """Replace or rename one node of a document, found by a random walk."""
    if not isinstance(document, dict | list) or not document or chance.random() < 0.15:
        return chance.choice(GARBAGE)
    if isinstance(document, list):
        at = chance.randrange(len(document))
        return [*document[:at], _spoil(chance, document[at]), *document[at + 1 :]]
    key = chance.choice(list(document))
    if chance.random() < 0.1:
        return {**document, chance.choice(["$ref", "$id", "id", "$dynamicRef"]): document[key]}
    return {**document, key: _spoil(chance, document[key])}


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("unsupported", ["error", "record"])
def test_garbage_raises_no_other_errors(draft: str, unsupported: str) -> None:
    chance = random.Random(5)
    lowered = refused = 0
    for document, _ in draws(draft, seed=5, number=600):
        for _ in range(chance.randint(1, 3)):
            document = _spoil(chance, document)
        try:
            Lowered(document, unsupported=unsupported)
            lowered += 1
        except GrammarlibError:
            refused += 1
    assert lowered > 50
    assert refused > 50
