r"""Rust's regular expressions, which are pydantic's, in ECMA-262's spelling.

Most patterns are their own translation. What is spelled alike and means something else is spelled
anew: ``\d``, ``\w``, ``\s`` and ``\b`` know all of Unicode in Rust, ``.`` leaves out the line feed
alone, ``^`` and ``$`` under ``m`` see no other line end. What ECMA-262 lacks is said with what it
has (``\A``, ``\z``, ``\a``, ``\x{41}``, ``[[:alpha:]]``, ``(?P<n>..)``, ``(?i)`` in the middle).
Refused by name: verbose mode, swapped greed, ``(?-u)``, ``\b{start}``, and classes with ``&&``,
``--`` or ``~~``.

Well-formed patterns are taken for granted: pydantic has compiled them before.
"""

from __future__ import annotations

import re
from typing import Final

from grammarlib.compiler.regex.ecma import fullmatch_program
from grammarlib.errors import GrammarSyntaxError, UnsupportedPattern

__all__ = ["translate"]

_SYNTAX: Final = r"^$\.*+?()[]{}|/"
_WORD: Final = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}"
_CLASSES: Final = {"d": r"\p{Nd}", "s": r"\p{White_Space}", "w": _WORD}
_NOT_CLASSES: Final = {"D": r"\P{Nd}", "S": r"\P{White_Space}"}
_CONTROLS: Final = {"n": r"\n", "t": r"\t", "r": r"\r", "f": r"\f", "v": r"\v", "a": r"\x07"}
_IN: Final = f"[{_WORD}]"
_BOUNDARY: Final = f"(?:(?<={_IN})(?!{_IN})|(?<!{_IN})(?={_IN}))"
_NO_BOUNDARY: Final = f"(?:(?<={_IN})(?={_IN})|(?<!{_IN})(?!{_IN}))"
_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-\/:-@\[-`\{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "word": "0-9A-Z_a-z",
    "xdigit": "0-9A-Fa-f",
}
_HEX: Final = re.compile(
    r"[xuU]\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})"
)
_PROPERTY: Final = re.compile(r"([pP])(?:\{([^}]*)\}|([A-Za-z]))")
_GROUP: Final = re.compile(r"\?(?:P?<[^>]*>|([A-Za-z\-]*)(:|\)))")
_COUNT: Final = re.compile(r"\{\s*(\d+)\s*(,?)\s*(\d*)\s*\}")


def translate(pattern: str) -> str:
    """The ECMA-262 pattern that finds what a pattern of Rust's ``regex`` finds.

    Raises
    ------
    UnsupportedPattern
        If it uses a construct that is not translated.
    """
    return _Translator(pattern).whole()


class _Translator:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def whole(self) -> str:
        return self._alternatives(frozenset())

    def _refused(self, what: str) -> UnsupportedPattern:
        return UnsupportedPattern(f"{what} is not translated from Rust", self._at, self._pattern)

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        self._at += 1
        return char

    def _matched(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self._pattern, self._at)
        if found:
            self._at = found.end()
        return found

    def _alternatives(self, flags: frozenset[str]) -> str:
        """Up to the end of a group. Flags that are set within hold across ``|``."""
        parts = [""]
        open_groups: list[str] = []
        while self._at < len(self._pattern) and self._peek() != ")":
            char = self._take()
            if char == "|":
                parts[-1] += ")" * len(open_groups)
                parts.append("".join(open_groups))
            elif char == "(" and self._peek() == "?":
                found = self._matched(_GROUP)
                if found is None:
                    raise self._refused("a group of this kind")
                inner = flags if found[1] is None else self._flagged(flags, found[1])
                if found[2] == ")":
                    opened = _opening(flags, inner)
                    if opened != "(?:":
                        open_groups.append(opened)
                        parts[-1] += opened
                    flags = inner
                else:
                    group = _opening(flags, inner) + self._alternatives(inner) + ")"
                    self._at += 1
                    parts[-1] += self._repeated(group)
            elif char == "(":
                group = f"({self._alternatives(flags)})"
                self._at += 1
                parts[-1] += self._repeated(group)
            else:
                parts[-1] += self._repeated(self._atom(char, flags))
        parts[-1] += ")" * len(open_groups)
        return "|".join(parts)

    def _flagged(self, flags: frozenset[str], letters: str) -> frozenset[str]:
        on, _, off = letters.partition("-")
        unknown = set(on) - set("imsu") or set(off) - set("ims")
        if unknown:
            raise self._refused(f"the flag {min(unknown)}")
        return (flags | set(on)) - set(off)

    def _atom(self, char: str, flags: frozenset[str]) -> str:
        if char == "\\":
            return self._escape(in_class=False)
        if char == "[":
            return self._class()
        if char == ".":
            return r"[\s\S]" if "s" in flags else r"[^\n]"
        if char == "^" and "m" in flags:
            return r"(?<![^\n])"
        if char == "$" and "m" in flags:
            return r"(?![^\n])"
        return f"\\{char}" if char in "]}/" else char  # ^, $ and what stands for itself

    def _repeated(self, atom: str) -> str:
        """An atom with the quantifiers that follow it, of which Rust takes several."""
        count = 0
        while self._peek() and self._peek() in "*+?{":
            if count or atom in ("^", "$") or atom.startswith(("(?<!", "(?!")):
                atom = f"(?:{atom})"
            found = self._matched(_COUNT)
            if found is None and self._peek() == "{":
                raise self._refused("a brace of this kind")
            atom += f"{{{found[1]}{found[2]}{found[3]}}}" if found else self._take()
            if self._peek() == "?":
                atom += self._take()
            count += 1
        return atom

    def _escape(self, *, in_class: bool) -> str:
        if found := self._matched(_HEX):
            number = int(next(group for group in found.groups() if group), 16)
            return f"\\u{{{number:x}}}"
        if found := self._matched(_PROPERTY):
            return self._property(found)
        char = self._take()
        if char in _CLASSES:
            return _CLASSES[char] if in_class or char != "w" else _IN
        if char in _NOT_CLASSES:
            return _NOT_CLASSES[char]
        if char == "W" and not in_class:
            return f"[^{_WORD}]"
        if char in _CONTROLS:
            return _CONTROLS[char]
        if not in_class and char in "Az":
            return "^" if char == "A" else "$"
        if not in_class and char in "bB" and self._peek() != "{":
            return _BOUNDARY if char == "b" else _NO_BOUNDARY
        if char.isascii() and not char.isalnum() and char not in "<>":
            return f"\\{char}" if char in _SYNTAX or (in_class and char == "-") else char
        raise self._refused(f"\\{char}")

    def _property(self, found: re.Match[str]) -> str:
        name = re.sub("[ _-]", "_", found[2] or found[3])
        key, equals, value = name.partition("=")
        if not equals:
            key, equals, value = name.partition(":")
        titled = "_".join(part[:1].upper() + part[1:] for part in name.split("_"))
        names = [name, titled, f"Script={titled}"]
        if equals:
            long = {"sc": "Script", "scx": "Script_Extensions", "gc": "General_Category"}
            names = [f"{long.get(key.lower(), key)}={value}"]
            names.append(f"{long.get(key.lower(), key)}={value[:1].upper()}{value[1:]}")
        for candidate in names:
            spelled = f"\\{found[1]}{{{candidate}}}"
            try:
                fullmatch_program(spelled)
            except (GrammarSyntaxError, UnsupportedPattern):
                continue
            return spelled
        raise self._refused(f"the property {found[2] or found[3]}")

    def _class(self) -> str:
        """After ``[``, up to its ``]``."""
        negated = self._peek() == "^"
        if negated:
            self._at += 1
        return f"[{'^' if negated else ''}{self._items()}]"

    def _items(self) -> str:
        items = ""
        first = True
        while first or self._peek() != "]":
            two = self._pattern[self._at : self._at + 2]
            if two in ("&&", "--", "~~"):
                raise self._refused(f"{two} in a class")
            char = self._take()
            if char == "\\":
                items += self._escape(in_class=True)
            elif char == "[":
                items += self._within()
            elif char == "-":
                items += r"\-" if first or self._peek() == "]" else "-"
            else:
                items += f"\\{char}" if char in "^]" else char
            first = False
        self._at += 1
        return items

    def _within(self) -> str:
        """A class within a class, after its ``[``."""
        end = self._pattern.find(":]", self._at)
        if self._peek() == ":" and end > 0:
            name = self._pattern[self._at + 1 : end]
            if name not in _POSIX:
                raise self._refused(f"[:{name}:]")
            self._at = end + 2
            return _POSIX[name]
        if self._peek() == "^":
            raise self._refused("a negated class within a class")
        return self._items()


def _opening(flags: frozenset[str], inner: frozenset[str]) -> str:
    """What opens a group of other flags; ``m`` and ``s`` are spelled out where they matter."""
    if ("i" in inner) == ("i" in flags):
        return "(?:"
    return "(?i:" if "i" in inner else "(?-i:"
