"""Patterns of URLs: what matches, pydantic reads."""

from __future__ import annotations

import re
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.python_types.urls import url

ANY = re.compile(url(None), re.ASCII)
HTTP = re.compile(url(["http", "https"]), re.ASCII)
HOSTS = re.compile(url(["postgres"], hosts=True), re.ASCII)
READERS: dict[re.Pattern[str], pydantic.TypeAdapter[Any]] = {
    ANY: pydantic.TypeAdapter(pydantic.AnyUrl),
    HTTP: pydantic.TypeAdapter(pydantic.HttpUrl),
    HOSTS: pydantic.TypeAdapter(pydantic.PostgresDsn),
}


@pytest.mark.parametrize("pattern", READERS, ids=["any", "http", "hosts"])
def test_what_matches_is_read(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=30, derandomize=True, database=None, deadline=None)
    @given(st.from_regex(pattern, fullmatch=True))
    def is_read(text: str) -> None:
        READERS[pattern].validate_python(text)

    is_read()


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (
            HTTP,
            ["http://a", "HTTPS://u:p@a-b.c_d:65535/x?y#z", "http://1.2.3.4/", "http://[::1]:80"],
            ["ftp://a", "http:a", "http://", "http://1.2.3", "http://a.1", "http://xn--a"],
        ),
        (
            ANY,
            ["mailto:a@b", "x:", "x:/a", "x:///a", "x://h/a", "file:///a", "ftp://a"],
            ["a", ":a", "1:a", "http:///a", "ftp:a", "file:a", "x://a:65536", "x: a"],
        ),
        (HOSTS, ["postgres://a,b:5/c", "postgres://u@a"], ["postgres:a", "postgres://,a"]),
    ],
    ids=["http", "any", "hosts"],
)
def test_texts(pattern: re.Pattern[str], inside: list[str], outside: list[str]) -> None:
    assert [text for text in inside + outside if pattern.fullmatch(text)] == inside


def test_letters_of_schemes_are_ascii() -> None:
    assert not HTTP.fullmatch("http\u017f://a")
