"""The table of JSON Schema formats: which draft defines what.

A format is a program over the decoded text of a string, built when first asked for; a name that the
specification does not define asserts nothing (Validation 2020-12, section 7.2.3). Cost: building
takes 10 to 400 µs a format, once per process; 7 ms for ``regex``, 10 ms for names of IDNA.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from grammarlib.compiler.formats import addresses, dates, hosts, mail, patterns, pointers, uris

__all__ = ["DRAFTS", "FORMATS", "Format", "format_program"]

DRAFTS: Final = ("4", "6", "7", "2019-09", "2020-12")


class Format(NamedTuple):
    """A format, and the specification of its texts."""

    since: str
    """First draft that defines it."""
    source: str
    """Where its texts are specified."""
    build: Callable[[], bytes]
    """Makes its program."""
    until: Mapping[str, Callable[[], bytes]] = MappingProxyType({})
    """What to build instead up to and including a draft, earliest first."""


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "date-time": Format("4", "RFC 3339, section 5.6", dates.date_time),
        "date": Format("7", "RFC 3339, section 5.6", dates.date),
        "time": Format("7", "RFC 3339, section 5.6", dates.time),
        "duration": Format("2019-09", "RFC 3339, appendix A", dates.duration),
        "email": Format("4", "RFC 5321, section 4.1.2", mail.email),
        "idn-email": Format("7", "RFC 6531, section 3.3", mail.idn_email),
        "idn-hostname": Format("7", "RFC 5890, section 2.3.2.3", hosts.idn_hostname),
        "hostname": Format(
            "4",
            "RFC 1123, section 2.1",
            hosts.hostname,
            MappingProxyType({"6": hosts.hostname_with_a_labels}),
        ),
        "ipv4": Format("4", "RFC 2673, section 3.2", addresses.ipv4),
        "ipv6": Format("4", "RFC 4291, section 2.2", addresses.ipv6),
        "uri": Format("4", "RFC 3986", uris.uri),
        "uri-reference": Format("6", "RFC 3986", uris.uri_reference),
        "iri": Format("7", "RFC 3987", uris.iri),
        "iri-reference": Format("7", "RFC 3987", uris.iri_reference),
        "uri-template": Format("6", "RFC 6570", pointers.uri_template),
        "json-pointer": Format("6", "RFC 6901, section 5", pointers.json_pointer),
        "relative-json-pointer": Format(
            "7",
            "draft-bhutton-relative-json-pointer-00",
            pointers.relative_json_pointer,
            MappingProxyType({"2019-09": pointers.relative_json_pointer_before_2020}),
        ),
        "regex": Format("7", "ECMA-262, section 21.2.1", patterns.regex),
        "uuid": Format("2019-09", "RFC 4122", pointers.uuid),
    }
)
"""All formats. Nothing that is not valid is accepted; what is valid and yet not accepted, the
modules :mod:`hosts`, :mod:`idna` and :mod:`patterns` say."""


def format_program(name: str, draft: str | None = None) -> bytes | None:
    """Program of the texts that are valid against a format.

    A format keeps its meaning in schemas of drafts older than itself: there it is a custom format,
    which implementations may support, and its authors mean it.

    Parameters
    ----------
    name : str
        The value of the ``format`` keyword.
    draft : str, optional
        One of ``DRAFTS``, where drafts differ (``hostname``, ``relative-json-pointer``); the newest
        by default.

    Returns
    -------
    bytes or None
        A program (:mod:`grammarlib.compiler.regex.program`) over decoded text; ``None`` for an
        unknown format, which asserts nothing.

    Raises
    ------
    ValueError
        There is no such draft.

    Notes
    -----
    JSON Schema Validation 2020-12, section 7.3.
    """
    if draft is None:
        draft = DRAFTS[-1]
    elif draft not in DRAFTS:
        raise ValueError(f"no such draft: {draft!r}; there are {', '.join(DRAFTS)}")
    rank = DRAFTS.index(draft)
    found = FORMATS.get(name)
    if found is None:
        return None
    for last, build in found.until.items():
        if rank <= DRAFTS.index(last):
            return _built(build)
    return _built(found.build)


@lru_cache(maxsize=64)
def _built(build: Callable[[], bytes]) -> bytes:
    return build()
