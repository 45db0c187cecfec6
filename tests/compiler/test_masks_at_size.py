"""Every bit of masks over Llama 3's vocabulary, against the bytes of every token, one by one.

Schemas of MaskBench, at random positions of their valid instances, with both orders of properties:
all 128,256 bits, special ids and end tokens included, equal what ``accept_bytes`` of the token's
bytes says on a fork, and what ``accept_token`` says. The exhaustive run prints the table that is
kept in ``benchmarks/results/masks_by_brute_force.md``.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import grammarlib as gl
from tests.compiler.json_schema.shared_data import maskbench
from tests.compiler.vocabulary.real import llama3

ORDERS = ("declared", "any")
# <|end_of_text|> and <|eot_id|>
ENDS = (128_001, 128_009)


@dataclass
class Counts:
    """What was compared."""

    schemas: int = 0
    positions: int = 0
    accepting: int = 0
    bits: int = 0
    set_bits: int = 0
    differing: int = 0
    seconds: float = 0.0


def allowed(matcher: gl.Matcher, size: int) -> Any:
    """The bits of a mask, shape [size], bool."""
    mask = gl.allocate_token_bitmask(1, size)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
    return bits[:size].astype(bool)


def by_bytes(matcher: gl.Matcher, vocab: gl.Vocabulary, tokens: list[bytes | None]) -> Any:
    """What each token's bytes, alone on a fork, make of it; an end token, whether texts may end."""
    accepting = matcher.is_accepting()
    verdicts = np.zeros(len(tokens), dtype=bool)
    for token, data in enumerate(tokens):
        if data is not None:
            verdicts[token] = matcher.fork().accept_bytes(data)
    verdicts[list(vocab.eos_ids)] = accepting
    return verdicts


def by_tokens(matcher: gl.Matcher, size: int) -> Any:
    """What ``accept_token`` says of each token, alone on a fork."""
    return np.array([matcher.fork().accept_token(token) for token in range(size)])


def positions(
    compiled: gl.CompiledGrammar, texts: list[str], chance: random.Random, number: int
) -> list[gl.Matcher]:
    """Matchers at random positions of a text, as far as it is accepted, its end among them."""
    text = chance.choice(texts)
    tokens = llama3().encode(text, disallowed_special=())
    matcher = compiled.matcher()
    reached = [matcher.fork()]
    for token in tokens:
        if not matcher.accept_token(token):
            break
        reached.append(matcher.fork())
    return chance.sample(reached, min(number, len(reached)))


def cases(chance: random.Random) -> Iterator[tuple[str, Any, list[str]]]:
    """Name, schema and texts of the cases that have a valid instance, in random order."""
    every = sorted(maskbench(), key=lambda case: case[0])
    chance.shuffle(every)
    for name, case in every:
        valid = [test["data"] for test in case["tests"] if test["valid"]]
        if valid:
            yield name, case["schema"], [json.dumps(data, ensure_ascii=False) for data in valid]


def compare(order: Any, schemas: int, number: int, seed: int) -> Counts:
    chance = random.Random(seed)
    encoding = llama3()
    vocab = gl.Vocabulary.from_tiktoken(encoding, eos_ids=ENDS, vocab_size=128_256)
    tokens = list(vocab.table.tokens)
    counts = Counts()
    begun = time.monotonic()
    for name, schema, texts in cases(chance):
        if counts.schemas == schemas:
            break
        try:
            compiled = gl.compile(gl.JSONSchema(schema, property_order=order), vocab)
        except gl.GrammarlibError:
            continue
        counts.schemas += 1
        for matcher in positions(compiled, texts, chance, number):
            bits = allowed(matcher, len(tokens))
            expected = by_bytes(matcher, vocab, tokens)
            taken = by_tokens(matcher, len(tokens))
            wrong = np.flatnonzero((bits != expected) | (bits != taken))
            counts.positions += 1
            counts.accepting += matcher.is_accepting()
            counts.bits += len(bits)
            counts.set_bits += int(bits.sum())
            counts.differing += len(wrong)
            shown = [(int(token), tokens[token], bool(bits[token])) for token in wrong[:5]]
            assert not shown, (name, order, shown)
    counts.seconds = time.monotonic() - begun
    return counts


@pytest.mark.parametrize("order", ORDERS)
def test_a_few_positions(order: str) -> None:
    counts = compare(order, schemas=3, number=1, seed=1)
    assert counts.bits == counts.positions * 128_256 > 0


@pytest.mark.exhaustive
def test_three_positions_of_two_hundred_schemas() -> None:
    print("\n| order | schemas | positions | at an end | bits compared | set | differing | s |")
    print("|---|---|---|---|---|---|---|---|")
    for order in ORDERS:
        c = compare(order, schemas=200, number=3, seed=7)
        print(
            f"| {order} | {c.schemas} | {c.positions} | {c.accepting} | {c.bits:,} "
            f"| {c.set_bits:,} | {c.differing} | {c.seconds:.0f} |",
            flush=True,
        )
        assert c.schemas == 200
        assert c.positions > 550
