"""Host names: ``hostname``, and the domain names of mail.

RFC 1123, section 2.1 (and RFC 952): labels of letters, digits and inner hyphens, 1 to 63 characters
each, joined by single dots, 253 characters in all. No trailing dot.

Names with A-labels (``xn--...``): from draft 7 on the specification counts names "produced using
the Punycode algorithm specified in RFC 5891", and the official suite rejects A-labels that decode
to nothing IDNA allows. Which do is a property of the decoded code points, far out of reach of a
small automaton. So from draft 7 on a label that begins with ``xn--`` is never accepted: no invalid
name passes, at the price of valid A-labels (``A_LABELS_REFUSED`` says so, for callers that report
it). In drafts 4 and 6 the format is RFC 1034's and RFC 1123's syntax alone: such labels pass.
"""

from __future__ import annotations

from typing import Final

from grammarlib.compiler.formats.abnf import ALPHA, DIGIT, one_of, some, word
from grammarlib.compiler.regex.program import (
    ANY_TEXT,
    char_class,
    complement,
    concat,
    intersect,
    literal,
    optional,
    repeat,
)

__all__ = ["A_LABELS_REFUSED", "dotted_labels", "hostname", "hostname_with_a_labels"]

A_LABELS_REFUSED: Final = (
    "labels that begin with xn-- are not accepted: whether they decode to a valid "
    "internationalised label (RFC 5891) is not decided"
)

_ALNUM = char_class(ALPHA + DIGIT)
_LDH = char_class(ALPHA + DIGIT + one_of("-"))
_LDH_DOT = char_class(ALPHA + DIGIT + one_of("-."))


def dotted_labels(longest: int) -> bytes:
    """Labels of letters, digits and inner hyphens, with dots between, ``longest`` characters."""
    # Shape and length are separate languages: a count inside the shape would be ambiguous.
    words = repeat(_ALNUM, 1)
    shape = concat(words, some(concat(repeat(literal("-"), 1), words)))
    label = intersect(repeat(_LDH, 1, 63), shape)
    name = concat(label, some(concat(literal("."), label)))
    return intersect(repeat(_LDH_DOT, 1, longest), name)


def hostname_with_a_labels() -> bytes:
    """The syntax of RFC 1123 alone."""
    return dotted_labels(253)


def hostname() -> bytes:
    """RFC 1123 without A-labels."""
    a_label = concat(optional(concat(ANY_TEXT, literal("."))), word("xn"), literal("--"), ANY_TEXT)
    return intersect(dotted_labels(253), complement(a_label))
