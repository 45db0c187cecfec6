"""The invariants that every table has, whoever made it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.vocabulary import TokenTable
from grammarlib.errors import VocabularyError


@settings(derandomize=True)
@given(data=st.data(), tokens=st.lists(st.none() | st.binary(max_size=3), min_size=1))
def test_a_table_is_as_wide_as_the_logits_and_its_ends_are_silent(
    data: st.DataObject, tokens: list[bytes | None]
) -> None:
    width = data.draw(st.integers(1, len(tokens) + 3))
    ends = data.draw(st.lists(st.integers(0, width - 1), min_size=1))
    expected = [
        token if token and i not in ends else None
        for i, token in enumerate([*tokens, None, None, None][:width])
    ]
    if not any(expected):
        with pytest.raises(VocabularyError, match="spells any text"):
            TokenTable.make(tokens, ends, width)
        return
    table = TokenTable.make(tokens, ends, width)
    assert table.tokens == tuple(expected)
    assert table.vocab_size == width
    assert table.eos_ids == tuple(sorted(set(ends)))


def test_equal_bytes_are_all_kept() -> None:
    assert TokenTable.make([b"a", b"a", None], [2]).tokens == (b"a", b"a", None)


def test_a_table_is_immutable() -> None:
    table = TokenTable.make([b"a", None], [1])
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.eos_ids = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([b"a"], []), "no end token: say which ids end a text with eos_ids"),
        (([], [0]), "at least one token, vocab_size is 0"),
        (([b"a"], [0], -1), "vocab_size is -1"),
        (([b"a"], [1]), "end token 1 is outside of the 1 token ids"),
        (([b"a", b"b"], [-1]), "end token -1 is outside"),
        (([b"a", b"b"], [1], 1), "end token 1 is outside of the 1 token ids"),
        (([b"a", "b", None], [2]), "token 1 is a str, not bytes or None"),
        (([b"a", b""], [0]), "no token of this vocabulary spells any text"),
    ],
)
def test_bad_tables_are_refused_with_their_fault(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        TokenTable.make(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, [0]), "tokens must be a list of bytes and None, not None"),
        (({b"a": 0}, [0]), "tokens must be a list of bytes and None, not dict"),
        ((b"ab", [0]), "tokens must be a list of bytes and None, not bytes"),
        (([b"a", None], 1), "eos_ids must be whole numbers, not int"),
        (([b"a", None], ["1"]), "eos_ids must be whole numbers, not str"),
        (([b"a", None], [1], "2"), "vocab_size must be a whole number, not str"),
    ],
)
def test_other_types_are_refused_by_name(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        TokenTable.make(*arguments)


def test_a_width_beyond_all_models_is_refused() -> None:
    with pytest.raises(VocabularyError, match="vocab_size must be at most"):
        TokenTable.make([b"a", None], [1], 10**12)
