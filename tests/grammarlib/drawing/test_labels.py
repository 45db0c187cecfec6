"""Bytes on edges: short, and still told apart."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.drawing import labels
from grammarlib.drawing.labels import byte_class, cut


def test_the_examples_hold() -> None:
    assert doctest.testmod(labels).failed == 0


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (b"\\", "\\"),
        (b"]^-", "[\\-\\]\\^]"),
        (b"0123456789", "[0-9]"),
        (b"\n ", "[↵␣]"),
        (bytes(range(0x80, 0xC0)), "é…"),
        (bytes(range(0x20, 0x100)), "any"),
        (b"\x00\x01", "[\\x00\\x01]"),
        (b"a\xc3", "aé…"),
    ],
)
def test_sets_of_bytes(chosen: bytes, text: str) -> None:
    assert byte_class(chosen) == text


@settings(derandomize=True)
@given(st.sets(st.integers(0x20, 0x7E), min_size=1), st.sets(st.integers(0x20, 0x7E), min_size=1))
def test_other_sets_have_other_labels(one: set[int], other: set[int]) -> None:
    assert (byte_class(one) == byte_class(other)) == (one == other)


@settings(derandomize=True)
@given(st.text(), st.integers(1, 30))
def test_what_is_cut_keeps_its_ends(text: str, longest: int) -> None:
    short = cut(text, longest)
    assert len(short) <= longest or short == text
    if short != text:
        head, tail = short.split("…", 1) if "…" not in text else ("", "")
        assert text.startswith(head)
        assert text.endswith(tail)
