"""First-order logic over a given signature.

*How closed formulas are said.* Which variables are bound is a finite state: each set of them has
productions of its own, made when a quantifier leads there. So n variables cost up to 2ⁿ copies,
and n is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from grammarlib.arguments import choice, instance, whole
from grammarlib.choice import Choice
from grammarlib.errors import EmptyLanguage
from grammarlib.grammar import Grammar, Part, Rule, Text, rule
from grammarlib.library.words import any_of, names, separated
from grammarlib.regex import Regex

__all__ = ["first_order_logic"]

MAX_CLOSED: Final = 8
"""Most variables of closed formulas."""
_NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
_WORDS: Final = ("all", "exists")


class _Notation(NamedTuple):
    forall: str
    exists: str
    after: str  # what follows a quantifier's variable
    negation: str
    connectives: tuple[str, ...]  # the loosest first


_NOTATIONS: Final = {
    "unicode": _Notation("∀", "∃", " ", "¬", ("↔", "→", "∨", "∧")),
    "ascii": _Notation("all ", "exists ", ".", "-", ("<->", "->", "|", "&")),
}


def first_order_logic(
    predicates: Mapping[str, int],
    *,
    constants: Iterable[str] = (),
    variables: Iterable[str] = ("x", "y", "z"),
    functions: Mapping[str, int] | None = None,
    equality: bool = False,
    closed: bool = False,
    notation: str = "unicode",
) -> Grammar:
    """Formulas of first-order logic over given predicates, functions, constants and variables.

    ``¬`` and quantifiers bind tightest, then ``∧``, ``∨``, ``→`` and ``↔``, of which each may be
    repeated; parentheses may stand around every formula. One blank stands on each side of a
    connective and after a quantifier's variable, and after the commas between terms if wanted.

    Parameters
    ----------
    predicates : mapping of str to int
        The predicates with their numbers of arguments; those with none stand without parentheses.
    constants, variables : iterable of str
        The names of terms.
    functions : mapping of str to int, optional
        The functions with their numbers of arguments, at least one.
    equality : bool
        Whether two terms with ``=`` between them are a formula.
    closed : bool
        Whether every variable must stand under a quantifier of it; for at most eight variables.
    notation : {"unicode", "ascii"}
        ``∀x ¬P(x) ∧ Q ∨ R → S ↔ T``, or ``all x.-P(x) & Q | R -> S <-> T``.

    Returns
    -------
    Grammar

    Raises
    ------
    EmptyLanguage
        If there is no formula.

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> logic = gl.library.first_order_logic({"Man": 1, "Mortal": 1}, closed=True)
    >>> compiled = gl.compile(logic, vocab)
    >>> compiled.matcher().accept_bytes("∀x (Man(x) → Mortal(x))".encode())
    True
    >>> compiled.matcher().accept_bytes("∃x Man(y".encode())
    False
    """
    instance("equality", equality, bool, "a bool")
    instance("closed", closed, bool, "a bool")
    choice("notation", notation, tuple(_NOTATIONS))
    signature = _Signature(
        _arities("predicates", predicates, 0),
        _arities("functions", {} if functions is None else functions, 1),
        names("constants", constants, _NAME, empty=True),
        names("variables", variables, _NAME, empty=True),
        equality,
        closed,
        _NOTATIONS[notation],
    )
    seen: set[str] = set(_WORDS) if notation == "ascii" else set()
    for group in (*signature[:4],):
        for name in group:
            if name in seen:
                raise ValueError(f"the name {name!r} is taken twice, or is a word of the notation")
            seen.add(name)
    if closed and len(signature.variables) > MAX_CLOSED:
        raise ValueError(f"variables of closed formulas must be at most {MAX_CLOSED}")
    if not signature.predicates and not equality:
        raise EmptyLanguage("formulas without predicates and equality")
    if not (signature.constants or signature.variables) and 0 not in signature.predicates.values():
        raise EmptyLanguage("formulas without terms and without predicates of no arguments")
    return _Formulas(signature).formula(frozenset() if closed else None)


class _Signature(NamedTuple):
    predicates: dict[str, int]
    functions: dict[str, int]
    constants: list[str]
    variables: list[str]
    equality: bool
    closed: bool
    notation: _Notation


class _Formulas:
    """Productions for each set of bound variables; ``None`` where all variables may stand."""

    def __init__(self, signature: _Signature) -> None:
        self._is = signature
        self._made: dict[frozenset[str] | None, tuple[Rule, Rule]] = {}

    def formula(self, bound: frozenset[str] | None) -> Grammar:
        return self._rules(bound)[0]

    def _rules(self, bound: frozenset[str] | None) -> tuple[Rule, Rule]:
        """Of formulas, and of those that no parentheses need to hold together."""
        if bound in self._made:
            return self._made[bound]
        formula, unary = self._made[bound] = rule("formula"), rule("unary formula")
        notation = self._is.notation
        ways: list[Part] = [*self._atoms(bound), "(" + formula + ")", notation.negation + unary]
        for variable in self._is.variables:
            inside = None if bound is None else bound | {variable}
            sign = Choice([notation.forall, notation.exists])
            ways.append(sign + (variable + notation.after) + self._rules(inside)[1])
        unary.define(any_of(ways))
        level: Grammar = unary
        for connective in reversed(notation.connectives):
            level = separated(level, f" {connective} ")
        formula.define(level)
        return formula, unary

    def _atoms(self, bound: frozenset[str] | None) -> list[Grammar]:
        known = self._is.variables if bound is None else sorted(bound)
        leaves = [*self._is.constants, *known]
        atoms: list[Grammar] = [Text(name) for name, n in self._is.predicates.items() if n == 0]
        if leaves:
            term = rule("term")
            calls = [_call(name, n, term) for name, n in self._is.functions.items()]
            term.define(any_of([Choice(leaves), *calls]))
            atoms += [_call(name, n, term) for name, n in self._is.predicates.items() if n]
            if self._is.equality:
                atoms.append(term + " = " + term)
        return atoms


def _call(name: str, arity: int, term: Grammar) -> Grammar:
    return (name + "(") + separated(term, Regex(", ?"), arity, arity) + ")"


def _arities(argument: str, given: Any, least: int) -> dict[str, int]:
    instance(argument, given, Mapping, "a mapping of names to numbers of arguments")
    known = names(argument, given, _NAME, empty=True)
    return {name: whole(f"{argument}[{name!r}]", given[name], least) for name in known}
