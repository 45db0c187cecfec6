"""The law: whatever rows came before, a row's mask is that of a fresh matcher fed with its text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import grammarlib as gl
from grammarlib.runtime import prefix_masks
from grammarlib.runtime.bitmask import unpack_token_bitmask
from grammarlib.runtime.prefix_masks import PrefixMasks

TOKENS = [*(bytes([b]) for b in range(256)), b'{"', b'":', b'"a', b"12", b"[1", b"],", None, None]
END, OTHER_END, PAD = 263, 270, 262
VOCAB = gl.Vocabulary.from_tokens(TOKENS, [END, OTHER_END], vocab_size=275)
SCHEMA = {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"enum": ["a", "ab", "b"]}]}}
COMPILED = gl.compile(gl.JSONSchema(SCHEMA), VOCAB)
Row = tuple[int, ...]
ENDS = frozenset({END, OTHER_END})


def fresh(text: Row) -> frozenset[int]:
    """What a matcher of its own allows after a text; end tokens where that is over."""
    matcher = COMPILED.matcher()
    for token in text:
        if not (0 <= token < VOCAB.vocab_size and matcher.accept_token(token)):
            return ENDS
        if matcher.is_terminated():
            return ENDS
    mask = gl.allocate_token_bitmask(1, VOCAB.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    return frozenset(np.flatnonzero(unpack_token_bitmask(mask[0], VOCAB.vocab_size)).tolist())


def ask(masks: PrefixMasks, rows: list[Row]) -> list[frozenset[int]]:
    bits = unpack_token_bitmask(masks.masks(np.array(rows, dtype=np.int64)), VOCAB.vocab_size)
    return [frozenset(np.flatnonzero(row).tolist()) for row in bits]


def spell(text: str) -> Row:
    return tuple(text.encode())


def next_token(data: st.DataObject, text: Row) -> int:
    allowed = sorted(fresh(text))
    anything = st.sampled_from(
        [PAD, END, OTHER_END, ord("x"), ord("["), ord(","), 274, 10**9, -100]
    )
    return data.draw(st.sampled_from(allowed) | anything)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.data())
def test_a_mask_depends_on_the_row_alone(data: st.DataObject) -> None:
    """Rows swap, vanish, come back, branch, and are asked for at lengths passed long ago."""
    start = data.draw(st.integers(0, 4))
    ids = st.sampled_from([PAD, ord("["), ord("1"), END])
    prompts = data.draw(st.lists(st.tuples(*[ids] * start), min_size=1, max_size=3))
    known: list[set[Row]] = [set(prompts)]  # rows asked for, by the length of their text
    masks = PrefixMasks(COMPILED)
    assert ask(masks, prompts) == [fresh(())] * len(prompts)
    for _ in range(data.draw(st.integers(1, 14))):
        length = data.draw(st.integers(0, len(known)))
        rows: list[Row] = []
        if length < len(known):
            rows += data.draw(st.lists(st.sampled_from(sorted(known[length])), max_size=3))
        if length > 0:
            heads = st.sampled_from(sorted(known[length - 1]))
            for head in data.draw(st.lists(heads, max_size=3)):
                rows.append((*head, next_token(data, head[start:])))
        # A call with nothing but new and refused rows is of another kind: it begins texts.
        if not any(fresh(row[start:]) != ENDS for row in rows):
            continue
        rows = data.draw(st.permutations(rows))
        assert ask(masks, rows) == [fresh(row[start:]) for row in rows]
        if length == len(known):
            known.append(set())
        known[length].update(rows)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.data())
def test_with_the_prompts_length_rows_may_jump(data: st.DataObject) -> None:
    """No row need have been seen, however little is kept."""
    with pytest.MonkeyPatch.context() as patch:
        if data.draw(st.booleans()):
            patch.setattr(prefix_masks, "_PREFIXES", data.draw(st.integers(1, 6)))
            patch.setattr(prefix_masks, "_MATCHERS", data.draw(st.integers(1, 2)))
        masks = PrefixMasks(COMPILED, prompt_length=2)
        texts: list[Row] = [()]
        for _ in range(data.draw(st.integers(1, 12))):
            text = data.draw(st.sampled_from(texts))
            for _ in range(data.draw(st.integers(0, 3))):
                text = (*text, next_token(data, text))
            texts.append(text)
            rows = [(7, 9, *text)] + [(8, 9, *other) for other in texts if len(other) == len(text)]
            assert ask(masks, rows) == [fresh(row[2:]) for row in rows]


def test_a_row_that_extends_nothing_begins_a_text() -> None:
    masks = PrefixMasks(COMPILED)
    prompt = spell("Say: ")
    assert ask(masks, [prompt]) == [fresh(())]
    assert ask(masks, [(*prompt, ord("["))]) == [fresh(spell("["))]
    other = (*prompt, *spell("[1 more"))
    assert ask(masks, [other]) == [fresh(())]
    assert ask(masks, [(*other, ord("["))]) == [fresh(spell("["))]
    assert ask(masks, [(*prompt, *spell("[1"))]) == [fresh(spell("[1"))]


def test_a_prompt_of_one_token_more_begins_a_text_where_the_grammar_refuses_it() -> None:
    masks = PrefixMasks(COMPILED)
    ask(masks, [spell("ab"), spell("cd")])
    assert ask(masks, [spell("ab:"), spell("cd:")]) == [fresh(())] * 2
    assert ask(masks, [spell("ab:["), spell("cd:x")]) == [fresh(spell("[")), ENDS]
    # Refused beside a row that goes on: a beam of probability 0, and it stays one.
    assert ask(masks, [spell("ab:[x"), spell("ab:[1")]) == [ENDS, fresh(spell("[1"))]
    assert ask(masks, [spell("ab:[x")]) == [ENDS]


def test_reset_forgets_what_was_a_text() -> None:
    masks = PrefixMasks(COMPILED)
    for end in range(1, 4):
        ask(masks, [spell("a[1")[:end]])
    assert ask(masks, [spell("a[1")]) == [fresh(spell("[1"))]
    masks.reset()
    assert ask(masks, [spell("a[1")]) == [fresh(())]


def test_a_text_is_read_again_when_its_matcher_is_gone() -> None:
    masks = PrefixMasks(COMPILED)
    for end in range(1, 5):
        ask(masks, [spell("a[1,")[:end]])
    for other in range(2 * prefix_masks._MATCHERS):
        ask(masks, [(1000 + other,)])
    for end in range(4, 9):
        assert ask(masks, [spell("a[1,12]")[:end]]) == [fresh(spell("[1,12]")[: end - 1])]


def test_what_was_asked_for_last_is_kept() -> None:
    masks = PrefixMasks(COMPILED)
    ask(masks, [spell("a")])
    for other in range(2 * prefix_masks._PREFIXES):
        ask(masks, [(1000 + other,)])
        if other % 1000 == 0:
            ask(masks, [spell("a")])
    assert ask(masks, [spell("a[")]) == [fresh(spell("["))]
    assert ask(masks, [(1000, ord("["))]) == [fresh(())]  # long gone


def test_rows_of_no_tokens_begin_texts() -> None:
    masks = PrefixMasks(COMPILED)
    assert ask(masks, [(), ()]) == [fresh(())] * 2
    assert ask(masks, [spell("["), spell("[")]) == [fresh(spell("["))] * 2
    with pytest.raises(ValueError, match="rows of 1 tokens have no prompt of 2"):
        PrefixMasks(COMPILED, prompt_length=2).masks(np.zeros((1, 1), np.int64))


class Counting:
    """A compiled grammar that counts what its matchers are asked to do."""

    def __init__(self) -> None:
        self.vocab = VOCAB
        self.calls = {"matcher": 0, "accept": 0, "fork": 0, "rollback": 0, "fill": 0}

    def matcher(self) -> Any:
        self.calls["matcher"] += 1
        return CountingMatcher(self.calls, COMPILED.matcher())


class CountingMatcher:
    def __init__(self, calls: dict[str, int], inner: gl.Matcher) -> None:
        self.calls = calls
        self.inner = inner

    def accept_token(self, token: int) -> bool:
        self.calls["accept"] += 1
        return self.inner.accept_token(token)

    def fork(self) -> CountingMatcher:
        self.calls["fork"] += 1
        return CountingMatcher(self.calls, self.inner.fork())

    def rollback(self, steps: int) -> None:
        self.calls["rollback"] += 1
        self.inner.rollback(steps)

    def fill_next_token_bitmask(self, mask: NDArray[np.int32], row: int = 0) -> None:
        self.calls["fill"] += 1
        self.inner.fill_next_token_bitmask(mask, row)

    def is_terminated(self) -> bool:
        return self.inner.is_terminated()


def counted() -> tuple[PrefixMasks, dict[str, int]]:
    counting: Any = Counting()
    return PrefixMasks(counting), counting.calls


def test_each_new_token_is_accepted_once() -> None:
    masks, calls = counted()
    text = spell("[" + "1,2,33," * 30)
    for end in range(len(text) + 1):
        ask(masks, [(prompt, *text[:end]) for prompt in (65, 66, 67)])
    expected = 3 * len(text)
    assert calls == {
        "matcher": 3,
        "accept": expected,
        "fork": 0,
        "rollback": 0,
        "fill": expected + 3,
    }


def test_a_draft_is_read_once_and_verified_from_the_table() -> None:
    """Drafts of eight tokens, five of them kept and one put in: lengths go 0–8, 0–8, 6–14, …"""
    masks, calls = counted()
    prompt, text = spell("Q"), spell("[" + "1," * 60)
    at = drafted = 0
    while at < 100:
        draft = (*text[: at + 5], *spell("2,2"))
        for _ in range(2):
            for end in range(at, at + 9):
                assert ask(masks, [(*prompt, *draft[:end])]) == [fresh(draft[:end])]
        drafted += 8
        at += 6
    assert calls["accept"] <= drafted + at
    assert calls["matcher"] == 1
    assert calls["fork"] <= drafted // 8


def test_memory_is_bounded() -> None:
    """Branching rows: each step has digits after two of the last rows, all of them in a text."""
    masks = PrefixMasks(COMPILED)
    generator = np.random.default_rng(0)
    rows: list[Row] = [(7, ord("["))] * 4
    ask(masks, [(7,)])
    for _ in range(700):
        assert ask(masks, rows) == [fresh(row[1:]) for row in rows]
        heads = [rows[i] for i in generator.integers(0, 4, 2)]
        rows = [(*head, digit) for head in heads for digit in spell("12")]
    assert len(masks._prefixes) == prefix_masks._PREFIXES
    readings = {row.reading for row in masks._prefixes.values() if row.reading is not None}
    assert len(readings) > 2 * prefix_masks._MATCHERS
    kept = [reading for reading in readings if reading.matcher is not None]
    assert len(kept) == prefix_masks._MATCHERS
