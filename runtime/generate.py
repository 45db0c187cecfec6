"""Generate text in a language: the public entry points.

``generate`` returns what there is, however it ended; ``generate_json`` returns the parsed value or
raises. Both only prepare: the grammar is compiled (or found compiled), the prompt becomes token
ids, and ``decode.py`` runs. Streaming is ``on_token``.

Cost beside decoding: one look-up of the compiled grammar, one tokenization of the prompt (two where
the schema does not fit). Rejected: raising from ``generate`` at the length limit (a batch would
lose its finished rows).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from types import UnionType
from typing import Any, TypeAlias, TypeVar, overload

from grammarlib.arguments import instance, whole
from grammarlib.compiler.cfg.captures import has_captures
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import Incomplete, InvalidValue
from grammarlib.grammar import Grammar as GrammarExpression
from grammarlib.runtime.compile_cache import compile_cached
from grammarlib.runtime.decode import Row, decode
from grammarlib.runtime.free_text import FreeText
from grammarlib.runtime.generation import Generation, Stats, TokenEvent
from grammarlib.runtime.json_value import parse_json
from grammarlib.runtime.model import Model
from grammarlib.runtime.prompts import (
    Prompt,
    Prompts,
    encode_prompt,
    encode_request,
    split_prompts,
)
from grammarlib.runtime.protocol import CompiledProtocol, LanguageModel, VocabularyProtocol
from grammarlib.runtime.sampling import Sampling
from grammarlib.schema import JSONSchema
from grammarlib.types import TypeGrammar, as_grammar

__all__ = ["Generation", "Stats", "TokenEvent", "generate", "generate_json"]

Capturing: TypeAlias = Callable[[Sequence[int]], dict[str, tuple[str, ...]] | None]
Grammar: TypeAlias = (
    GrammarExpression
    | CompiledGrammar
    | CompiledProtocol
    | dict[str, Any]
    | bool
    | type[Any]
    | UnionType
    | Callable[..., Any]
)
T = TypeVar("T")
OnToken: TypeAlias = Callable[[TokenEvent], None]


@overload
def generate(
    grammar: Grammar | None,
    prompt: Prompt,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> Generation: ...
@overload
def generate(
    grammar: Grammar | None,
    prompt: Prompts,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> list[Generation]: ...
def generate(
    grammar: Grammar | None,
    prompt: Prompt | Prompts,
    *,
    model: LanguageModel | None = None,
    max_tokens: int = 1024,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    seed: int | None = None,
    on_token: OnToken | None = None,
) -> Generation | list[Generation]:
    """Generate text of a language after a prompt.

    Every token is drawn from the model's law restricted to the tokens the grammar allows, truncated
    and renormalised, in the order mask, temperature, top-k, top-p, min-p
    (`grammarlib.runtime.sampling` has the definitions).

    Parameters
    ----------
    grammar : Grammar, schema as a dict or bool, type, compiled grammar, or None
        A type is what `grammarlib.from_type` makes of it; to type checkers, special forms that are
        neither classes nor unions (``Annotated``, ``Literal``) are types only there. None leaves
        the text free. A compiled grammar must have been compiled against the model's vocabulary or
        an equal one.
    prompt : text, list of token ids, list of chat messages, or a list of prompts
        Taken as it is: nothing is added to a text but the tokenizer's own special tokens. Messages
        are ``{"role": ..., "content": ...}`` and go through the model's chat template.
    model : optional
        ``Model.default()`` where it is not given.
    max_tokens : int
        The most tokens of an answer, end token included.
    temperature : float
        0 takes the most probable allowed token.
    top_k, top_p, min_p : optional
    seed : int, optional
        Row i of a batch draws from child stream i, so a row does not depend on the others; a single
        prompt draws from child stream 0.
    on_token : callable, optional
        Told of each token as a `TokenEvent` when it is taken.

    Returns
    -------
    Generation, or a list of them for a list of prompts
        Never raises because of length: ``finish_reason`` is then "length".

    Raises
    ------
    TypeError
        If an argument is of none of its types.
    ValueError
        If an option is out of range, a prompt is empty, the compiled grammar's vocabulary is
        another, or the model's scores are unusable.
    PromptTooLong
        If a prompt does not fit the model's context.
    UnsupportedSchema, InvalidSchema, EmptyLanguage, CompileBudgetExceeded
        If the schema cannot be compiled.
    """
    sampling = Sampling(temperature, top_k, top_p, min_p)
    max_tokens, seed = check_limits(max_tokens, seed)
    prompts, batch = split_prompts(prompt)
    model = _model(model)
    grammar = as_grammar(grammar)
    compiled = _compiled(grammar, model.vocab)
    ids = [encode_prompt(model, one) for one in prompts]
    described = _described(grammar)
    results = _run(described, compiled, ids, model, max_tokens, sampling, seed, on_token)
    return results if batch else results[0]


@overload
def generate_json(
    schema: type[T],
    prompt: Prompt,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> T: ...
@overload
def generate_json(
    schema: type[T],
    prompt: Prompts,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> list[T]: ...
@overload
def generate_json(
    schema: Grammar,
    prompt: Prompt,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> object: ...
@overload
def generate_json(
    schema: Grammar,
    prompt: Prompts,
    *,
    model: LanguageModel | None = ...,
    max_tokens: int = ...,
    temperature: float = ...,
    top_k: int | None = ...,
    top_p: float | None = ...,
    min_p: float | None = ...,
    seed: int | None = ...,
    on_token: OnToken | None = ...,
) -> list[object]: ...
def generate_json(
    schema: Grammar,
    prompt: Prompt | Prompts,
    *,
    model: LanguageModel | None = None,
    max_tokens: int = 1024,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    seed: int | None = None,
    on_token: OnToken | None = None,
) -> object:
    """Ask a model for a JSON value that satisfies a schema.

    The schema enters the prompt where it fits the context together with room for an answer
    (``min(max_tokens, half the context)``); the answer satisfies it either way. How a text or chat
    messages are put to the model: `grammarlib.runtime.prompts.encode_request`. A prompt given as
    token ids is taken as it is.

    Parameters
    ----------
    schema : dict or bool, JSONSchema, type, or a grammar compiled from one
    prompt, model, max_tokens, temperature, top_k, top_p, min_p, seed, on_token
        As for `generate`.

    Returns
    -------
    object
        What ``json.loads`` makes of the text, or the instance where a type was given; for a list of
        prompts, a list. A number written
        ``3.0`` is a float, also where the schema says ``integer``, of which it is a spelling.

    Raises
    ------
    Incomplete
        If ``max_tokens`` or the context ended before the text was complete; ``partial`` is the text
        so far. For a list of prompts, of the first such row (`generate` keeps the others).
    InvalidValue
        If the validators of the type refuse the text.
    TypeError, ValueError, PromptTooLong
        As `generate` does.
    UnsupportedSchema, InvalidSchema, EmptyLanguage, CompileBudgetExceeded
        If the schema cannot be compiled.
    """
    sampling = Sampling(temperature, top_k, top_p, min_p)
    max_tokens, seed = check_limits(max_tokens, seed)
    prompts, batch = split_prompts(prompt)
    schema = as_grammar(schema)
    results = request_json(
        schema,
        prompts,
        model=_model(model),
        max_tokens=max_tokens,
        sampling=sampling,
        seed=seed,
        on_token=on_token,
    )
    for result in results:
        if result.limit is not None:
            raise Incomplete(result.text, result.limit)
    described = _described(schema)
    if isinstance(described, TypeGrammar):
        values = [described.read(result.text) for result in results]  # or say why not
    else:
        values = [result.value for result in results]
    return values if batch else values[0]


def request_json(
    schema: Grammar,
    prompts: Sequence[Prompt],
    *,
    model: LanguageModel,
    max_tokens: int,
    sampling: Sampling,
    seed: int | None = None,
    on_token: OnToken | None = None,
) -> list[Generation]:
    """What `generate_json` does, up to the results; it does not raise because of length.

    The values of types are left to the caller, who reads the texts.
    """
    max_tokens, seed = check_limits(max_tokens, seed)
    grammar = as_grammar(schema)
    described = _described(grammar)
    if described is None:
        kind = type(schema).__name__
        raise TypeError(f"a schema is a dict, a bool, a JSONSchema or a type, not {kind}")
    compiled = _compiled(grammar, model.vocab)  # first: it says what is wrong with a schema
    ids = [encode_request(model, one, described.schema, max_tokens) for one in prompts]
    # What a type's own validators refuse is an error for those who call this, so they read.
    parsed = None if isinstance(described, TypeGrammar) else described
    return _run(parsed, compiled, ids, model, max_tokens, sampling, seed, on_token)


def _run(
    described: JSONSchema | None,
    compiled: CompiledProtocol,
    prompts: Sequence[list[int]],
    model: LanguageModel,
    max_tokens: int,
    sampling: Sampling,
    seed: int | None,
    on_token: OnToken | None,
) -> list[Generation]:
    if on_token is not None and not callable(on_token):
        raise TypeError(f"on_token must be callable, not {type(on_token).__name__}")
    rows = decode(
        model,
        compiled,
        prompts,
        max_tokens=max_tokens,
        sampling=sampling,
        seed=seed,
        on_token=on_token,
    )
    captures = _captures(compiled)
    return [_generation(row, described, captures) for row in rows]


def _captures(compiled: CompiledProtocol) -> Capturing | None:
    """How to find what captures matched, where the grammar has any."""
    if isinstance(compiled, CompiledGrammar) and has_captures(compiled.grammar):
        return compiled.captures
    return None


def _generation(row: Row, described: JSONSchema | None, captures: Capturing | None) -> Generation:
    assert row.finish is not None  # decode returns finished rows
    text = row.text
    found = captures(row.tokens) if captures and row.finish == "stop" else None
    return Generation(
        text=text,
        tokens=tuple(row.tokens),
        value=_value(described, text) if row.finish == "stop" else None,
        logprob=row.logprob,
        finish_reason=row.finish,
        limit=row.limit,
        stats=row.stats,
        captures=found or {},
    )


def _value(described: JSONSchema | None, text: str) -> object:
    if isinstance(described, TypeGrammar):
        try:
            return described.read(text)
        except InvalidValue:
            return None
    return None if described is None else parse_json(text)


def _compiled(grammar: Grammar | None, vocab: VocabularyProtocol) -> CompiledProtocol:
    if grammar is None:
        return FreeText(vocab)
    if isinstance(grammar, GrammarExpression):
        if not isinstance(vocab, Vocabulary):
            raise TypeError("a grammar needs a model whose vocabulary is a grammarlib.Vocabulary")
        return compile_cached(grammar, vocab)
    if not isinstance(grammar, CompiledProtocol):
        raise TypeError(
            "a grammar is a JSONSchema, a Regex or the like, a schema as a dict, a type, or a"
            " compiled one,"
            f" not {type(grammar).__name__}"
        )
    if grammar.vocab is not vocab and not _same_tokens(grammar.vocab, vocab):
        raise ValueError("the grammar was compiled against another vocabulary than the model's")
    return grammar


def _model(model: LanguageModel | None) -> LanguageModel:
    """The model that is meant: the default one for None."""
    if model is None:
        return Model.default()
    check_model(model)
    return model


def check_model(model: object) -> None:
    """Refuse what is no model.

    Raises
    ------
    TypeError
        If it lacks what generation needs.
    """
    instance("model", model, LanguageModel, "a grammarlib.Model or a FunctionModel")


def _same_tokens(one: VocabularyProtocol, other: VocabularyProtocol) -> bool:
    """Equal end tokens, and equal bytes for every id; ids that only one has spell nothing."""
    pairs = itertools.zip_longest(_spellings(one), _spellings(other))
    return set(one.eos_ids) == set(other.eos_ids) and all(a == b for a, b in pairs)


def _spellings(vocab: VocabularyProtocol) -> Iterable[bytes | None]:
    if isinstance(vocab, Vocabulary):
        return vocab.table.tokens
    return map(vocab.token_bytes, range(vocab.vocab_size))


def _described(grammar: Grammar | None) -> JSONSchema | None:
    """The schema behind a grammar, where it is one."""
    if isinstance(grammar, CompiledGrammar):
        grammar = grammar.grammar
    return grammar if isinstance(grammar, JSONSchema) else None


def check_limits(max_tokens: int, seed: int | None) -> tuple[int, int | None]:
    """The two as plain numbers.

    Raises
    ------
    TypeError, ValueError
        If either is no whole number, ``max_tokens`` is below 1 or ``seed`` is negative.
    """
    count = whole("max_tokens", max_tokens, 1)
    return count, None if seed is None else whole("seed", seed, 0)
