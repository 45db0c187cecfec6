"""Judges texts of a GBNF grammar by its text, sharing nothing with the library's reader.

Lark reads the notation (where a rule begins is seen by its ``::=``, so line ends mean nothing), and
a text is judged by where each symbol can end from each place, asked again until nothing new is
found. For short texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lark import Lark, Token, Tree

_NOTATION = r"""
start: rule+
rule: HEAD choice
choice: sequence ("|" sequence)*
sequence: repeated*
repeated: item OPERATOR*
item: NAME | QUOTED | CLASS | "." -> any | "(" choice ")" -> group
HEAD.2: /[A-Za-z0-9_-]+[ \t]*::=/
NAME: /[A-Za-z0-9_-]+/
QUOTED: /"([^"\\]|\\.)*"/
CLASS: /\[([^\]\\]|\\.)*\]/
OPERATOR: /[*+?]|\{[^}]*\}/
%ignore /[ \t\r\n]+|#[^\r\n]*/
"""
_CODES = re.compile(r"\\x(..)|\\u(....)|\\U(........)|\\([nrt])|\\(.)|(.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}

Ends = Callable[[str, int], set[int]]


def _characters(escaped: str) -> list[tuple[str, bool]]:
    """Characters, and whether each was escaped."""
    found = []
    for x, u, big, special, escape, plain in _CODES.findall(escaped):
        code = x or u or big
        if code:
            found.append((chr(int(code, 16)), True))
        else:
            found.append((_PLAIN.get(special, "") or escape or plain, not plain))
    return found


class Gbnf:
    """One grammar."""

    def __init__(self, text: str) -> None:
        tree = Lark(_NOTATION, parser="lalr").parse(text)
        self._rules: dict[str, Tree[Token]] = {}
        for rule in tree.children:
            assert isinstance(rule, Tree)
            head, body = rule.children
            assert isinstance(body, Tree)
            self._rules[re.split(r"[ \t]*::=", str(head))[0]] = body

    def contains(self, text: str) -> bool:
        """Whether the whole text is in the language."""
        known: dict[tuple[str, int], set[int]] = {}
        while True:
            before = {key: set(ends) for key, ends in known.items()}
            asked: set[tuple[str, int]] = set()
            self._round: dict[tuple[int, int], set[int]] = {}  # what this round found
            found = self._rule("root", text, 0, known, asked)
            if before == known:
                return len(text) in found

    def _rule(self, name, text, at, known, asked):  # type: ignore[no-untyped-def]
        ends = known.setdefault((name, at), set())
        if (name, at) not in asked:
            asked.add((name, at))
            ends |= self._ends(self._rules[name], text, at, known, asked)
        return set(ends)

    def _ends(self, tree, text, at, known, asked):  # type: ignore[no-untyped-def]
        if (id(tree), at) not in self._round:
            self._round[id(tree), at] = self._sought(tree, text, at, known, asked)
        return self._round[id(tree), at]

    def _sought(self, tree, text, at, known, asked):  # type: ignore[no-untyped-def]
        def ends(part, start):  # type: ignore[no-untyped-def]
            return self._ends(part, text, start, known, asked)

        if tree.data in ("choice", "group"):
            return {end for part in tree.children for end in ends(part, at)}
        if tree.data == "sequence":
            here = {at}
            for part in tree.children:
                here = {end for start in here for end in ends(part, start)}
            return here
        if tree.data == "repeated":
            item, *operators = tree.children
            return self._repeat(item, [str(one) for one in operators], at, ends, len(text))
        if tree.data == "any":
            return {at + 1} if at < len(text) else set()
        (symbol,) = tree.children
        if symbol.type == "NAME":
            return self._rule(str(symbol), text, at, known, asked)
        if symbol.type == "QUOTED":
            wanted = "".join(c for c, _ in _characters(str(symbol)[1:-1]))
            return {at + len(wanted)} if text.startswith(wanted, at) else set()
        return {at + 1} if at < len(text) and _in_class(str(symbol)[1:-1], text[at]) else set()

    def _repeat(self, item, operators, at, ends, most):  # type: ignore[no-untyped-def]
        if not operators:
            return ends(item, at)
        *inner, last = operators
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(last)
        if bounds is None:
            low, comma, high = re.fullmatch(r"\{\s*(\d+)\s*(,?)\s*(\d*)\s*\}", last).groups()
            bounds = (int(low), int(high or low) if high or not comma else None)
        here, found = {at}, {at} if bounds[0] == 0 else set()
        rounds = 0
        # After so many rounds every further one is like the last: none can be longer than the text.
        while here and rounds < (bounds[0] + most + 1 if bounds[1] is None else bounds[1]):
            here = {end for s in here for end in self._repeat(item, inner, s, ends, most)}
            rounds += 1
            found |= here if rounds >= bounds[0] else set()
        return found


def _in_class(inside: str, c: str) -> bool:
    negated = inside.startswith("^")
    characters = _characters(inside[negated:])
    found, i = False, 0
    while i < len(characters):
        low = high = characters[i][0]
        if i + 2 < len(characters) and characters[i + 1] == ("-", False):
            high = characters[i + 2][0]
            i += 2
        found |= low <= c <= high
        i += 1
    return found != negated
