r"""Reads llama.cpp's grammar notation (GBNF) into grammar expressions.

*Source.* ``grammars/README.md`` of llama.cpp says what the notation means, and its reader settles
the rest: a rule ends at a line's end that is neither in parentheses, nor after ``::=`` or ``|``;
names are letters, digits, ``-`` and ``_``; an operator applies to what stands before it, a quoted
text as a whole; escapes are ``\n \r \t \\ \" \[ \] \-``, ``\xXX``, ``\uXXXX`` and ``\UXXXXXXXX``,
all of code points; ``.`` is any character; ``<[7]>`` is the token of that id, ``<name>`` the token
of that name, brackets included, and ``!`` before either is any other token.

*Refused,* since the reference reader does what nobody can mean: a class without characters (it
takes it for the empty text), a range that descends, a rule defined twice (it takes the last one),
code points that are no characters.

*Cost.* Linear in the text; groups may nest ``MAX_DEPTH`` deep.

*Rejected.* Lark's reader with a grammar of GBNF: where a newline ends a rule depends on
parentheses, which a hand-written reader says in one line, and the errors here name what was wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from grammarlib.compiler.regex.program import MAX_CODE_POINT
from grammarlib.errors import CompileBudgetExceeded, GrammarSyntaxError
from grammarlib.grammar import Characters, Grammar, Rule, Text
from grammarlib.token import Token

__all__ = ["MAX_DEPTH", "read"]

MAX_DEPTH: Final = 200
"""Deepest nesting of parentheses."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_BLANKS: Final = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_LINES: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_BOUNDS: Final = re.compile(r"\{[ \t]*([0-9]+)[ \t]*(?:(,)[ \t]*([0-9]+)?[ \t]*)?\}")
_TOKEN: Final = re.compile(r"<\[([0-9]+)\]>|(<[^>\r\n]*>)")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in '\\"[]-'}
_HEX: Final = {"x": 2, "u": 4, "U": 8}
_ANY: Final = ((0, MAX_CODE_POINT),)
_LARGEST: Final = 2**31 - 1


def read(text: str) -> dict[str, Rule]:
    """Read a grammar.

    Returns
    -------
    dict of str to Rule
        Its rules by name, in the order of their definitions; ``root`` is among them.

    Raises
    ------
    GrammarSyntaxError
        If the text is malformed.
    CompileBudgetExceeded
        If parentheses nest too deeply.
    """
    reader = _Reader(text)
    reader.read()
    return {name: reader.rules[name] for name in reader.defined}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule was named."""

    name: str
    at: int


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.rules: dict[str, Rule] = {}
        self.defined: dict[str, int] = {}
        self._named: list[_Place] = []

    def read(self) -> None:
        self._skip(_LINES)
        while self._at < len(self._text):
            self._rule()
            self._skip(_LINES)
        for place in self._named:
            if place.name not in self.defined:
                raise self._error(f"the rule {place.name!r} is not defined", place.at)
        if "root" not in self.defined:
            raise self._error("no rule is named 'root'", 0)

    def _rule(self) -> None:
        at = self._at
        name = self._name("a rule's name")
        if name in self.defined:
            raise self._error(f"the rule {name!r} is defined twice", at)
        self._skip(_BLANKS)
        if not self._take("::="):
            raise self._error("'::=' is wanted after a rule's name")
        self.defined[name] = at
        self._skip(_LINES)
        self._named_rule(name).define(self._alternatives())
        if self._at < len(self._text) and self._text[self._at] not in "\r\n":
            raise self._error("a symbol or the end of the line is wanted")

    def _alternatives(self) -> Grammar:
        found = self._sequence()
        while self._take("|"):
            self._skip(_LINES)
            found = found | self._sequence()
        return found

    def _sequence(self) -> Grammar:
        found: Grammar | None = None
        while (item := self._item()) is not None:
            item = self._repeated(item)
            found = item if found is None else found + item
        if found is None and self._peek() in ("*", "+", "?", "{"):
            raise self._error(f"nothing stands before {self._peek()!r}")
        return Text("") if found is None else found

    def _item(self) -> Grammar | None:
        """The next symbol without its operators; ``None`` where the sequence ends."""
        here = self._peek()
        if here == '"':
            item: Grammar = self._quoted()
        elif here == "[":
            item = self._class()
        elif here == ".":
            self._at += 1
            item = Characters(_ANY)
        elif here in ("<", "!"):
            item = self._token()
        elif here == "(":
            item = self._group()
        elif _NAME.match(here):
            at = self._at
            name = self._name("a name")
            self._named.append(_Place(name, at))
            item = self._named_rule(name)
        else:
            return None
        self._gap()
        return item

    def _repeated(self, item: Grammar) -> Grammar:
        while True:
            if self._take("*"):
                item = item.repeat()
            elif self._take("+"):
                item = item.repeat(1)
            elif self._take("?"):
                item = item.optional()
            elif self._peek() == "{":
                item = item.repeat(*self._bounds())
            else:
                return item
            self._gap()

    def _bounds(self) -> tuple[int, int | None]:
        at = self._at
        found = _BOUNDS.match(self._text, at)
        if found is None:
            raise self._error("'{m}', '{m,}' or '{m,n}' is wanted")
        low, comma, high = found.groups()
        digits = max(len(low), len(high or ""))
        least = int(low) if digits <= 10 else _LARGEST + 1
        most = None if comma and high is None else int(high or low) if digits <= 10 else least
        if max(least, most or 0) > _LARGEST:
            raise self._error(f"a repetition has at most {_LARGEST} rounds", at)
        if most is not None and most < least:
            raise self._error(f"the bounds of '{found[0]}' descend", at)
        self._at = found.end()
        return least, most

    def _group(self) -> Grammar:
        opened = self._at
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CompileBudgetExceeded(f"parentheses nested {MAX_DEPTH} deep")
        self._at += 1
        self._skip(_LINES)
        found = self._alternatives()
        if not self._take(")"):
            if self._at == len(self._text):
                raise self._error("this '(' is not closed", opened)
            raise self._error("a symbol or ')' is wanted")
        self._depth -= 1
        return found

    def _quoted(self) -> Grammar:
        opened = self._at
        self._at += 1
        out = []
        while not self._take('"'):
            out.append(self._character(opened))
        return Text("".join(out))

    def _class(self) -> Grammar:
        opened = self._at
        self._at += 1
        negated = self._take("^")
        ranges = []
        while not self._take("]"):
            at = self._at
            low = ord(self._character(opened))
            high = low
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                high = ord(self._character(opened))
            if high < low:
                raise self._error("a range's characters descend", at)
            ranges.append((low, high))
        if not ranges:
            raise self._error("a class without characters", opened)
        return Characters(_others(ranges) if negated else ranges)

    def _character(self, opened: int) -> str:
        if self._at >= len(self._text):
            raise self._error(f"this {self._text[opened]!r} is not closed", opened)
        here = self._text[self._at]
        if here != "\\":
            self._at += 1
            if 0xD800 <= ord(here) <= 0xDFFF:
                raise self._error("a surrogate is no character", self._at - 1)
            return here
        kind = self._text[self._at + 1 : self._at + 2]
        if kind in _HEX:
            return self._hexadecimal(_HEX[kind])
        if kind not in _ESCAPES:
            raise self._error(f"an unknown escape: {self._text[self._at : self._at + 2]!r}")
        self._at += 2
        return _ESCAPES[kind]

    def _hexadecimal(self, digits: int) -> str:
        said = self._text[self._at + 2 : self._at + 2 + digits]
        if len(said) < digits or not re.fullmatch("[0-9A-Fa-f]*", said):
            raise self._error(f"{digits} hexadecimal digits are wanted")
        number = int(said, 16)
        if number > MAX_CODE_POINT or 0xD800 <= number <= 0xDFFF:
            raise self._error(f"U+{number:04X} is no character")
        self._at += 2 + digits
        return chr(number)

    def _token(self) -> Grammar:
        negated = self._take("!")
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise self._error("a token is wanted: '<[7]>' or '<name>'")
        number, name = found.groups()
        if number is not None and len(number) > 18:
            raise self._error("no token has such an id")
        self._at = found.end()
        token = Token(name if number is None else int(number))
        return ~token if negated else token

    def _named_rule(self, name: str) -> Rule:
        return self.rules.setdefault(name, Rule(name))

    def _name(self, wanted: str) -> str:
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise self._error(f"{wanted} is wanted")
        self._at = found.end()
        return found[0]

    def _gap(self) -> None:
        self._skip(_LINES if self._depth else _BLANKS)

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._text, self._at)
        assert found is not None  # both match the empty text
        self._at = found.end()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> bool:
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _error(self, message: str, at: int | None = None) -> GrammarSyntaxError:
        at = self._at if at is None else at
        start = self._text.rfind("\n", 0, at) + 1
        line = self._text.count("\n", 0, at) + 1
        return GrammarSyntaxError(message, line, at - start + 1, self._text)


def _others(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The characters outside of some ranges."""
    out = []
    next_ = 0
    for low, high in sorted(ranges):
        if low > next_:
            out.append((next_, low - 1))
        next_ = max(next_, high + 1)
    if next_ <= MAX_CODE_POINT:
        out.append((next_, MAX_CODE_POINT))
    return out
