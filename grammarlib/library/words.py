"""What the grammars of the library are put together from, and checks of their inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from grammarlib.arguments import members, shown
from grammarlib.grammar import Grammar, Part, grammar_of
from grammarlib.regex import Regex

__all__ = ["any_of", "keyword", "names", "separated"]


def keyword(text: str) -> Grammar:
    """An ASCII word in any mixture of cases.

    Without ``re.ASCII`` a long s would do for an s, and the Kelvin sign for a k.
    """
    return Regex(re.escape(text), flags=re.IGNORECASE | re.ASCII)


def separated(item: Part, separator: Part, min: int = 1, max: int | None = None) -> Grammar:
    """From ``min`` to ``max`` items with a separator between them."""
    first = grammar_of(item)
    if max == 0:
        return grammar_of("")
    least = min - 1 if min else 0
    several = first + (separator + first).repeat(least, None if max is None else max - 1)
    return several if min else several.optional()


def any_of(parts: Iterable[Part]) -> Grammar:
    """The union of some grammars, of which there is one at least."""
    first, *others = parts
    found = grammar_of(first)
    for part in others:
        found = found | part
    return found


def names(argument: str, given: Any, pattern: str | None = None, empty: bool = False) -> list[str]:
    """Check a list of names: texts, none empty, each once.

    Parameters
    ----------
    argument : str
        What it is called where it is wrong.
    given : iterable of str
        The names.
    pattern : str, optional
        What each name must look like.
    empty : bool
        Whether there may be none.

    Raises
    ------
    TypeError
        If it is no iterable of ``str``.
    ValueError
        If a name is not allowed or is there twice, or there is none.
    """
    if isinstance(given, str):
        raise TypeError(f"{argument} must be several str, not one")
    found: dict[str, None] = {}
    allowed = None if pattern is None else re.compile(pattern)
    for name in members(argument, given, "an iterable of str"):
        if not isinstance(name, str):
            raise TypeError(f"{argument} must be str, not {type(name).__name__}")
        name.encode()  # a lone surrogate has no bytes: UnicodeEncodeError says where
        if not name or (allowed is not None and not allowed.fullmatch(name)):
            raise ValueError(f"{argument} cannot be {shown(name)}")
        if name in found:
            raise ValueError(f"{argument} has {shown(name)} twice")
        found[name] = None
    if not found and not empty:
        raise ValueError(f"{argument} must be one at least")
    return list(found)
