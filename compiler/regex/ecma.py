"""ECMA-262 patterns, as JSON Schema's ``pattern`` and ``patternProperties`` use them.

Semantics are those of the ``u`` flag (a character is a code point), as JSON Schema recommends;
syntax that only the grammar without the flag accepts (Annex B.1.2: identity escapes such as
``\\-``, a lone ``{``, ``}`` or ``]``, legacy octal) is read as that grammar reads it, because real
schemas are full of it. The choice is made for each construct, not for the pattern. Groups capture
nothing here, and greedy and lazy quantifiers denote one language.

Supported exactly: everything but back-references, which raise
:class:`~grammarlib.compiler.regex.errors.UnsupportedPattern`. Malformed patterns raise
:class:`~grammarlib.errors.GrammarSyntaxError`. The texts are all valid UTF-8 texts: a lone
surrogate in a pattern matches nothing.

Invariants: no recursion on the pattern's nesting; nesting, length, counts and output are bounded.
Cost: 0.5 µs a character; of the patterns in real schemas, 10 µs at the median. Results are cached.
Rejected: one large tokenizer expression (its dispatch costs as much as the loop here and cannot
name faults); translation to another engine's syntax (every engine's exceptions differ).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from grammarlib.compiler.regex import lower
from grammarlib.compiler.regex.classes import (
    CLASS_ESCAPES,
    DOT,
    FOLDED_CLASS_ESCAPES,
    LINE_TERMINATOR,
    any_case,
)
from grammarlib.compiler.regex.emit import emit
from grammarlib.compiler.regex.errors import UnsupportedPattern, syntax_error
from grammarlib.compiler.regex.escapes import (
    ClassError,
    parse_class,
    parse_class_uncached,
    read_escape,
)
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
    concat,
    line_end,
    line_start,
    repeat,
    union,
)
from grammarlib.compiler.regex.program import MAX_COUNT
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError

__all__ = [
    "MAX_NESTING",
    "MAX_PATTERN_LENGTH",
    "fullmatch_program",
    "parse",
    "search_program",
]

MAX_PATTERN_LENGTH: Final = 1 << 18
"""Longest pattern, in code points."""
MAX_NESTING: Final = 250
"""Deepest nesting of groups."""
_CACHED_LENGTH: Final = 4096
"""Longer patterns are not kept in the caches, so that these stay small."""

_RUN: Final = re.compile(r"[^\\^$.*+?()\[{|]+").match
_CLASS: Final = re.compile(r"\[[^\]\\]*(?:\\.[^\]\\]*)*\]", re.DOTALL).match
_BRACES: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}").match
_DIGITS: Final = re.compile(r"[0-9]+").match
_GROUP_NAME: Final = re.compile(r"<((?:[^\W\d]|[$_])(?:\w|[$\u200c\u200d])*)>").fullmatch
_MODIFIERS: Final = re.compile(r"([a-z]*)(-?)([a-z]*):").match
# Capture groups, and what must be skipped to find them; an unclosed class reaches to the end.
_CAPTURES: Final = re.compile(
    r"\\.|\[[^\]\\]*(?:\\.[^\]\\]*)*\]?|\((?:(\?<)(?![=!])|(?!\?))", re.DOTALL
)
_NAME_ESCAPE: Final = re.compile(
    r"\\u(?:([0-9A-Fa-f]{4})(?:(?<=[dD][89ABab]..)\\u([dD][C-Fc-f][0-9A-Fa-f]{2}))?|\{([0-9A-Fa-f]+)\})"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Flags(NamedTuple):
    """What ``(?i:...)`` and its like set for a group."""

    i: bool = False
    m: bool = False
    s: bool = False


_GROUP = 0
_AHEAD = 1
_NOT_AHEAD = 2
_BEHIND = 3
_NOT_BEHIND = 4


def parse(pattern: str, letters: str = "") -> Node:
    """Parse an ECMA-262 pattern into a syntax tree; ``letters`` are its flags, out of ``imsu``.

    Raises
    ------
    GrammarSyntaxError
        The pattern is malformed.
    UnsupportedPattern
        The pattern uses a construct that is refused by name.
    CompileBudgetExceeded
        The pattern is too long, too deeply nested, or repeats too often.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise CompileBudgetExceeded(f"a pattern of {MAX_PATTERN_LENGTH} characters")
    lone_surrogates = False
    if not pattern.isascii() and _SURROGATE.search(pattern):
        # ECMA strings are UTF-16: adjacent surrogates are one code point.
        pattern = pattern.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        lone_surrogates = _SURROGATE.search(pattern) is not None
    plain: Callable[[str], Node] = _text_with_surrogates if lone_surrogates else Text
    flags = _Flags(*(letter in letters for letter in _Flags._fields))
    text = _folded if flags.i else plain

    size = len(pattern)
    at = 0
    items: list[Node] = []
    branches: list[Node] = []
    # Enclosing groups: items, branches and flags before the group, its kind and its position.
    stack: list[tuple[list[Node], list[Node], _Flags, int, int]] = []
    captures: list[tuple[int, bool]] = []
    atom: Node
    while at < size:
        start = at
        char = pattern[at]
        run = _RUN(pattern, at)
        if run:
            at = run.end()
            if at == size or pattern[at] not in "*+?{":
                items.append(text(run[0]))
                continue
            # Only the last character is quantified.
            if at - start > 1:
                items.append(text(pattern[start : at - 1]))
            atom = text(pattern[at - 1])
        elif char == "[":
            bracket = _CLASS(pattern, at)
            if not bracket:
                raise syntax_error("the character class is not closed", at, pattern)
            at = bracket.end()
            try:
                read_class = parse_class if at - start < 256 else parse_class_uncached
                atom = read_class(bracket[0], flags.i)
            except ClassError as error:
                raise _rebased(error, start, pattern) from None
        elif char == "\\":
            atom, at = _escape(pattern, at, captures, flags)
        elif char == ".":
            atom = ANY_POINT if flags.s else DOT
            at += 1
        elif char == "(":
            if len(stack) >= MAX_NESTING:
                raise CompileBudgetExceeded(f"{MAX_NESTING} nested groups in a pattern")
            outer = flags
            kind, at, flags = _open_group(pattern, at, flags)
            text = _folded if flags.i else plain
            stack.append((items, branches, outer, kind, start))
            items = []
            branches = []
            continue
        elif char == ")":
            if not stack:
                raise syntax_error("this parenthesis closes no group", at, pattern)
            atom = concat(items)
            if branches:
                branches.append(atom)
                atom = union(branches)
            items, branches, flags, kind, start = stack.pop()
            text = _folded if flags.i else plain
            if kind != _GROUP:
                atom = Look(atom, kind in (_NOT_AHEAD, _NOT_BEHIND), kind >= _BEHIND)
            at += 1
            if kind >= _BEHIND and at < size and pattern[at] in "*+?{" and _quantifier(pattern, at):
                raise syntax_error("a look-behind cannot be repeated", at, pattern)
        elif char == "|":
            branches.append(concat(items))
            items = []
            at += 1
            continue
        elif char == "^" or char == "$":
            at += 1
            if at < size and pattern[at] in "*+?{" and _quantifier(pattern, at):
                raise syntax_error("an anchor cannot be repeated", at, pattern)
            items.append((_LINE_START if flags.m else START) if char == "^" else _end(flags))
            continue
        elif char == "{" and not _BRACES(pattern, at):
            atom = text("{")
            at += 1
        else:
            raise syntax_error("there is nothing to repeat", at, pattern)

        if at < size and pattern[at] in "*+?{":
            bounds = _quantifier(pattern, at)
            if bounds is not None:
                lo, hi, at = bounds
                atom = repeat(atom, lo, hi)
        items.append(atom)

    if stack:
        raise syntax_error("this group is not closed", stack[-1][4], pattern)
    root = concat(items)
    if branches:
        branches.append(root)
        root = union(branches)
    return root


_LINE_START: Final = line_start(LINE_TERMINATOR)
_LINE_END: Final = line_end(LINE_TERMINATOR)


def _end(flags: _Flags) -> Node:
    return _LINE_END if flags.m else END


def _folded(value: str) -> Node:
    """A text in any case."""
    return concat([_any_case_of(char) for char in value])


@lru_cache(maxsize=1024)
def _any_case_of(char: str) -> Node:
    found = any_case(Chars(((ord(char), ord(char)),)))
    return Text(char) if found.ranges == ((ord(char), ord(char)),) else found


def _text_with_surrogates(value: str) -> Node:
    """A text in which lone surrogates may occur: those match no code point of a text."""
    return NEVER if _SURROGATE.search(value) else Text(value)


def _quantifier(pattern: str, at: int) -> tuple[int, int | None, int] | None:
    """Bounds and end of the quantifier at ``at``; None for a brace that is literal."""
    char = pattern[at]
    lo: int
    hi: int | None
    if char == "{":
        braces = _BRACES(pattern, at)
        if not braces:
            return None
        lo = _count(braces[1])
        hi = lo
        if braces[2]:
            hi = _count(braces[3]) if braces[3] else None
        if hi is not None and lo > hi:
            raise syntax_error("the bounds of the quantifier are out of order", at, pattern)
        at = braces.end()
    else:
        lo = 1 if char == "+" else 0
        hi = 1 if char == "?" else None
        at += 1
    if at < len(pattern) and pattern[at] == "?":
        at += 1
    return lo, hi, at


def _count(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    value = int(digits) if len(digits) <= 10 else MAX_COUNT + 1
    if value > MAX_COUNT:
        raise CompileBudgetExceeded(f"a quantifier bound of {MAX_COUNT}")
    return value


def _open_group(pattern: str, at: int, flags: _Flags) -> tuple[int, int, _Flags]:
    """Kind of the group opened at ``at``, where its body starts, and the flags in it."""
    if pattern[at + 1 : at + 2] != "?":
        return _GROUP, at + 1, flags
    mark = pattern[at + 2 : at + 3]
    if mark == ":":
        return _GROUP, at + 3, flags
    if mark == "=":
        return _AHEAD, at + 3, flags
    if mark == "!":
        return _NOT_AHEAD, at + 3, flags
    if mark == "<":
        sign = pattern[at + 3 : at + 4]
        if sign in ("=", "!"):
            return (_BEHIND if sign == "=" else _NOT_BEHIND), at + 4, flags
        end = _end_of_name(pattern, at + 2)
        if end is not None:
            return _GROUP, end, flags
        raise syntax_error("the group has no valid name", at, pattern)
    modifiers = _MODIFIERS(pattern, at + 2)
    if modifiers and set(named := modifiers[1] + modifiers[3]) <= set("ims"):
        if not named or len(set(named)) < len(named):
            raise syntax_error("the flags of this group are none, or repeated", at, pattern)
        changed = {flag: flag in modifiers[1] for flag in named}
        return _GROUP, modifiers.end(), flags._replace(**changed)
    raise syntax_error("ECMA-262 has no such kind of group", at, pattern)


def _end_of_name(pattern: str, at: int) -> int | None:
    """Where a group's name in angle brackets ends, if there is one."""
    close = pattern.find(">", at)
    if close < 0:
        return None
    try:
        name = _NAME_ESCAPE.sub(_named_character, pattern[at : close + 1])
    except (ValueError, OverflowError):
        return None
    return close + 1 if _GROUP_NAME(name) else None


def _named_character(escape: re.Match[str]) -> str:
    high, low, braced = escape.groups()
    if high and low:
        pair = bytes.fromhex(high + low).decode("utf-16-be")
        return pair if len(pair) == 1 else ""
    return chr(int(high or braced, 16))


def _escape(
    pattern: str, at: int, captures: list[tuple[int, bool]], flags: _Flags
) -> tuple[Node, int]:
    """The atom of the escape at ``at``, outside a class.

    ``captures`` is empty, or holds what :func:`_count_captures` found in the pattern.
    """
    char = pattern[at + 1 : at + 2]
    if char == "b" or char == "B":
        after = at + 2
        if after < len(pattern) and pattern[after] in "*+?{" and _quantifier(pattern, after):
            raise syntax_error("a word boundary cannot be repeated", after, pattern)
        word = (FOLDED_CLASS_ESCAPES if flags.i else CLASS_ESCAPES)["w"]
        return boundary(word, char == "B"), after
    if char == "k" or "1" <= char <= "9":
        if not captures:
            captures.append(_count_captures(pattern))
        groups, named = captures[0]
        digits = _DIGITS(pattern, at + 1)
        if digits and len(digits[0]) < 7 and int(digits[0]) <= groups:
            raise UnsupportedPattern(f"the back-reference \\{digits[0]}", at, pattern)
        if named and not digits:
            raise UnsupportedPattern("the named back-reference \\k", at, pattern)
    try:
        found, end = read_escape(pattern, at + 1, in_class=False, any_case=flags.i)
    except ClassError as error:
        raise _rebased(error, 0, pattern) from None
    if not isinstance(found, int):
        return any_case(found) if flags.i else found, end
    if 0xD800 <= found <= 0xDFFF:
        return NEVER, end
    return _any_case_of(chr(found)) if flags.i else Text(chr(found)), end


def _count_captures(pattern: str) -> tuple[int, bool]:
    """Number of capture groups in the whole pattern, and whether some have names."""
    groups = 0
    named = False
    for found in _CAPTURES.finditer(pattern):
        if found[0][0] == "(":
            groups += 1
            named = named or found[1] is not None
    return groups, named


def _rebased(
    error: ClassError, start: int, pattern: str
) -> GrammarSyntaxError | UnsupportedPattern:
    if error.unsupported:
        return UnsupportedPattern(error.message, start + error.offset, pattern)
    return syntax_error(error.message, start + error.offset, pattern)


def search_program(pattern: str) -> bytes:
    """Program of the texts in which ``pattern`` is found somewhere (JSON Schema ``pattern``).

    Parameters
    ----------
    pattern : str
        An ECMA-262 pattern (without slashes and flags).

    Returns
    -------
    bytes
        A program (:mod:`grammarlib.compiler.regex.program`) over decoded text.

    Raises
    ------
    GrammarSyntaxError, UnsupportedPattern, CompileBudgetExceeded
        As :func:`parse`; the last also when the program would be too large.

    Notes
    -----
    JSON Schema Validation 2020-12, section 6.3.3; ECMA-262, section 22.2.
    """
    if len(pattern) > _CACHED_LENGTH:
        return emit(lower.search(parse(pattern)))
    return _search(pattern)


def fullmatch_program(pattern: str) -> bytes:
    """Program of the texts that ``pattern`` matches from start to end.

    Parameters, result and errors are those of :func:`search_program`.
    """
    if len(pattern) > _CACHED_LENGTH:
        return emit(lower.fullmatch(parse(pattern)))
    return _fullmatch(pattern)


@lru_cache(maxsize=4096)
def _search(pattern: str) -> bytes:
    return emit(lower.search(parse(pattern)))


@lru_cache(maxsize=1024)
def _fullmatch(pattern: str) -> bytes:
    return emit(lower.fullmatch(parse(pattern)))
