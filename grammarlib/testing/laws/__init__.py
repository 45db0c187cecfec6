"""The laws, one a file, in the order in which they are checked: the plainest first.

A law is a function of a `Position`; it returns if it holds there and raises `LawBroken` otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grammarlib.testing.laws.ends import end_token_iff_in_the_language
from grammarlib.testing.laws.forks import forks_are_independent
from grammarlib.testing.laws.jumps import jump_forward_is_forced
from grammarlib.testing.laws.living import no_dead_ends
from grammarlib.testing.laws.masks import mask_is_acceptance
from grammarlib.testing.laws.members import members_are_accepted
from grammarlib.testing.laws.padding import padding_is_zero
from grammarlib.testing.laws.precompute import precompute_changes_nothing
from grammarlib.testing.laws.refusals import refusal_changes_nothing
from grammarlib.testing.laws.retokenisation import every_retokenisation_is_accepted
from grammarlib.testing.laws.rollback import rollback_is_identity
from grammarlib.testing.laws.termination import termination_is_final
from grammarlib.testing.laws.validation import validation_is_acceptance
from grammarlib.testing.position import Position

__all__ = ["LAWS"]

LAWS: Final[dict[str, Callable[[Position], None]]] = {
    law.__name__: law
    for law in (
        mask_is_acceptance,
        padding_is_zero,
        end_token_iff_in_the_language,
        termination_is_final,
        rollback_is_identity,
        forks_are_independent,
        refusal_changes_nothing,
        validation_is_acceptance,
        every_retokenisation_is_accepted,
        no_dead_ends,
        members_are_accepted,
        jump_forward_is_forced,
        precompute_changes_nothing,
    )
}
"""Every law by its name."""
