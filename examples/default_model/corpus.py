"""Mixes all sorts of examples into the training stream and the held-out set.

Training examples are a function of (seed, index) alone, so that a run can be repeated, resumed and
checked; held-out examples are records only, always with their schema, and every open value in
them is one that no training example can hold (see ``values``). Cost: about 0.2 ms an example.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

from examples.default_model import generic, records
from examples.default_model.records import KINDS, Example
from examples.default_model.values import Values

HELD_OUT_SEED = 20_480
HELD_OUT_COUNT = 500
WITHOUT_SCHEMA = 0.12
REGULAR_FROM = 96_256  # examples before it are of varied shapes, later ones as held-out prompts


def one_example(rng: random.Random, easy: float, regular: bool) -> Example:
    """Draw one training example.

    Parameters
    ----------
    rng
        The source of randomness.
    easy
        Between 0 and 1: how much of the stream is short, plain copying (the curriculum).
    regular
        Whether values are of regular shapes, as in held-out prompts.
    """
    values = Values(rng, "train", regular)
    if rng.random() < easy:
        if rng.random() < 0.5:
            return generic.pairs(values, 3)
        return records.record(values, rng.choice(KINDS), 3)
    sort = rng.random()
    if sort < 0.06:
        example = generic.pairs(values)
    elif sort < 0.135:
        example = generic.free(values)
    elif sort < 0.14:  # long schemas, so that distant positions are not news
        example = generic.free(values, 24, 3)
    elif sort < 0.16:
        return records.several_records(values, rng.choice(KINDS))
    else:
        example = records.record(values, rng.choice(KINDS))
    if rng.random() < WITHOUT_SCHEMA:
        return dataclasses.replace(example, schema=None)
    return example


def training_example(seed: int, index: int, easy: float = 0.0) -> Example:
    """The training example at an index; equal arguments give equal examples."""
    return one_example(random.Random(f"{seed}/{index}"), easy, index >= REGULAR_FROM)


def training_examples(seed: int, start: int, count: int) -> Iterator[Example]:
    """A run of training examples from an index on."""
    return (training_example(seed, index) for index in range(start, start + count))


def held_out_examples(count: int = HELD_OUT_COUNT, seed: int = HELD_OUT_SEED) -> list[Example]:
    """The held-out prompts: records of all kinds, whose open values never occur in training."""
    rng = random.Random(seed)
    values = Values(rng, "held_out", regular=True)
    return [records.record(values, KINDS[index % len(KINDS)]) for index in range(count)]
