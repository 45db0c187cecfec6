"""A position: a text reached token by token, and what a law may ask and do there.

Invariants: a law never changes a position (each `Position.matcher` is a new one, which took the
position's tokens from the start), and whatever is drawn comes from one `Draw`, so that Hypothesis
repeats and shrinks it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np

from grammarlib.testing.pieces import Pieces
from grammarlib.testing.subject import Compiled, Matcher

if TYPE_CHECKING:
    from hypothesis import strategies as st
    from numpy.typing import NDArray

__all__ = ["LawBroken", "Options", "Position", "View"]


class LawBroken(AssertionError):
    """A law does not hold.

    Attributes
    ----------
    law : str
        Its name.
    text : bytes
        The text so far.
    tokens : tuple of int
        The tokens that led there.
    token : int or None
        The token at which something differs, if it is one token.
    difference : str
        What differs.
    """

    def __init__(
        self, law: str, text: bytes, tokens: Sequence[int], token: int | None, difference: str
    ) -> None:
        self.law = law
        self.text = text
        self.tokens = tuple(tokens)
        self.token = token
        self.difference = difference
        at = "" if token is None else f", token {token}"
        super().__init__(f"{law}: after {text!r} (tokens {list(tokens)}){at}: {difference}")


class View(NamedTuple):
    """All that a matcher shows of where it is.

    Attributes
    ----------
    mask : bytes
        The bitmask, int32 words.
    accepting, terminated : bool
    """

    mask: bytes
    accepting: bool
    terminated: bool

    def ids(self) -> list[int]:
        """The allowed ids, ascending."""
        bits = np.unpackbits(np.frombuffer(self.mask, dtype=np.uint8), bitorder="little")
        return [int(i) for i in np.flatnonzero(bits)]

    def difference(self, other: View) -> str:
        """Say what another view shows otherwise."""
        if self.mask != other.mask:
            ours, theirs = set(self.ids()), set(other.ids())
            return (
                f"the mask loses {sorted(ours - theirs)[:8]} and gains {sorted(theirs - ours)[:8]}"
            )
        if self.accepting != other.accepting:
            return f"is_accepting() was {self.accepting} and is {other.accepting}"
        return f"is_terminated() was {self.terminated} and is {other.terminated}"


@dataclass(frozen=True)
class Options:
    """What the caller of ``assert_laws`` knows about the grammar; see there."""

    contains: Callable[[bytes], bool] | None
    members: st.SearchStrategy[bytes] | None
    hints: tuple[bytes, ...]  # pieces of text that the grammar names
    recompile: Callable[[str, bool], Compiled]  # mode, and whether its caches will be dropped
    precompute: tuple[str, ...]
    completion_tokens: int
    completion_attempts: int
    whole_tokens: bool  # rules want tokens whatever their bytes: bytes do not tell what is taken


@dataclass
class Position:
    """A text of a grammar under way.

    Attributes
    ----------
    law : str
        The name of the law at hand.
    compiled : Compiled
    tokens : tuple of int
        The tokens that lead here; no end token is among them.
    members : tuple of bytes
        A few texts of the language.
    random : random.Random
        All that a law draws.
    pieces : Pieces
        The vocabulary by its bytes.
    options : Options
    """

    law: str
    compiled: Compiled
    tokens: tuple[int, ...]
    members: tuple[bytes, ...]
    random: random.Random
    pieces: Pieces
    options: Options

    @cached_property
    def text(self) -> bytes:
        """The text so far."""
        return b"".join(self.pieces.of(token) for token in self.tokens)

    @cached_property
    def here(self) -> View:
        """What a matcher shows here."""
        return self.view(self.matcher())

    @cached_property
    def allowed(self) -> list[int]:
        """The ids whose bits are set here, ascending."""
        return self.here.ids()

    def matcher(self) -> Matcher:
        """Return a new matcher that took the tokens one by one."""
        matcher = self.compiled.matcher()
        for token in self.tokens:
            if not matcher.accept_token(token):
                self.broken("a token of its own mask is refused", token)
        return matcher

    def mask(self, matcher: Matcher) -> NDArray[np.int32]:
        """The words of the mask, shape [ceil(vocab_size / 32)], int32."""
        mask = np.zeros((1, self.pieces.words), dtype=np.int32)
        matcher.fill_next_token_bitmask(mask)
        return mask.reshape(-1)

    def view(self, matcher: Matcher) -> View:
        """All that a matcher shows."""
        return View(self.mask(matcher).tobytes(), matcher.is_accepting(), matcher.is_terminated())

    def some(self, tokens: Sequence[int], most: int) -> Sequence[int]:
        """The tokens, or ``most`` of them drawn without repeats."""
        return tokens if len(tokens) <= most else sorted(self.random.sample(tokens, most))

    def same(self, view: View, matcher: Matcher, what: str, token: int | None = None) -> None:
        """Demand that a matcher shows the same as before."""
        now = self.view(matcher)
        if now != view:
            self.broken(f"{what}: {view.difference(now)}", token)

    def expect(self, holds: bool, what: str, token: int | None = None) -> None:
        """Demand something."""
        if not holds:
            self.broken(what, token)

    def broken(self, difference: str, token: int | None = None) -> NoReturn:
        """Say that the law does not hold."""
        if token is not None and 0 <= token < self.pieces.size:
            difference = f"{difference} (its bytes are {self.pieces.known(token)!r})"
        raise LawBroken(self.law, self.text, self.tokens, token, difference)
