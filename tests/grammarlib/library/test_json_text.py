"""JSON and JSON Lines against Python's ``json``."""

from __future__ import annotations

import json

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import judged, takes


def _refused(constant: str) -> None:
    raise ValueError(constant)


def is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refused)
    except ValueError:
        return False
    return True


def are_lines(text: str) -> bool:
    lines = text.split("\n")
    return not text or all(map(is_json, lines[:-1] if lines[-1] == "" else lines))


def test_json_against_python() -> None:
    judged(gl.library.json(), is_json, 150, 150)


def test_the_longest_white_space_between_tokens() -> None:
    grammar = gl.library.json(whitespace=1)
    judged(grammar, is_json, 50)
    assert takes(grammar, '[ 1 , {"a" : 2}]')
    assert not takes(grammar, "[  1]")
    assert not takes(gl.library.json(whitespace=0), "[ 1]")


def test_lines_against_python() -> None:
    # Beyond the line ends Python takes carriage returns for white space.
    judged(gl.library.json_lines(), are_lines, 80, 80, exempt=lambda text: "\r" in text)


def test_lines_of_a_schema_and_their_number() -> None:
    line = gl.JSONSchema({"type": "integer"}, whitespace="compact")
    grammar = gl.library.json_lines(line, min=1, max=2)
    for text, inside in [("1", True), ("1\n2\r\n", True), ("", False), ("1\n2\n3", False)]:
        assert takes(grammar, text) == inside, text
    assert takes(gl.library.json_lines(max=0), "")
    assert not takes(gl.library.json_lines(max=0), "1")


@pytest.mark.parametrize(
    "call",
    [
        lambda: gl.library.json(whitespace=-1),
        lambda: gl.library.json(whitespace="any"),  # type: ignore[arg-type]
        lambda: gl.library.json_lines("1"),  # type: ignore[arg-type]
        lambda: gl.library.json_lines(min=2, max=1),
    ],
)
def test_what_is_refused(call: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        call()  # type: ignore[operator]
