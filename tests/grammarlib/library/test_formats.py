"""Dates, mail addresses and URLs against Python's own readers."""

from __future__ import annotations

import datetime
import re
import urllib.parse
from email.headerregistry import Address

import pytest

import grammarlib as gl
from tests.grammarlib.library.judging import judged, takes


def is_date(text: str) -> bool:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return False
    if text[:4] == "0000":  # a leap year that Python does not have
        text = "2000" + text[4:]
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def test_dates() -> None:
    judged(gl.library.date(), is_date, 80, 80)


def test_date_times() -> None:
    def judge(text: str) -> bool:
        day, rest = text[:10], text[11:].upper()
        clock, _, offset = re.fullmatch(r"([0-9:]{8})(\.[0-9]+)?(.*)", rest).groups()  # type: ignore[union-attr]
        clock = re.sub(":60$", ":59", clock)
        datetime.time.fromisoformat(clock + ("+00:00" if offset == "Z" else offset))
        return is_date(day) and text[10] in "tT"

    judged(gl.library.date_time(), judge, 80)


def test_times_and_durations() -> None:
    judged(gl.library.time(), lambda text: text[2] == ":" == text[5], 50)
    judged(
        gl.library.duration(), lambda text: bool(re.fullmatch("P[0-9YMWDTHS]+", text.upper())), 50
    )


def test_mail_addresses() -> None:
    def judge(text: str) -> bool:
        local, _, domain = text.rpartition("@")
        return 0 < len(local) <= 64 and (domain[0] == "[" or bool(Address(domain=domain)))

    judged(gl.library.email(), judge, 80)
    assert not takes(gl.library.email(), "a" * 65 + "@b.org")


def test_urls() -> None:
    def judge(text: str) -> bool:
        parts = urllib.parse.urlsplit(text.replace("[V", "[v"))
        return parts.scheme in ("http", "ftp") and bool(parts.hostname)

    grammar = gl.library.url(["http", "FTP"])
    judged(grammar, judge, 50)
    for text, inside in [
        ("HTTP://a", True),
        ("ftp://u:p@h:1/?#", True),
        ("http://", False),
        ("http:///a", False),
        ("http://u@", False),
        ("http://u@:80", False),
        ("http://:80", False),
        ("http:a", False),
        ("https://a", False),
        ("http://a b", False),
        ("http://[::1]:80/@", True),
    ]:
        assert takes(grammar, text) == inside, text


@pytest.mark.parametrize(
    ("schemes", "error"), [("http", TypeError), ([], ValueError), (["ht tp"], ValueError)]
)
def test_what_is_refused(schemes: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gl.library.url(schemes)  # type: ignore[arg-type]
