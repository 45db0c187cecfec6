"""Rules written out: calls, ends, and handles that name nothing."""

from __future__ import annotations

import pytest

from grammarlib import _core
from grammarlib.compiler.regex import fullmatch_program
from grammarlib.errors import EmptyLanguage
from tests.compiler.json_schema.core import single_bytes


def nested() -> tuple[_core.GrammarBuilder, int]:
    """As many b as a before them."""
    builder = _core.GrammarBuilder()
    start, inside, after, end = (builder.state() for _ in range(4))
    builder.read(start, builder.regex(fullmatch_program("a")), inside)
    builder.call(inside, start, after)
    builder.read(after, builder.regex(fullmatch_program("b")), end)
    builder.end(start)
    builder.end(end)
    return builder, start


@pytest.mark.parametrize(
    ("text", "member"),
    [("", True), ("ab", True), ("a" * 3_000 + "b" * 3_000, True), ("aab", False), ("a", False)],
)
def test_rules_call_themselves(text: str, member: bool) -> None:
    builder, start = nested()
    matcher = builder.build(start, single_bytes().core).matcher()
    assert matcher.accept_bytes(text.encode())
    assert matcher.is_accepting() == member
    assert matcher.is_accepting() or not matcher.accept_token(256)


def test_what_goes_too_far_is_refused() -> None:
    builder, start = nested()
    matcher = builder.build(start, single_bytes().core).matcher()
    assert not matcher.accept_bytes(b"abb")
    assert not matcher.accept_bytes(b"ba")


def test_the_empty_text_is_told_and_left_out() -> None:
    builder = _core.GrammarBuilder()
    start, end = builder.state(), builder.state()
    perhaps = builder.regex(fullmatch_program("a?"))
    assert builder.nullable(perhaps)
    assert not builder.nullable(builder.regex(fullmatch_program("a")))
    builder.read(start, perhaps, end)
    builder.end(end)
    matcher = builder.build(start, single_bytes().core).matcher()
    assert not matcher.is_accepting()
    assert matcher.accept_bytes(b"a")


def test_rules_without_texts_are_refused() -> None:
    builder = _core.GrammarBuilder()
    start, after = builder.state(), builder.state()
    builder.call(start, start, after)
    builder.end(after)
    with pytest.raises(EmptyLanguage):
        builder.build(start, single_bytes().core)


def test_handles_that_name_nothing() -> None:
    builder = _core.GrammarBuilder()
    state = builder.state()
    expression = builder.regex(fullmatch_program("a"))
    for call in (
        lambda: builder.read(state, expression + 99, state),
        lambda: builder.nullable(expression + 99),
        lambda: builder.read(state, expression, 7),
        lambda: builder.read(7, expression, state),
        lambda: builder.call(state, 7, state),
        lambda: builder.end(7),
    ):
        with pytest.raises(ValueError, match=" has "):
            call()
    with pytest.raises(EmptyLanguage):
        builder.build(7, single_bytes().core)
    with pytest.raises(ValueError, match="built already"):
        builder.state()
