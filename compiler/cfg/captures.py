"""What the named parts of a grammar matched in a text.

*How.* The grammar is compiled a second time, with marks around its captures: bytes that no text
holds. A text is then read along, and at each place a mark is tried before the text goes on: the
engine's own refusal prunes, and places found to be dead ends are kept, so that each is met once.

*Which reading,* where there are several: a capture begins as early as it can, and ends as late;
what stands first in the text is decided first.

*Cost.* A few µs a byte and mark, times the readings that die late.

*Rejected.* Derivations kept by the parser while generating (they would stand in the way of rows
that are shared between texts, and cost where nobody asks); a second parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from grammarlib import _core
from grammarlib.compiler.cfg.build import PASSES, build, compile_rules
from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.cfg.form import Captured, Tokens, nodes
from grammarlib.compiler.cfg.tokens import TokenSets
from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import CompileBudgetExceeded
from grammarlib.grammar import Grammar

__all__ = ["find_captures", "has_captures"]

_BEGIN, _END = b"\xfe", b"\xff"
_STEPS: Final = 50  # a byte of a text, before the search is given up; and so many for any text:
_FREE: Final = 1_000_000
_CACHE_BYTES: Final = 64 << 20


def has_captures(grammar: Grammar) -> bool:
    """Whether some part of a grammar is wanted by name."""
    productions = expand(grammar).productions()
    return any(isinstance(node, Captured) for one in productions for node in nodes(one.body))


def find_captures(
    grammar: Grammar, vocab: Vocabulary, text: bytes | Sequence[int]
) -> dict[str, tuple[bytes, ...]] | None:
    """What captures matched; see `CompiledGrammar.captures`."""
    return _captures(grammar, vocab).find(text)


class _Captures:
    """Finds what captures matched.

    Parameters
    ----------
    grammar : Grammar
        The grammar.
    vocab : Vocabulary
        The tokens, of which rules may want whole ones.
    """

    def __init__(self, grammar: Grammar, vocab: Vocabulary) -> None:
        self._names: list[str] = []
        form = expand(grammar, self._marks)
        for _, step in PASSES:
            form = step(form)
        bodies = (one.body for one in form.productions())
        self._tokens = any(isinstance(node, Tokens) for body in bodies for node in nodes(body))
        # Marks are spelled by bytes, whatever the vocabulary spells; its ids stay what they are.
        wider = _single_bytes()
        if self._tokens:
            spelled = [*vocab.table.tokens, *(bytes([byte]) for byte in range(256))]
            wider = Vocabulary.from_tokens(spelled, vocab.eos_ids)
        self._core = build(form, wider, _CACHE_BYTES, TokenSets(vocab))
        self._plain = compile_rules(grammar, wider, _CACHE_BYTES, TokenSets(vocab))
        self._vocab = vocab

    def find(self, text: bytes | Sequence[int]) -> dict[str, tuple[bytes, ...]] | None:
        """Return what captures matched, by name, each in the order of the text.

        Parameters
        ----------
        text : bytes, or sequence of int
            A whole text, or its tokens without the end token.

        Returns
        -------
        dict of str to tuple of bytes, or None
            Every name of the grammar is there; None if the text is not in the language.

        Raises
        ------
        CompileBudgetExceeded
            If too many readings have to be tried.
        """
        if not (self._tokens or isinstance(text, bytes)):
            spelled = [self._vocab.token_bytes(token) for token in text]
            if not all(spelled):
                return None
            text = b"".join(data for data in spelled if data)
        if not self._holds(text):
            return None
        pieces = _Text(text, self._vocab)
        limit = 1
        while (way := self._way(pieces, limit)) is None:
            # Left recursion: a capture begins several times at one place.
            limit *= 2
            if limit > 4 * len(pieces.pieces) + 4:
                raise CompileBudgetExceeded("readings of a text, to find what captures matched")
        found: dict[str, list[bytes]] = {name: [] for name in dict.fromkeys(self._names)}
        opened: list[tuple[list[bytes], int, int]] = []
        out = bytearray()
        for step in way:
            if step.data is not None:
                out += step.data
            elif step.begins:
                spans = found[self._names[step.mark]]
                opened.append((spans, len(spans), len(out)))
                spans.append(b"")
            else:
                spans, place, start = opened.pop()
                spans[place] = bytes(out[start:])
        return {name: tuple(spans) for name, spans in found.items()}

    def _marks(self, name: str) -> tuple[bytes, bytes]:
        number = len(self._names)
        if number >> 16:
            raise CompileBudgetExceeded(f"{1 << 16} captures in one grammar")
        self._names.append(name)
        mark = number.to_bytes(2, "big")
        return _BEGIN + mark, _END + mark

    def _holds(self, text: bytes | Sequence[int]) -> bool:
        matcher = self._plain.matcher()
        if isinstance(text, bytes):
            return matcher.accept_bytes(text) and matcher.is_accepting()
        return all(matcher.accept_token(token) for token in text) and matcher.is_accepting()

    def _way(self, text: _Text, limit: int) -> list[_Step] | None:
        """The text with marks between its pieces; no mark begins more often at one place."""
        marks = range(len(self._names))
        first = [_Step(None, mark, True) for mark in marks]
        last = [_Step(None, mark, False) for mark in marks]
        matcher = self._core.matcher()
        budget = _FREE + _STEPS * len(text.pieces)
        dead: set[tuple[object, ...]] = set()
        way: list[_Step] = []
        here: dict[int, int] = {}  # how often each mark began since the last piece
        todo = [(0, iter([*first, *text.steps(0), *last]))]
        while todo:
            at, steps = todo[-1]
            if at == len(text.pieces) and matcher.is_accepting():
                return way
            step = next(steps, None)
            if step is None:
                dead.add((at, *matcher.place(), *sorted(here.items())))
                todo.pop()
                if way:
                    way.pop()
                    matcher.rollback(1)
                    here = _begun(way)
                continue
            budget -= 1
            if budget < 0:
                raise CompileBudgetExceeded("readings of a text, to find what captures matched")
            if step.begins and here.get(step.mark, 0) >= limit:
                continue
            if not step.take(matcher):
                continue
            at += step.length
            way.append(step)
            here = _begun(way)
            if (at, *matcher.place(), *sorted(here.items())) in dead:
                matcher.rollback(1)
                way.pop()
                here = _begun(way)
                continue
            todo.append((at, iter([*first, *text.steps(at), *last])))
        return None


@cache
def _single_bytes() -> Vocabulary:
    return Vocabulary.of_bytes()


@lru_cache(maxsize=16)
def _captures(grammar: Grammar, vocab: Vocabulary) -> _Captures:
    return _Captures(grammar, vocab)


@dataclass(frozen=True, slots=True)
class _Step:
    """A piece of the text, or a mark."""

    data: bytes | None
    """What it adds to the text; None for a mark."""
    mark: int = 0
    begins: bool = False
    token: int | None = None
    length: int = 0
    """How many pieces it takes."""

    def take(self, matcher: _core.Matcher) -> bool:
        if self.token is not None:
            return matcher.accept_token(self.token)
        if self.data is not None:
            return matcher.accept_bytes(self.data)
        return matcher.accept_bytes(
            (_BEGIN if self.begins else _END) + self.mark.to_bytes(2, "big")
        )


def _begun(way: list[_Step]) -> dict[int, int]:
    """How often each mark began since the last piece."""
    found: dict[int, int] = {}
    for step in reversed(way):
        if step.data is not None:
            break
        if step.begins:
            found[step.mark] = found.get(step.mark, 0) + 1
    return found


class _Text:
    """A text in pieces: bytes, and tokens that have none."""

    def __init__(self, text: bytes | Sequence[int], vocab: Vocabulary) -> None:
        self.pieces: list[bytes | int] = []
        self._whole: dict[int, _Step] = {}
        if isinstance(text, bytes):
            self.pieces += [text[i : i + 1] for i in range(len(text))]
            return
        for token in text:
            data = vocab.token_bytes(token) or b""
            if data:
                self._whole[len(self.pieces)] = _Step(data, token=token, length=len(data))
                self.pieces += [data[i : i + 1] for i in range(len(data))]
            else:
                self.pieces.append(token)

    def steps(self, at: int) -> list[_Step]:
        """The steps from a place: a byte, a token."""
        if at == len(self.pieces):
            return []
        piece = self.pieces[at]
        if isinstance(piece, int):
            return [_Step(b"", token=piece, length=1)]
        # A byte that could begin a mark stands in no text; only as part of a whole token.
        steps = [] if piece in (_BEGIN, _END) else [_Step(piece, length=1)]
        return [*steps, self._whole[at]] if at in self._whole else steps
