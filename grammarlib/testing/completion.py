"""A way to end a text by tokens of the masks alone, found by trying.

Random walks towards the end: closing punctuation first, then what separates, then anything; now
and then along a piece of a known member of the language, or of what the grammar names, which is how
a required key is found among all keys that are possible. A walk that ends proves that there is an
end; nothing is proved by none.

Rejected: a search over masks already met (two positions may share a mask and differ later, so it
may miss the only way on); asking the matcher what is forced (it is under judgement itself).
"""

from __future__ import annotations

from grammarlib.testing.position import Position
from grammarlib.testing.subject import Matcher

__all__ = ["complete", "towards_the_end"]

_TIERS = (b"\"'}])>;", b",:=/|")
_STARTS = 32


def complete(at: Position) -> list[int] | None:
    """Return tokens after which the text may end; None if none are found."""
    for _ in range(at.options.completion_attempts):
        tokens = _walk(at)
        if tokens is not None:
            return tokens
    return None


def _walk(at: Position) -> list[int] | None:
    matcher = at.matcher()
    tokens: list[int] = []
    while len(tokens) < at.options.completion_tokens:
        ids = at.view(matcher).ids()
        if not ids:
            return None
        if at.pieces.ends.intersection(ids):
            return tokens
        if (at.members or at.options.hints) and at.random.random() < 0.4:
            followed = _follow(at, matcher)
            if followed:
                tokens += followed
                continue
        token = towards_the_end(at, ids)
        if not matcher.accept_token(token):
            at.broken("a token of its own mask is refused", token)
        tokens.append(token)
    return None


def towards_the_end(at: Position, ids: list[int]) -> int:
    """A token that begins with closing punctuation, or separates, or any."""
    for tier in _TIERS:
        likely = [token for token in ids if at.pieces.of(token)[:1] in _single(tier)]
        if likely and at.random.random() < 0.75:
            shortest = min(len(at.pieces.of(token)) for token in likely)
            return at.random.choice([i for i in likely if len(at.pieces.of(i)) == shortest])
    firsts = sorted({at.pieces.of(token)[:1] for token in ids})
    first = at.random.choice(firsts)
    return at.random.choice([token for token in ids if at.pieces.of(token)[:1] == first])


def _single(tier: bytes) -> set[bytes]:
    return {bytes([byte]) for byte in tier}


def _follow(at: Position, matcher: Matcher) -> list[int]:
    """Take a piece of what is known, from where it goes farthest, as far as it goes."""
    known = at.random.choice([*at.members, *at.options.hints])
    starts = at.some(range(len(known)), _STARTS)
    ways = [_along(at, matcher.fork(), known[start:]) for start in starts]
    farthest = max((sum(len(at.pieces.of(token)) for token in way) for way in ways), default=0)
    best = [way for way in ways if sum(len(at.pieces.of(token)) for token in way) == farthest]
    tokens = at.random.choice(best) if best else []
    for token in tokens:
        matcher.accept_token(token)
    return tokens


def _along(at: Position, matcher: Matcher, text: bytes) -> list[int]:
    """The tokens, the longest first, that the masks allow along a text."""
    tokens: list[int] = []
    place = 0
    while place < len(text):
        allowed = set(at.view(matcher).ids())
        for length in range(min(at.pieces.longest, len(text) - place), 0, -1):
            ids = at.pieces.ids.get(text[place : place + length], [])
            fit = [token for token in ids if token in allowed]
            if fit and matcher.accept_token(fit[0]):
                tokens.append(fit[0])
                place += length
                break
        else:
            break
    return tokens
