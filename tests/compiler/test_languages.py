"""Random schemas against random vocabularies: masks by brute force, and the laws of matchers.

The oracle reads what the front end says of a schema and shares nothing with the core; the front end
is judged by `jsonschema`, here on texts written along the masks. A schema that the front end
refuses, or that outgrows a budget, is passed over, and so is a place that the oracle cannot decide;
how often that happens is bounded.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import grammarlib as gl
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.testing import LAWS, check_laws
from tests.compiler.json_schema.judge import Lowered, by_jsonschema
from tests.compiler.json_schema.schemas import KEYS, schemas, words
from tests.compiler.vocabulary.drawn import EVERY, PIECES, vocabularies
from tests.oracle.json_texts import JsonTexts
from tests.oracle.masks import Masks
from tests.oracle.regex_derivatives import Undecided

STEPS = 10  # of a random walk
LONGEST = 30  # along a text
EDITS = 8  # of a text
FREQUENT = settings(
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@st.composite
def grammars(draw: st.DrawFn) -> tuple[gl.JSONSchema, gl.Vocabulary]:
    schema = draw(schemas())
    grammar = gl.JSONSchema(
        schema,
        whitespace=draw(st.sampled_from(["compact", "compact", "flexible", " ?", "[ \\n]*"])),
        property_order=draw(st.sampled_from(["declared", "any"])),
    )
    return grammar, draw(vocabularies(words(schema)))


def compiled_or_why(grammar: gl.JSONSchema, vocab: gl.Vocabulary) -> gl.CompiledGrammar | str:
    try:
        return gl.compile(grammar, vocab)
    except (gl.UnsupportedSchema, gl.CompileBudgetExceeded, gl.EmptyLanguage) as error:
        return type(error).__name__


def masks_of(grammar: gl.JSONSchema, vocab: gl.Vocabulary) -> Masks:
    lowered = Lowered(grammar.schema)
    declared = grammar.property_order == "declared"
    blanks = grammar.whitespace_program()
    texts = JsonTexts(lowered.recorder, lowered.root, blanks, declared)
    return Masks(texts, vocab.table.tokens, vocab.eos_ids)


def allowed(matcher: Any, vocab: gl.Vocabulary) -> set[int]:
    mask = gl.allocate_token_bitmask(1, vocab.vocab_size)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(np.asarray(mask[0]).view(np.uint8), bitorder="little")
    return {int(token) for token in np.flatnonzero(bits)}


def compare(grammar: gl.JSONSchema, vocab: gl.Vocabulary, data: st.DataObject) -> str:
    """Compare masks with the oracle's along random texts; say how it ended."""
    compiled = compiled_or_why(grammar, vocab)
    if compiled in ("UnsupportedSchema", "CompileBudgetExceeded"):
        return str(compiled)
    masks = masks_of(grammar, vocab)
    state = masks.texts.start()
    where = (grammar.schema, grammar.property_order, grammar.whitespace)
    if isinstance(compiled, str):
        assert not masks.finishes(state), ("is not empty", where)
        return compiled
    derived = data.draw(st.lists(sequences(compiled), max_size=3))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    for tokens in derived:
        value = json.loads(vocab.decode(tokens))
        for turn in range(EDITS):
            # Each edit starts from the derived text: edits upon edits lead away, and grow.
            other = edited(value, chance)
            if turn % 2:
                other = edited(other, chance)
            text = json.dumps(other, ensure_ascii=False, separators=(",", ":")).encode()
            matcher = compiled.matcher()
            accepted = matcher.accept_bytes(text) and matcher.is_accepting()
            assert accepted == masks.texts.accepts(text), (where, text)
    walk(compiled, masks, None, data, where)
    for tokens in derived:
        walk(compiled, masks, tokens, data, where)
    return "compared"


def edited(value: Any, chance: random.Random) -> Any:
    """A JSON value with one thing changed: a member or item more, less or elsewhere, a scalar."""
    if not isinstance(value, dict | list) or not chance.randrange(3):
        return chance.choice([None, True, 0, 12, 0.5, "", "a", "ab", [], {}, [value], {"a": value}])
    parts: list[tuple[Any, Any]]
    parts = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    at = chance.randrange(len(parts) + 1)
    match chance.randrange(4):
        case 0:
            key = chance.choice(KEYS) if isinstance(value, dict) else 0
            parts.insert(at, (key, chance.choice([None, 1, "a", *[part[1] for part in parts]])))
        case 1:
            del parts[at : at + 1]
        case 2:
            chance.shuffle(parts)
        case _:
            parts[at : at + 1] = [(k, edited(part, chance)) for k, part in parts[at : at + 1]]
    return dict(parts) if isinstance(value, dict) else [part for _, part in parts]


def sequences(compiled: gl.CompiledGrammar) -> st.SearchStrategy[list[int]]:
    """Texts derived from the grammar, cut at random; none where every one of them is long."""
    try:
        return gl.strategies.token_sequences(compiled)
    except gl.CompileBudgetExceeded:
        return st.nothing()


def walk(
    compiled: gl.CompiledGrammar,
    masks: Masks,
    tokens: list[int] | None,
    data: st.DataObject,
    where: tuple[object, ...],
) -> None:
    """Compare masks along tokens, or along some that are drawn from the masks.

    Several walks share what the core keeps of a grammar: a mask that is made once is used under
    other facts of the text.
    """
    vocab = compiled.vocab
    matcher, state, text = compiled.matcher(), masks.texts.start(), b""
    for step in range(STEPS if tokens is None else min(len(tokens) + 1, LONGEST)):
        ours, theirs = allowed(matcher, vocab), masks.mask(state)
        differ = sorted(ours ^ theirs)
        shown = [(token, vocab.token_bytes(token), token in ours) for token in differ[:5]]
        assert not differ, (where, text, shown)
        assert matcher.is_accepting() == masks.texts.ends(state), (where, text)
        ids = sorted(ours - set(vocab.eos_ids))
        if not ids:
            break
        if tokens is None:
            marks = [i for i in ids if not (vocab.token_bytes(i) or b"")[:1].isalnum()]
            mark = data.draw(st.booleans())
            token = data.draw(st.sampled_from(marks if marks and mark else ids))
        elif step < len(tokens):
            token = tokens[step]
        else:
            break
        assert matcher.accept_token(token), (where, text, token)
        piece = vocab.token_bytes(token) or b""
        text += piece
        state = masks.texts.read(state, piece)


def run_comparison(examples: int, chosen_seed: int) -> Counter[str]:
    ends: Counter[str] = Counter()

    @seed(chosen_seed)
    @settings(FREQUENT, max_examples=examples)
    @given(grammars(), st.data())
    def example(drawn: tuple[gl.JSONSchema, gl.Vocabulary], data: st.DataObject) -> None:
        try:
            ends[compare(*drawn, data)] += 1
        except Undecided:
            ends["undecided"] += 1
        except gl.CompileBudgetExceeded:
            ends["budget on the way"] += 1

    example()
    return ends


def finish(compiled: gl.CompiledGrammar, chance: random.Random) -> bytes | None:
    """A text written along the masks, at first by chance, then towards its end."""
    vocab, matcher, text = compiled.vocab, compiled.matcher(), b""
    for step in range(120):
        ids = sorted(allowed(matcher, vocab) - set(vocab.eos_ids))
        if matcher.is_accepting() and (not ids or step > 8 or chance.random() < 0.2):
            return text
        closing = [t for t in ids if (vocab.token_bytes(t) or b"")[:1] in (b'"', b"}", b"]")]
        token = chance.choice(closing if closing and chance.random() < step / 16 else ids)
        assert matcher.accept_token(token)
        text += vocab.token_bytes(token) or b""
    return None


def run_jsonschema(examples: int, chosen_seed: int) -> Counter[str]:
    ends: Counter[str] = Counter()

    @seed(chosen_seed)
    @settings(FREQUENT, max_examples=examples)
    @given(grammars(), st.integers(0, 2**32))
    def example(drawn: tuple[gl.JSONSchema, gl.Vocabulary], chosen: int) -> None:
        grammar, _ = drawn
        vocab = Vocabulary.from_tokens([*EVERY, *PIECES, None], eos_ids=[256 + len(PIECES)])
        if any(known in repr(grammar.schema) for known in ("0.1", "'time'")):
            ends["not exact in jsonschema"] += 1  # it divides floats, and knows no leap seconds
            return
        compiled = compiled_or_why(grammar, vocab)
        if isinstance(compiled, str):
            ends[compiled] += 1
            return
        text = finish(compiled, random.Random(chosen))
        instance = None if text is None else json.loads(text)
        if text is None or "Infinity" in json.dumps(instance):
            ends["no text"] += 1
            return
        assert by_jsonschema(grammar.schema, instance), (grammar.schema, text)
        ends["valid"] += 1

    example()
    return ends


def run_laws(examples: int, chosen_seed: int) -> Counter[str]:
    ends: Counter[str] = Counter()

    @seed(chosen_seed)
    @settings(FREQUENT, max_examples=examples)
    @given(grammars(), st.data())
    def example(drawn: tuple[gl.JSONSchema, gl.Vocabulary], data: st.DataObject) -> None:
        compiled = compiled_or_why(*drawn)
        if isinstance(compiled, str):
            ends[compiled] += 1
            return
        laws = data.draw(st.lists(st.sampled_from(sorted(LAWS)), min_size=1, max_size=4))
        try:
            check_laws(compiled, data, laws=laws, max_tokens=12)
            ends["checked"] += 1
        except gl.CompileBudgetExceeded:
            ends["budget on the way"] += 1

    example()
    return ends


def test_masks_are_those_of_brute_force() -> None:
    ends = run_comparison(75, 1)
    assert ends["compared"] > 30, ends
    assert ends["undecided"] < 20, ends


def test_the_laws_hold() -> None:
    ends = run_laws(200, 2)
    assert ends["checked"] > 100, ends


@pytest.mark.exhaustive
@pytest.mark.parametrize("chosen_seed", range(10, 20))
def test_masks_are_those_of_brute_force_at_length(chosen_seed: int) -> None:
    ends = run_comparison(3_000, chosen_seed)
    print(chosen_seed, dict(ends))


def test_texts_along_the_masks_are_valid() -> None:
    ends = run_jsonschema(200, 3)
    assert ends["valid"] > 80, ends


@pytest.mark.exhaustive
@pytest.mark.parametrize("chosen_seed", range(30, 35))
def test_texts_along_the_masks_are_valid_at_length(chosen_seed: int) -> None:
    ends = run_jsonschema(3_000, chosen_seed)
    print(chosen_seed, dict(ends))


@pytest.mark.exhaustive
@pytest.mark.parametrize("chosen_seed", range(20, 30))
def test_the_laws_hold_at_length(chosen_seed: int) -> None:
    ends = run_laws(3_000, chosen_seed)
    print(chosen_seed, dict(ends))
