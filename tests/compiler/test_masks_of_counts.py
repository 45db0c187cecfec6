"""Masks of strings with large counts: at every step, bit by bit, what is accepted."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl

PIECES = [
    "ab",
    '"a',
    'aa"',
    "bbb",
    "\\u00",
    "0061",
    "61",
    '\\"',
    "é",
    "\\u",
    "b\\",
    "a1",
    "11",
    "Aa",
]
LIKELY = b'"ab1A\\u0061c'


@cache
def vocabularies() -> tuple[gl.Vocabulary, gl.Vocabulary]:
    """Single bytes, and pieces of strings and escapes beside them."""
    single: list[bytes] = [bytes([i]) for i in range(256)]
    pieces = [piece.encode() for piece in PIECES] + ["é".encode()[:1] + b"x"]
    end = b"<end>"
    return (
        gl.Vocabulary.from_tokens([*single, end], eos_ids=[256]),
        gl.Vocabulary.from_tokens([*single, *pieces, end], eos_ids=[256 + len(pieces)]),
    )


def patterns() -> st.SearchStrategy[str]:
    atoms = st.sampled_from(["a", "b", "[ab]", "[a-z]", "\\d", ".", "\\w", "(?:a|bb)", "[^a]", "é"])
    least = st.integers(0, 14)
    counts = st.builds(
        lambda m, n, kind: ["", f"{{{m}}}", f"{{{m},{m + n}}}", f"{{{m},}}", "*", "+"][kind],
        least,
        st.integers(0, 9),
        st.sampled_from([0, 1, 1, 2, 2, 3, 4, 5]),
    )
    parts = st.builds(lambda atom, count: atom + count, atoms, counts)
    looks = st.sampled_from(["", "", "", "(?!aaa)", "(?=.*\\d)", "(?!ab)", "(?=[ab])"])
    return st.builds(
        lambda start, look, body, end: start + look + "".join(body) + end,
        st.sampled_from(["^", "^", ""]),
        looks,
        st.lists(parts, min_size=1, max_size=3),
        st.sampled_from(["$", "", ""]),
    )


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    lengths = st.fixed_dictionaries(
        {}, optional={"minLength": st.integers(0, 20), "maxLength": st.integers(9, 30)}
    )
    return st.builds(lambda p, more: {"type": "string", "pattern": p, **more}, patterns(), lengths)


def check(schema: Any, vocab: gl.Vocabulary, seed: int, steps: int = 24) -> None:
    chance = random.Random(seed)
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    try:
        matcher = gl.compile(schema, vocab).matcher()
    except gl.EmptyLanguage:
        return
    text: list[int] = []
    for _ in range(steps):
        matcher.fill_next_token_bitmask(mask)
        bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
        allowed = np.flatnonzero(bits[: vocab.vocab_size]).tolist()
        taken = [t for t in range(vocab.vocab_size) if matcher.validate_tokens([t]) == 1]
        assert allowed == taken, (text, set(allowed) ^ set(taken))
        likely = [t for t in allowed if t > 255 or t in LIKELY] or allowed
        token = int(chance.choice(likely))
        assert matcher.accept_token(token)
        if matcher.is_terminated():
            return
        text.append(token)


@settings(derandomize=True, deadline=None, max_examples=250)
@given(schemas(), st.sampled_from([0, 1]), st.integers(0, 99))
def test_masks_are_what_is_accepted(schema: dict[str, Any], which: int, seed: int) -> None:
    check(schema, vocabularies()[which], seed)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^(?!aaa)\d{10}", ""),
        ("^b{10,}", '"b\\'),
        ("[a-z]{12}", '"\\u'),
        (r"^[A-Z]{2}\d{20}", '"'),
        (r"^[A-Z]{2}\d{20}", '"\\'),
        (r"^(?=.*\d)[a-z0-9]{10}", ""),
        ("^(?!ab)[a-z]{20}", ""),
        (r"^(?:(?:b{10,10})+)", '"\\'),
        (r"^(?:\w*(?:a|bb){0,1}(?:a|bb){10}\w?)", '"aaaaaaaa\\'),
    ],
)
def test_what_may_be_counted_or_follow_is_not_lost(pattern: str, text: str, which: int) -> None:
    vocab = vocabularies()[which]
    matcher = gl.compile({"type": "string", "pattern": pattern}, vocab).matcher()
    assert matcher.accept_bytes(text.encode())
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
    allowed = np.flatnonzero(bits[: vocab.vocab_size]).tolist()
    assert allowed
    assert allowed == [t for t in range(vocab.vocab_size) if matcher.validate_tokens([t]) == 1]
