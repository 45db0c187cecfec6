"""Pointers and templates: ``json-pointer``, ``relative-json-pointer``, ``uri-template``, ``uuid``.

``json-pointer`` is RFC 6901, section 3 (the string form, not the URI fragment). The relative form
is that of the Internet-Draft each specification names: from 2020-12 on
(draft-bhutton-relative-json-pointer-00) the count may be followed by an index manipulation,
``+1`` or ``-1``, also before ``#``, which that draft's examples have and its ABNF forgot.
``uri-template`` is RFC 6570, section 2, with erratum 6937 (an apostrophe is a literal). ``uuid`` is
RFC 4122, section 3, of any version and variant.
"""

from __future__ import annotations

from grammarlib.compiler.formats.abnf import (
    ALPHA,
    DIGIT,
    exactly,
    hexdig,
    one_of,
    some,
    texts,
)
from grammarlib.compiler.formats.uris import IPRIVATE, UCSCHAR, percent_encoded
from grammarlib.compiler.regex.program import (
    MAX_CODE_POINT,
    char_class,
    concat,
    literal,
    optional,
    repeat,
    union,
)

__all__ = [
    "json_pointer",
    "relative_json_pointer",
    "relative_json_pointer_before_2020",
    "uri_template",
    "uuid",
]


def json_pointer() -> bytes:
    """``json-pointer``: reference tokens, each after a slash."""
    unescaped = char_class([(0, 0x2E), (0x30, 0x7D), (0x7F, MAX_CODE_POINT)])
    return some(concat(literal("/"), some(union(unescaped, texts("~0", "~1")))))


def _count() -> bytes:
    return union(literal("0"), concat(char_class([(0x31, 0x39)]), some(char_class(DIGIT))))


def relative_json_pointer() -> bytes:
    """Levels up, an index manipulation if any, then a pointer or ``#``."""
    manipulation = optional(concat(char_class(one_of("+-")), _count()))
    return concat(_count(), manipulation, union(json_pointer(), literal("#")))


def relative_json_pointer_before_2020() -> bytes:
    """Levels up, then a pointer or ``#``."""
    return concat(_count(), union(json_pointer(), literal("#")))


def uri_template() -> bytes:
    """``URI-Template``: literals and expressions."""
    literals = char_class(
        [
            (0x21, 0x21),
            (0x23, 0x24),
            (0x26, 0x3B),
            (0x3D, 0x3D),
            (0x3F, 0x5B),
            (0x5D, 0x5D),
            (0x5F, 0x5F),
            (0x61, 0x7A),
            (0x7E, 0x7E),
            *UCSCHAR,
            *IPRIVATE,
        ]
    )
    varchar = union(char_class(ALPHA + DIGIT + one_of("_")), percent_encoded)
    varname = concat(varchar, some(concat(optional(literal(".")), varchar)))
    max_length = concat(char_class([(0x31, 0x39)]), repeat(char_class(DIGIT), 0, 3))
    modifier = union(concat(literal(":"), max_length), literal("*"))
    varspec = concat(varname, optional(modifier))
    variables = concat(varspec, some(concat(literal(","), varspec)))
    # Those after "&" are reserved for extensions, yet the grammar has them.
    operator = char_class(one_of("+#./;?&=,!@|"))
    expression = concat(literal("{"), optional(operator), variables, literal("}"))
    return some(union(literals, percent_encoded, expression))


def uuid() -> bytes:
    """Hexadecimal digits of either case in groups of 8, 4, 4, 4 and 12."""
    dash = literal("-")
    middle = exactly(concat(dash, exactly(hexdig, 4)), 3)
    return concat(exactly(hexdig, 8), middle, dash, exactly(hexdig, 12))
