"""Every law holds for the true engine, and finds the bugs that are planted for it."""

from __future__ import annotations

from typing import Any

import pytest

import grammarlib as gl
from grammarlib.testing import LAWS, LawBroken, assert_laws
from tests.grammarlib.testing.mutants import PLANTED, LosesABit, Mutant, MutantGrammar

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["plain", "plate"]},
        "size": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}},
        "next": {"$ref": "#"},
    },
    "required": ["kind", "size"],
    "additionalProperties": False,
}
PIECES = [b"pla", b"in", b'"}', b'":', b'{"', b'","', b'kind":"', b" ", b"  ", b"12", b"]}", b"ab"]
TOKENS = [
    *[bytes([byte]) for byte in range(256)],
    *PIECES,
    b"pla",  # equal to another
    None,  # special
    b"<end>",
    b"<stop>",
]
MEMBERS = [b'{"kind":"plain","size":12}', b'{"kind": "plate", "size": 0, "tags": ["ab"]}']


@pytest.fixture(scope="module")
def compiled() -> gl.CompiledGrammar:
    size = len(TOKENS)
    vocab = gl.Vocabulary.from_tokens(TOKENS, eos_ids=[size - 2, size - 1], vocab_size=size + 40)
    return gl.compile(SCHEMA, vocab)


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(law: str, compiled: gl.CompiledGrammar) -> None:
    assert_laws(compiled, laws=[law], max_examples=25)


@pytest.mark.parametrize(("law", "kind"), PLANTED, ids=lambda x: getattr(x, "__name__", x))
def test_the_law_finds_the_bug(law: str, kind: type[Mutant], compiled: gl.CompiledGrammar) -> None:
    mutant = MutantGrammar(compiled, kind)
    with pytest.raises(LawBroken) as caught:
        assert_laws(mutant, members=MEMBERS, recompile=lambda mode: compiled, max_examples=25)
    assert caught.value.law == law, caught.value


def test_what_is_made_ahead_is_compared(compiled: gl.CompiledGrammar) -> None:
    dropped = MutantGrammar(compiled, LosesABit)
    with pytest.raises(LawBroken) as caught:
        assert_laws(compiled, recompile=lambda mode: dropped)
    assert caught.value.law == "precompute_changes_nothing"


def test_every_law_has_a_bug() -> None:
    planted = {law for law, _ in PLANTED} | {"precompute_changes_nothing"}
    assert planted == set(LAWS)
