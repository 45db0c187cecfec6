"""Mail addresses: ``email`` and ``idn-email``.

The ``Mailbox`` rule of RFC 5321, section 4.1.2, which the specification names from 2019-09 on:
a dot-string or quoted string, then a domain or an address literal, with the limits of section
4.5.3.1 (local part 64 octets, domain 255) and DNS labels of at most 63. Drafts 4 to 7 name RFC
5322's ``addr-spec`` instead, whose comments nest and so are not regular; the same rule is used for
them, as their test suite does. Of address literals only ``IPv6:`` has a registered tag.

``idn-email`` is RFC 6531's extension: any characters beyond ASCII in the local part, whose limit
counts octets, and U-labels in the domain.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import ALPHA, DIGIT, one_of, some, word
from grammarlib.compiler.formats.addresses import mail_ipv4, mail_ipv6
from grammarlib.compiler.formats.hosts import dotted_labels, idn_domain
from grammarlib.compiler.regex.program import (
    MAX_CODE_POINT,
    Ranges,
    byte_class,
    char_class,
    concat,
    intersect,
    literal,
    repeat,
    union,
)

__all__ = ["email", "idn_email"]

_PRINTABLE: Ranges = ((0x20, 0x7E),)
_OTHERS: Ranges = ((0x80, MAX_CODE_POINT),)


def email() -> bytes:
    """``Mailbox``."""
    return _mailbox((), dotted_labels(255))


def idn_email() -> bytes:
    """``Mailbox`` as RFC 6531, section 3.3 extends it."""
    return _mailbox(_OTHERS, idn_domain())


def _mailbox(extra: Ranges, domain: bytes) -> bytes:
    """The rule, with more characters in the local part."""
    atom = repeat(char_class(ALPHA + DIGIT + one_of("!#$%&'*+-/=?^_`{|}~") + extra), 1)
    dot_string = concat(atom, some(concat(literal("."), atom)))
    plain = char_class([(0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E), *extra])
    pair = concat(literal("\\"), char_class(_PRINTABLE))
    quoted = concat(literal('"'), some(union(plain, pair)), literal('"'))
    length = repeat(byte_class([(0, 255)]), 1, 64)
    local = intersect(length, union(dot_string, quoted))
    address = concat(
        literal("["),
        union(mail_ipv4(), concat(word("IPv6"), literal(":"), mail_ipv6())),
        literal("]"),
    )
    return concat(local, literal("@"), union(domain, address))
