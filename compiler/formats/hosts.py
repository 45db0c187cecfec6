"""Host names: ``hostname``, ``idn-hostname``, and the domain names of mail.

RFC 1123, section 2.1 (and RFC 952): labels of letters, digits and inner hyphens, 1 to 63 characters
each, joined by single dots, 253 characters in all. No trailing dot. ``idn-hostname`` (RFC 5890,
section 2.3.2.3) has U-labels as well (see ``idna``), ASCII labels without two hyphens as third and
fourth character, and IDNA's other full stops. The 253 octets count A-labels, of which a name of
``_SHORT_NAME`` code points cannot have more, nor one of ``_ONE_U_LABEL`` with one U-label.

Names with A-labels (``xn--...``): from draft 7 on the specification counts names "produced using
the Punycode algorithm specified in RFC 5891", and the official suite rejects A-labels that decode
to nothing IDNA allows. Which do is a property of the decoded code points, far out of reach of a
small automaton. So from draft 7 on a label that begins with ``xn--`` is never accepted: no invalid
name passes, at the price of valid A-labels. In drafts 4 and 6 the format is RFC 1034's and RFC
1123's syntax alone: such labels pass.
"""

from __future__ import annotations

from typing import Final

from grammarlib.compiler.formats.abnf import ALPHA, DIGIT, one_of, some, word
from grammarlib.compiler.formats.idna import Labels, excluding, labels, u_labels
from grammarlib.compiler.regex.program import (
    ANY_CHAR,
    ANY_TEXT,
    again,
    byte_class,
    char_class,
    complement,
    concat,
    intersect,
    keep,
    literal,
    optional,
    repeat,
    union,
)

__all__ = [
    "dotted_labels",
    "hostname",
    "hostname_with_a_labels",
    "idn_domain",
    "idn_hostname",
]

# A U-label of 1, 2, 3 ... code points has at most 9, 15, 19 ... octets: with its dot at most 16
# for 3.
_SHORT_NAME: Final = 46
_ONE_U_LABEL: Final = 253 - 62

_ALNUM = char_class(ALPHA + DIGIT)
_LDH = char_class(ALPHA + DIGIT + one_of("-"))
_LDH_DOT = char_class(ALPHA + DIGIT + one_of("-."))


def dotted_labels(longest: int) -> bytes:
    """Labels of letters, digits and inner hyphens, with dots between, ``longest`` characters."""
    label = _ascii_label()
    name = concat(label, some(concat(literal("."), label)))
    return intersect(repeat(_LDH_DOT, 1, longest), name)


def _ascii_label() -> bytes:
    # Shape and length are separate languages: a count inside the shape would be ambiguous.
    words = repeat(_ALNUM, 1)
    shape = concat(words, some(concat(repeat(literal("-"), 1), words)))
    return intersect(repeat(_LDH, 1, 63), shape)


def hostname_with_a_labels() -> bytes:
    """The syntax of RFC 1123 alone."""
    return dotted_labels(253)


def hostname() -> bytes:
    """RFC 1123 without A-labels."""
    a_label = concat(optional(concat(ANY_TEXT, literal("."))), word("xn"), literal("--"), ANY_TEXT)
    return intersect(dotted_labels(253), complement(a_label))


def idn_hostname() -> bytes:
    """Names of U-labels and ASCII labels."""
    stops = one_of(".\u3002\uff0e\uff61")
    rules = labels()
    reserved = concat(ANY_CHAR, ANY_CHAR, literal("--"), ANY_TEXT)
    label = union(intersect(_ascii_label(), complement(reserved)), u_labels(rules.composed))
    ascii_labels = some(char_class([(0, 0x7F), *stops]))
    u_label = some(char_class(excluding(stops)))
    length = union(
        repeat(ANY_CHAR, 1, _SHORT_NAME),
        intersect(repeat(ANY_CHAR, 1, 253), ascii_labels),
        intersect(repeat(ANY_CHAR, 1, _ONE_U_LABEL), concat(ascii_labels, u_label, ascii_labels)),
    )
    return intersect(_names(label, char_class(stops), rules), length)


def idn_domain() -> bytes:
    """The domain names of internationalised mail, with labels in any normalization form."""
    rules = labels()
    label = union(_ascii_label(), u_labels(rules.loose))
    return intersect(_names(label, literal("."), rules), repeat(byte_class([(0, 255)]), 1, 255))


def _names(label: bytes, stop: bytes, rules: Labels) -> bytes:
    """Labels with stops between: all left to right, or all by the Bidi rule."""
    kept = [keep(label, 0)]
    ways = []
    for slot, rule in enumerate((rules.one_way, rules.bidi), 1):
        kept.append(keep(intersect(again(0), rule), slot))
        ways.append(concat(again(slot), some(concat(stop, again(slot)))))
    return b"".join(kept) + union(*ways)
