"""URLs as pydantic reads them (WHATWG's), as patterns of the whole text; and IP addresses.

A URL with a host: scheme, ``//``, perhaps a user, a host, perhaps a port, and then any printable
ASCII. Hosts are IP addresses or names: labels without two hyphens in a row (``xn--`` would have to
be decoded), the last one not beginning with a digit (it might have to be a number). Other schemes
than the six that WHATWG knows may be followed by anything that is no host (``mailto:a@b``).
pydantic repairs much more than this (``http:a``, blanks), but writes nothing else, apart from such
names.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["IPV4", "IPV6", "url"]

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16 = "[0-9A-Fa-f]{1,4}"


def _ipv6() -> str:
    last = rf"(?:{_H16}:{_H16}|{IPV4})"
    parts = [rf"(?:{_H16}:){{6}}{last}", rf"::(?:{_H16}:){{5}}{last}"]
    for before in range(5):
        parts.append(rf"(?:(?:{_H16}:){{0,{before}}}{_H16})?::(?:{_H16}:){{{4 - before}}}{last}")
    parts.append(rf"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}")
    parts.append(rf"(?:(?:{_H16}:){{0,6}}{_H16})?::")
    return rf"(?:{'|'.join(parts)})"


IPV6 = _ipv6()
_LABEL = r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*"
_LAST = r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*"
_HOST = rf"(?:(?:{_LABEL}\.)*{_LAST}|{IPV4}|\[{IPV6}\])"
_PORT = r"(?::(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])?)?"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+;=%]+(?::[A-Za-z0-9\-._~!$&'()*+;=%]*)?@)?"
_REST = r"(?:[/?#][!-~]*)?"


def _any_case(words: Sequence[str]) -> str:
    """Words in any case; not by a flag, to which U+017F is an s."""
    spelled = (
        "".join(
            f"[{c.upper()}{c.lower()}]" if c.isalpha() else f"\\{c}" if c in "+." else c
            for c in word
        )
        for word in words
    )
    return f"(?:{'|'.join(spelled)})"


_SPECIAL = _any_case(["http", "https", "ws", "wss", "ftp"])
_FILE = _any_case(["file"])


def url(schemes: Sequence[str] | None, *, hosts: bool = False) -> str:
    """URLs of some schemes, or of any; with several hosts where ``hosts``."""
    where = rf"{_USER}{_HOST}{_PORT}"
    if hosts:
        where = rf"{where}(?:,{_HOST}{_PORT})*"
    if schemes is not None:
        return rf"{_any_case(schemes)}://{where}{_REST}"
    scheme = rf"(?!(?:{_SPECIAL}|{_FILE}):)[A-Za-z][A-Za-z0-9+.\-]*"
    parts = [rf"{_SPECIAL}://{where}{_REST}", rf"{scheme}://{where}{_REST}"]
    if not hosts:
        parts += [rf"{scheme}:(?:/?[!-.0-~][!-~]*|/?|///[!-~]*)", rf"{_FILE}:///[!-~]*"]
    return "|".join(parts)
