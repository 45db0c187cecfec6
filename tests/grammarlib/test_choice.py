"""``Choice``: one text out of many."""

from __future__ import annotations

import random

import pytest

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes


def test_many_texts_are_one_set() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices("abcd é", k=chance.randint(1, 12))) for _ in range(20_000)]
    compiled = gl.compile(gl.Choice(texts), single_bytes())
    known = set(texts)
    for text in [*texts[:500], *(text[:-1] for text in texts[:500])]:
        matcher = compiled.matcher()
        took = matcher.accept_bytes(text.encode())
        assert (took and matcher.is_accepting()) == (text in known)


def test_the_empty_text_may_be_among_them() -> None:
    assert gl.compile(gl.Choice(["", "a"]), single_bytes()).matcher().is_accepting()


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ("yes", TypeError),
        ([1], TypeError),
        (3, TypeError),
        ([], gl.EmptyLanguage),
        (["\ud800"], UnicodeEncodeError),
    ],
)
def test_what_is_no_choice(texts: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.Choice(texts)  # type: ignore[arg-type]
