"""Prints a grammar in llama.cpp's notation.

*Purpose.* To hand a grammar to other engines, and to look at what passes made of it.

*Contract.* What is printed is read back as the same language. What the notation cannot say is
refused by name: schemas (llama.cpp has a converter of its own), and terminals made with ``&`` and
``~`` or out of look-arounds, which are automata by then.

*Cost.* Linear in the grammar and its programs. Shared parts are written out at each place, up to
``MAX_TEXT`` characters.
"""

from __future__ import annotations

import re
from typing import Final

from grammarlib.arguments import instance
from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.cfg.form import (
    Alternation,
    Call,
    Captured,
    Complement,
    Concatenation,
    Form,
    Intersection,
    Node,
    Production,
    Repetition,
    Terminal,
    Tokens,
    Value,
    fold_up,
)
from grammarlib.compiler.regex.program import MAX_CODE_POINT, Ranges, decode, pretty
from grammarlib.errors import CompileBudgetExceeded, UnsupportedGrammar
from grammarlib.grammar import Grammar
from grammarlib.token import Token

__all__ = ["MAX_TEXT", "to_gbnf"]

MAX_TEXT: Final = 10_000_000
"""Most characters that are printed."""

_ANY, _ITEM, _SEQUENCE, _CHOICE = range(4)
"""How tightly an expression holds together: one symbol, with an operator, in sequence, by ``|``."""

_Expression = tuple[int, str]
_SPECIAL: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def to_gbnf(grammar: Grammar) -> str:
    """Print a grammar in llama.cpp's notation.

    Parameters
    ----------
    grammar : Grammar
        The grammar.

    Returns
    -------
    str
        Its rules, ``root`` first.

    Raises
    ------
    UnsupportedGrammar
        If the notation has no way to say a part of it.
    CompileBudgetExceeded
        If the text grows too long.
    """
    instance("grammar", grammar, Grammar, "a grammar")
    return print_form(expand(grammar))


def print_form(form: Form, *, exact: bool = True) -> str:
    """Print a form; see ``to_gbnf``. Unless it must be exact, what GBNF cannot say is shown."""
    productions = form.productions()
    names = _names(productions)
    memo: dict[Node, _Expression] = {}

    def combine(node: Node, parts: list[_Expression]) -> _Expression:
        try:
            made = _expression(node, parts, names)
        except UnsupportedGrammar:
            if exact:
                raise
            made = _ANY, f"⟨{_shown(node, [text for _, text in parts])}⟩"
        if len(made[1]) > MAX_TEXT:
            raise CompileBudgetExceeded(f"a printed grammar of {MAX_TEXT} characters")
        return made

    rules = [f"{names[one]} ::= {fold_up(one.body, combine, memo)[1]}\n" for one in productions]
    return "".join(rules)


def _shown(node: Node, parts: list[str]) -> str:
    """For people: what the notation cannot say."""
    match node:
        case Terminal():
            return pretty(node.program)
        case Intersection():
            return " & ".join(parts)
        case Complement():
            return f"~{parts[0]}"
        case Value():
            return "JSON"
        case Tokens():
            return repr(node.token)
        case _:
            return "no text"


def _names(productions: list[Production]) -> dict[Production, str]:
    """A name for each production that no other one has; the first is ``root``."""
    taken = {"root"}
    names = {productions[0]: "root"}
    for production in productions[1:]:
        plain = re.sub("[^A-Za-z0-9]+", "-", production.name).strip("-") or "rule"
        name, more = plain, 2
        while name in taken:
            name, more = f"{plain}-{more}", more + 1
        taken.add(name)
        names[production] = name
    return names


def _expression(node: Node, parts: list[_Expression], names: dict[Production, str]) -> _Expression:
    match node:
        case Terminal():
            return _program(node.program)
        case Call():
            return _ANY, names[node.production]
        case Concatenation():
            return _sequence(parts)
        case Alternation():
            return _choice(parts)
        case Repetition():
            return _repetition(parts[0], node.lo, node.hi)
        case Captured():
            return parts[0]
        case Tokens():
            return _ANY, _token(node.token)
        case _:
            kind = _KINDS.get(type(node).__name__, type(node).__name__)
            raise UnsupportedGrammar(f"GBNF cannot say {kind}", "GBNF")


_KINDS: Final = {
    "Value": "the values of a JSON Schema",
    "Intersection": "what texts have in common (&)",
    "Complement": "which texts are left out (~)",
}


def _program(program: bytes) -> _Expression:
    stack: list[_Expression] = []
    kept: dict[int, _Expression] = {}
    for step in decode(program):
        match step.name:
            case "EPSILON":
                made = (_ANY, '""')
            case "LITERAL":
                made = _literal(step.data)
            case "CLASS":
                made = (_ANY, _class(step.ranges))
            case "CONCAT" | "UNION":
                parts = stack[len(stack) - step.number :]
                del stack[len(stack) - step.number :]
                made = _sequence(parts) if step.name == "CONCAT" else _choice(parts)
            case "REPEAT":
                made = _repetition(stack.pop(), step.number, step.maximum)
            case "KEEP":
                kept[step.number] = stack.pop()
                continue
            case "AGAIN":
                made = kept[step.number]
            case _:
                raise UnsupportedGrammar(
                    "GBNF cannot say what a look-around, & or ~ leaves of a terminal", "GBNF"
                )
        stack.append(made)
    return stack[-1]


def _literal(data: bytes) -> _Expression:
    said = "".join(_character(c, '"') for c in data.decode())
    return _ANY, f'"{said}"'


def _class(ranges: Ranges) -> str:
    if ranges == ((0, 0xD7FF), (0xE000, MAX_CODE_POINT)):
        return "."
    said = []
    for low, high in ranges:
        said.append(_character(chr(low), "]["))
        if high > low:
            said.append("-" + _character(chr(high), "]["))
    return f"[{''.join(said)}]"


def _character(c: str, special: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if c in special or (c in "-^" and special != '"'):
        return f"\\{c}" if c != "^" else "\\x5E"
    if c.isprintable():
        return c
    number = ord(c)
    return f"\\x{number:02X}" if number < 256 else f"\\U{number:08X}"


def _sequence(parts: list[_Expression]) -> _Expression:
    if not parts:
        return _ANY, '""'
    return _SEQUENCE, " ".join(_grouped(part, _SEQUENCE) for part in parts)


def _choice(parts: list[_Expression]) -> _Expression:
    if not parts:
        raise UnsupportedGrammar("GBNF cannot say that there is no text", "GBNF")
    return _CHOICE, " | ".join(text for _, text in parts)


def _repetition(part: _Expression, lo: int, hi: int | None) -> _Expression:
    bounds = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((lo, hi))
    if bounds is None:
        bounds = f"{{{lo}}}" if lo == hi else f"{{{lo},{'' if hi is None else hi}}}"
    return _ITEM, _grouped(part, _ANY) + bounds


def _grouped(part: _Expression, most: int) -> str:
    """An expression that is no looser than ``most``, in parentheses where it would be."""
    level, text = part
    return text if level <= most else f"({text})"


def _token(token: Token) -> str:
    said = []
    for one in token.tokens:
        named = isinstance(one, str)
        if named and not re.fullmatch(r"<[^>\r\n\[][^>\r\n]*>", str(one)):
            raise UnsupportedGrammar("GBNF names tokens in angle brackets or by id", repr(token))
        said.append(str(one) if named else f"<[{one}]>")
    if token.negated:
        if len(said) > 1:
            raise UnsupportedGrammar("GBNF leaves out one token, not several", repr(token))
        return f"!{said[0]}"
    return said[0] if len(said) == 1 else f"({' | '.join(said)})"
