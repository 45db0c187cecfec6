"""Mail addresses: ``email``.

The ``Mailbox`` rule of RFC 5321, section 4.1.2, which the specification names from 2019-09 on:
a dot-string or quoted string, then a domain or an address literal, with the limits of section
4.5.3.1 (local part 64 octets, domain 255) and DNS labels of at most 63. Drafts 4 to 7 name RFC
5322's ``addr-spec`` instead, whose comments nest and so are not regular; the same rule is used for
them, as their test suite does. Of address literals only ``IPv6:`` has a registered tag.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import ALPHA, DIGIT, one_of, some, word
from grammarlib.compiler.formats.addresses import mail_ipv4, mail_ipv6
from grammarlib.compiler.formats.hosts import dotted_labels
from grammarlib.compiler.regex.program import (
    char_class,
    concat,
    intersect,
    literal,
    repeat,
    union,
)

__all__ = ["email"]

_PRINTABLE = char_class([(0x20, 0x7E)])


def email() -> bytes:
    """``Mailbox``."""
    atom = repeat(char_class(ALPHA + DIGIT + one_of("!#$%&'*+-/=?^_`{|}~")), 1)
    dot_string = concat(atom, some(concat(literal("."), atom)))
    plain = char_class([(0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E)])
    pair = concat(literal("\\"), _PRINTABLE)
    quoted = concat(literal('"'), some(union(plain, pair)), literal('"'))
    local = intersect(repeat(_PRINTABLE, 1, 64), union(dot_string, quoted))
    address = concat(
        literal("["),
        union(mail_ipv4(), concat(word("IPv6"), literal(":"), mail_ipv6())),
        literal("]"),
    )
    return concat(local, literal("@"), union(dotted_labels(255), address))
