"""The public strategies: see the package."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from hypothesis import strategies as st

from grammarlib.arguments import instance
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.strategies.sources import Grammar, Source, source_of
from grammarlib.strategies.tokens import Cutter
from grammarlib.strategies.walks import Draw, below
from grammarlib.strategies.wander import wander

__all__ = ["from_grammar", "near_misses", "token_sequences"]

_cutters: WeakKeyDictionary[Vocabulary, Cutter] = WeakKeyDictionary()


def from_grammar(grammar: Grammar) -> st.SearchStrategy[str]:
    """Return a strategy of texts in the language of a grammar.

    Every production can be drawn, and what a text leaves open varies: white space, key order,
    escapes of strings and keys, spellings of numbers. Shrinks to a shortest text.

    Parameters
    ----------
    grammar : Grammar, dict, bool or type
        The grammar, as for :func:`grammarlib.compile`.

    Returns
    -------
    SearchStrategy of str

    Raises
    ------
    EmptyLanguage
        If there is no text.
    UnsupportedSchema, InvalidSchema
        As :func:`grammarlib.compile` does.
    CompileBudgetExceeded
        If a construction grows too large, or no text has less than a million bytes.
    """
    return _texts(source_of(grammar))


def near_misses(grammar: Grammar) -> st.SearchStrategy[str]:
    """Return a strategy of texts that are just outside the language of a grammar.

    Each is a text of the language with one thing changed: a character, a token, a value, a member,
    an item, the blanks at one place. That it is outside is confirmed by the compiled engine.

    Parameters
    ----------
    grammar : Grammar, dict, bool or type
        The grammar, as for :func:`grammarlib.compile`.

    Returns
    -------
    SearchStrategy of str

    Raises
    ------
    GrammarlibError
        As :func:`from_grammar` does.
    """
    return _misses(source_of(grammar))


def token_sequences(
    compiled: CompiledGrammar, *, eos: bool = False
) -> st.SearchStrategy[list[int]]:
    """Return a strategy of token sequences whose bytes spell a text of the language.

    Texts are those of :func:`from_grammar`, cut into tokens at random: mostly not as a tokenizer
    would. Any vocabulary will do; where it does not spell a derived text, a sequence is drawn along
    the masks instead.

    Parameters
    ----------
    compiled : CompiledGrammar
        The grammar and the vocabulary.
    eos : bool
        Whether an end token follows: any of the vocabulary's.

    Returns
    -------
    SearchStrategy of list of int

    Raises
    ------
    TypeError
        If the grammar is not compiled.
    CompileBudgetExceeded
        As :func:`from_grammar` does; while drawing, if no end is found along the masks.
    """
    instance("compiled", compiled, CompiledGrammar, "a compiled grammar")
    vocab = compiled.vocab
    if vocab not in _cutters:
        _cutters[vocab] = Cutter(vocab)
    return _sequences(source_of(compiled.grammar), compiled, _cutters[vocab], eos)


@st.composite
def _texts(draw: Draw, source: Source) -> str:
    return source.text(draw)


@st.composite
def _misses(draw: Draw, source: Source) -> str:
    return next(text for text in source.edited(draw) if not source.contains(text))


@st.composite
def _sequences(
    draw: Draw, source: Source, compiled: CompiledGrammar, cutter: Cutter, eos: bool
) -> list[int]:
    tokens = cutter.cut(draw, draw(_texts(source)).encode())
    if tokens is None:
        tokens = wander(draw, compiled)
    if eos:
        tokens.append(compiled.vocab.eos_ids[draw(below(len(compiled.vocab.eos_ids)))])
    return tokens
