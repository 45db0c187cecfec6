"""Addresses against :mod:`ipaddress`, and mail's variants by their rules."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.formats import addresses
from tests.oracle.regex_program import Matcher, matches, read

_IPV4 = read(addresses.ipv4())
_IPV6 = read(addresses.ipv6())


def _valid(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.lists(
        st.integers(0, 300).map(str) | st.sampled_from(["", "00", "01", "1a", "-1", " 1", "２"]),
        min_size=3,
        max_size=5,
    ).map(".".join)
)
def test_ipv4(text: str) -> None:
    accepted = Matcher(_IPV4, text.encode()).matches()
    assert accepted == _valid(ipaddress.IPv4Address, text), text


def test_every_octet() -> None:
    for octet in range(300):
        assert matches(addresses.ipv4(), f"1.{octet}.3.4") == (octet < 256)
        for spelled in (f"{octet:02}", f"{octet:03}"):
            assert matches(addresses.mail_ipv4(), f"1.{spelled}.3.4") == (octet < 256)


_PIECES = st.sampled_from(["", "0", "1", "ab", "FFFF", "00a", "12345", "g", "1.2.3.4", "1.2.3.256"])


@settings(derandomize=True, deadline=None, max_examples=1_000)
@given(st.lists(_PIECES, min_size=1, max_size=10).map(":".join))
def test_ipv6(text: str) -> None:
    accepted = Matcher(_IPV6, text.encode()).matches()
    assert accepted == _valid(ipaddress.IPv6Address, text), text


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.ip_addresses(v=6), st.booleans())
def test_ipv6_in_every_printed_form(address: ipaddress.IPv6Address, upper: bool) -> None:
    text = address.compressed.upper() if upper else address.compressed
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    mixed = ":".join(address.exploded.split(":")[:6]) + f":{low}"
    for form in (text, address.exploded, mixed):
        assert Matcher(_IPV6, form.encode()).matches(), form
        assert not Matcher(_IPV6, (form + ":").encode()).matches()
        assert not Matcher(_IPV6, (form + "%1").encode()).matches()


@pytest.mark.parametrize("quad", [False, True])
def test_gaps_for_every_number_of_groups(quad: bool) -> None:
    # A gap stands for one group or more in RFC 4291, for two or more in RFC 5321.
    size = 6 if quad else 8
    tail = "1.2.3.4" if quad else ""
    for left in range(9):
        for right in range(9):
            groups = ["1"] * right + ([tail] if tail else [])
            text = ":".join(["1"] * left) + "::" + ":".join(groups)
            assert matches(addresses.ipv6(), text) == (left + right <= size - 1), text
            assert matches(addresses.mail_ipv6(), text) == (left + right <= size - 2), text
        full = ":".join(["1"] * left + ([tail] if tail else []))
        assert matches(addresses.ipv6(), full) == (left == size)
        assert matches(addresses.mail_ipv6(), full) == (left == size)
