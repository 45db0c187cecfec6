"""Measuring: with an engine whose clock moves by known steps, every figure is known."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.masks.engines.base import Options
from benchmarks.masks.play import CLOCKS, Task, play, read_cost, warm_up
from benchmarks.masks.records import Record
from benchmarks.masks.vocabularies import byte_tokens
from tests.benchmarks.masks.fake_engines import Engine, Panic, Silent

BYTES = byte_tokens()


def run(schema: str, *instances: tuple[bool, str], make: type[Engine] = Engine) -> Record:
    engine = make(BYTES, Options())
    spelled = tuple((valid, (*text.encode(), BYTES.eos)) for valid, text in instances)
    return play("fake", engine, Task("case", schema, spelled), engine.clock)


def test_times_are_of_compiling_masks_and_commits_and_of_nothing_else() -> None:
    record = run('{"texts": ["ab"]}', (True, "ab"), (False, "ax"))
    assert (record.engine, record.case, record.outcome) == ("fake", "case", "ok")
    assert (record.compile_ns, record.first_mask_ns) == (100, 110)
    right, wrong = record.instances
    assert (right.fill_ns, right.commit_ns, right.token_ns()) == ([10] * 3, [3] * 3, [13] * 3)
    assert (wrong.fill_ns, wrong.commit_ns, wrong.token_ns()) == ([10, 10], [3], [13, 10])
    assert right.first_visits == [1, 2]  # the first mask came with compiling
    assert right.nodes == [10, 10]
    assert wrong.first_visits == wrong.nodes == []


def test_an_engine_that_does_not_tell_has_no_first_visits() -> None:
    record = run('{"texts": ["ab"]}', (True, "ab"), make=Silent)
    assert (record.outcome, record.instances[0].first_visits) == ("ok", [])


@settings(derandomize=True, max_examples=100)
@given(
    st.lists(st.text("ab", max_size=4), min_size=1, max_size=4),
    st.lists(st.tuples(st.booleans(), st.text("ab", max_size=4)), max_size=4),
)
def test_verdicts_are_those_of_the_language(
    texts: list[str], instances: list[tuple[bool, str]]
) -> None:
    record = run(f'{{"texts": {str(texts).replace(chr(39), chr(34))}}}', *instances)
    assert [played.accepted for played in record.instances] == [t in texts for _, t in instances]
    wrong = {(valid, text in texts) for valid, text in instances if valid != (text in texts)}
    if (False, True) in wrong:
        assert record.outcome == "false accept"
    else:
        assert record.outcome == ("false reject" if wrong else "ok")


def test_a_text_that_may_not_end_is_not_accepted() -> None:
    record = run('{"texts": ["abc"]}', (False, "ab"), (True, "abc"))
    assert (record.outcome, record.detail) == ("ok", "")
    assert [played.accepted for played in record.instances] == [False, True]
    assert len(record.instances[0].fill_ns) == 3  # the last of them for the end token


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ('{"texts": ["a"], "lies": {"allow": "z"}}', "token 0: the mask allows 122, commit"),
        ('{"texts": ["a"], "lies": {"take": "z"}}', "token 0: the mask forbids 122, commit"),
    ],
)
def test_mask_and_commit_must_agree(schema: str, words: str) -> None:
    record = run(schema, (False, "z"))
    assert record.outcome == "ok"  # the verdict is right
    assert record.instances[0].disagreement.startswith(words)
    assert record.detail == record.instances[0].disagreement


@pytest.mark.parametrize(
    ("schema", "valid", "outcome", "detail"),
    [
        ('{"do": "refuse"}', True, "refused", "not: not implemented"),
        ('{"do": "empty"}', True, "false reject", "nothing fits"),
        ('{"do": "empty"}', False, "empty", "nothing fits"),
        ('{"do": "raise"}', True, "error", "RuntimeError: too complex"),
        ('{"then": "raise"}', True, "error", "RuntimeError: too complex"),
    ],
)
def test_what_an_engine_raises_becomes_an_outcome(
    schema: str, valid: bool, outcome: str, detail: str
) -> None:
    record = run(schema, (valid, "a"))
    assert (record.outcome, record.detail) == (outcome, detail)
    assert gc.isenabled()


@pytest.mark.parametrize(("schema", "error"), [("panic", Panic), ("memory", MemoryError)])
def test_what_leaves_an_engine_untrustworthy_ends_the_process(
    schema: str, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        run(f'{{"do": "{schema}"}}')
    assert gc.isenabled()


@pytest.mark.parametrize("name", CLOCKS)
def test_reading_a_clock_costs_little_and_never_less_than_nothing(name: str) -> None:
    assert 0 <= read_cost(CLOCKS[name]) < 1_000_000


def test_warming_up_compiles_and_fills() -> None:
    engine = Engine(BYTES, Options())
    calls: list[Any] = []
    compiled = engine.compile

    def spy(schema: Any) -> Any:
        calls.append(schema)
        return compiled(schema)

    engine.compile = spy  # type: ignore[method-assign]
    warm_up(engine)
    assert calls == [{"const": None}]
    assert engine.now == 1110
