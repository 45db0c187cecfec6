"""What pydantic reads, and writes, under the name of a format: patterns of the whole text.

pydantic's schemas name formats whose texts are Python's, not quite those of the specifications:
a date has no year 0, a time no leap second, and both may lack an offset; a duration may be negative
and have fractions, and must not be too long. The names stay as pydantic has them, since models know
them. What is written (``dump_json``) is always among the texts; of what pydantic would take
besides (a date as seconds since 1970), nothing is.

Patterns are ECMA-262's. A name that is not here keeps its meaning: that of the specification, or
none, as ``path`` and ``password``, for which any text will do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import TZPATH, available_timezones

from grammarlib.compiler.python_types.numerals import FRACTION
from grammarlib.compiler.python_types.urls import IPV4, IPV6

__all__ = ["AWARE", "NAIVE", "base64", "format_pattern", "hexadecimal", "uuid"]

_FOURS = "0[48]|[2468][048]|[13579][26]"
_DATE = (
    r"(?!0000)(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
    rf"|(?:\d\d(?:{_FOURS})|(?:00|{_FOURS})00)-02-29)"
)
# Python keeps six digits of a second.
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
_OFFSET = r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
NAIVE: Final = rf"{_DATE}[Tt]{_CLOCK}"
AWARE: Final = rf"{NAIVE}{_OFFSET}"

# At most 999,999,999 days, a year having 365 and a month 30. Short counts cannot come near that;
# Python's longest durations are written in years, days of the rest, and a time of day.
_SECONDS = r"(?:\d{1,6}(?:\.\d{1,6})?S)"
_TIME = rf"(?:T(?=\d)(?:\d{{1,6}}H)?(?:\d{{1,6}}M)?{_SECONDS}?)"
_SHORT = (
    r"(?=[YMDTP\d.HS]*\d)(?:(?:[01]?\d{1,6}|2[0-6]\d{5})Y)?(?:\d{1,4}M)?(?:\d{1,6}D)?" + _TIME + "?"
)
_DAY_TIME = r"(?:T(?=\d)(?:(?:1?\d|2[0-3])H)?(?:[1-5]?\dM)?(?:[1-5]?\d(?:\.\d{1,6})?S)?)"
_DAYS = r"(?:(?:[12]?\d{1,2}|3[0-5]\d|36[0-4])D)"
_LONG = r"27(?:[0-2]\d{4}|3[0-8]\d{3}|39[0-6]\d\d|397[01]\d|3972[0-5])Y" + f"{_DAYS}?{_DAY_TIME}?"
_DURATION = (
    rf"[+-]?P(?:\d{{1,6}}W|{_SHORT}|{_LONG}|2739726Y(?:[0-8]D)?{_DAY_TIME}?|2739726Y9D)"
    rf"|\+?P2739726Y9D{_DAY_TIME}"
)

_SCOPED_IPV6 = rf"{IPV6}(?:%[^%/]+)?"


def _ipv4_network() -> str:
    """Addresses whose bits beyond the prefix are zero."""
    parts = [rf"{IPV4}(?:/32)?"]
    for prefix in range(32):
        whole, bits = divmod(prefix, 8)
        step = 256 >> bits
        octets = [r"25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d"] * whole
        octets.append("|".join(map(str, range(0, 256, step))))
        octets += ["0"] * (3 - whole)
        parts.append(r"\.".join(f"(?:{octet})" for octet in octets) + f"/{prefix}")
    return "|".join(parts)


_PREFIX_4 = r"(?:/(?:\d|[12]\d|3[0-2]))?"
_PREFIX_6 = r"(?:/(?:\d|[1-9]\d|1[01]\d|12[0-8]))?"


def _zones() -> str:
    names = sorted(available_timezones())
    # Two more collections may lie beside those that are listed.
    names += [
        f"{more}/{name}"
        for more in ("posix", "right")
        for name in names
        if any(Path(root, more, name).is_file() for root in TZPATH)
    ]
    return "|".join(names).replace("+", r"\+") or "(?!)"


_PATTERNS: Final[dict[str, Callable[[], str]]] = {
    "date": lambda: _DATE,
    "time": lambda: rf"{_CLOCK}{_OFFSET}?",
    "date-time": lambda: rf"{NAIVE}{_OFFSET}?",
    "duration": lambda: _DURATION,
    "ipv6": lambda: _SCOPED_IPV6,
    "ipv4network": _ipv4_network,
    "ipv4interface": lambda: IPV4 + _PREFIX_4,
    # Whether the bits beyond the prefix are zero is asked afterwards.
    "ipv6network": lambda: _SCOPED_IPV6 + _PREFIX_6,
    "ipv6interface": lambda: _SCOPED_IPV6 + _PREFIX_6,
    "ipvanyaddress": lambda: f"{IPV4}|{_SCOPED_IPV6}",
    "ipvanyinterface": lambda: f"{IPV4}{_PREFIX_4}|{_SCOPED_IPV6}{_PREFIX_6}",
    "ipvanynetwork": lambda: f"{_ipv4_network()}|{_SCOPED_IPV6}{_PREFIX_6}",
    "base64": lambda: base64("+/"),
    "base64url": lambda: base64("-_"),
    "zoneinfo": _zones,
    "fraction": lambda: FRACTION,
    # Python's regular expressions are none of ECMA-262's, and are no regular language.
    "regex": lambda: r"[\s\S]*",
}


@cache
def format_pattern(name: str) -> str | None:
    """The texts of one of pydantic's formats; None if its meaning needs no change."""
    make = _PATTERNS.get(name)
    return None if make is None else make()


def uuid(version: int) -> str:
    """UUIDs of a version, which have a variant too."""
    digit = "[0-9A-Fa-f]"
    return rf"{digit}{{8}}-{digit}{{4}}-{version}{digit}{{3}}-[89ABab]{digit}{{3}}-{digit}{{12}}"


def base64(others: str, least: int = 0, most: int | None = None) -> str:
    """Base64 of so many bytes, padded; ``others`` are the digits that are no letters.

    Bits that are padding are zero.
    """
    digit = "[A-Za-z0-9" + others.replace("-", r"\-") + "]"
    parts = []
    for rest, tail in enumerate(["", f"{digit}[AQgw]==", f"{digit}{{2}}[AEIMQUYcgkosw048]="]):
        low = max(-(-(least - rest) // 3), 0)
        high = "" if most is None else (most - rest) // 3
        if high == "" or low <= int(high):
            parts.append(f"(?:{digit}{{4}}){{{low},{high}}}{tail}")
    return "|".join(parts) or "(?!)"


def hexadecimal(least: int = 0, most: int | None = None) -> str:
    """Two hexadecimal digits a byte, for so many bytes."""
    return f"(?:[0-9A-Fa-f]{{2}}){{{least},{'' if most is None else most}}}"
