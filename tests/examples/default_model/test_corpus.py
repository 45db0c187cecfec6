"""The training stream and the held-out prompts: repeatable, valid, and apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import jsonschema

from examples.default_model.corpus import (
    HELD_OUT_COUNT,
    REGULAR_FROM,
    held_out_examples,
    training_example,
    training_examples,
)
from examples.default_model.records import KINDS, Example
from examples.default_model.values import Json, side_of

TRAINING = 6000


def open_leaves(value: Json, schema: object) -> Iterator[str | int | float]:
    """Strings and numbers of an answer, but for those of an enum or a constant."""
    if not isinstance(schema, dict) or "enum" in schema or "const" in schema:
        return
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for key, inner in value.items():
            yield from open_leaves(inner, properties.get(key, schema.get("additionalProperties")))
    elif isinstance(value, list):
        for inner in value:
            yield from open_leaves(inner, schema.get("items"))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield value


def leaves(examples: list[Example]) -> set[tuple[str, str | int | float]]:
    return {
        (type(leaf).__name__, leaf)
        for example in examples
        for leaf in open_leaves(example.answer, example.schema)
    }


def test_a_seed_and_an_index_give_one_example() -> None:
    first = list(training_examples(7, 100, 50))
    again = [training_example(7, index) for index in range(100, 150)]
    other = list(training_examples(8, 100, 50))
    assert first == again
    assert first != other
    assert held_out_examples(40) == held_out_examples(40)


def test_every_answer_is_valid_against_its_schema() -> None:
    late = training_examples(1, REGULAR_FROM, 800)
    for example in [*training_examples(1, 0, 800), *late, *held_out_examples()]:
        if example.schema is not None:
            jsonschema.Draft202012Validator(example.schema).validate(example.answer)


def test_values_of_held_out_prompts_never_occur_in_training() -> None:
    held_out = leaves(held_out_examples())
    assert len(held_out) > 1200
    assert all(side_of(value) == "held_out" for _, value in held_out)
    halves = [training_examples(1, start, TRAINING // 2) for start in (0, REGULAR_FROM)]
    training = leaves([example for half in halves for example in half])
    assert len(training) > 10_000
    assert all(side_of(value) == "train" for _, value in training)
    assert not held_out & training


def test_held_out_prompts_are_of_all_kinds_and_show_their_schema() -> None:
    examples = held_out_examples()
    assert len(examples) == HELD_OUT_COUNT == 500
    assert Counter(example.kind for example in examples).keys() == {kind.name for kind in KINDS}
    assert all(example.schema is not None for example in examples)


def test_answers_keep_the_order_of_their_schema() -> None:
    for example in held_out_examples():
        assert isinstance(example.answer, dict)
        assert example.schema is not None
        properties = example.schema["properties"]
        assert isinstance(properties, dict)
        order = list(properties)
        positions = [order.index(key) for key in example.answer]
        assert positions == sorted(positions)


def test_the_stream_varies() -> None:
    examples = list(training_examples(1, 0, 2000))
    kinds = Counter(example.kind for example in examples)
    assert {"pairs", "free"} < kinds.keys()
    assert len(kinds) >= 20
    without = sum(example.schema is None for example in examples) / len(examples)
    assert 0.05 < without < 0.2
    schemas = {str(example.schema) for example in examples}
    assert len(schemas) > 1500
