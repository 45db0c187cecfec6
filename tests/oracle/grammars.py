"""Whether a text is in the language of a grammar expression, by looking at all of its stretches.

For each expression and each place of the text: at which places can a text of the expression that
begins here end? Rules are asked again until nothing new is found (Kleene), regular expressions are
judged by ``re`` on each stretch. No parser, no automaton: O(length**3) and worse, for short texts.
"""

from __future__ import annotations

import re

from grammarlib import grammar as g
from grammarlib.choice import Choice
from grammarlib.regex import Regex
from grammarlib.substring import Substring


class Recogniser:
    """Judges texts of one grammar expression."""

    def __init__(self, grammar: g.Grammar) -> None:
        self._grammar = grammar

    def contains(self, text: str) -> bool:
        """Whether the whole text is in the language."""
        return len(text) in _Ends(text).of(self._grammar, 0)


class _Ends:
    def __init__(self, text: str) -> None:
        self._text = text
        self._rules: dict[tuple[g.Rule, int], set[int]] = {}
        self._grew = False

    def of(self, grammar: g.Grammar, at: int) -> set[int]:
        """The ends of texts of a grammar that begin at a place."""
        while True:
            self._grew = False
            self._asked: set[tuple[g.Rule, int]] = set()
            found = self._ends(grammar, at)
            if not self._grew:
                return found

    def _ends(self, grammar: g.Grammar, at: int) -> set[int]:
        text = self._text
        match grammar:
            case g.Text():
                return {at + len(grammar.value)} if text.startswith(grammar.value, at) else set()
            case Regex():
                pattern = re.compile(grammar.pattern, int(grammar.flags))
                ends = range(at, len(text) + 1)
                return {end for end in ends if pattern.fullmatch(text[at:end])}
            case g.Characters():
                here = ord(text[at]) if at < len(text) else -1
                return {at + 1} if any(lo <= here <= hi for lo, hi in grammar.ranges) else set()
            case Choice():
                return {at + len(one) for one in grammar.texts if text.startswith(one, at)}
            case Substring():
                ends = range(at + 1, len(text) + 1)
                return {end for end in ends if text[at:end] in grammar.text}
            case g.Derived():
                return self._ends(grammar.grammar, at)
            case g.Sequence():
                middles = self._ends(grammar.left, at)
                return {end for middle in middles for end in self._ends(grammar.right, middle)}
            case g.Union():
                return self._ends(grammar.left, at) | self._ends(grammar.right, at)
            case g.Intersection():
                return self._ends(grammar.left, at) & self._ends(grammar.right, at)
            case g.Complement():
                return set(range(at, len(text) + 1)) - self._ends(grammar.item, at)
            case g.Capture():
                return self._ends(grammar.item, at)
            case g.Repetition():
                return self._repeated(grammar, at)
            case g.Rule():
                return self._rule(grammar, at)
            case _:
                raise TypeError(type(grammar).__name__)

    def _repeated(self, grammar: g.Repetition, at: int) -> set[int]:
        here = {at}
        found = {at} if grammar.min == 0 else set()
        seen: set[tuple[int, ...]] = set()
        rounds = 0
        while here and (grammar.max is None or rounds < grammar.max):
            here = {end for start in here for end in self._ends(grammar.item, start)}
            rounds += 1
            if rounds >= grammar.min:
                found |= here
            state = (min(rounds, grammar.min), *sorted(here))
            if state in seen:
                break
            seen.add(state)
        return found

    def _rule(self, rule: g.Rule, at: int) -> set[int]:
        known = self._rules.setdefault((rule, at), set())
        if (rule, at) not in self._asked:
            self._asked.add((rule, at))
            found = self._ends(rule.body, at)
            if not found <= known:
                known |= found
                self._grew = True
        return set(known)
