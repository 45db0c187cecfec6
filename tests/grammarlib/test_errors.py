"""Every error is a GrammarlibError, says where in its text, and keeps its facts as attributes."""

from __future__ import annotations

import inspect

import pytest

from grammarlib import errors

EXAMPLES = [
    (
        errors.UnsupportedSchema("/properties/a", "uniqueItems", "too hard"),
        {"pointer": "/properties/a", "keyword": "uniqueItems", "reason": "too hard"},
    ),
    (errors.UnsupportedSchema("", "not", "too hard"), {"pointer": "", "keyword": "not"}),
    (errors.InvalidSchema("/type", "no such type"), {"pointer": "/type", "reason": "no such type"}),
    (
        errors.GrammarSyntaxError("stray ')'", 2, 3, "a\nbc)\n"),
        {"message": "stray ')'", "line": 2, "column": 3, "text": "a\nbc)\n"},
    ),
    (
        errors.UnsupportedPattern("look-behind", 1, "a(?<=a)"),
        {"reason": "look-behind", "position": 1, "pattern": "a(?<=a)"},
    ),
    (
        errors.UnsupportedGrammar("recursion", "rule r"),
        {"reason": "recursion", "place": "rule r"},
    ),
    (errors.EmptyLanguage("/allOf"), {"path": "/allOf"}),
    (errors.CompileBudgetExceeded("10 states"), {"limit": "10 states"}),
    (errors.Incomplete('{"a', "max_tokens"), {"partial": '{"a', "reason": "max_tokens"}),
    (errors.InvalidValue("[1]", "/0: odd"), {"text": "[1]", "reason": "/0: odd"}),
    (errors.PromptTooLong(9, 8), {"prompt_tokens": 9, "context": 8}),
    (errors.StaleState(7), {"state": 7}),
    (errors.VocabularyError("no end token"), {}),
]


@pytest.mark.parametrize(("error", "attributes"), EXAMPLES)
def test_facts_are_attributes(error: errors.GrammarlibError, attributes: dict[str, object]) -> None:
    assert isinstance(error, errors.GrammarlibError)
    assert {name: getattr(error, name) for name in attributes} == attributes


def test_every_error_has_an_example() -> None:
    defined = {name for name, value in vars(errors).items() if inspect.isclass(value)}
    assert defined == set(errors.__all__)
    shown = {type(error).__name__ for error, _ in EXAMPLES}
    assert shown == defined - {"GrammarlibError"}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.UnsupportedSchema("", "not", "why"), "unsupported schema at (root): not: why"),
        (errors.InvalidSchema("/type", "why"), "invalid schema at /type: why"),
        (errors.EmptyLanguage(""), "the language is empty: (root)"),
        (errors.Incomplete("abc", "context"), "incomplete: the model's context is full after 3"),
        (errors.PromptTooLong(9, 8), "the prompt has 9 tokens, the model's context holds 8"),
    ],
)
def test_texts_say_where(error: errors.GrammarlibError, text: str) -> None:
    assert str(error).startswith(text)


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidSchema("/\ud800", "why"),
        errors.GrammarSyntaxError("stray", 1, 2, "\ud800)"),
        errors.UnsupportedSchema("/a", "$ref", "\udfff"),
    ],
)
def test_messages_can_be_printed(error: errors.GrammarlibError) -> None:
    assert str(error).encode()


def test_a_long_pointer_is_shortened_in_the_message_alone() -> None:
    pointer = "/properties/a" * 1000
    error = errors.InvalidSchema(pointer, "why")
    assert error.pointer == pointer
    assert str(error).startswith("invalid schema at /properties/a/properties")
    assert str(error).endswith("/properties/a: why")
    assert len(str(error)) < 1000


def test_a_syntax_error_points_at_its_column() -> None:
    text = "first\n" + "x" * 100 + "!" + "y" * 100
    _, excerpt, caret = str(errors.GrammarSyntaxError("stray", 2, 101, text)).split("\n")
    assert excerpt[caret.index("^")] == "!"
    assert len(excerpt) <= 122
