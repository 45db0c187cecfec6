"""Patterns by the definition of what they match: sets of positions, tried one after the other.

A `Pattern` is built by hand, not parsed, and `spelled` writes it in ECMA-262's syntax; so nothing
is shared with the code that it judges. Cost: positions squared for each part; for short texts.
"""

from __future__ import annotations

from dataclasses import dataclass

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
AROUND = {"ahead": "?=", "not ahead": "?!", "behind": "?<=", "not behind": "?<!"}
ALONE = {"start": "^", "end": "$", "boundary": "\\b", "not boundary": "\\B"}


@dataclass(frozen=True)
class Pattern:
    """A part of a pattern.

    ``kind`` is one of the keys above, or ``char`` (one of ``text``), ``seq``, ``alt``, ``loop``.
    """

    kind: str
    parts: tuple[Pattern, ...] = ()
    text: str = ""
    least: int = 0
    most: int | None = None


def spelled(pattern: Pattern) -> str:
    """The pattern in ECMA-262's syntax."""
    inner = [spelled(part) for part in pattern.parts]
    kind = pattern.kind
    if kind in ALONE:
        return ALONE[kind]
    if kind in AROUND:
        return f"({AROUND[kind]}{inner[0]})"
    if kind == "char":
        return f"[{pattern.text}]"
    if kind == "loop":
        most = "" if pattern.most is None else pattern.most
        return f"(?:{inner[0]}){{{pattern.least},{most}}}"
    return "(?:" + ("|" if kind == "alt" else "").join(inner) + ")"


def ends(pattern: Pattern, text: str, at: int) -> set[int]:
    """Where matches that begin at a position end."""
    kind, parts = pattern.kind, pattern.parts
    if kind == "char":
        return {at + 1} if text[at : at + 1] and text[at] in pattern.text else set()
    if kind == "seq":
        reached = {at}
        for part in parts:
            reached = _after(part, text, reached)
        return reached
    if kind == "alt":
        return {end for part in parts for end in ends(part, text, at)}
    if kind == "loop":
        return _rounds(pattern, text, at)
    return {at} if _holds(pattern, text, at) else set()


def _after(part: Pattern, text: str, starts: set[int]) -> set[int]:
    return {end for start in starts for end in ends(part, text, start)}


def _rounds(pattern: Pattern, text: str, at: int) -> set[int]:
    (part,) = pattern.parts
    reached = {at}
    for _ in range(pattern.least):
        reached = _after(part, text, reached)
    met = set(reached)
    more = len(text) + 1 if pattern.most is None else pattern.most - pattern.least
    for _ in range(more):  # a round that reads nothing adds nothing
        reached = _after(part, text, reached)
        met |= reached
    return met


def _holds(pattern: Pattern, text: str, at: int) -> bool:
    kind = pattern.kind.removeprefix("not ")
    if kind == "start":
        holds = at == 0
    elif kind == "end":
        holds = at == len(text)
    elif kind == "boundary":
        before, after = text[at - 1 : at] if at else "", text[at : at + 1]
        holds = (before in WORD) != (after in WORD)
    elif kind == "ahead":
        holds = bool(ends(pattern.parts[0], text, at))
    else:
        assert kind == "behind"
        holds = any(at in ends(pattern.parts[0], text, start) for start in range(at + 1))
    return holds != pattern.kind.startswith("not ")


def found(pattern: Pattern, text: str) -> bool:
    """Whether the pattern matches somewhere."""
    return any(ends(pattern, text, at) for at in range(len(text) + 1))


def covers(pattern: Pattern, text: str) -> bool:
    """Whether the pattern matches the whole text."""
    return len(text) in ends(pattern, text, 0)
