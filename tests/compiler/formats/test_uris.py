"""Resource identifiers against the ``rfc3987`` package, whose one known fault is left out."""

from __future__ import annotations

import re

import pytest
import rfc3987  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import format_program
from tests.oracle.regex_program import Matcher, read

_RULES = {
    "uri": "URI",
    "uri-reference": "URI_reference",
    "iri": "IRI",
    "iri-reference": "IRI_reference",
}
_TREES = {name: read(format_program(name) or b"") for name in _RULES}


def accepts(name: str, text: str) -> bool:
    return Matcher(_TREES[name], text.encode()).matches()


_PIECES = [*':/?#@[]%. \\"<^|é😀\ue000']
_PIECES += ["a", "Z9", "http", "//", "%41", "%4g", "-._~", "!$", "80"]
_PIECES += ["[::1]", "[v1.a:b]", "[1::2:3.4.5.6]"]


@settings(derandomize=True, deadline=None, max_examples=1_500)
@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_against_another_implementation(text: str) -> None:
    # It lets octets inside brackets begin with a zero.
    assume(not re.search(r"\[.*\b0[0-9]+\..*\]", text))
    for name, rule in _RULES.items():
        valid = rfc3987.match(text, rule=rule) is not None
        assert accepts(name, text) == valid, (name, text)


@pytest.mark.parametrize(
    ("text", "uri", "reference"),
    [
        ("http://user:pw@host:8080/p/a;t?q=1#f", True, True),
        ("HTTP://[2001:db8::7]:/", True, True),
        ("http://[::ffff:01.2.3.4]", False, False),
        ("http://[V7f.a]", True, True),
        ("http://[v.a]", False, False),
        ("http://[fe80::1%25en0]", False, False),
        ("a:", True, True),
        ("a:b:c", True, True),
        ("a:/b", True, True),
        ("a://", True, True),
        ("a:/", True, True),
        ("1a:b", False, False),
        ("b/c:d", False, True),
        ("", False, True),
        ("//", False, True),
        ("///p", False, True),
        ("?q", False, True),
        ("#f", False, True),
        ("#f#g", False, False),
        ("a?b?c/d", False, True),
        ("http://a b", False, False),
        ("http://h:80a", False, False),
        ("http://é", False, False),
        ("%7e", False, True),
    ],
)
def test_known_cases(text: str, uri: bool, reference: bool) -> None:
    assert (accepts("uri", text), accepts("uri-reference", text)) == (uri, reference)
    if text.isascii():
        assert (accepts("iri", text), accepts("iri-reference", text)) == (uri, reference)


def test_private_code_points_only_in_queries() -> None:
    assert accepts("iri", "a:b?\ue000")
    assert not accepts("iri", "a:b/\ue000")
    assert not accepts("iri", "a:b#\ue000")
    assert accepts("iri", "http://é.ü/ö?ä#ß")
    assert not accepts("iri", "http://\ufffe")
