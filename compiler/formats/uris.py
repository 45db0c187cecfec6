"""Resource identifiers: ``uri`` and ``uri-reference`` (RFC 3986), ``iri`` and ``iri-reference``
(RFC 3987).

Appendix A's ABNF, one rule a line; the two RFCs differ only in two character sets, so there is one
grammar with these as parameters. Rules that overlap are written once: an ``IPv4address`` is a
``reg-name``, and ``*( "/" segment )`` is a slash and then any path characters. Zones in addresses
(RFC 6874) and the bidirectional rules of RFC 3987, section 4.2 (which are "should"), are left out.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import (
    ALPHA,
    DIGIT,
    HEXDIG,
    hexdig,
    one_of,
    some,
)
from grammarlib.compiler.formats.addresses import ipv6
from grammarlib.compiler.regex.program import (
    EPSILON,
    Ranges,
    char_class,
    concat,
    literal,
    optional,
    repeat,
    union,
)

__all__ = ["IPRIVATE", "UCSCHAR", "iri", "iri_reference", "percent_encoded", "uri", "uri_reference"]

UCSCHAR: Ranges = (
    (0xA0, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFEF),
    *((plane << 16, (plane << 16) + 0xFFFD) for plane in range(1, 14)),
    (0xE1000, 0xEFFFD),
)
IPRIVATE: Ranges = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))

_UNRESERVED: Ranges = ALPHA + DIGIT + one_of("-._~")
_SUB_DELIMS: Ranges = one_of("!$&'()*+,;=")

percent_encoded = concat(literal("%"), hexdig, hexdig)


class _Grammar:
    """The rules, for ``unreserved`` widened by ``extra`` and queries widened by ``private``."""

    def __init__(self, extra: Ranges, private: Ranges) -> None:
        unreserved = _UNRESERVED + extra
        pchar = unreserved + _SUB_DELIMS + one_of(":@")

        def one(ranges: Ranges) -> bytes:
            return union(char_class(ranges), percent_encoded)

        path = some(one(pchar + one_of("/")))
        self.abempty = optional(concat(literal("/"), path))
        self.rootless = concat(one(pchar), path)
        self.absolute = concat(literal("/"), optional(self.rootless))
        first_without_colon = repeat(one(unreserved + _SUB_DELIMS + one_of("@")), 1)
        self.noscheme = concat(first_without_colon, self.abempty)

        userinfo = some(one(unreserved + _SUB_DELIMS + one_of(":")))
        reg_name = some(one(unreserved + _SUB_DELIMS))
        version = concat(char_class(one_of("vV")), repeat(char_class(HEXDIG), 1), literal("."))
        future = concat(version, repeat(char_class(_UNRESERVED + _SUB_DELIMS + one_of(":")), 1))
        ip_literal = concat(literal("["), union(ipv6(), future), literal("]"))
        port = some(char_class(DIGIT))
        self.authority = concat(
            optional(concat(userinfo, literal("@"))),
            union(ip_literal, reg_name),
            optional(concat(literal(":"), port)),
        )

        fragment = some(one(pchar + one_of("/?")))
        query = some(one(pchar + one_of("/?") + private))
        self.tail = concat(
            optional(concat(literal("?"), query)), optional(concat(literal("#"), fragment))
        )
        self.scheme = concat(char_class(ALPHA), some(char_class(ALPHA + DIGIT + one_of("+-."))))

    def absolute_form(self) -> bytes:
        """``URI``: scheme ":" hier-part [ "?" query ] [ "#" fragment ]."""
        with_authority = concat(literal("//"), self.authority, self.abempty)
        hierarchy = union(with_authority, self.absolute, self.rootless, EPSILON)
        return concat(self.scheme, literal(":"), hierarchy, self.tail)

    def relative_form(self) -> bytes:
        """``relative-ref``: relative-part [ "?" query ] [ "#" fragment ]."""
        with_authority = concat(literal("//"), self.authority, self.abempty)
        return concat(union(with_authority, self.absolute, self.noscheme, EPSILON), self.tail)


def uri() -> bytes:
    """``URI`` of RFC 3986: with a scheme."""
    return _Grammar((), ()).absolute_form()


def uri_reference() -> bytes:
    """``URI-reference`` of RFC 3986."""
    grammar = _Grammar((), ())
    return union(grammar.absolute_form(), grammar.relative_form())


def iri() -> bytes:
    """``IRI`` of RFC 3987: with a scheme."""
    return _Grammar(UCSCHAR, IPRIVATE).absolute_form()


def iri_reference() -> bytes:
    """``IRI-reference`` of RFC 3987."""
    grammar = _Grammar(UCSCHAR, IPRIVATE)
    return union(grammar.absolute_form(), grammar.relative_form())
