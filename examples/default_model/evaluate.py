"""Measures the default model on 500 held-out prompts, with and without constraints.

    python -m examples.default_model.evaluate [--count 500] [--model runtime/default_model]

The prompts are made by ``corpus.held_out_examples`` from a fixed seed; no open value in them occurs
in training. Decoding is greedy. Without constraints the model writes freely after the prompt
(schema included) until it ends; with constraints ``grammarlib.generate_json`` is given the same
schema and text.

What counts: a *record* is right if its JSON equals the expected value (order of properties aside,
``1`` and ``1.0`` alike, ``1`` and ``true`` not). A *field* is a property of the record, and the
fields counted are those expected together with those written: a property missing, wrong or too
many is one error each. Text that is no JSON object has all its fields wrong.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from examples.default_model.corpus import HELD_OUT_COUNT, held_out_examples
from examples.default_model.records import Example
from grammarlib.errors import Incomplete
from grammarlib.runtime.generate import generate, generate_json
from grammarlib.runtime.model import Model
from grammarlib.runtime.prompt_template import render_prompt

MAX_TOKENS = 400


@dataclass
class Score:
    """Counts over some prompts."""

    prompts: int = 0
    records: int = 0
    fields: int = 0
    fields_right: int = 0

    def add(self, expected: object, written: object) -> None:
        """Count one answer."""
        right, fields = compare(expected, written)
        self.prompts += 1
        self.records += same(expected, written)
        self.fields += fields
        self.fields_right += right

    def __str__(self) -> str:
        records = 100 * self.records / max(1, self.prompts)
        fields = 100 * self.fields_right / max(1, self.fields)
        return f"{records:5.1f}% of {self.prompts} records, {fields:5.1f}% of {self.fields} fields"


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal as JSON (numbers by value, booleans apart)."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def compare(expected: object, written: object) -> tuple[int, int]:
    """The number of fields that are right, and of all that are expected or written."""
    if not isinstance(expected, dict):
        return int(same(expected, written)), 1
    found = written if isinstance(written, dict) else {}
    right = sum(key in found and same(value, found[key]) for key, value in expected.items())
    return right, len(expected.keys() | found.keys())


def without_constraints(model: Model, example: Example) -> object:
    """Greedy free text after the prompt, parsed; ``None`` where it is no JSON."""
    prompt = render_prompt(example.text, example.schema)
    made = generate(None, prompt, model=model, max_tokens=MAX_TOKENS, temperature=0)
    try:
        parsed: object = json.loads(made.text)
    except ValueError:
        return None
    return parsed


def with_constraints(model: Model, example: Example) -> object:
    """Greedy decoding under the schema; ``None`` where the length ran out."""
    assert example.schema is not None
    schema: dict[str, object] = dict(example.schema)
    try:
        return generate_json(
            schema, example.text, model=model, max_tokens=MAX_TOKENS, temperature=0
        )
    except Incomplete:
        return None


def measure(
    examples: Sequence[Example], answer: Callable[[Example], object], name: str
) -> tuple[Score, dict[str, Score]]:
    """Score one way of answering, over all and by kind of record."""
    total = Score()
    kinds: dict[str, Score] = defaultdict(Score)
    for example in tqdm(examples, desc=name):
        written = answer(example)
        total.add(example.answer, written)
        kinds[example.kind].add(example.answer, written)
    return total, kinds


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure the default model.")
    parser.add_argument("--count", type=int, default=HELD_OUT_COUNT)
    parser.add_argument("--model", type=Path, help="a folder; the model that ships if left out")
    arguments = parser.parse_args()
    model = Model.default() if arguments.model is None else Model.from_pretrained(arguments.model)
    examples = held_out_examples(arguments.count)
    ways = {
        "without constraints": lambda example: without_constraints(model, example),
        "with constraints": lambda example: with_constraints(model, example),
    }
    for name, answer in ways.items():
        total, kinds = measure(examples, answer, name)
        print(f"{name}: {total}")
        for kind, score in sorted(kinds.items()):
            print(f"  {kind:10} {score}")


if __name__ == "__main__":
    main()
