"""Arithmetic against a reader by hand, and Python's own."""

from __future__ import annotations

import ast

import pytest

import grammarlib as gl
from tests.grammarlib.library import readers
from tests.grammarlib.library.judging import judged

KINDS = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Constant, ast.Name, ast.Load)
SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def test_against_a_reader() -> None:
    term = readers.arithmetic("x|rate")
    grammar = gl.library.arithmetic(["x", "rate"])
    judged(grammar, lambda text: readers.reads(term, text), 80, 80)


def test_python_reads_the_same_operators() -> None:
    def judge(text: str) -> bool:
        return all(isinstance(n, KINDS + SIGNS) for n in ast.walk(ast.parse(text, mode="eval")))

    judged(gl.library.arithmetic(), judge, 60)


@pytest.mark.parametrize(
    ("variables", "error"),
    [("xy", TypeError), ([1], TypeError), (["1x"], ValueError), (["x", "x"], ValueError)],
)
def test_what_is_refused(variables: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.library.arithmetic(variables)  # type: ignore[arg-type]
