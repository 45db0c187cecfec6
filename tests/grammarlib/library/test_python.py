"""Python's expressions against ``ast.parse``, both ways."""

from __future__ import annotations

import ast
import warnings

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import edited, judged, takes

GRAMMAR = gl.library.python_expression()


def parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text, mode="eval")
        except SyntaxError:
            return False
    return True


def test_what_is_accepted_parses() -> None:
    judged(GRAMMAR, parses, 200)


@pytest.mark.exhaustive
def test_more_of_what_is_accepted_parses() -> None:
    judged(GRAMMAR, parses, 10_000)


TAKEN = [
    line.strip()
    for line in """
    1 if a else b
    lambda: 0
    lambda x, y=1, *z, k, l=2, **m: (x, y)
    a or b and not c
    a < b <= c != d
    a not in b is not c
    -x**-y
    ~(a | b ^ c & d << 1 >> 2)
    a @ b // c % d
    f(a, *b, k=1, **d)
    f(*a, b, k=1, *c, **d, l=2)
    f(x for x in y)
    a.b[0](c).d
    a[1:2, ::3, :]
    [x for x in y if x for z in x if z]
    {x: y for x, y in z}
    {k: v, **d}
    {1, *a}
    ()
    (a,)
    (*a, b)
    [*a, *b,]
    (y := f(x))
    'a' "b"
    b'x' b"y"
    '''a'b''c'''
    r"\\d\\""
    '\\n\\x41\\u0041\\U0001F600\\101'
    0xFF + 0b10 + 0o17 + 1_000 + 1.5e-3 + .5 + 5. + 1j + 00
    ...
    None
    [a, b][c if d else e]
    (a, b)(lambda: c)
    {**a}
    """.strip().split("\n")
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_written_is_taken(text: str) -> None:
    assert takes(GRAMMAR, text)
    assert parses(text)


def test_edits_of_them() -> None:
    assert edited(GRAMMAR, parses, TAKEN, 5000) > 500


@pytest.mark.parametrize(
    "text",
    """
    1.real
    f(a=1, b)
    f(**a, *b)
    f(x for x in y, z)
    lambda x=1, y: 0
    a = 1
    a == not b
    1if a else b
    'a'b'b'
    'a' b'b'
    ''''
    "\\x4"
    "\\U00110000"
    '\\'
    r'\\'
    01
    0x
    1__0
    class
    a.if
    [*a for a in b]
    {*a: 1}
    (*a)
    lambda True: 1
    f(None=1)
    {a: 1, b}
    b'é'
    x[]
    f(,)
    """.strip().split("\n"),
)
def test_what_does_not_parse_is_not_taken(text: str) -> None:
    text = text.strip()
    assert not takes(GRAMMAR, text)
    if text != "1if a else b":  # which Python reads with a warning
        assert not parses(text)


def test_given_variables() -> None:
    grammar = gl.library.python_expression(["x", "total"])
    assert takes(grammar, "total.real + x(key=[x for x in total])")
    for text in ["y", "lambda y: x", "xx", "print(x)"]:
        assert not takes(grammar, text)


@pytest.mark.parametrize(
    ("variables", "error"),
    [("x", TypeError), ([], ValueError), (["if"], ValueError), (["a.b"], ValueError)],
)
def test_what_is_refused(variables: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.library.python_expression(variables)  # type: ignore[arg-type]
