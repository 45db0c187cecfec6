"""Internet addresses: ``ipv4``, ``ipv6``, and the address literals of mail.

``ipv4`` is RFC 2673's ``dotted-quad`` without leading zeros. That grammar allows them
(``1*3DIGIT``), but their meaning is disputed (decimal or octal), and RFC 3986's ``dec-octet``,
:mod:`ipaddress` and validators refuse them; a generator must not write what its readers refuse.

``ipv6`` is RFC 4291, section 2.2, whose three forms RFC 3986's ``IPv6address`` spells out: eight
groups, ``::`` for one group or more, the last two groups as a dotted quad. Zones (RFC 4007) are no
part of it. Mail's literals (RFC 5321, section 4.1.3) differ: ``::`` stands for two groups or more,
and octets may have leading zeros.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import DIGIT, exactly, hexdig, two_digits
from grammarlib.compiler.regex.program import (
    EPSILON,
    char_class,
    concat,
    literal,
    optional,
    repeat,
    union,
)

__all__ = ["ipv4", "ipv6", "mail_ipv4", "mail_ipv6"]

_DIGIT = char_class(DIGIT)
_DOT = literal(".")
_COLON = literal(":")
_GAP = literal("::")
_GROUP = repeat(hexdig, 1, 4)
_GROUP_COLON = concat(_GROUP, _COLON)

_BIG_OCTETS = union(
    concat(literal("2"), char_class([(0x30, 0x34)]), _DIGIT),
    concat(literal("25"), char_class([(0x30, 0x35)])),
)
_OCTET = union(
    _DIGIT,
    two_digits(10, 99),
    concat(literal("1"), _DIGIT, _DIGIT),
    _BIG_OCTETS,
)
_PADDED_OCTET = union(
    _DIGIT,
    concat(_DIGIT, _DIGIT),
    concat(char_class([(0x30, 0x31)]), _DIGIT, _DIGIT),
    _BIG_OCTETS,
)


def ipv4() -> bytes:
    """Four decimal octets."""
    return concat(_OCTET, exactly(concat(_DOT, _OCTET), 3))


def ipv6() -> bytes:
    """Eight groups of hexadecimal digits in all of RFC 4291's forms."""
    low_half = union(concat(_GROUP_COLON, _GROUP), ipv4())
    forms = [concat(exactly(_GROUP_COLON, 6), low_half)]
    # After the gap: five groups and the low half, down to nothing. Before it: what then remains.
    for groups in range(5, -1, -1):
        after = concat(exactly(_GROUP_COLON, groups), low_half)
        forms.append(concat(_at_most(5 - groups), _GAP, after))
    forms.append(concat(_at_most(6), _GAP, _GROUP))
    forms.append(concat(_at_most(7), _GAP))
    return union(*forms)


def _at_most(groups: int) -> bytes:
    """Up to this many groups with colons between them."""
    if groups == 0:
        return EPSILON
    return optional(concat(repeat(_GROUP_COLON, 0, groups - 1), _GROUP))


def mail_ipv4() -> bytes:
    """RFC 5321's ``IPv4-address-literal``."""
    return concat(_PADDED_OCTET, exactly(concat(_DOT, _PADDED_OCTET), 3))


def mail_ipv6() -> bytes:
    """RFC 5321's ``IPv6-addr``."""
    quad = mail_ipv4()
    forms = [
        concat(exactly(_GROUP_COLON, 7), _GROUP),
        concat(exactly(_GROUP_COLON, 6), quad),
    ]
    # "No more than 6 groups in addition to the '::'", or 4 and a quad.
    forms += [concat(_exactly_groups(n), _GAP, _at_most(6 - n)) for n in range(7)]
    forms += [
        concat(_exactly_groups(n), _GAP, repeat(_GROUP_COLON, 0, 4 - n), quad) for n in range(5)
    ]
    return union(*forms)


def _exactly_groups(groups: int) -> bytes:
    if groups == 0:
        return EPSILON
    return concat(exactly(_GROUP_COLON, groups - 1), _GROUP)
