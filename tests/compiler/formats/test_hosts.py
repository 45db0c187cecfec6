"""Host names against the ``fqdn`` package, and their limits."""

from __future__ import annotations

import pytest
from fqdn import FQDN
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import format_program
from grammarlib.compiler.formats.hosts import dotted_labels
from tests.oracle.regex_program import Matcher, matches, read

_NAMES = {d: read(format_program("hostname", d) or b"") for d in ("4", "2020-12")}


def accepts(text: str, draft: str = "2020-12") -> bool:
    return Matcher(_NAMES[draft], text.encode()).matches()


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(["a", "Z", "0", "-", ".", "_", "xn", "--", "é", "a" * 31, "b-" * 20]),
        max_size=8,
    ).map("".join)
)
@example("ab--cd.example")
@example("a\n")
def test_hostnames(text: str) -> None:
    # That package forgives a final dot or line break and underscores, RFC 1123 does not.
    strict = not text.endswith((".", "\n")) and "_" not in text and len(text) <= 253
    valid = strict and FQDN(text, min_labels=1).is_valid if text else False
    assert accepts(text, "4") == valid, text
    a_label = any(label.lower().startswith("xn--") for label in text.split("."))
    assert accepts(text) == (valid and not a_label), text


@pytest.mark.parametrize("length", [62, 63, 64])
def test_the_length_of_a_label(length: int) -> None:
    assert accepts("a" * length) == (length <= 63)
    assert accepts("x." + "-".join(["a" * (length - 2), "b"])) == (length <= 63)


@pytest.mark.parametrize("length", [252, 253, 254, 255])
def test_the_length_of_a_name(length: int) -> None:
    name = ".".join(["a" * 49] * 5)
    name = name + "." + "b" * (length - len(name) - 1)
    assert len(name) == length
    assert accepts(name) == (length <= 253)
    assert matches(dotted_labels(255), name) == (length <= 255)


def test_a_labels_are_refused_wherever_they_stand_from_draft_7_on() -> None:
    for text in ("xn--9n2bp8q.xn--9t4b11yi5a", "XN--X", "www.xN--a.b", "a.xn--b"):
        assert accepts(text, "4")
        assert not accepts(text)
        assert not matches(format_program("hostname", "7") or b"", text)
    assert accepts("axn--b.c-xn--d.xn-a.x")
