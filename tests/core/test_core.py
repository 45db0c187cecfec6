"""The binding: wrong handles, ids and buffers are errors that change nothing; threads share all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grammarlib import _core
from grammarlib.compiler.json_schema import lower
from grammarlib.errors import CompileBudgetExceeded

SIZE = 300
WORDS = 10  # of a row, the last one partly padding
NOTHING = b"\x01"  # the program of no white space
ARRAYS = {"type": "array", "items": {"type": "array", "maxItems": 0}}


def vocabulary() -> _core.Vocabulary:
    return _core.Vocabulary([*[bytes([i]) for i in range(256)], b"[]", None], [257], SIZE)


def builder() -> _core.SchemaBuilder:
    return _core.SchemaBuilder(NOTHING, "any")


def compiled(schema: Any = True, vocab: _core.Vocabulary | None = None) -> _core.Compiled:
    made = builder()
    return made.build(lower(schema, made).root, vocab or vocabulary())


def mask_of(matcher: _core.Matcher) -> bytes:
    mask = np.full(WORDS, -1, np.int32)
    matcher.fill_next_token_bitmask(mask)
    return mask.tobytes()


# -- handles and ids ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.strings(10**6),
        lambda b: b.if_number(10**6),
        lambda b: b.if_array([10**6], b.ANY, 0, None),
        lambda b: b.if_array([], 10**6, 0, None),
        lambda b: b.if_object([("a", 10**6)], b.ANY, []),
        lambda b: b.if_object([], 10**6, []),
        lambda b: b.all_of([b.ANY, 10**6]),
        lambda b: b.any_of([10**6]),
        lambda b: b.define(10**6, b.ANY),
        lambda b: b.define(b.ANY, b.ANY),
        lambda b: b.define(b.reference(), 10**6),
        lambda b: b.build(10**6, vocabulary()),
        lambda b: b.productions(10**6),
        lambda b: b.regex(b"\x99"),
        lambda b: b.regex(b""),
    ],
)
def test_handles_of_nothing_are_errors(call: Callable[[_core.SchemaBuilder], object]) -> None:
    made = builder()
    with pytest.raises(ValueError, match=r"handle|no undefined reference|regex program"):
        call(made)
    assert made.build(made.ANY, vocabulary()).matcher().accept_bytes(b"1")  # and it still builds


def test_a_builder_is_built_once() -> None:
    made = builder()
    made.build(made.ANY, vocabulary())
    for call in (lambda: made.types(1), lambda: made.build(0, vocabulary())):
        with pytest.raises(ValueError, match="was built already"):
            call()


def test_references_that_lead_nowhere_are_errors() -> None:
    made = builder()
    with pytest.raises(ValueError, match="is not defined"):
        made.build(made.reference(), vocabulary())
    made = builder()
    itself = made.reference()
    made.define(itself, itself)
    with pytest.raises(ValueError, match="leads to itself"):
        made.build(itself, vocabulary())


@pytest.mark.parametrize("method", ["value", "items", "members", "characters", "shortest"])
@pytest.mark.parametrize("number", [10**6, 2**32 - 1])
def test_productions_of_nothing_are_errors(method: str, number: int) -> None:
    productions = builder().productions(_core.SchemaBuilder.ANY)
    with pytest.raises(ValueError, match=f"has the handle {number}"):
        getattr(productions, method)(number)


@pytest.mark.parametrize("method", ["edges", "token_edges", "profile"])
@pytest.mark.parametrize(("generation", "state"), [(0, 10**6), (99, 0), (2**64 - 1, 2**32 - 1)])
def test_states_that_are_not_there_are_none(method: str, generation: int, state: int) -> None:
    assert getattr(compiled(), method)(generation, state) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([], [0], 0), "end token 0 is outside the vocabulary of 0"),
        (([b"a"], [], 1), "needs an end token"),
        (([b"a"], [1], 1), "end token 1 is outside the vocabulary of 1"),
        (([b"a", None], [1], 1), "vocab_size 1 is below the number of tokens, 2"),
    ],
)
def test_vocabularies_that_are_none(arguments: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _core.Vocabulary(*arguments)


def test_a_budget_is_an_error() -> None:
    with pytest.raises(CompileBudgetExceeded):
        _core.SchemaBuilder(NOTHING, "any", 7)


# -- matchers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [-1, SIZE, 2**31, 2**63, -(2**63) - 1, 2**70, -(10**400)])
def test_tokens_beyond_the_vocabulary_are_index_errors(token: int) -> None:
    matcher = compiled().matcher()
    before = mask_of(matcher)
    with pytest.raises(IndexError, match="is outside the vocabulary of 300"):
        matcher.accept_token(token)
    with pytest.raises(IndexError, match="is outside the vocabulary of 300"):
        matcher.validate_tokens([ord("["), token])
    assert mask_of(matcher) == before


@pytest.mark.parametrize("steps", [-1, 3, 2**63 - 1, 2**64, -(2**70)])
def test_too_many_steps_back_are_value_errors(steps: int) -> None:
    matcher = compiled().matcher()
    assert matcher.accept_token(ord("["))
    assert matcher.accept_bytes(b"1,")
    before = mask_of(matcher)
    with pytest.raises(ValueError, match="cannot roll back"):
        matcher.rollback(steps)
    assert mask_of(matcher) == before
    matcher.rollback(2)
    assert mask_of(matcher) == mask_of(compiled().matcher())


@pytest.mark.parametrize("wrong", ["1", 1.0, None, b"1", [1]])
def test_other_types_are_type_errors_that_name_the_argument(wrong: Any) -> None:
    matcher = compiled().matcher()
    for call, name in (
        (matcher.accept_token, "token"),
        (matcher.rollback, "steps"),
        (lambda value: matcher.fill_next_token_bitmask(np.zeros(WORDS, np.int32), value), "row"),
    ):
        with pytest.raises(TypeError, match=f"'{name}'"):
            call(wrong)


# -- buffers --------------------------------------------------------------------------------------


def read_only() -> np.ndarray[Any, Any]:
    mask = np.zeros((1, WORDS), np.int32)
    mask.flags.writeable = False
    return mask


@pytest.mark.parametrize(
    ("mask", "error", "said"),
    [
        (lambda: np.zeros((1, WORDS), np.int64), TypeError, "int32"),
        (lambda: np.zeros((1, WORDS), np.float32), TypeError, "int32"),
        (lambda: np.zeros((1, WORDS), ">i4"), TypeError, "int32"),
        (lambda: bytearray(4 * WORDS), TypeError, "int32"),
        (lambda: [0] * WORDS, TypeError, "int32"),
        (lambda: None, TypeError, "int32"),
        (read_only, ValueError, "writable"),
        (lambda: np.zeros((1, 2 * WORDS), np.int32)[:, ::2], ValueError, "contiguous"),
        (lambda: np.zeros((2, WORDS), np.int32, order="F"), ValueError, "contiguous"),
        (lambda: np.zeros((1, 1, WORDS), np.int32), ValueError, "shape"),
        (lambda: np.zeros((), np.int32), TypeError, "shape"),
        (
            lambda: np.zeros((1, WORDS - 1), np.int32),
            ValueError,
            "9 words, the vocabulary needs 10",
        ),
        (lambda: np.zeros((1, 0), np.int32), ValueError, "0 words"),
    ],
)
def test_buffers_that_are_no_mask_are_refused(mask: Any, error: type[Exception], said: str) -> None:
    matcher = compiled(ARRAYS).matcher()
    given = mask()
    with pytest.raises(error, match=said):
        matcher.fill_next_token_bitmask(given)
    with pytest.raises(error, match=said):
        _core.fill_batch([matcher], given)
    if isinstance(given, np.ndarray):
        assert not given.any()


@pytest.mark.parametrize("row", [2, -1, 2**63, -(2**70)])
def test_rows_that_are_not_there_are_index_errors(row: int) -> None:
    mask = np.zeros((2, WORDS), np.int32)
    with pytest.raises(IndexError, match="of a bitmask of 2 rows"):
        compiled().matcher().fill_next_token_bitmask(mask, row)
    with pytest.raises(IndexError, match="row 0 of a bitmask of 0 rows"):
        compiled().matcher().fill_next_token_bitmask(mask[:0])
    assert not mask.any()


def test_a_row_is_filled_and_no_other() -> None:
    matcher = compiled(ARRAYS).matcher()
    mask = np.full((3, WORDS + 1), 7, np.int32)
    matcher.fill_next_token_bitmask(mask, 1)
    assert (mask[[0, 2]] == 7).all()
    bits = np.flatnonzero(np.unpackbits(mask[1].view(np.uint8), bitorder="little"))
    assert bits.tolist() == [ord("["), 256]


def test_a_batch_has_a_row_for_each() -> None:
    matchers = [compiled(ARRAYS).matcher() for _ in range(3)]
    with pytest.raises(ValueError, match="3 matchers for a bitmask of 2 rows"):
        _core.fill_batch(matchers, np.zeros((2, WORDS), np.int32))
    with pytest.raises(TypeError, match="'matchers'"):
        _core.fill_batch([matchers[0], None], np.zeros((2, WORDS), np.int32))  # type: ignore[list-item]


# -- threads --------------------------------------------------------------------------------------


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run it in threads that begin together; what one raises is raised here."""
    barrier = threading.Barrier(count)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "threads wait for each other"
    if raised:
        raise raised[0]


def test_threads_may_share_a_matcher() -> None:
    """Each operation is whole: what was taken in all is what can be taken back."""
    matcher = compiled({"type": "array", "maxItems": 0, "items": False}).matcher()
    taken = [0] * 6

    def work(number: int) -> None:
        for _ in range(300):
            taken[number] += matcher.accept_token(ord("["))
            mask_of(matcher)
            taken[number] += matcher.accept_bytes(b"]")
            matcher.fork().is_accepting()

    in_threads(6, work)
    assert sum(taken) == 2
    with pytest.raises(ValueError, match="cannot roll back 3 steps of 2"):
        matcher.rollback(3)
    matcher.rollback(2)
    assert mask_of(matcher) == mask_of(compiled(ARRAYS).matcher())


def test_threads_may_share_a_vocabulary_and_drop_its_caches() -> None:
    schemas: list[Any] = [
        {"type": "string", "pattern": f"^[a-{letter}]{{2,40}}$"} for letter in "cdefghij"
    ]
    texts = [b'"aba', b'"', b"", b'"abab"']

    def masks(vocab: _core.Vocabulary, schema: Any) -> list[bytes]:
        found = []
        grammar = compiled(schema, vocab)
        for text in texts:
            matcher = grammar.matcher()
            assert matcher.accept_bytes(text)
            found.append(mask_of(matcher))
        return found

    alone = [masks(vocabulary(), schema) for schema in schemas]
    shared = vocabulary()
    together: dict[int, list[bytes]] = {}

    def work(number: int) -> None:
        for turn in range(len(schemas)):
            at = (number + turn) % len(schemas)
            together[at] = masks(shared, schemas[at])
            assert together[at] == alone[at]
            if number == 0:
                shared.clear_cache()

    in_threads(6, work)
    assert [together[at] for at in range(len(schemas))] == alone
