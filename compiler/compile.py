"""``compile``: a grammar and a vocabulary become a ``CompiledGrammar``.

Compiling says what the grammar means and stops there: states, tables and masks are made when they
are first asked for, and kept. So it costs a few µs a subschema, and the first visit of a position
costs more than the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Final

from grammarlib import _core
from grammarlib.arguments import LARGEST, choice, instance, whole, wholes
from grammarlib.compiler import automaton
from grammarlib.compiler.cfg.build import compile_rules
from grammarlib.compiler.json_schema import Unenforced, lower
from grammarlib.compiler.precompute import Precompute, Precomputed
from grammarlib.compiler.precompute import precompute as make_ahead
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.grammar import Grammar
from grammarlib.schema import JSONSchema
from grammarlib.types import as_grammar

__all__ = ["CompiledGrammar", "compile"]

CACHE_BYTES: Final = 256 << 20
"""Default bound of what one compiled grammar keeps beside its vocabulary."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledGrammar:
    """A grammar compiled against a vocabulary; shared by any number of matchers and threads.

    Attributes
    ----------
    core : grammarlib._core.Compiled
        The tables.
    vocab : Vocabulary
        What it was compiled against.
    grammar : Grammar
        What it was compiled from.
    unenforced : tuple of (pointer, keyword, reason)
        The keywords that are not enforced; empty unless ``unsupported="record"`` was asked for.
    precomputed : Precomputed
        What was made ahead, and whether anything is left.
    """

    core: _core.Compiled
    vocab: Vocabulary
    grammar: Grammar
    unenforced: tuple[Unenforced, ...]
    precomputed: Precomputed

    def matcher(self) -> _core.Matcher:
        """Return a matcher at the beginning of a text."""
        return self.core.matcher()

    def matches(self, text: str | bytes) -> bool:
        """Return whether a whole text is in the language.

        Parameters
        ----------
        text : str or bytes
            The text.

        Returns
        -------
        bool

        Examples
        --------
        >>> import grammarlib as gl
        >>> compiled = gl.compile(gl.Choice(["yes", "no"]), gl.Vocabulary.of_bytes())
        >>> compiled.matches("yes"), compiled.matches("ye")
        (True, False)
        """
        instance("text", text, (str, bytes, bytearray), "bytes or str")
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else bytes(text)
        matcher = self.matcher()
        return matcher.accept_bytes(data) and matcher.is_accepting()

    def captures(self, text: bytes | str | Sequence[int]) -> dict[str, tuple[str, ...]] | None:
        """Return what the named parts of the grammar matched in a text.

        Parameters
        ----------
        text : str, bytes, or sequence of int
            A whole text, or its tokens: where rules want whole tokens, only those tell.

        Returns
        -------
        dict of str to tuple of str, or None
            By name, in the order of the text; None if the text is not in the language. Where a
            text has several readings, a capture begins as early as it can, and ends as late.
            Whole tokens may end within a character, which is replaced by U+FFFD then.

        Raises
        ------
        CompileBudgetExceeded
            If too many readings have to be tried.

        Examples
        --------
        >>> import grammarlib as gl
        >>> pair = gl.Regex("[a-z]+").capture("key") + "=" + gl.Regex("[0-9]+").capture("value")
        >>> vocab = gl.Vocabulary.of_bytes()
        >>> gl.compile(pair, vocab).captures("a=12")
        {'key': ('a',), 'value': ('12',)}
        """
        from grammarlib.compiler.cfg.captures import find_captures

        given: bytes | list[int]
        if isinstance(text, str):
            given = text.encode(errors="surrogatepass")
        elif isinstance(text, bytes | bytearray):
            given = bytes(text)
        else:
            given = wholes("text", text)
            if given and given[-1] in self.vocab.eos_ids:
                given.pop()
        found = find_captures(self.grammar, self.vocab, given)
        if found is None:
            return None
        return {
            name: tuple(span.decode(errors="replace") for span in spans)
            for name, spans in found.items()
        }

    def states(self) -> tuple[automaton.State, ...]:
        """Return the states of the token-level automaton that were made so far.

        Returns
        -------
        tuple of automaton.State
            By id; the first one is the state before any text.
        """
        return automaton.states(self.core)

    def edges(self, state: automaton.State) -> tuple[automaton.Edge, ...]:
        """Return the steps that were taken from a state, bytes with one meaning together.

        Parameters
        ----------
        state : automaton.State
            A state of this grammar.

        Returns
        -------
        tuple of automaton.Edge
            By target. Bytes that no text or mask has tried from here are missing; after
            ``precompute="all"`` none is.

        Raises
        ------
        StaleState
            If the caches were dropped since the state was asked for.
        """
        return automaton.edges(self.core, state)

    def token_edges(self, state: automaton.State) -> automaton.TokenEdges:
        """Return where tokens lead from a state, as far as their bytes were stepped.

        Parameters
        ----------
        state : automaton.State
            A state of this grammar.

        Returns
        -------
        automaton.TokenEdges

        Raises
        ------
        StaleState
            If the caches were dropped since the state was asked for.
        """
        return automaton.token_edges(self.core, state)

    def profile(self, state: automaton.State) -> automaton.StateProfile:
        """Return which tokens end inside the terminals of a state, which cross their end.

        Parameters
        ----------
        state : automaton.State
            A state of this grammar.

        Returns
        -------
        automaton.StateProfile
            A profile that no mask has needed yet is made now.

        Raises
        ------
        StaleState
            If the caches were dropped since the state was asked for.
        """
        return automaton.profile(self.core, state)

    def trace(self, text: bytes | str) -> tuple[automaton.State, ...]:
        """Return the states that a text passes; those that are new are made.

        Parameters
        ----------
        text : bytes or str
            The text, from its beginning.

        Returns
        -------
        tuple of automaton.State
            The state before the text and one after each byte, up to the first byte that leaves the
            language: ``1 + len(text)`` states only if none does.
        """
        instance("text", text, (str, bytes, bytearray), "bytes or str")
        # A lone surrogate leaves the language, as other bytes do.
        data = text.encode(errors="surrogatepass") if isinstance(text, str) else bytes(text)
        return automaton.trace(self.core, data)


def compile(
    grammar: Grammar | dict[str, Any] | bool | type[Any] | UnionType | Callable[..., Any],
    vocab: Vocabulary,
    precompute: Precompute = "lazy",
    *,
    cache_bytes: int = CACHE_BYTES,
) -> CompiledGrammar:
    """Compile a grammar against a vocabulary.

    Parameters
    ----------
    grammar : Grammar, dict, bool or type
        A dict or a bool is the ``JSONSchema`` of it, with default options; a type is what
        `grammarlib.from_type` makes of it.
    vocab : Vocabulary
        The tokens.
    precompute : {"lazy", "masks", "all"}
        What to make ahead. ``"masks"``: for every state of every terminal, which tokens stay inside
        it and which cross its end; the costly part of first visits. ``"all"``: the whole automaton,
        so that no text finds anything missing; where rules call themselves (recursive schemas, any
        JSON value) four levels of it and at most 20,000 states. Both stop before a bound of the
        caches and say so in ``CompiledGrammar.precomputed``. Masks are the same in every mode. A
        progress bar appears on a terminal after a second, if tqdm is installed.
    cache_bytes : int
        Bound of the memory for what this grammar's matchers find, beside what all grammars of the
        vocabulary share (its own ``cache_bytes``). Beyond it everything is dropped and found again
        as it is needed; only a matcher that needs more by itself raises the bound.

    Returns
    -------
    CompiledGrammar

    Raises
    ------
    UnsupportedSchema, UnsupportedGrammar
        If the grammar asks for something that cannot be enforced, unless it is to be recorded.
    InvalidSchema
        If the schema is malformed.
    EmptyLanguage
        If the grammar has no text in tokens of the vocabulary.
    CompileBudgetExceeded
        If a construction grows too large.
    TypeError, ValueError
        If an argument is none that can be taken.
    """
    choice("precompute", precompute, ("lazy", "masks", "all"))
    made = as_grammar(grammar)
    instance("grammar", made, Grammar, "a grammar, such as a JSONSchema, a dict or a type")
    instance("vocab", vocab, Vocabulary, "a grammarlib.Vocabulary")
    cache_bytes = whole("cache_bytes", cache_bytes, 1, LARGEST)
    unenforced: tuple[Unenforced, ...] = ()
    if isinstance(made, JSONSchema):
        core, unenforced = _compile_schema(made, vocab, cache_bytes)
    else:
        core = compile_rules(made, vocab, cache_bytes)
    ahead = make_ahead(core, precompute)
    return CompiledGrammar(core, vocab, made, unenforced, ahead)


def _compile_schema(
    grammar: JSONSchema, vocab: Vocabulary, cache_bytes: int
) -> tuple[_core.Compiled, tuple[Unenforced, ...]]:
    builder = _core.SchemaBuilder(
        grammar.whitespace_program(), grammar.property_order, cache_bytes=cache_bytes
    )
    root, unenforced = lower(
        grammar.schema,
        builder,
        format=grammar.format,
        formats=grammar.formats,
        registry=grammar.registry,
        unsupported=grammar.unsupported,
    )
    return builder.build(root, vocab.core), unenforced
