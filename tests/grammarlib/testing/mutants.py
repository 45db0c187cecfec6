"""Compiled grammars with a planted bug each: a wrapper around the true matcher that lies once.

A mutant is a subclass of `Mutant` that overrides one or two methods. `planted` says which law must
find it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grammarlib.testing import Compiled, Matcher, Vocabulary


class Mutant:
    """A matcher that does what another does."""

    def __init__(self, inner: Matcher, vocab: Vocabulary) -> None:
        self.inner = inner
        self.vocab = vocab
        self.steps: list[int | bytes] = []  # what was accepted, for mutants to look at

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        self.inner.fill_next_token_bitmask(mask, row)

    def accept_token(self, token: int, /) -> bool:
        taken = self.inner.accept_token(token)
        if taken:
            self.steps.append(token)
        return taken

    def accept_bytes(self, data: bytes, /) -> bool:
        taken = self.inner.accept_bytes(data)
        if taken:
            self.steps.append(data)
        return taken

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        return self.inner.validate_tokens(tokens)

    def rollback(self, steps: int, /) -> None:
        self.inner.rollback(steps)
        del self.steps[len(self.steps) - steps :]

    def fork(self) -> Matcher:
        twin = copy.copy(self)
        twin.inner = self.inner.fork()
        twin.steps = list(self.steps)
        return twin

    def reset(self) -> None:
        self.inner.reset()
        self.steps.clear()

    def text(self) -> bytes:
        parts = [x if isinstance(x, bytes) else self.vocab.token_bytes(x) for x in self.steps]
        return b"".join(part or b"" for part in parts)

    def is_accepting(self) -> bool:
        return self.inner.is_accepting()

    def is_terminated(self) -> bool:
        return self.inner.is_terminated()

    def find_jump_forward_bytes(self) -> bytes:
        return self.inner.find_jump_forward_bytes()

    def find_jump_forward_tokens(self) -> Sequence[int]:
        return self.inner.find_jump_forward_tokens()


@dataclass
class MutantGrammar:
    """A compiled grammar whose matchers are mutants."""

    true: Compiled
    kind: type[Mutant]

    @property
    def vocab(self) -> Vocabulary:
        return self.true.vocab

    def matcher(self) -> Matcher:
        return self.kind(self.true.matcher(), self.vocab)


PLANTED: list[tuple[str, type[Mutant]]] = []


def planted(law: str) -> Callable[[type[Mutant]], type[Mutant]]:
    """Say which law finds the mutant."""

    def note(kind: type[Mutant]) -> type[Mutant]:
        PLANTED.append((law, kind))
        return kind

    return note


def allowed(matcher: Matcher, vocab: Vocabulary) -> set[int]:
    mask = np.zeros((1, -(-vocab.vocab_size // 32)), dtype=np.int32)
    matcher.fill_next_token_bitmask(mask)
    bits = np.unpackbits(mask.view(np.uint8).ravel(), bitorder="little")
    return {int(token) for token in np.flatnonzero(bits)}


def flip(mask: Any, row: int, token: int) -> None:
    words = np.atleast_2d(mask)[row].view(np.uint32)
    words[token // 32] ^= np.uint32(1 << token % 32)


class MaskMutant(Mutant):
    """Changes the bits of tokens after the mask is made."""

    def flipped(self, ids: set[int]) -> set[int]:
        raise NotImplementedError

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        self.inner.fill_next_token_bitmask(mask, row)
        for token in self.flipped(allowed(self.inner, self.vocab)):
            flip(mask, row, token)


# -- masks ----------------------------------------------------------------------------------------


@planted("mask_is_acceptance")
class LosesABit(MaskMutant):
    """A multi-byte token is missing from masks."""

    def flipped(self, ids: set[int]) -> set[int]:
        return {t for t in ids if len(self.vocab.token_bytes(t) or b"") > 2}


@planted("mask_is_acceptance")
class GainsABit(MaskMutant):
    """A token that cannot follow is in masks."""

    def flipped(self, ids: set[int]) -> set[int]:
        refused = {t for t in range(self.vocab.vocab_size) if self.vocab.token_bytes(t)} - ids
        return {min(refused)} if refused else set()


@planted("mask_is_acceptance")
class ForgetsEqualTokens(MaskMutant):
    """Of tokens with equal bytes only the first is in masks."""

    def flipped(self, ids: set[int]) -> set[int]:
        first: dict[bytes | None, int] = {}
        for token in sorted(ids - set(self.vocab.eos_ids)):
            first.setdefault(self.vocab.token_bytes(token), token)
        return ids - set(self.vocab.eos_ids) - set(first.values())


@planted("mask_is_acceptance")
class AllowsSpecialTokens(MaskMutant):
    """A special token that ends nothing is in masks, and taken."""

    def special(self) -> set[int]:
        ids = range(self.vocab.vocab_size)
        silent = {t for t in ids if self.vocab.token_bytes(t) is None}
        return silent - set(self.vocab.eos_ids)

    def flipped(self, ids: set[int]) -> set[int]:
        return set() if self.inner.is_terminated() else self.special()

    def accept_token(self, token: int, /) -> bool:
        if token in self.special() and not self.inner.is_terminated():
            return self.inner.accept_bytes(b"")
        return super().accept_token(token)


@planted("mask_is_acceptance")
class RefusesWhatBytesAllow(MaskMutant):
    """A token is neither in masks nor taken, though its bytes are."""

    def missing(self, token: int) -> bool:
        return len(self.vocab.token_bytes(token) or b"") > 2

    def flipped(self, ids: set[int]) -> set[int]:
        return {token for token in ids if self.missing(token)}

    def accept_token(self, token: int, /) -> bool:
        return not self.missing(token) and super().accept_token(token)


@planted("padding_is_zero")
class LeavesPadding(Mutant):
    """Words beyond the vocabulary keep what they held."""

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        words = -(-self.vocab.vocab_size // 32)
        before = np.atleast_2d(mask)[row, words:].copy()
        self.inner.fill_next_token_bitmask(mask, row)
        np.atleast_2d(mask)[row, words:] = before


@planted("padding_is_zero")
class WritesTheNextRow(Mutant):
    """The row after is cleared."""

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        self.inner.fill_next_token_bitmask(mask, row)
        np.atleast_2d(mask)[row + 1 :] = 0


@planted("padding_is_zero")
class OnlySetsBits(Mutant):
    """Bits that were set stay so."""

    def fill_next_token_bitmask(self, mask: Any, row: int = 0) -> None:
        before = np.atleast_2d(mask)[row].copy()
        self.inner.fill_next_token_bitmask(mask, row)
        np.atleast_2d(mask)[row] |= before


@planted("members_are_accepted")
class KnowsNoTwo(MaskMutant):
    """No text holds a 2, and everything agrees about it."""

    def flipped(self, ids: set[int]) -> set[int]:
        return {token for token in ids if b"2" in (self.vocab.token_bytes(token) or b"")}

    def accept_token(self, token: int, /) -> bool:
        refused = b"2" in (self.vocab.token_bytes(token) or b"")
        return not refused and super().accept_token(token)

    def accept_bytes(self, data: bytes, /) -> bool:
        return b"2" not in data and super().accept_bytes(data)


# -- ends -----------------------------------------------------------------------------------------


@planted("end_token_iff_in_the_language")
class EndsTooEarly(MaskMutant):
    """An end token is allowed, and taken, in the middle of a text."""

    def early(self) -> bool:
        return bool(self.steps) and not self.inner.is_accepting()

    def flipped(self, ids: set[int]) -> set[int]:
        return set(self.vocab.eos_ids) if self.early() else set()

    def accept_token(self, token: int, /) -> bool:
        if token in self.vocab.eos_ids and self.early():
            return True
        return super().accept_token(token)


@planted("end_token_iff_in_the_language")
class KnowsOneEnd(MaskMutant):
    """Only the first of several end tokens is allowed, and taken."""

    def flipped(self, ids: set[int]) -> set[int]:
        return ids & set(self.vocab.eos_ids[1:])

    def accept_token(self, token: int, /) -> bool:
        return token not in self.vocab.eos_ids[1:] and super().accept_token(token)


@planted("end_token_iff_in_the_language")
class SaysItAccepts(Mutant):
    """is_accepting() is true everywhere."""

    def is_accepting(self) -> bool:
        return True


@planted("termination_is_final")
class NeverTerminates(Mutant):
    """is_terminated() is always false."""

    def is_terminated(self) -> bool:
        return False


@planted("termination_is_final")
class TakesBytesAfterTheEnd(Mutant):
    """Bytes are taken after the end token."""

    def accept_bytes(self, data: bytes, /) -> bool:
        return self.inner.is_terminated() or super().accept_bytes(data)


@planted("termination_is_final")
class TakesTheEndTwice(Mutant):
    """An end token is taken after an end token."""

    def accept_token(self, token: int, /) -> bool:
        if self.inner.is_terminated() and token in self.vocab.eos_ids:
            return True
        return super().accept_token(token)


# -- going back, and aside ------------------------------------------------------------------------


@planted("rollback_is_identity")
class RollsBackOneTooFew(Mutant):
    """rollback(n) takes back n - 1 steps where n is more than one."""

    def rollback(self, steps: int, /) -> None:
        self.inner.rollback(steps - 1 if steps > 1 else steps)


@planted("rollback_is_identity")
class RollsBackAsFarAsItCan(Mutant):
    """Too long a rollback is cut short in silence."""

    def rollback(self, steps: int, /) -> None:
        for _ in range(steps):
            try:
                self.inner.rollback(1)
            except ValueError:
                return


@planted("rollback_is_identity")
class ResetsHalfway(Mutant):
    """reset() leaves the first step."""

    def reset(self) -> None:
        while True:
            try:
                self.inner.rollback(2)
            except ValueError:
                return


@planted("forks_are_independent")
class ForkShares(Mutant):
    """A fork's fork is the fork itself."""

    forked = False

    def fork(self) -> Matcher:
        twin = super().fork()
        assert isinstance(twin, ForkShares)
        if self.inner.is_accepting():
            twin.inner = self.inner
        return twin

    def accept_token(self, token: int, /) -> bool:
        # What a shared end does would be seen by the laws of ends, too.
        if token in self.vocab.eos_ids:
            self.inner = self.inner.fork()
        return super().accept_token(token)


@planted("forks_are_independent")
class ForkForgetsHistory(Mutant):
    """A fork cannot go back behind the fork, and says nothing."""

    depth: int | None = None

    def fork(self) -> Matcher:
        twin = super().fork()
        assert isinstance(twin, ForkForgetsHistory)
        twin.depth = 0
        return twin

    def accept_token(self, token: int, /) -> bool:
        taken = super().accept_token(token)
        if self.depth is not None:
            self.depth += taken
        return taken

    def rollback(self, steps: int, /) -> None:
        if self.depth is not None:
            steps = min(steps, self.depth)
            self.depth -= steps
        self.inner.rollback(steps)

    def reset(self) -> None:
        if self.depth is None:
            self.inner.reset()
        else:
            self.rollback(self.depth)


@planted("refusal_changes_nothing")
class RefusesHalfway(Mutant):
    """Refused bytes are taken as far as they fit."""

    def accept_bytes(self, data: bytes, /) -> bool:
        if self.inner.fork().accept_bytes(data):
            return self.inner.accept_bytes(data)
        for i in range(len(data)):
            self.inner.accept_bytes(data[i : i + 1])
        return False


@planted("refusal_changes_nothing")
class RefusalIsAStep(Mutant):
    """A refused token counts as a step, which rollback takes back instead."""

    def accept_token(self, token: int, /) -> bool:
        taken = super().accept_token(token)
        if not taken:
            self.inner.accept_bytes(b"")
        return taken


@planted("refusal_changes_nothing")
class TakesAnyNumber(Mutant):
    """An id that does not exist is refused like any other."""

    def accept_token(self, token: int, /) -> bool:
        return 0 <= token < self.vocab.vocab_size and super().accept_token(token)


# -- sequences ------------------------------------------------------------------------------------


@planted("validation_is_acceptance")
class CountsTheRefusedOne(Mutant):
    """validate_tokens counts the token at which it stops."""

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        return min(self.inner.validate_tokens(tokens) + 1, len(tokens))


@planted("validation_is_acceptance")
class ValidatesForGood(Mutant):
    """validate_tokens takes the tokens."""

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        count = 0
        while count < len(tokens) and self.inner.accept_token(tokens[count]):
            count += 1
        return count


@planted("every_retokenisation_is_accepted")
class AcceptsWithoutState(Mutant):
    """A token of white space is taken, and nothing changes."""

    def accept_token(self, token: int, /) -> bool:
        data = self.vocab.token_bytes(token)
        if data and not data.strip() and self.inner.fork().accept_token(token):
            return self.inner.accept_bytes(b"")
        return super().accept_token(token)

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        fork = self.fork()
        return next((i for i, t in enumerate(tokens) if not fork.accept_token(t)), len(tokens))


@planted("every_retokenisation_is_accepted")
class WantsItsOwnTokens(MaskMutant):
    """After a single letter no second one is taken: a text must be cut as the mutant likes it."""

    def refused(self, data: bytes | None) -> bool:
        return self.strict() and data is not None and len(data) == 1 and data.isalpha()

    def strict(self) -> bool:
        last = self.steps[-1] if self.steps else b""
        data = last if isinstance(last, bytes) else self.vocab.token_bytes(last)
        return data is not None and len(data) == 1 and data.isalpha()

    def flipped(self, ids: set[int]) -> set[int]:
        return {token for token in ids if self.refused(self.vocab.token_bytes(token))}

    def accept_token(self, token: int, /) -> bool:
        return not self.refused(self.vocab.token_bytes(token)) and super().accept_token(token)

    def accept_bytes(self, data: bytes, /) -> bool:
        return not self.refused(data) and super().accept_bytes(data)

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        twin, count = self.fork(), 0
        while count < len(tokens) and twin.accept_token(tokens[count]):
            count += 1
        return count


# -- ways on --------------------------------------------------------------------------------------


@planted("no_dead_ends")
class NeverEnds(MaskMutant):
    """No text is ever in the language, and everything agrees about it."""

    def flipped(self, ids: set[int]) -> set[int]:
        return ids & set(self.vocab.eos_ids)

    def accept_token(self, token: int, /) -> bool:
        return token not in self.vocab.eos_ids and super().accept_token(token)

    def is_accepting(self) -> bool:
        return False


@planted("no_dead_ends")
class DeadEnd(MaskMutant):
    """Two digits are allowed, and nothing after them."""

    def dead(self) -> bool:
        data = self.text()
        return data[-2:].isdigit() and len(data) > 1

    def flipped(self, ids: set[int]) -> set[int]:
        return ids if self.dead() else set()

    def validate_tokens(self, tokens: Sequence[int], /) -> int:
        fork = self.fork()
        return next((i for i, t in enumerate(tokens) if not fork.accept_token(t)), len(tokens))

    def accept_token(self, token: int, /) -> bool:
        was_dead = self.dead()
        taken = super().accept_token(token)
        if taken and was_dead:
            self.rollback(1)
        return taken and not was_dead

    def accept_bytes(self, data: bytes, /) -> bool:
        return not self.dead() and super().accept_bytes(data)

    def is_accepting(self) -> bool:
        return not self.dead() and self.inner.is_accepting()


@planted("jump_forward_is_forced")
class JumpsTooFar(Mutant):
    """One more byte than is forced."""

    def find_jump_forward_bytes(self) -> bytes:
        jump = self.inner.find_jump_forward_bytes()
        after = self.inner.fork()
        after.accept_bytes(jump)
        ways = [bytes([b]) for b in range(256) if after.fork().accept_bytes(bytes([b]))]
        return jump + ways[0] if ways else jump


@planted("jump_forward_is_forced")
class JumpsTooShort(Mutant):
    """One byte less than is forced."""

    def find_jump_forward_bytes(self) -> bytes:
        return self.inner.find_jump_forward_bytes()[:-1]


@planted("jump_forward_is_forced")
class ForcesAToken(Mutant):
    """The first token of the mask is called forced."""

    def find_jump_forward_tokens(self) -> Sequence[int]:
        ids = sorted(allowed(self.inner, self.vocab))
        return self.inner.find_jump_forward_tokens() or ids[:1]


@planted("jump_forward_is_forced")
class JumpMoves(Mutant):
    """Asking for the forced bytes takes them."""

    def find_jump_forward_bytes(self) -> bytes:
        jump = self.inner.find_jump_forward_bytes()
        if jump:
            self.inner.accept_bytes(jump)
        return jump
