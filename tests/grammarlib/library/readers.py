"""Small readers by hand: arithmetic, S-expressions, trees and first-order logic.

Each reads from left to right with one function for each kind of phrase, and raises ``Wrong``.
"""

from __future__ import annotations

import re
from collections.abc import Callable


class Wrong(Exception):
    """The text is none."""


class Reader:
    """A place in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def take(self, pattern: str) -> str | None:
        """What a pattern matches here, and go on after it."""
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def want(self, pattern: str) -> str:
        found = self.take(pattern)
        if found is None:
            raise Wrong(f"{pattern} at {self.at}")
        return found


def reads(phrase: Callable[[Reader], object], text: str) -> bool:
    """Whether a text is one phrase as a whole."""
    reader = Reader(text)
    try:
        phrase(reader)
    except Wrong:
        return False
    return reader.at == len(text)


def arithmetic(names: str) -> Callable[[Reader], None]:
    def term(reader: Reader) -> None:
        while True:
            reader.take("-")
            if reader.take("[(]"):
                term(reader)
                reader.want("[)]")
            elif not reader.take(f"(?:{names})(?![a-z])"):
                reader.want(r"(?:0(?![0-9])|[1-9][0-9]*)(?:\.[0-9]+)?")
            if not reader.take(" ?[-+*/] ?"):
                return

    return term


def s_expression(reader: Reader) -> None:
    reader.take("'*")
    if reader.take("[(]"):
        if reader.take("[)]"):
            return
        s_expression(reader)
        while not reader.take("[)]"):
            reader.want(" |\n *")
            s_expression(reader)
    elif reader.take('"'):
        while not reader.take('"'):
            reader.want(r'\\["\\nt]|[^"\\\x00-\x1f\x7f]')
    else:
        atom = reader.want(r"[^\s()'\"\\]+")
        number = re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", atom)
        symbol = re.fullmatch(r"(?![0-9+.@-])[a-zA-Z0-9!$%&*/:<=>?^_~+.@-]+|\+|-|#t|#f", atom)
        if not (number or symbol):
            raise Wrong(atom)


class Trees:
    """Trees over words: labels, tags, and how many only children may follow each other."""

    def __init__(self, words: list[str], labels: str, tags: str, chain: int) -> None:
        self.words, self.labels, self.tags, self.chain = words, labels, tags, chain

    def judge(self, text: str) -> bool:
        reader = Reader(text)
        leaves: list[str] = []
        try:
            self.tree(reader, leaves)
        except Wrong:
            return False
        return reader.at == len(text) and leaves == self.words

    def tree(self, reader: Reader, leaves: list[str]) -> int:
        """How many only children lie below the node, one below the other."""
        reader.want("[(]")
        label = reader.want("[^ ()]+")
        reader.want(" ")
        word = reader.take("[^ ()]+")
        if word is not None:
            if not re.fullmatch(self.tags, label):
                raise Wrong(label)
            leaves.append(word)
            reader.want("[)]")
            return 0
        if not re.fullmatch(self.labels, label):
            raise Wrong(label)
        chains = [self.tree(reader, leaves)]
        while not reader.take("[)]"):
            reader.want(" ")
            chains.append(self.tree(reader, leaves))
        chain = chains[0] + 1 if len(chains) == 1 else 0
        if chain > self.chain:
            raise Wrong("a long chain")
        return chain


class Logic:
    """Formulas of P/1, R/2, Q/0, f/1, the constant a, the variables x and y, and equality."""

    def __init__(self, closed: bool, ascii_only: bool) -> None:
        self.closed = closed
        self.all, self.some, self.dot, self.no, self.levels = (
            ("all ", "exists ", "[.]", "-", ["<->", "->", "[|]", "&"])
            if ascii_only
            else ("∀", "∃", " ", "¬", ["↔", "→", "∨", "∧"])
        )

    def judge(self, text: str) -> bool:
        return reads(lambda reader: self.formula(reader, ""), text)

    def formula(self, reader: Reader, bound: str) -> None:
        self.unary(reader, bound)
        while reader.take("|".join(f" {sign} " for sign in self.levels)):
            self.unary(reader, bound)

    def unary(self, reader: Reader, bound: str) -> None:
        while True:
            if reader.take(self.no):
                continue
            if not reader.take(f"{self.all}|{self.some}"):
                break
            bound += reader.want("[xy]")
            reader.want(self.dot)
        if reader.take("[(]"):
            self.formula(reader, bound)
            reader.want("[)]")
        elif reader.take("P[(]"):
            self.term(reader, bound)
            reader.want("[)]")
        elif reader.take("R[(]"):
            self.term(reader, bound)
            reader.want(", ?")
            self.term(reader, bound)
            reader.want("[)]")
        elif not reader.take("Q"):
            self.term(reader, bound)
            reader.want(" = ")
            self.term(reader, bound)

    def term(self, reader: Reader, bound: str) -> None:
        if reader.take("f[(]"):
            self.term(reader, bound)
            reader.want("[)]")
        else:
            name = reader.want("[axy]")
            if self.closed and name != "a" and name not in bound:
                raise Wrong(name)
