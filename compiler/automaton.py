"""The token-level automaton as far as it is built: states, edges, what each makes of the tokens.

A *state* is what may be under way after some byte: the terminals that may be in progress there,
each with the place in the value where it stands. Texts that lead to the same set lead to the same
state. Facts that no state holds (which keys an object has, how many items an array) are asked on
the way: an edge says its *condition* and its *effect* on them.

States are made when a text, a mask or ``precompute`` first comes there. Their numbers hold until
the caches are dropped; a state of before that is refused with `StaleState`.

Nothing here changes a result. Cost: linear in what is asked for, nothing while unused. Rejected: a
graph library's object (one more dependency; the edges are a list); ids that outlive the caches
(every state would have to be kept).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grammarlib import _core
from grammarlib.arguments import instance
from grammarlib.errors import StaleState

__all__ = [
    "Component",
    "Cut",
    "Edge",
    "Open",
    "Place",
    "State",
    "StateProfile",
    "TokenEdges",
    "TokenProfile",
    "edges",
    "profile",
    "states",
    "token_edges",
    "trace",
]

Tokens: TypeAlias = NDArray[np.int32]
Kind: TypeAlias = Literal[
    "string", "key", "number", "literal", "punctuation", "white space", "text", "token"
]


@dataclass(frozen=True, slots=True)
class Open:
    """An array or object that is open.

    Attributes
    ----------
    kind : {"object", "array"}
        Which.
    pointer : str
        Its place as a JSON pointer (RFC 6901), with ``*`` for any item or key and ``a|b`` where
        several keys fit.
    """

    kind: Literal["object", "array"]
    pointer: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the value a terminal stands.

    Attributes
    ----------
    pointer : str
        The value at hand, written as in `Open`.
    stack : tuple of Open
        What is open, outermost first.
    """

    pointer: str
    stack: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """A terminal that a state may be reading.

    Attributes
    ----------
    kind : {"string", "key", "number", "literal", "punctuation", "white space", "text", "token"}
        What it is.
    expects : str
        What is left of it: for looking at, cut off where it is long.
    begun : bool
        Whether some byte of it was read.
    within : bool
        Whether it stands inside a character or an escape of a string.
    condition : str
        The condition it is read under, such as ``"a" is new``; empty if there is none.
    places : tuple of Place
        Where it stands: several if the text can be read in several ways, at most eight.
    """

    kind: Kind
    expects: str
    begun: bool
    within: bool
    condition: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state of the automaton.

    Attributes
    ----------
    id : int
        Its number, from 0 in the order in which states were made.
    generation : int
        The generation of the caches in which the number means this state.
    accepting : bool
        Whether the text may end here, and an end token is allowed.
    masked : bool
        Whether its mask was put together.
    components : tuple of Component
        What may be under way; none where only the end may follow.
    """

    id: int
    generation: int
    accepting: bool
    masked: bool
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """Bytes that lead from one state to another.

    Attributes
    ----------
    source, target : int
        Ids of states.
    ranges : tuple of (int, int)
        The bytes, as inclusive ranges in ascending order.
    effect : {"", "open", "close", "comma", "key"}
        What the last byte does to the facts of the text: a level opens or closes, an item is
        counted, a key is noted.
    condition : str
        When the bytes lead there, as texts joined by ``"; "``; empty if always.
    """

    source: int
    target: int
    ranges: tuple[tuple[int, int], ...]
    effect: Literal["", "open", "close", "comma", "key"]
    condition: str


@dataclass(frozen=True, slots=True, eq=False)
class TokenEdges:
    """Where tokens lead from a state.

    Attributes
    ----------
    source : int
        Id of the state.
    targets : dict of int to int32 [n]
        The tokens that lead to each state under some outcome of the conditions, ascending.
    unknown : int32 [n]
        Tokens whose bytes leave the part of the automaton that is built.
    """

    source: int
    targets: dict[int, Tokens]
    unknown: Tokens


@dataclass(frozen=True, slots=True)
class Cut:
    """A place inside tokens where a terminal may end.

    Attributes
    ----------
    label : str
        Which of its ends: the key's name, ``new key``, or empty where there is one only.
    tails : int
        Distinct first bytes of what follows it in the crossing tokens.
    ended : int
        Tokens that end exactly there.
    crossing : int
        Tokens that go on there.
    survivors : int or None
        How many of both may follow, under some outcome of the conditions that was met; ``None``
        before a mask has asked.
    """

    label: str
    tails: int
    ended: int
    crossing: int
    survivors: int | None


@dataclass(frozen=True, slots=True, eq=False)
class TokenProfile:
    """What one component, or all of them, make of the tokens.

    Attributes
    ----------
    inside : int32 [n]
        Tokens that end while the terminal may go on, ascending: allowed whatever comes after it.
    crossing : int32 [n]
        Tokens in which the terminal may end: what comes after it decides.
    survivors : int32 [n]
        Those crossing tokens that may follow, as far as masks have asked.
    dead : int32 [n]
        All other tokens that spell something.
    cuts : tuple of Cut
        Where it may end; empty for all components together.
    """

    inside: Tokens
    crossing: Tokens
    survivors: Tokens
    dead: Tokens
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StateProfile:
    """What a state makes of the tokens.

    A mask of the state holds the end tokens if it accepts, and of the components whose condition
    holds the inside tokens and the survivors.

    Attributes
    ----------
    state : int
        Id of the state.
    components : tuple of TokenProfile
        One for each component, in their order.
    total : TokenProfile
        All together: a token is inside if it is so for one component, else crossing if it is so for
        one.
    """

    state: int
    components: tuple[TokenProfile, ...]
    total: TokenProfile


def states(core: _core.Compiled) -> tuple[State, ...]:
    """Return every state that was made so far; `CompiledGrammar.states` says more."""
    return _named(*core.states())


def trace(core: _core.Compiled, text: bytes) -> tuple[State, ...]:
    """Return the states that a text passes; `CompiledGrammar.trace` says more."""
    return _named(*core.trace(text))


def _check(state: object) -> None:
    instance("state", state, State, "a State, as states() and trace() return them")


def _named(generation: int, found: list[_core._State]) -> tuple[State, ...]:
    return tuple(
        State(
            number,
            generation,
            accepting,
            masked,
            tuple(
                Component(kind, expects, begun, within, condition, tuple(map(_place, places)))
                for kind, expects, begun, within, condition, places in components
            ),
        )
        for number, accepting, masked, components in found
    )


def _place(place: tuple[str, list[tuple[bool, str]]]) -> Place:
    pointer, stack = place
    return Place(pointer, tuple(Open("object" if o else "array", at) for o, at in stack))


def edges(core: _core.Compiled, state: State) -> tuple[Edge, ...]:
    """Return the steps taken from a state; `CompiledGrammar.edges` says more."""
    _check(state)
    found = core.edges(state.generation, state.id)
    if found is None:
        raise StaleState(state.id)
    return tuple(
        Edge(state.id, target, tuple(ranges), effect, condition)
        for target, ranges, effect, condition in found
    )


def token_edges(core: _core.Compiled, state: State) -> TokenEdges:
    """Return where tokens lead from a state; `CompiledGrammar.token_edges` says more."""
    _check(state)
    found = core.token_edges(state.generation, state.id)
    if found is None:
        raise StaleState(state.id)
    targets, unknown = found
    return TokenEdges(state.id, {to: _ids(tokens) for to, tokens in targets}, _ids(unknown))


def profile(core: _core.Compiled, state: State) -> StateProfile:
    """Return what a state makes of the tokens; `CompiledGrammar.profile` says more."""
    _check(state)
    found = core.profile(state.generation, state.id)
    if found is None:
        raise StaleState(state.id)
    text = np.frombuffer(found[0], np.uint8)
    inside, crossing, survivors = np.zeros_like(text), np.zeros_like(text), np.zeros_like(text)
    components = []
    for sets in found[1]:
        own = [np.frombuffer(bits, np.uint8) for bits in sets[:3]]
        components.append(
            _sorted_out(text, own[0], own[1], own[2], tuple(Cut(*c) for c in sets[3]))
        )
        inside |= own[0]
        crossing |= own[1]
        survivors |= own[2]
    total = _sorted_out(text, inside, crossing & ~inside, survivors & ~inside, ())
    return StateProfile(state.id, tuple(components), total)


def _sorted_out(
    text: NDArray[np.uint8],
    inside: NDArray[np.uint8],
    crossing: NDArray[np.uint8],
    survivors: NDArray[np.uint8],
    cuts: tuple[Cut, ...],
) -> TokenProfile:
    dead = text & ~(inside | crossing)
    return TokenProfile(
        _members(inside), _members(crossing), _members(survivors), _members(dead), cuts
    )


def _members(bits: NDArray[np.uint8]) -> Tokens:
    """The positions of the set bits, as int32 [n]."""
    return _fixed(np.flatnonzero(np.unpackbits(bits, bitorder="little")).astype(np.int32))


def _ids(words: bytes) -> Tokens:
    return _fixed(np.sort(np.frombuffer(words, "<u4").astype(np.int32)))


def _fixed(tokens: Tokens) -> Tokens:
    tokens.flags.writeable = False
    return tokens
