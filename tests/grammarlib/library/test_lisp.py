"""S-expressions against a reader by hand."""

from __future__ import annotations

import pytest

import grammarlib as gl
from tests.grammarlib.library import readers
from tests.grammarlib.library.judging import judged, takes


def test_against_a_reader() -> None:
    grammar = gl.library.lisp()
    judged(grammar, lambda text: readers.reads(readers.s_expression, text), 150, 150)


def test_given_symbols() -> None:
    grammar = gl.library.lisp(["+", "x"])
    assert takes(grammar, "(+ x '(1 x))")
    assert not takes(grammar, "(+ y)")


@pytest.mark.parametrize(
    ("symbols", "error"), [("x", TypeError), ([], ValueError), (["a b"], ValueError)]
)
def test_what_is_refused(symbols: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.library.lisp(symbols)  # type: ignore[arg-type]
