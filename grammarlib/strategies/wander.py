"""Token sequences of a language that a vocabulary spells only in part.

A vocabulary need not spell every text: a byte may be in no token, or only in tokens with others.
Where it does not spell the text that was derived, a sequence is drawn along the engine's masks,
which never lead into a dead end, and then brought to an end by a search that closes strings and
brackets as soon as it may.

This is the one place where what is drawn is made by the engine itself; it is not used for
vocabularies that spell every byte. Cost: a mask a token, and the search, which is budgeted.
Rejected: rejecting the texts that are not spelled, which may be all but a few.
"""

from __future__ import annotations

import random

import numpy as np

from grammarlib._core import Matcher
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.strategies.walks import Draw, below

__all__ = ["wander"]

ALLOWANCE = 40
"""Tokens that are drawn before the text is brought to an end."""
SEARCH = 20_000
"""Tokens that a search for an end may try."""
_WEIGHTS = dict(zip(b"}],[{ \t\r\n", (-3, -3, 2, 4, 4, 1, 1, 1, 1), strict=True))


def wander(draw: Draw, compiled: CompiledGrammar) -> list[int]:
    """Draw the tokens of a text, without the end token.

    Raises
    ------
    CompileBudgetExceeded
        If the search does not find an end.
    """
    matcher = compiled.matcher()
    tokens: list[int] = []
    for _ in range(draw(below(ALLOWANCE))):
        allowed = _allowed(matcher, compiled)
        if matcher.is_accepting() and (not allowed or not draw(below(4))):
            return tokens
        tokens.append(allowed[draw(below(len(allowed)))])
        matcher.accept_token(tokens[-1])
    return tokens + _end(matcher, compiled, tokens)


def _allowed(matcher: Matcher, compiled: CompiledGrammar) -> list[int]:
    """The tokens with bytes that the mask allows."""
    vocab = compiled.vocab
    mask = np.zeros((1, (vocab.vocab_size + 31) // 32), dtype=np.int32)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(mask.view(np.uint8), bitorder="little")
    found: list[int] = np.flatnonzero(bits).tolist()
    return [token for token in found if token not in vocab.eos_ids]


def _end(matcher: Matcher, compiled: CompiledGrammar, before: list[int]) -> list[int]:
    """Search for tokens that end the text: mostly what closes, by chance.

    There are no dead ends, so nothing is taken back; a try that goes on for too long (into an
    optional recursion, say) is given up for another, longer one.
    """
    tried = 0
    for attempt in range(SEARCH):
        copy, text, tokens = matcher.fork(), compiled.vocab.decode(before), list[int]()
        chance = random.Random(attempt)
        for _ in range(50 * (1 + attempt)):
            if copy.is_accepting():
                return tokens
            tried += 1
            if tried > SEARCH:
                break
            tokens.append(_closing(_allowed(copy, compiled), text, compiled, chance))
            copy.accept_token(tokens[-1])
            text += compiled.vocab.token_bytes(tokens[-1]) or b""
        if tried > SEARCH:
            break
    raise CompileBudgetExceeded(f"a search for an end over {SEARCH} tokens")


def _closing(
    allowed: list[int], text: bytes, compiled: CompiledGrammar, chance: random.Random
) -> int:
    """A token, likelier one that seems to bring the end of the text nearer."""
    inside = _inside_string(text)
    kinds: dict[int, list[int]] = {}
    for token in allowed:
        added = compiled.vocab.token_bytes(token) or b""
        weight = b'"' not in added if inside else sum(_WEIGHTS.get(byte, 0) for byte in added)
        kinds.setdefault(weight, []).append(token)
    chosen = next((weight for weight in sorted(kinds) if chance.random() < 0.5), max(kinds))
    return chance.choice(kinds[chosen])


def _inside_string(text: bytes) -> bool:
    inside = escaped = False
    for byte in text:
        if escaped:
            escaped = False
        elif byte == b"\\"[0]:
            escaped = inside
        elif byte == b'"'[0]:
            inside = not inside
    return inside
