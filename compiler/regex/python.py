"""Patterns of Python's ``re``, as syntax trees.

The standard library's own parser reads them, so that what a pattern says is what the Python at hand
says: flags in groups, comments, octal escapes, all of it. Characters are judged by ``re`` as well:
``\\w`` is what it matches here, and what a set holds without regard to case is asked of it,
character by character, for those few thousand that have a case.

Supported exactly: everything but back-references and conditionals on groups; those raise
:class:`~grammarlib.errors.UnsupportedPattern`. Malformed patterns raise
:class:`~grammarlib.errors.GrammarSyntaxError`. The texts are all valid UTF-8 texts: a lone
surrogate in a pattern matches nothing. Atomic groups and possessive loops keep their first match,
which :mod:`preference` writes.

Cost: a few µs a node beside the parser's; the first ``\\w`` of a process costs some 30 ms, the
first pattern that ignores case as much. Rejected: a parser of our own (a second opinion on what
Python means), interegular's (it knows no Unicode, no look-behinds and no flags in groups).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from re import _constants as sre, _parser  # type: ignore[attr-defined]  # isort: skip

from grammarlib.compiler.regex.classes import invert
from grammarlib.compiler.regex.errors import UnsupportedPattern, syntax_error
from grammarlib.compiler.regex.nodes import (
    ANY_POINT,
    END,
    NEVER,
    START,
    Chars,
    Look,
    Node,
    Text,
    boundary,
    chars,
    concat,
    line_end,
    line_start,
    repeat,
    union,
)
from grammarlib.compiler.regex.preference import Choice, Firsts, Loop, One, Row, Ways
from grammarlib.compiler.regex.program import MAX_COUNT
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["FLAGS", "parse"]

FLAGS: Final = re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE
"""The flags that change what a pattern of text matches."""
MAX_PATTERN_LENGTH: Final = 1 << 18
"""Longest pattern, in code points."""

_NEWLINE: Final = chars([(10, 10)])
_CATEGORIES: Final = {
    sre.CATEGORY_DIGIT: "\\d",
    sre.CATEGORY_NOT_DIGIT: "\\D",
    sre.CATEGORY_SPACE: "\\s",
    sre.CATEGORY_NOT_SPACE: "\\S",
    sre.CATEGORY_WORD: "\\w",
    sre.CATEGORY_NOT_WORD: "\\W",
}
_WITH_CASE: Final = 0x20000
"""No character from here on has a case."""


def parse(pattern: str, flags: int = 0) -> Node:
    """Parse a pattern of ``re`` into a syntax tree.

    Parameters
    ----------
    pattern : str
        The pattern.
    flags : int
        Out of `FLAGS`.

    Raises
    ------
    GrammarSyntaxError
        If ``re`` does not take the pattern.
    UnsupportedPattern
        If it uses a construct that is refused by name.
    CompileBudgetExceeded
        If it is too long, too deeply nested, or repeats too often.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise CompileBudgetExceeded(f"a pattern of {MAX_PATTERN_LENGTH} characters")
    try:
        re.compile(pattern, flags)  # which refuses more: look-behinds of no fixed width
        tree = _parser.parse(pattern, flags)
        return _Tree(pattern).sequence(tree, tree.state.flags)
    except re.error as error:
        raise syntax_error(error.msg, error.pos or 0, pattern) from None
    except OverflowError:
        raise CompileBudgetExceeded(f"a quantifier bound of {MAX_COUNT}") from None
    except RecursionError:
        raise CompileBudgetExceeded("nested groups in a pattern") from None


class _Tree:
    """The standard library's tree of one pattern, read."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._firsts = Firsts(20_000 + 4 * len(pattern))

    def sequence(self, items: Any, flags: int) -> Node:
        return concat([self._node(op, value, flags) for op, value in items])

    def _node(self, op: Any, value: Any, flags: int) -> Node:
        if op is sre.LITERAL and not flags & re.IGNORECASE:
            return NEVER if 0xD800 <= value <= 0xDFFF else Text(chr(value))
        if op in (sre.LITERAL, sre.NOT_LITERAL):
            return _one(((sre.LITERAL, value),), op is sre.NOT_LITERAL, flags)
        if op is sre.IN:
            negated = value[0][0] is sre.NEGATE
            return _one(tuple(value[negated:]), negated, flags)
        if op is sre.ANY:
            return ANY_POINT if flags & re.DOTALL else chars(invert(_NEWLINE.ranges))
        if op is sre.AT:
            return _place(value, flags)
        if op is sre.BRANCH:
            return union([self.sequence(branch, flags) for branch in value[1]])
        if op is sre.SUBPATTERN:
            _, added, removed, inner = value
            return self.sequence(inner, _within(flags, added, removed))
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            lo, hi, inner = value
            return repeat(self.sequence(inner, flags), *_bounds(lo, hi))
        if op in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inner = value
            item = self.sequence(inner, flags)
            return Look(item, negated=op is sre.ASSERT_NOT, behind=direction < 0)
        if op is sre.FAILURE:
            return NEVER
        if op in (sre.ATOMIC_GROUP, sre.POSSESSIVE_REPEAT):
            return self._way(op, value, flags).node
        return self._refuse(op)

    def _ways(self, items: Any, flags: int) -> Ways:
        """The same with the order in which matches are tried."""
        parts = [self._way(op, value, flags) for op, value in items]
        return parts[0] if len(parts) == 1 else Row(parts)

    def _way(self, op: Any, value: Any, flags: int) -> Ways:
        if op is sre.BRANCH:
            return Choice([self._ways(branch, flags) for branch in value[1]])
        if op is sre.SUBPATTERN:
            _, added, removed, inner = value
            return self._ways(inner, _within(flags, added, removed))
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            lo, hi, inner = value
            return Loop(self._ways(inner, flags), *_bounds(lo, hi), op is sre.MIN_REPEAT)
        if op is sre.ATOMIC_GROUP:
            return self._firsts.group(self._ways(value, flags))
        if op is sre.POSSESSIVE_REPEAT:
            lo, hi, inner = value
            return self._firsts.loop(self._ways(inner, flags), *_bounds(lo, hi))
        return One(self._node(op, value, flags))

    def _refuse(self, op: Any) -> Node:
        if op is sre.GROUPREF_EXISTS:
            raise UnsupportedPattern("a choice by whether a group matched", *self._at(r"\(\?\("))
        raise UnsupportedPattern("a back-reference", *self._at(r"\\[1-9]|\(\?P="))

    def _at(self, construct: str) -> tuple[int, str]:
        """Where a construct first stands, outside of sets and escapes."""
        skipped = rf"({construct})|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"
        for found in re.finditer(skipped, self._pattern, re.DOTALL):
            if found[1]:
                return found.start(), self._pattern
        return 0, self._pattern


def _within(flags: int, added: int, removed: int) -> int:
    """The flags in a group that sets some."""
    if added & (re.ASCII | re.UNICODE):
        flags &= ~(re.ASCII | re.UNICODE)
    return (flags | added) & ~removed


def _bounds(lo: int, hi: Any) -> tuple[int, int | None]:
    most = None if hi is sre.MAXREPEAT else int(hi)
    if lo > MAX_COUNT or (most is not None and most > MAX_COUNT):
        raise CompileBudgetExceeded(f"a quantifier bound of {MAX_COUNT}")
    return int(lo), most


# -- places ---------------------------------------------------------------------------------------


def _place(place: Any, flags: int) -> Node:
    if place is sre.AT_BEGINNING_STRING:
        return START
    if place is sre.AT_END_STRING:
        return END
    if place is sre.AT_BEGINNING:
        return line_start(_NEWLINE) if flags & re.MULTILINE else START
    if place is sre.AT_END:
        if flags & re.MULTILINE:
            return line_end(_NEWLINE)
        return union([END, Look(concat([_NEWLINE, END]), negated=False)])
    word = chars(_category("\\w", bool(flags & re.ASCII)))
    if place is sre.AT_BOUNDARY:
        return boundary(word, negated=False)
    inside = boundary(word, negated=True)
    if sys.version_info >= (3, 14):
        return inside
    # Until Python 3.14 there is no \B in the empty text.
    some = union([Look(ANY_POINT, negated=False), Look(ANY_POINT, negated=False, behind=True)])
    return concat([some, inside])


# -- characters -----------------------------------------------------------------------------------

_Member = tuple[Any, Any]


@lru_cache(maxsize=1024)
def _one(members: tuple[_Member, ...], negated: bool, flags: int) -> Chars:
    """The characters of a set."""
    ascii_only = bool(flags & re.ASCII)
    ranges: list[tuple[int, int]] = []
    for op, value in members:
        if op is sre.CATEGORY:
            ranges.extend(_category(_CATEGORIES[value], ascii_only))
        else:
            ranges.append((value, value) if op is sre.LITERAL else value)
    plain = chars(ranges)
    found = chars(invert(plain.ranges)) if negated else plain
    if not flags & re.IGNORECASE:
        return found
    asked = re.compile(_spelled(members, negated), flags & (re.ASCII | re.IGNORECASE))
    letters = _letters()
    taken = {ord(char) for char in asked.findall(letters)}
    lost = {ord(char) for char in letters} - taken
    kept = [(max(lo, _WITH_CASE), hi) for lo, hi in found.ranges if hi >= _WITH_CASE]
    for lo, hi in found.ranges:
        kept.extend(_without(lo, min(hi, _WITH_CASE - 1), lost))
    return chars([*kept, *((point, point) for point in taken)])


def _without(lo: int, hi: int, points: set[int]) -> Iterator[tuple[int, int]]:
    start = lo
    for point in range(lo, hi + 1):
        if point in points:
            if start < point:
                yield start, point - 1
            start = point + 1
    if start <= hi:
        yield start, hi


def _spelled(members: Sequence[_Member], negated: bool) -> str:
    """A set, as a pattern."""

    def point(value: int) -> str:
        return f"\\U{value:08x}"

    parts = []
    for op, value in members:
        if op is sre.CATEGORY:
            parts.append(_CATEGORIES[value])
        elif op is sre.LITERAL:
            parts.append(point(value))
        else:
            parts.append(f"{point(value[0])}-{point(value[1])}")
    return f"[{'^' if negated else ''}{''.join(parts)}]"


@cache
def _letters() -> str:
    """The characters that have a case."""
    every = (chr(point) for point in range(_WITH_CASE))
    return "".join([c for c in every if c.lower() != c or c.upper() != c])


@cache
def _category(escape: str, ascii_only: bool) -> tuple[tuple[int, int], ...]:
    """The characters of ``\\w`` and its like."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    found = re.finditer(f"{escape}+", every, re.ASCII if ascii_only else 0)
    return tuple((match.start(), match.end() - 1) for match in found)
