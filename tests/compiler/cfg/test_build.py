"""Grammar expressions compiled, against a recogniser that looks at all stretches of a text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings

import grammarlib as gl
from grammarlib import _core
from grammarlib.compiler.cfg import build
from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.compile import CACHE_BYTES
from grammarlib.grammar import Grammar
from tests.compiler.cfg.grammars import ALPHABET, grammars
from tests.compiler.json_schema.core import single_bytes
from tests.oracle.grammars import Recogniser

TEXTS = ["".join(p) for n in range(6) for p in itertools.product(ALPHABET, repeat=n)]
STEPS = range(1, len(build.PASSES) + 1)


def core_after(grammar: Grammar, steps: int) -> _core.Compiled:
    form = expand(grammar)
    for _, step in build.PASSES[:steps]:
        form = step(form)
    return build.build(form, single_bytes(), CACHE_BYTES)


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(grammars())
def test_each_pass_keeps_the_language(grammar: Grammar) -> None:
    oracle = Recogniser(grammar)
    wanted = {text for text in TEXTS if oracle.contains(text)}
    for steps in STEPS:
        try:
            core = core_after(grammar, steps)
        except gl.EmptyLanguage:
            assert not wanted
            continue
        found = set()
        for text in TEXTS:
            matcher = core.matcher()
            if matcher.accept_bytes(text.encode()) and matcher.is_accepting():
                found.add(text)
        assert found == wanted, build.PASSES[steps - 1][0]


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.nested_given],
)
@given(grammars())
def test_the_laws_hold(grammar: Grammar) -> None:
    tokens = [*(bytes([i]) for i in range(256)), b"ab", b"((", b"ba(", b"abab", None]
    vocab = gl.Vocabulary.from_tokens(tokens, eos_ids=[len(tokens) - 1])
    try:
        compiled = gl.compile(grammar, vocab)
    except gl.EmptyLanguage:
        return
    oracle = Recogniser(grammar)

    def contains(text: bytes) -> bool:
        try:
            return oracle.contains(text.decode())
        except UnicodeDecodeError:
            return False

    gl.testing.assert_laws(
        compiled, contains=contains, max_examples=3, max_tokens=6, precompute=("lazy",)
    )


def test_deep_and_long_expressions_are_read() -> None:
    long: Grammar = gl.Regex("x")
    deep: Grammar = gl.Regex("x")
    for _ in range(20_000):
        long = long + gl.Regex("a")
        deep = "(" + (deep | "z") + ")"
    compiled = gl.compile(long, single_bytes())
    assert compiled.matcher().accept_bytes(b"x" + b"a" * 20_000)
    assert not compiled.matcher().accept_bytes(b"x" + b"a" * 20_001)
    matcher = gl.compile(deep, single_bytes()).matcher()
    assert matcher.accept_bytes(b"(" * 100 + b"z" + b")" * 100)
    assert matcher.is_accepting()


def test_doubling_is_refused_by_its_size() -> None:
    grammar: Grammar = gl.Regex("a")
    for _ in range(60):
        grammar = grammar + grammar
    with pytest.raises(gl.CompileBudgetExceeded, match="parts"):
        gl.compile(grammar, single_bytes())
    alternatives: Grammar = gl.Regex("a")
    for _ in range(60):
        alternatives = alternatives | alternatives
    assert gl.compile(alternatives, single_bytes()).matcher().accept_bytes(b"a")


@pytest.mark.parametrize(
    ("grammar", "error", "said"),
    [
        (gl.rule("a").define("x" + gl.rule("b")), ValueError, "'b' is not defined"),
        (lambda r: r.define("x" + r), gl.EmptyLanguage, "rule r"),
        (lambda r: ~r.define("x" + r | "y"), gl.UnsupportedGrammar, "at r: .* calls itself"),
        (lambda r: r.define("y") & gl.JSONSchema(True), gl.UnsupportedGrammar, "JSON Schema"),
        (gl.Regex("a") & "b", gl.EmptyLanguage, "empty"),
    ],
)
def test_what_cannot_be_compiled(grammar, error: type[Exception], said: str) -> None:  # type: ignore[no-untyped-def]
    if callable(grammar):
        grammar = grammar(gl.rule("r"))
    with pytest.raises(error, match=said):
        gl.compile(grammar, single_bytes())


def test_regular_rules_may_stand_under_a_complement() -> None:
    word = gl.rule("word").define(gl.Regex("[a-z]+"))
    grammar = ~(word + "-" + word)
    matcher = gl.compile(grammar, single_bytes()).matcher()
    assert matcher.accept_bytes(b"ab-cd")
    assert not matcher.is_accepting()
    assert matcher.accept_bytes(b"1")
    assert matcher.is_accepting()


def test_levels_of_precedence_are_not_multiplied() -> None:
    levels = 40
    rules = [f'e{i} ::= e{i + 1} ("+{i} " e{i + 1})*' for i in range(levels)]
    text = "\n".join(["root ::= e0", *rules, f'e{levels} ::= [a-z] | "(" e0 ")"'])
    matcher = gl.compile(gl.GBNF(text), single_bytes()).matcher()
    assert matcher.accept_bytes(b"a+39 (b+0 c)+7 d")
    assert matcher.is_accepting()


def test_doubling_through_rules_is_not_written_out() -> None:
    rules = [gl.rule(f"r{i}") for i in range(61)]
    for rule, inner in itertools.pairwise(rules):
        rule.define(inner + inner)
    rules[-1].define("a")
    matcher = gl.compile(rules[0], single_bytes()).matcher()
    assert matcher.accept_bytes(b"a" * 100)
    assert not matcher.is_accepting()


def test_huge_repetitions_of_rules_are_refused_at_once() -> None:
    nest = gl.rule("nest")
    nest.define("(" + nest.optional() + ")")
    with pytest.raises(gl.CompileBudgetExceeded, match="parser states"):
        gl.compile(nest.repeat(0, 10**9), single_bytes())


@pytest.mark.parametrize("outer", [(0, 1), (0, None), (1, None), (2, 3), (0, 2), (2, None), (1, 1)])
@pytest.mark.parametrize("inner", [(0, 1), (0, None), (1, None), (2, 3), (0, 2), (1, 1), (0, 0)])
def test_repetitions_of_repetitions(
    inner: tuple[int, int | None], outer: tuple[int, int | None]
) -> None:
    nest = gl.rule("nest")
    nest.define("(" + nest.optional() + ")")
    for item in (nest, gl.Regex("a")):
        grammar = item.repeat(*inner).repeat(*outer)
        oracle = Recogniser(grammar)
        compiled = gl.compile(grammar, single_bytes())
        for count in range(9):
            text = "()" * count if item is nest else "a" * count
            assert compiled.matches(text) == oracle.contains(text)


def test_options_of_options_cost_no_more() -> None:
    nest = gl.rule("nest")
    nest.define("(" + nest.optional() + ")")
    grammar: Grammar = nest
    for _ in range(20_000):
        grammar = grammar.optional()
    assert gl.compile(grammar, single_bytes()).matches("(())")


def test_brackets_that_no_token_closes_are_no_way() -> None:
    nest = gl.rule("nest")
    nest.define("(" + nest + ")" | "[" + nest + "]" | "x")
    vocab = gl.Vocabulary.from_tokens([b"(", b"[", b"x", b")", b"))", None], eos_ids=[5])
    matcher = gl.compile(nest, vocab).matcher()
    assert not matcher.accept_token(1)
    assert all(matcher.accept_token(token) for token in (0, 0, 2, 4))
    assert matcher.is_accepting()
    only_open = gl.Vocabulary.from_tokens([b"(", b"x", None], eos_ids=[2])
    matcher = gl.compile(nest, only_open).matcher()
    assert not matcher.accept_token(0)
    assert matcher.accept_token(1)
    with pytest.raises(gl.EmptyLanguage):
        gl.compile("(" + nest + ")", only_open)
