"""Pointers against the ``jsonpointer`` package; templates and identifiers by their rules."""

from __future__ import annotations

import uuid

import jsonpointer
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import format_program
from tests.oracle.regex_program import matches


def accepts(name: str, text: str, draft: str | None = None) -> bool:
    return matches(format_program(name, draft) or b"", text)


_PIECES = st.sampled_from(["/", "~", "~0", "~1", "~2", "a", "0", "-", "#", "é", "\n", "%", "+1"])
_TEXTS = st.lists(_PIECES, max_size=6).map("".join)


def _is_pointer(text: str) -> bool:
    try:
        jsonpointer.JsonPointer(text)
    except jsonpointer.JsonPointerException:
        return False
    return True


@settings(derandomize=True, deadline=None, max_examples=500)
@given(_TEXTS)
def test_json_pointers(text: str) -> None:
    assert accepts("json-pointer", text) == _is_pointer(text)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(
    st.sampled_from(["", "0", "1", "20", "01", "-1", "٣"]),
    st.sampled_from(["", "+1", "-20", "+0", "+", "-01"]),
    _TEXTS,
)
def test_relative_json_pointers(up: str, shift: str, rest: str) -> None:
    valid = up in ("0", "1", "20") and (rest == "#" or _is_pointer(rest))
    text = up + shift + rest
    # "+" and digits of another piece may follow the count: only clear cases are judged.
    if rest[:1] not in ("", "/", "#"):
        valid = False
        if up and (rest[0].isdigit() or rest[0] in "+-"):
            return
    assert accepts("relative-json-pointer", text) == (valid and shift in ("", "+1", "-20", "+0"))
    assert accepts("relative-json-pointer", text, "7") == (valid and not shift)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("", True),
        ("a/b%20c", True),
        ("%2", False),
        ("http://e.org/{term:1}/{term}{?q*,lang}", True),
        ("{+x,hello,y}{#a}{.b}{/c}{;d}{?e}{&f}", True),
        ("{=x}{,x}{!x}{@x}{|x}", True),
        ("{x:9999}", True),
        ("{x:10000}", False),
        ("{x:0}", False),
        ("{x:1*}", False),
        ("{}", False),
        ("{+}", False),
        ("{a.b.c_1%41}", True),
        ("{.a}", True),
        ("{..a}", False),
        ("{a.}", False),
        ("{a b}", False),
        ("{a-b}", False),
        ("a'b", True),
        ('a"b', False),
        ("a<b", False),
        ("a\\b", False),
        ("a^b", False),
        ("a`b", False),
        ("a|b", False),
        ("a}b", False),
        ("é😀\ue000", True),
        ("a b", False),
        ("\x7f", False),
    ],
)
def test_uri_templates(text: str, valid: bool) -> None:
    assert accepts("uri-template", text) == valid


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.uuids(), st.integers(0, 36), st.sampled_from(["", "-", "0", "g"]), st.booleans())
def test_uuids(value: uuid.UUID, place: int, change: str, upper: bool) -> None:
    text = str(value).upper() if upper else str(value)
    assert accepts("uuid", text)
    assert accepts("uuid", text[:place] + change + text[place:]) == (not change)
    assert not accepts("uuid", text.replace("-", ""))
    assert not accepts("uuid", "{" + text + "}")
