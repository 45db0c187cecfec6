"""``Substring``: any stretch of a document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammarlib as gl
from tests.compiler.json_schema.core import single_bytes


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@given(st.text("abé", min_size=1, max_size=12), st.text("abé", max_size=5))
def test_stretches_are_those_of_the_text(text: str, other: str) -> None:
    matcher = gl.compile(gl.Substring(text), single_bytes()).matcher()
    took = matcher.accept_bytes(other.encode())
    assert took == (other in text)
    assert (took and matcher.is_accepting()) == (other in text and other != "")


def test_long_documents_are_read() -> None:
    text = "".join(f"{i * i} of {i}; " for i in range(5_000))
    matcher = gl.compile(gl.Substring(text), single_bytes()).matcher()
    assert matcher.accept_bytes(text[3_000:9_000].encode())
    assert not matcher.accept_bytes(b"of of")


@pytest.mark.parametrize(
    ("text", "error"),
    [("", gl.EmptyLanguage), (b"a", TypeError), ("\ud800", UnicodeEncodeError)],
)
def test_what_has_no_stretches(text: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.Substring(text)  # type: ignore[arg-type]
