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

import numpy as np

from grammarlib._core import Matcher
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.strategies.walks import Draw, below

__all__ = ["wander"]

ALLOWANCE = 40
"""Tokens that are drawn before the text is brought to an end."""
SEARCH = 50_000
"""Tokens that a search for an end may try."""
_DEPTHS = (50, 200, 1000, 5000)
_WEIGHTS = {b"}"[0]: -3, b"]"[0]: -3, b","[0]: 2, b"["[0]: 4, b"{"[0]: 4}


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
    """Search for tokens that end the text: depth first, deeper and deeper."""
    text = compiled.vocab.decode(before)
    tried = 0
    for depth in _DEPTHS:
        tokens: list[int] = []
        open_choices: list[list[int]] = []
        while True:
            if len(open_choices) == len(tokens):  # a new place
                if matcher.is_accepting():
                    return tokens
                far = len(tokens) == depth
                choices = [] if far else _closing_first(_allowed(matcher, compiled), text, compiled)
                open_choices.append(choices)
            tried += 1
            if tried > SEARCH:
                raise CompileBudgetExceeded(f"a search for an end over {SEARCH} tokens")
            if open_choices[-1]:
                tokens.append(open_choices[-1].pop())
                matcher.accept_token(tokens[-1])
                text += compiled.vocab.token_bytes(tokens[-1]) or b""
                continue
            open_choices.pop()
            if not tokens:
                break
            lost = compiled.vocab.token_bytes(tokens.pop()) or b""
            text = text[: len(text) - len(lost)]
            matcher.rollback(1)
    raise CompileBudgetExceeded(f"an end within {_DEPTHS[-1]} tokens")


def _closing_first(allowed: list[int], text: bytes, compiled: CompiledGrammar) -> list[int]:
    """The tokens in reverse order of how soon they may end the text."""
    inside = _inside_string(text)

    def distance(token: int) -> tuple[int, int, int]:
        added = compiled.vocab.token_bytes(token) or b""
        if inside:
            return (b'"' not in added, len(added), token)
        return (sum(_WEIGHTS.get(byte, 0) for byte in added), len(added), token)

    return sorted(allowed, key=distance, reverse=True)


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
