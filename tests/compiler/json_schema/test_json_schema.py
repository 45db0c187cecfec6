"""The whole front end against independent verdicts: jsonschema, the official suite, MaskBench.

Each document that the front end takes must be judged as the oracle judges it; a refusal is not a
verdict, so each test also demands that enough documents are taken.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema_specifications
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from referencing import Registry, Resource
from referencing.jsonschema import specification_with

from grammarlib.compiler.compile import compile
from grammarlib.errors import (
    CompileBudgetExceeded,
    EmptyLanguage,
    InvalidSchema,
    UnsupportedSchema,
)
from grammarlib.schema import JSONSchema
from tests.compiler.json_schema.core import single_bytes
from tests.compiler.json_schema.documents import documents, instances
from tests.compiler.json_schema.judge import (
    DRAFTS,
    Lowered,
    by_core,
    by_jsonschema,
    core_accepts,
)
from tests.compiler.json_schema.shared_data import maskbench, suite_files


@pytest.mark.parametrize("draft", DRAFTS)
def test_random_documents_are_judged_as_jsonschema_judges_them(draft: str) -> None:
    taken: list[bool] = []

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(documents(draft, DRAFTS[draft]), st.lists(instances, min_size=6, max_size=6))
    def judge(schema: dict[str, Any], values: list[object]) -> None:
        try:
            lowered = Lowered(schema)
        except UnsupportedSchema:
            taken.append(False)
            return
        taken.append(True)
        for value in values:
            assert lowered(value) == by_jsonschema(schema, value), value

    judge()
    assert sum(taken) > 0.6 * len(taken)


@pytest.mark.parametrize("draft", DRAFTS)
def test_the_core_accepts_what_jsonschema_calls_valid(draft: str) -> None:
    taken: list[bool] = []

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(documents(draft, DRAFTS[draft]), st.lists(instances, min_size=6, max_size=6))
    def judge(schema: dict[str, Any], values: list[object]) -> None:
        try:
            compiled = by_core(schema)
        except (UnsupportedSchema, CompileBudgetExceeded):
            taken.append(False)
            return
        except EmptyLanguage:
            assert not any(by_jsonschema(schema, value) for value in values)
            return
        taken.append(True)
        for value in values:
            assert core_accepts(compiled, value) == by_jsonschema(schema, value), value

    judge()
    assert sum(taken) > 0.6 * len(taken)


# -- the official suite ---------------------------------------------------------------------------

# Optional behaviour that this library does not have: content keywords are annotations, and
# ``dependencies`` is no keyword of 2020-12.
NOT_OURS = {"optional/content.json", "optional/dependencies-compatibility.json"}
# How many groups of tests are taken, of all; it only goes up.
TAKEN = {"4": (166, 192), "7": (254, 292), "2020-12": (317, 426)}


def _remotes(draft: str) -> Registry[Any]:
    registry: Registry[Any] = jsonschema_specifications.REGISTRY
    specification = specification_with(DRAFTS[draft])
    for name, contents in suite_files("remotes"):
        if not name.startswith("draft") or name.startswith(f"draft{draft}/"):
            resource = Resource.from_contents(contents, default_specification=specification)
            registry = registry.with_resource(f"http://localhost:1234/{name}", resource)
    return registry


@pytest.mark.parametrize("draft", TAKEN)
def test_the_official_suite(draft: str) -> None:
    registry = _remotes(draft)
    taken = groups = 0
    for name, content in suite_files(f"tests/draft{draft}"):
        if name in NOT_OURS or name.startswith("optional/format/"):
            continue
        for group in content:
            groups += 1
            schema = group["schema"]
            if isinstance(schema, dict):
                schema = {"$schema": DRAFTS[draft], **schema}
            try:
                lowered = Lowered(schema, registry=registry, format="annotate")
            except UnsupportedSchema:
                continue
            taken += 1
            for test in group["tests"]:
                place = f"{name}: {group['description']}: {test['description']}"
                assert lowered(test["data"]) == test["valid"], place
    assert (taken, groups) == TAKEN[draft]


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
