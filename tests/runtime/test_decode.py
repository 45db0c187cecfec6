"""The decoding loop on finite languages, where every law can be written out."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import GrammarlibError
from grammarlib.runtime.decode import Row, decode
from grammarlib.runtime.free_text import FreeText
from grammarlib.runtime.generation import TokenEvent
from grammarlib.runtime.model import FunctionModel, Model
from grammarlib.runtime.sampling import Sampling, masked_law
from tests.runtime.finite import FiniteLanguage

VOCAB = Vocabulary.from_tokens(
    [b"a", b"b", b"ab", b"ba", b"c", None, None, b"\xc3", b"\xa9"], [5, 6]
)
LANGUAGE = FiniteLanguage(VOCAB, ["ab", "aba", "abba", "cab", "c", "b\u00e9b"])
NO_LIMIT: dict[str, Any] = {"max_tokens": 50}


def bigram(tokens: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Scores that depend on the last token and the length, and on nothing else."""
    last = tokens[-1] if tokens else 9
    return np.random.default_rng([last, len(tokens)]).normal(0, 2, VOCAB.vocab_size)


MODEL = FunctionModel(VOCAB, bigram)


def result(row: Row) -> tuple[object, ...]:
    return row.tokens, row.text, row.finish, row.limit, row.stats.forced


def step_law(prefix: Sequence[int], prompt: Sequence[int], sampling: Sampling) -> Any:
    allowed = LANGUAGE.allowed(VOCAB.decode(prefix))
    return masked_law(bigram((*prompt, *prefix)), allowed, sampling)


@pytest.mark.parametrize(
    "sampling", [Sampling(), Sampling(0.7, top_k=2), Sampling(2.0, top_p=0.8), Sampling(min_p=0.3)]
)
def test_sequences_follow_the_product_of_the_masked_laws(sampling: Sampling) -> None:
    """G-test of 4,000 sequences against the exact law over all token sequences."""
    prompt = [4]
    exact = {
        tokens: math.prod(
            step_law(tokens[:i], prompt, sampling)[token] for i, token in enumerate(tokens)
        )
        for tokens in LANGUAGE.token_sequences()
    }
    assert sum(exact.values()) == pytest.approx(1)
    draws = 4000
    rows = decode(MODEL, LANGUAGE, [prompt] * draws, sampling=sampling, seed=17, **NO_LIMIT)
    counts = Counter(tuple(row.tokens) for row in rows)
    assert all(exact[tokens] > 0 for tokens in counts)
    g = 2 * sum(n * math.log(n / (draws * exact[tokens])) for tokens, n in counts.items())
    freedom = sum(p > 0 for p in exact.values()) - 1
    assert g < freedom + 5 * math.sqrt(2 * freedom)


def test_the_local_law_is_the_known_distorted_one() -> None:
    """``00000 | 1xxxx`` under uniform bits: half of the mass goes to the one string 00000."""
    vocab = Vocabulary.from_tokens([b"0", b"1", None], [2])
    words = ["00000", *(f"1{i:04b}" for i in range(16))]
    model = FunctionModel(vocab, lambda tokens: np.log([0.4, 0.4, 0.2]))
    rows = decode(
        model,
        FiniteLanguage(vocab, words),
        [[]] * 2000,
        sampling=Sampling(),
        seed=1,
        **NO_LIMIT,
    )
    share = sum(row.text == "00000" for row in rows) / len(rows)
    assert share == pytest.approx(0.5, abs=0.05)
    assert all(row.logprob == pytest.approx(5 * math.log(0.4) + math.log(0.2)) for row in rows)


@pytest.mark.parametrize("temperature", [0, 0.5, 1.0])
def test_logprob_is_that_of_the_model_before_the_mask(temperature: float) -> None:
    sampling = Sampling(temperature, top_k=1 if temperature else None)
    for row in decode(MODEL, LANGUAGE, [[0], [4]], sampling=sampling, seed=3, **NO_LIMIT):
        prompt = [[0], [4]][row._index]
        expected = 0.0
        for i, token in enumerate(row.tokens):
            scores = bigram((*prompt, *row.tokens[:i])) / (temperature or 1.0)
            expected += scores[token] - math.log(np.exp(scores).sum())
        assert row.logprob == pytest.approx(expected)


@pytest.mark.parametrize("max_tokens", [1, 2, 3, 50])
def test_skipping_forced_tokens_changes_no_result(max_tokens: int) -> None:
    prompts = [[t, u] for t in range(5) for u in range(5)]
    options: dict[str, Any] = {"sampling": Sampling(), "seed": 8, "max_tokens": max_tokens}
    skipped = decode(MODEL, LANGUAGE, prompts, **options)
    stepped = decode(MODEL, LANGUAGE, prompts, **options, skip_forced=False)
    assert list(map(result, skipped)) == list(map(result, stepped))
    for one, other in zip(skipped, stepped, strict=True):
        assert one.logprob == pytest.approx(other.logprob)
        assert other.stats.target_calls == len(other.tokens)
        assert one.stats.target_calls <= other.stats.target_calls
    if max_tokens == 50:
        calls = [sum(row.stats.target_calls for row in rows) for rows in (skipped, stepped)]
        assert calls[0] < calls[1]


def test_a_forced_language_costs_one_call() -> None:
    language = FiniteLanguage(Vocabulary.from_tokens([b"a", b"b", None], [2]), ["abab"])
    model = FunctionModel(language.vocab, lambda tokens: [0.0, 1.0, 2.0])
    (row,) = decode(model, language, [[1]], sampling=Sampling(), **NO_LIMIT)
    assert (row.text, row.tokens) == ("abab", [0, 1, 0, 1, 2])
    assert row.stats.target_calls == 1
    assert row.stats.forced == 5
    z = math.log(1 + math.e + math.e**2)
    assert row.logprob == pytest.approx(2 * 0 + 2 * 1 + 2 - 5 * z)


def test_a_row_depends_on_its_own_prompt_place_and_seed_only() -> None:
    prompts = [[t] for t in range(5)]
    options: dict[str, Any] = {"sampling": Sampling(), **NO_LIMIT}
    rows = [result(row) for row in decode(MODEL, LANGUAGE, prompts, seed=5, **options)]
    again = [result(row) for row in decode(MODEL, LANGUAGE, prompts, seed=5, **options)]
    assert rows == again
    fewer = [result(row) for row in decode(MODEL, LANGUAGE, prompts[:2], seed=5, **options)]
    assert rows[:2] == fewer
    others = [[4], *prompts[1:]]
    changed = [result(row) for row in decode(MODEL, LANGUAGE, others, seed=5, **options)]
    assert rows[1:] == changed[1:]
    same = decode(MODEL, LANGUAGE, [[0]] * 30, seed=5, **options)
    assert len({row.text for row in same}) > 1  # the rows' streams differ
    seeds = [decode(MODEL, LANGUAGE, [[0]], seed=s, **options)[0].text for s in range(30)]
    assert len(set(seeds)) > 1


def tiny_language(tiny: Model) -> FiniteLanguage:
    texts = ['{"name": "Ada"}', '{"name": "Zoë", "age": 36}', '{"age": 3}', "[]", "[1]", '"☕"']
    return FiniteLanguage(tiny.vocab, texts)


@pytest.mark.parametrize("temperature", [0, 1.0])
def test_a_batch_on_a_real_model_equals_its_rows_alone(tiny: Model, temperature: float) -> None:
    """Prompts of unlike lengths, forced runs of unlike lengths, rows that end at unlike times."""
    language = tiny_language(tiny)
    prompts = [tiny.encode(text) for text in ("JSON", "Zoë lives in Málaga: ", "x" * 40, '"', "a")]
    options: dict[str, Any] = {"sampling": Sampling(temperature), "max_tokens": 60}
    batch = decode(tiny, language, prompts, seed=2, **options)
    stepped = decode(tiny, language, prompts, seed=2, **options, skip_forced=False)
    assert len({len(row.tokens) for row in batch}) > 1
    for i, row in enumerate(batch):
        filler = tiny.encode("a")
        # The other places are filled with a short prompt: place decides the stream.
        alone = decode(tiny, language, [filler] * i + [prompts[i]], seed=2, **options)[i]
        assert result(row) == result(alone) == result(stepped[i])
        assert row.logprob == pytest.approx(alone.logprob, abs=1e-3)
        assert row.logprob == pytest.approx(stepped[i].logprob, abs=1e-3)


def test_greedy_text_on_a_real_model_equals_a_plain_loop(tiny: Model) -> None:
    import torch

    language = tiny_language(tiny)
    prompt = tiny.encode("Zoë: ")
    tokens: list[int] = []
    while not tokens or tokens[-1] not in tiny.vocab.eos_ids:
        with torch.no_grad():
            logits = tiny._model(torch.tensor([prompt + tokens])).logits[0, -1].numpy()
        allowed = language.allowed(tiny.vocab.decode(tokens))
        tokens.append(int(np.where(allowed, logits, -np.inf).argmax()))
    (row,) = decode(tiny, language, [prompt], sampling=Sampling(0), **NO_LIMIT)
    assert row.tokens == tokens


def test_events_spell_the_text_and_cut_no_character() -> None:
    events: list[TokenEvent] = []
    rows = decode(
        MODEL,
        LANGUAGE,
        [[t] for t in range(5)] * 8,
        sampling=Sampling(),
        seed=4,
        on_token=events.append,
        **NO_LIMIT,
    )
    assert any("\u00e9" in row.text for row in rows)
    for i, row in enumerate(rows):
        own = [event for event in events if event.row == i]
        assert [event.token for event in own] == row.tokens
        assert "".join(event.text for event in own) == row.text
        assert sum(event.forced for event in own) == row.stats.forced
        assert row.text.encode() == VOCAB.decode(row.tokens)


def test_a_character_cut_in_two_is_left_out() -> None:
    language = FiniteLanguage(VOCAB, ["b\u00e9b"])
    (row,) = decode(MODEL, language, [[0]], max_tokens=2, sampling=Sampling())
    assert (row.text, row.tokens, row.finish, row.limit) == ("b", [1, 7], "length", "max_tokens")


def test_either_end_token_ends_the_text() -> None:
    options: dict[str, Any] = {"sampling": Sampling(), "seed": 0, **NO_LIMIT}
    rows = decode(MODEL, LANGUAGE, [[4]] * 200, **options)
    assert {row.tokens[-1] for row in rows} == {5, 6}
    assert {row.finish for row in rows} == {"stop"}
    assert all(row.text.encode() in LANGUAGE.texts for row in rows)
    # Two end tokens are a choice, not a forced token.
    assert all(row.stats.forced < len(row.tokens) for row in rows)


def test_the_limit_cuts_but_a_text_that_can_only_end_is_complete() -> None:
    language = FiniteLanguage(Vocabulary.from_tokens([b"1", b"2", None], [2]), ["1", "12"])
    model = FunctionModel(language.vocab, lambda tokens: [0.0, 9.0, 0.0])
    (one,) = decode(model, language, [[0]], max_tokens=1, sampling=Sampling(0))
    assert (one.text, one.finish, one.limit) == ("1", "length", "max_tokens")
    (two,) = decode(model, language, [[0]], max_tokens=2, sampling=Sampling(0))
    assert (two.text, two.tokens, two.finish, two.limit) == ("12", [0, 1], "stop", None)
    (all_,) = decode(model, language, [[0]], max_tokens=3, sampling=Sampling(0))
    assert (all_.tokens, all_.finish) == ([0, 1, 2], "stop")


@pytest.mark.parametrize("context", [3, 4, 5])
def test_the_context_is_filled_and_not_exceeded(context: int) -> None:
    """The last token is never fed, so it needs no place in the context."""
    seen: list[int] = []

    def watch(tokens: tuple[int, ...]) -> Any:
        seen.append(len(tokens))
        return bigram(tokens)

    model = FunctionModel(VOCAB, watch, context_length=context)
    language = FiniteLanguage(VOCAB, ["ab" * 20])
    (row,) = decode(model, language, [[0, 1, 2]], max_tokens=50, sampling=Sampling(), seed=0)
    assert (row.finish, row.limit) == ("length", "context")
    assert len(row.tokens) == context - 3 + 1
    assert max(seen) == context


def test_free_text_ends_at_an_end_token_and_nowhere_else() -> None:
    rows = decode(
        MODEL,
        FreeText(VOCAB),
        [[t] for t in range(5)] * 10,
        max_tokens=3,
        sampling=Sampling(),
        seed=6,
    )
    ended = [row for row in rows if row.finish == "stop"]
    assert 0 < len(ended) < len(rows)
    for row in rows:
        assert (row.tokens[-1] in VOCAB.eos_ids) == (row.finish == "stop")
        assert not set(row.tokens[:-1]) & set(VOCAB.eos_ids)
        assert row.stats.forced == 0
        assert VOCAB.decode(row.tokens).decode(errors="replace").startswith(row.text)


def test_a_dead_end_is_an_error_that_says_so() -> None:
    vocab = Vocabulary.from_tokens([b"aa", b"b", None], [2])
    model = FunctionModel(vocab, lambda tokens: [0.0, 0.0, 0.0])
    with pytest.raises(GrammarlibError, match="no token of the vocabulary continues"):
        decode(
            model, FiniteLanguage(vocab, ["aaab", "aaac"]), [[0]], sampling=Sampling(), **NO_LIMIT
        )


def test_a_matcher_that_contradicts_its_mask_is_an_error() -> None:
    class Stubborn(FiniteLanguage):
        def matcher(self) -> Any:
            matcher = super().matcher()
            matcher.accept_token = lambda token: False  # type: ignore[method-assign]
            return matcher

    with pytest.raises(RuntimeError, match="the matcher does not"):
        decode(MODEL, Stubborn(VOCAB, ["ab"]), [[0]], sampling=Sampling(), **NO_LIMIT)


def test_an_error_in_a_callback_reaches_the_caller() -> None:
    def stop(event: TokenEvent) -> None:
        raise KeyboardInterrupt(dataclasses.asdict(event)["token"])

    with pytest.raises(KeyboardInterrupt):
        decode(MODEL, LANGUAGE, [[0]], sampling=Sampling(), on_token=stop, **NO_LIMIT)
