"""A grammar expression compiled: the passes in order, then the rules handed to the core.

``PASSES`` is the list that ``grammarlib inspect`` shows one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grammarlib import _core
from grammarlib.compiler.cfg.automata import make_automata
from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.cfg.folding import fold_lexical
from grammarlib.compiler.cfg.form import Form, Production, Tokens, Value
from grammarlib.compiler.cfg.inlining import inline
from grammarlib.compiler.cfg.regular import make_terminals
from grammarlib.compiler.cfg.schemas import lower_schemas
from grammarlib.compiler.cfg.tokens import TokenSets
from grammarlib.compiler.cfg.useless import drop_useless
from grammarlib.compiler.gbnf.printer import print_form
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.grammar import Grammar

__all__ = ["PASSES", "build", "compile_rules", "passes"]

PASSES: Final[tuple[tuple[str, Callable[[Form], Form]], ...]] = (
    ("regular parts", make_terminals),
    ("useful rules", drop_useless),
    ("lexical rules folded", fold_lexical),
    ("rules inlined", inline),
    ("joined terminals folded", fold_lexical),
)
"""The passes by name, in order; each keeps the language."""


def compile_rules(
    grammar: Grammar, vocab: Vocabulary, cache_bytes: int, sets: TokenSets | None = None
) -> _core.Compiled:
    """Compile a grammar expression against a vocabulary.

    ``sets`` says which ids tokens are, where another vocabulary than this one does.

    Raises
    ------
    EmptyLanguage
        If it has no text in tokens of the vocabulary.
    UnsupportedGrammar
        If it asks for what is not enforced exactly.
    CompileBudgetExceeded
        If a construction grows too large.
    """
    form = expand(grammar)
    for _, step in PASSES:
        form = step(form)
    return build(form, vocab, cache_bytes, sets)


def passes(grammar: Grammar) -> list[tuple[str, str]]:
    """The rules of a grammar as it is read, and after each pass: names, and texts for people.

    The texts are GBNF, but for what that cannot say, which stands in brackets: ``⟨...⟩``.
    Raises what ``compile_rules`` does.
    """
    form = expand(grammar)
    told = [("as it is read", print_form(form, exact=False))]
    for name, step in PASSES:
        form = step(form)
        told.append((name, print_form(form, exact=False)))
    return told


def build(
    form: Form, vocab: Vocabulary, cache_bytes: int, sets: TokenSets | None = None
) -> _core.Compiled:
    """Hand a form without intersections and complements to the core; raises as above."""
    schemas, values = lower_schemas(form)
    builder = _core.GrammarBuilder(schemas, cache_bytes=cache_bytes)
    terminals: dict[bytes, int] = {}

    def handle(program: bytes) -> int:
        if program not in terminals:
            terminals[program] = builder.regex(program)
        return terminals[program]

    automata = make_automata(form, lambda program: builder.nullable(handle(program)))
    for _ in automata.states:
        builder.state()
    rules = {value: builder.value(made) for value, made in values.items()}
    sets = sets or TokenSets(vocab)
    for here, state in enumerate(automata.states):
        if state.final:
            builder.end(here)
        for symbol, to in state.moves:
            match symbol:
                case bytes():
                    builder.read(here, handle(symbol), to)
                case Production():
                    builder.call(here, automata.starts[symbol], to)
                case Value():
                    builder.call(here, rules[symbol], to)
                case Tokens():
                    builder.read_token(here, sets.mask(symbol.token), to)
    return builder.build(automata.starts[form.start], vocab.core)
