"""Faults planted in grammars of the library: a differential search finds each, as a short text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import grammarlib as gl
from grammarlib import grammar as parts
from tests.grammarlib.library.examples import EXAMPLES
from tests.grammarlib.library.mutants import Change, difference, differing, mutant


def text(old: str, new: str) -> Change:
    """Another fixed text."""

    def change(part: gl.Grammar) -> gl.Grammar | None:
        return parts.Text(new) if isinstance(part, parts.Text) and part.value == old else None

    return change


def pattern(old: str, new: str) -> Change:
    """Another stretch of a pattern."""

    def change(part: gl.Grammar) -> gl.Grammar | None:
        if isinstance(part, gl.Regex) and old in part.pattern:
            return gl.Regex(part.pattern.replace(old, new, 1), flags=part.flags)
        return None

    return change


def choice(old: list[str], new: list[str]) -> Change:
    """Other texts of a choice."""

    def change(part: gl.Grammar) -> gl.Grammar | None:
        if isinstance(part, gl.Choice) and list(part.texts) == old:
            return gl.Choice(new)
        return None

    return change


def without(which: Callable[[gl.Grammar], bool]) -> Change:
    """An alternative is missing."""

    def change(part: gl.Grammar) -> gl.Grammar | None:
        if isinstance(part, parts.Union):
            for gone, kept in ((part.left, part.right), (part.right, part.left)):
                if which(gone):
                    return kept
        return None

    return change


def bounds(old: tuple[int, int | None], new: tuple[int, int | None], item: str = "") -> Change:
    """Other bounds of a repetition."""

    def change(part: gl.Grammar) -> gl.Grammar | None:
        if (
            isinstance(part, parts.Repetition)
            and (part.min, part.max) == old
            and item in _first(part)
        ):
            return parts.Repetition(part.item, *new)
        return None

    return change


def _first(part: gl.Grammar) -> str:
    """The text or pattern that a part begins with."""
    while True:
        match part:
            case parts.Repetition():
                part = part.item
            case parts.Sequence():
                part = part.left
            case parts.Text():
                return part.value
            case gl.Regex():
                return part.pattern
            case _:
                return ""


def _is_text(value: str) -> Callable[[gl.Grammar], bool]:
    return lambda part: isinstance(part, parts.Text) and part.value == value


PLANTS: dict[str, tuple[str, Change, str]] = {
    "json: no null": ("json", without(_is_text("null")), "null"),
    "json: two blanks": ("json", bounds((0, 1), (0, 2), "[ "), "  0"),
    "json: a capital escape": ("json", pattern('["\\\\/bfnrt]', '["\\\\/bfnrtB]'), '"\\B"'),
    "json: semicolons": ("json", text(",", ";"), '["",""]'),
    "arithmetic: no division": ("arithmetic", pattern("[-+*/]", "[-+*]"), "0/0"),
    "arithmetic: swapped brackets": ("arithmetic", text(")", "]"), "(0)"),
    "csv: three fields": ("csv", bounds((1, 1), (1, 2), ","), "a,b\n,,"),
    "csv: quotes not doubled": ("csv", pattern('|"")*', ")*"), 'a,b\n"""",'),
    "logic: the connective": ("first_order_logic", text(" ∨ ", " v "), "∀x (P(a) ∨ P(a))"),
    "logic: no negation": ("first_order_logic", text("¬", "~"), "¬P(a)"),
    "logic: one argument too many": (
        "first_order_logic",
        bounds((1, 1), (1, 2), ", ?"),
        "R(a,a,a)",
    ),
    "lisp: a symbol of a digit": ("lisp", pattern("[A-Za-z!", "[A-Za-z@!"), "@"),
    "python: power": ("python_expression", pattern(r"\*\*", r"\^\^"), "A**A"),
    "python: no walrus": ("python_expression", pattern(" ?:= ?", " ?::= ?"), "(A:=A)"),
    "tags: the end tag": ("tags", text("</a>", "</b>"), "<a></a>"),
    "tags: a void end": ("tags", text("/>", ">"), "<br/>"),
    "trees: a leaf": ("constituency_trees", text(" run)", " ran)"), "(S (N I) (N run))"),
    "sql: no averages": (
        "sql_select",
        pattern("AVG", "AVERAGE"),
        "SELECT AVG(x) FROM t",
    ),
    "sql: grouping": ("sql_select", pattern("GROUP", "GRUP"), "SELECT x FROM t GROUP BY x"),
    "triplets: a relation": ("triplets", choice(["in", "from"], ["in"]), "Ada\tfrom\tAda\n"),
    "links: no comma": (
        "entity_links",
        text(", ", " "),
        '[{"span": "A", "entity": "Q1"}, {"span": "A", "entity": "Q1"}]',
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found_as_a_short_text(name: str) -> None:
    example, change, short = PLANTS[name]
    grammar = EXAMPLES[example]()
    faulty = mutant(grammar, change)
    assert differing(grammar, faulty)(short)
    found = difference(grammar, faulty, 1000)
    assert len(found) <= 2 * len(short), found
