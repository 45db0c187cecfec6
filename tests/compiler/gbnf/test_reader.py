"""GBNF against a recogniser that reads the notation by itself, and its faults by place."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes
from tests.oracle.gbnf import Gbnf

TEXTS = ["".join(p) for n in range(4) for p in itertools.product("ab-é", repeat=n)]
SYMBOLS = [
    '"a"', '"ab"', '""', '"\\x61"', '"\\u00e9"', '"\\U000000E9"', "[ab]", "[^a]", "[a-b]", "[b-]",
    "[^-]", "[\\-a]", "[\\x61-\\u0062é]", ".", "x", "y-2", "root",
]  # fmt: skip
OPERATORS = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "{0,3}", "{ 2 , 3 }", "??", "+?"]
GAPS = [" ", "  ", "\t", " # why\n", "\n"]


@st.composite
def grammars(draw: st.DrawFn) -> str:
    """The text of a grammar of three rules."""

    def gap(nested: bool) -> str:
        return draw(st.sampled_from(GAPS if nested else GAPS[:3]))

    def choice(depth: int, nested: bool) -> str:
        bar = gap(nested) + "|" + draw(st.sampled_from(GAPS))
        return bar.join(sequence(depth, nested) for _ in range(draw(st.integers(1, 2))))

    def sequence(depth: int, nested: bool) -> str:
        count = draw(st.integers(0 if nested else 1, 3))
        return gap(nested).join(item(depth) for _ in range(count))

    def item(depth: int) -> str:
        symbol = draw(st.sampled_from(SYMBOLS))
        if depth and draw(st.integers(0, 2)) == 0:
            symbol = f"({gap(True)}{choice(depth - 1, True)}{gap(True)})"
        return symbol + draw(st.sampled_from(OPERATORS))

    head = draw(st.sampled_from(["::=", " ::= ", "\t::=\n  "]))
    rules = [f"{name}{head}{choice(1, False)}" for name in ("x", "root", "y-2")]
    return draw(st.sampled_from(["\n", "\n\n# next\n", "\r\n"])).join(rules) + "\n"


@settings(max_examples=120, derandomize=True, database=None, deadline=None)
@given(grammars())
def test_texts_are_those_of_the_notation(text: str) -> None:
    oracle = Gbnf(text)
    wanted = [one for one in TEXTS if oracle.contains(one)]
    grammar = gl.GBNF(text)
    try:
        compiled = gl.compile(grammar, single_bytes())
    except gl.EmptyLanguage:
        assert wanted == []
        return
    found = []
    for one in TEXTS:
        matcher = compiled.matcher()
        if matcher.accept_bytes(one.encode()) and matcher.is_accepting():
            found.append(one)
    assert found == wanted


@settings(max_examples=60, derandomize=True, database=None, deadline=None)
@given(grammars())
def test_what_is_printed_is_read_back(text: str) -> None:
    printed = gl.to_gbnf(gl.GBNF(text))
    before, after = Gbnf(text), Gbnf(printed)
    for one in TEXTS:
        assert before.contains(one) == after.contains(one), (one, printed)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", 1, 1, "no rule is named 'root'"),
        ('x ::= "a"', 1, 1, "no rule is named 'root'"),
        ('root ::= "a', 1, 10, "not closed"),
        ("root ::= [a", 1, 10, "not closed"),
        ('root ::= ("a"\n  "b"', 1, 10, "not closed"),
        ('root ::= ("a"\n  "b" }', 2, 7, "a symbol or '\\)'"),
        ('root ::= "b" )', 1, 14, "a symbol or the end of the line"),
        ("root ::= x\ny ::= z\n", 1, 10, "'x' is not defined"),
        ('root ::= "a"\nroot ::= "b"\n', 2, 1, "defined twice"),
        ('root = "a"', 1, 6, "'::='"),
        ('"a"', 1, 1, "name is wanted"),
        ('root ::= "a"\n  "b"', 2, 3, "name is wanted"),
        ("root ::= [z-a]", 1, 11, "descend"),
        ("root ::= []", 1, 10, "without characters"),
        ("root ::= *", 1, 10, "nothing stands before '\\*'"),
        ('root ::= "a"{3,2}', 1, 13, "descend"),
        ('root ::= "a"{,2}', 1, 13, "is wanted"),
        ('root ::= "a"{99999999999}', 1, 13, "at most"),
        ('root ::= "\\q"', 1, 11, "unknown escape"),
        ('root ::= "\\x1"', 1, 11, "2 hexadecimal digits"),
        ('root ::= "\\uD800"', 1, 11, "U\\+D800 is no character"),
        ('root ::= "\\U00110000"', 1, 11, "is no character"),
        ("root ::= <a", 1, 10, "a token is wanted"),
        ("root ::= !x", 1, 11, "a token is wanted"),
    ],
)
def test_faults_have_a_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(gl.GrammarSyntaxError, match=said) as caught:
        gl.GBNF(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_nesting_is_bounded() -> None:
    with pytest.raises(gl.CompileBudgetExceeded, match="nested"):
        gl.GBNF("root ::= " + "(" * 100_000 + '"a"' + ")" * 100_000)
    with pytest.raises(gl.GrammarSyntaxError):
        gl.GBNF("root ::= " + "((" * 50)


def test_unused_rules_are_named() -> None:
    assert gl.GBNF('root ::= a\na ::= "x"\nb ::= c\nc ::= a\n').unused == ("b", "c")


def test_wrong_types_are_refused() -> None:
    with pytest.raises(TypeError):
        gl.GBNF(b"root ::= .")  # type: ignore[arg-type]


def test_large_repetitions_keep_their_bounds() -> None:
    compiled = gl.compile(gl.GBNF('root ::= ("a" "b"?){2999,3000}'), single_bytes())
    matcher = compiled.matcher()
    assert matcher.accept_bytes(b"ab" * 2999)
    assert matcher.is_accepting()
    assert matcher.accept_bytes(b"a")
    assert not matcher.accept_bytes(b"a")
