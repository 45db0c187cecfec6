"""``ToolCalls``: what is accepted, and what is read back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes


def weather(city: str, days: int = 1) -> str:
    return f"{days} days of sun in {city}"


def add(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def count(left: int, right: int) -> int:
    return left + right


SCHEMA = {
    "type": "object",
    "properties": {"to": {"$ref": "#/$defs/name"}},
    "required": ["to"],
    "additionalProperties": False,
    "$defs": {"name": {"type": "string", "minLength": 1}},
}
TOOLS = [weather, add, {"type": "function", "function": {"name": "send", "parameters": SCHEMA}}]


def accepts(grammar: gl.Grammar, text: str) -> bool:
    matcher = gl.compile(grammar, single_bytes()).matcher()
    return matcher.accept_bytes(text.encode()) and matcher.is_accepting()


CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "<tool_call>"}}\n</tool_call>'


@pytest.mark.parametrize(
    ("style", "hits", "misses"),
    [
        (
            "hermes",
            ["", "no call", CALL, f"one {CALL} two {CALL}{CALL} end"],
            [CALL[:-1], CALL.replace("city", "town"), CALL.replace("weather", "wether")],
        ),
        (
            "llama",
            [
                '<function=send>{"to": "me"}</function>',
                'x<function=add>{"left":1,"right":2}</function>',
            ],
            ['<function=send>{"to": ""}</function>', "<function=", "<function=send>{}</function>"],
        ),
        (
            "mistral",
            ['[TOOL_CALLS][{"name": "send", "arguments": {"to": "a"}}]'],
            ["[TOOL_CALLS][]", '[TOOL_CALLS]{"name": "send", "arguments": {"to": "a"}}'],
        ),
        (
            "json",
            ["", '{"name": "send", "parameters": {"to": "a"}}'],
            ["text", '{"name": "send", "arguments": {"to": "a"}}'],
        ),
    ],
)
def test_texts(style: str, hits: list[str], misses: list[str]) -> None:
    calls = gl.ToolCalls(TOOLS, style)
    assert [text for text in hits if not accepts(calls, text)] == []
    assert [text for text in misses if accepts(calls, text)] == []


@pytest.mark.parametrize("style", ["hermes", "llama", "mistral", "json"])
def test_texts_of_the_grammar_are_read(style: str) -> None:
    # Exponents of 19 digits are in the language of decimals, and no decimals of Python's.
    calls = gl.ToolCalls([weather, count, TOOLS[2]], style, at_least=1)

    @settings(max_examples=40, derandomize=True, database=None, deadline=None)
    @given(gl.strategies.from_grammar(calls))
    def check(text: str) -> None:
        found = calls.read(text)
        assert found
        for one in found:
            assert one.name in ("weather", "count", "send")
            assert (one.call is None) == (one.name == "send")
            assert json.dumps(one.arguments)

    check()


def test_calls_can_be_called() -> None:
    calls = gl.ToolCalls(TOOLS)
    sum_ = '{"name": "add", "arguments": {"left": 0.1, "right": 0.20}}'
    text = f"Well. <tool_call>\n{sum_}\n</tool_call>{CALL}"
    first, second = calls.read(text)
    assert first.call is not None
    assert first.call() == Decimal("0.30")
    assert second == gl.ToolCall("weather", {"city": "<tool_call>"}, second.call)
    assert second.call is not None
    assert second.call() == "1 days of sun in <tool_call>"


def test_how_many_and_whether_text_may_stand_between() -> None:
    strict = gl.ToolCalls(TOOLS, text=False, at_least=1, at_most=2)
    assert accepts(strict, CALL * 2)
    assert not accepts(strict, CALL * 3)
    assert not accepts(strict, "")
    assert not accepts(strict, "x" + CALL)


def test_a_special_token_may_be_the_trigger() -> None:
    vocab = gl.Vocabulary.from_tokens(
        [*(bytes([i]) for i in range(256)), None, None], eos_ids=[257], names={"[TOOL_CALLS]": 256}
    )
    style = gl.ToolStyle(gl.Token("[TOOL_CALLS]"), form="list")
    calls = gl.ToolCalls([weather], style, whitespace="compact")
    body = b'[{"name":"weather","arguments":{"city":"Rom"}}]'
    compiled = gl.compile(calls, vocab)
    matcher = compiled.matcher()
    assert all(matcher.accept_token(token) for token in [*b"Hm ", 256, *body])
    assert matcher.is_accepting()
    assert compiled.captures([*b"Hm ", 256, *body]) == {"call": (body.decode(),)}
    with pytest.raises(ValueError, match="tokens"):
        calls.read("Hm ")


@pytest.mark.parametrize(
    ("tools", "options", "error"),
    [
        ([], {}, ValueError),
        ([weather, weather], {}, ValueError),
        ([3], {}, TypeError),
        ([{"name": 1}], {}, TypeError),
        ([lambda x: x], {}, TypeError),
        ([weather], {"style": "other"}, ValueError),
        ([weather], {"at_least": 2, "at_most": 1}, ValueError),
        ([weather], {"text": 1}, TypeError),
    ],
)
def test_what_is_refused(tools: Any, options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.ToolCalls(tools, **options)
