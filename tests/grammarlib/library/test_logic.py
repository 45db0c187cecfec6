"""First-order logic against a reader by hand."""

from __future__ import annotations

import pytest

import grammarlib as gl
from tests.grammarlib.library import readers
from tests.grammarlib.library.judging import judged, takes


@pytest.mark.parametrize("notation", ["unicode", "ascii"])
@pytest.mark.parametrize("closed", [False, True])
def test_against_a_reader(closed: bool, notation: str) -> None:
    grammar = gl.library.first_order_logic(
        {"P": 1, "Q": 0, "R": 2},
        constants=["a"],
        variables=["x", "y"],
        functions={"f": 1},
        equality=True,
        closed=closed,
        notation=notation,
    )
    reader = readers.Logic(closed, notation == "ascii")
    judged(grammar, reader.judge, 40, 40)


def test_a_variable_stands_under_its_quantifier() -> None:
    grammar = gl.library.first_order_logic({"P": 2}, closed=True)
    assert takes(grammar, "∀x ∃y (P(x,y) → P(y, x))")
    for text in ["P(x,x)", "∀x P(x,y)", "(∀x P(x,x)) ∧ P(x,x)", "∀x P(x,x) ∧ P(x,x)"]:
        assert not takes(grammar, text), text
        assert takes(gl.library.first_order_logic({"P": 2}), text)


@pytest.mark.parametrize(
    ("predicates", "options", "error"),
    [
        (["P"], {}, TypeError),
        ({"P": "1"}, {}, TypeError),
        ({"P": -1}, {}, ValueError),
        ({"P x": 1}, {}, ValueError),
        ({"x": 1}, {}, ValueError),
        ({"P": 1}, {"functions": {"f": 0}}, ValueError),
        ({"P": 1}, {"constants": ["f"], "functions": {"f": 1}}, ValueError),
        ({"all": 1}, {"notation": "ascii"}, ValueError),
        ({"P": 1}, {"notation": "tex"}, ValueError),
        ({"P": 1}, {"closed": 1}, TypeError),
        ({"P": 1}, {"closed": True, "variables": list("abcdefghi")}, ValueError),
        ({}, {}, gl.EmptyLanguage),
        ({"P": 1}, {"variables": []}, gl.EmptyLanguage),
    ],
)
def test_what_is_refused(predicates: object, options: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        gl.library.first_order_logic(predicates, **options)  # type: ignore[arg-type]
