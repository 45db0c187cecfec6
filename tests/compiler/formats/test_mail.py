"""Mail addresses against a reading of RFC 5321 by hand."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import format_program
from tests.oracle.regex_program import Matcher, read

_EMAIL = read(format_program("email") or b"")
_ATEXT = set(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~")
_LDH = set(string.ascii_letters + string.digits + "-")


def accepts(text: str) -> bool:
    return Matcher(_EMAIL, text.encode()).matches()


def _is_local(text: str) -> bool:
    if not 0 < len(text) <= 64:
        return False
    if text[0] != '"':
        return all(atom and set(atom) <= _ATEXT for atom in text.split("."))
    at = 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at == len(text) - 1 and all(" " <= c <= "~" for c in text)


def _is_domain(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= 255 and all(
        0 < len(x) <= 63 and set(x) <= _LDH and x[0] != "-" and x[-1] != "-" for x in labels
    )


_LOCALS = st.lists(
    st.sampled_from(['"', "\\", "a", ".", "b!", " ", "é", "\x7f", "(", "'", "{}", "c" * 30]),
    max_size=7,
).map("".join)
_DOMAINS = st.lists(
    st.sampled_from(["a", ".", "-", "b9", "_", "é", "c" * 40, "[1.2.3.4]"]), max_size=6
).map("".join)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(_LOCALS | _LOCALS.map(lambda x: f'"{x}"'), _DOMAINS)
def test_mailboxes(local: str, domain: str) -> None:
    literal = domain == "[1.2.3.4]"
    valid = _is_local(local) and (literal or _is_domain(domain))
    assert accepts(f"{local}@{domain}") == valid


@pytest.mark.parametrize(
    ("literal", "valid"),
    [
        ("127.0.0.1", True),
        ("127.000.000.001", True),
        ("127.0.0.300", False),
        ("IPv6:::1", True),
        ("ipv6:::1", True),
        ("IPv6:1:2:3:4:5:6:7:8", True),
        ("IPv6:1:2:3:4:5:6:7::", False),
        ("IPv6:1:2:3:4:5:6::", True),
        ("IPv6:1:2:3:4:5:6:1.2.3.4", True),
        ("IPv6:1::2:3:1.2.3.4", True),
        ("::1", False),
        ("tag:content", False),
    ],
)
def test_address_literals(literal: str, valid: bool) -> None:
    assert accepts(f"a@[{literal}]") == valid


def test_the_length_of_the_local_part() -> None:
    assert [n for n in (1, 64, 65) if accepts("a" * n + "@b.c")] == [1, 64]
    assert [n for n in (1, 62, 63) if accepts('"' + "a" * n + '"@b.c')] == [1, 62]
