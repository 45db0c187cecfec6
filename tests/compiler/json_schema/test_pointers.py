"""Paths render as JSON pointers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.json_schema.pointers import Path, invalid, render, unescape


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ((), ""),
        (((), "type"), "/type"),
        ((((), "properties", "a"), "items", 3), "/properties/a/items/3"),
        (((), "properties", "a/b~c"), "/properties/a~1b~0c"),
        (((), ""), "/"),
        (("http://x.test/s",), "http://x.test/s#"),
        ((("http://x.test/s",), "$defs", "y"), "http://x.test/s#/$defs/y"),
    ],
)
def test_render(path: Path, pointer: str) -> None:
    assert render(path) == pointer


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text(alphabet="a~/01", max_size=4), max_size=5))
def test_tokens_survive_rendering(tokens: list[str]) -> None:
    path: Path = ()
    for token in tokens:
        path = (path, token)
    assert [unescape(token) for token in render(path).split("/")[1:]] == tokens


def test_invalid_names_the_place() -> None:
    error = invalid(((), "items", "type"), "must be a name")
    assert error.pointer == "/items/type"
    assert error.reason == "must be a name"
