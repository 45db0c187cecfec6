"""``assert_laws`` and ``check_laws``: positions drawn by Hypothesis, judged by the laws.

Each law is checked by a run of its own, so that a failure shrinks within the law that it breaks and
is reported by its name. Cost: a law looks at ``max_examples * places`` positions, of which
``mask_is_acceptance`` tries every id, some 2 µs an id.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from grammarlib.arguments import LARGEST, choice, instance, shown, whole
from grammarlib.arguments import members as members_of
from grammarlib.errors import CompileBudgetExceeded, UnsupportedGrammar
from grammarlib.grammar import Grammar
from grammarlib.testing.hints import hints, wants_tokens
from grammarlib.testing.laws import LAWS
from grammarlib.testing.pieces import Pieces
from grammarlib.testing.position import LawBroken, Options, Position
from grammarlib.testing.subject import Compiled
from grammarlib.testing.walk import walk

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["assert_laws", "check_laws"]

MODES = ("lazy", "masks", "all")
"""The ``precompute`` modes of ``grammarlib.compile``."""


def assert_laws(
    compiled: Compiled,
    *,
    laws: Iterable[str] | None = None,
    max_examples: int = 50,
    places: int = 3,
    max_tokens: int = 20,
    seed: int | None = 0,
    contains: Callable[[bytes], bool] | None = None,
    members: Sequence[bytes] = (),
    recompile: Callable[[str], Compiled] | None = None,
    precompute: Sequence[str] = MODES,
    completion_tokens: int = 300,
    completion_attempts: int = 20,
) -> None:
    """Property-test a compiled grammar against its vocabulary.

    Parameters
    ----------
    compiled : CompiledGrammar
        Or whatever has its public methods.
    laws : iterable of str, optional
        Which laws, by their names in ``LAWS``; all of them unless given.
    max_examples : int
        How many random walks each law is checked on.
    places : int
        At how many places of a walk, of which the first is its end.
    max_tokens : int
        The longest random walk to a position, in tokens; a member before it and the closing of what
        it opened may make the way longer.
    seed : int or None
        The same seed draws the same positions; ``None`` draws others each time.
    contains : callable, optional
        An oracle of yours: whether a text (bytes) is in the language.
    members : sequence of bytes, optional
        Texts of the language: they must be accepted, walks begin along them, and ends are looked
        for along them. Unless given, they are drawn by ``grammarlib.strategies.from_grammar``,
        where that knows the kind of grammar and finds a text.
    recompile : callable, optional
        Compiles the grammar again, given a ``precompute`` mode; by default ``grammarlib.compile``.
    precompute : sequence of str
        The modes to compare.
    completion_tokens, completion_attempts : int
        How far and how often an end is looked for; see ``no_dead_ends``.

    Raises
    ------
    LawBroken
        A law does not hold; it is an ``AssertionError`` with the law's name, the shortest text at
        which it was found, the token, and what differs.
    TypeError
        It is no compiled grammar, or an option is of another type.
    ValueError
        No law has that name, or nothing would be checked.
    """
    import hypothesis
    from hypothesis import strategies as st

    names = _names(laws, places, max_tokens)
    max_examples = whole("max_examples", max_examples, 1, LARGEST)
    seed = None if seed is None else whole("seed", seed)
    options = _options(
        compiled, contains, members, recompile, precompute, completion_tokens, completion_attempts
    )
    pieces = Pieces(compiled.vocab)

    def check(law: str) -> Callable[[], None]:
        @hypothesis.settings(
            max_examples=max_examples,
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )
        @hypothesis.given(st.data())
        def at_a_position(data: st.DataObject) -> None:
            _judge(compiled, data, law, pieces, options, max_tokens, places)

        return at_a_position if seed is None else hypothesis.seed(seed)(at_a_position)

    for name in names:
        try:
            check(name)()
        except LawBroken as broken:
            broken.__notes__ = []  # Hypothesis lists the numbers it drew, which mean nothing here
            raise broken.with_traceback(None) from None


def check_laws(
    compiled: Compiled,
    data: st.DataObject,
    *,
    laws: Iterable[str] | None = None,
    places: int = 3,
    max_tokens: int = 20,
    contains: Callable[[bytes], bool] | None = None,
    members: Sequence[bytes] = (),
    recompile: Callable[[str], Compiled] | None = None,
    precompute: Sequence[str] = MODES,
    completion_tokens: int = 300,
    completion_attempts: int = 20,
) -> None:
    """Check each law on one walk, drawn from your own Hypothesis test.

    Use it where the grammar or the vocabulary is drawn as well, so that they shrink together.

    Parameters
    ----------
    compiled, laws, places, max_tokens, contains, members, recompile, precompute
        As for ``assert_laws``.
    completion_tokens, completion_attempts
        As for ``assert_laws``.
    data : hypothesis.strategies.DataObject
        What ``st.data()`` gives.

    Raises
    ------
    LawBroken, TypeError, ValueError
        As ``assert_laws`` does.
    """
    names = _names(laws, places, max_tokens)
    options = _options(
        compiled, contains, members, recompile, precompute, completion_tokens, completion_attempts
    )
    pieces = Pieces(compiled.vocab)
    for name in names:
        _judge(compiled, data, name, pieces, options, max_tokens, places)


def _names(laws: Iterable[str] | None, places: int, max_tokens: int) -> list[str]:
    if laws is None:
        names = list(LAWS)
    else:
        names = [laws] if isinstance(laws, str) else list(members_of("laws", laws, "names of laws"))
    unknown = [name for name in names if not (isinstance(name, str) and name in LAWS)]
    if unknown or not names:
        said = shown(unknown) if unknown else "none"
        raise ValueError(f"laws must be some of {', '.join(LAWS)}, not {said}")
    whole("places", places, 1, LARGEST)
    whole("max_tokens", max_tokens, 0, LARGEST)
    return names


def _judge(
    compiled: Compiled,
    data: st.DataObject,
    law: str,
    pieces: Pieces,
    options: Options,
    max_tokens: int,
    places: int,
) -> None:
    from hypothesis import strategies as st

    chance = random.Random(data.draw(st.integers(0, 2**32 - 1)))
    texts = options.members
    members = [] if texts is None else data.draw(st.lists(texts, max_size=2))
    at = Position(law, compiled, (), tuple(members), chance, pieces, options)
    walk(at, data, max_tokens)
    lengths = [len(at.tokens), *(chance.randint(0, len(at.tokens)) for _ in range(places - 1))]
    for length in dict.fromkeys(lengths):
        LAWS[law](replace(at, tokens=at.tokens[:length]))


def _options(
    compiled: Compiled,
    contains: Callable[[bytes], bool] | None,
    members: Sequence[bytes],
    recompile: Callable[[str], Compiled] | None,
    precompute: Sequence[str],
    completion_tokens: int,
    completion_attempts: int,
) -> Options:
    for part in ("vocab", "matcher"):
        if not hasattr(compiled, part):
            kind = type(compiled).__name__
            raise TypeError(f"a compiled grammar is needed, not {kind}: it has no {part}")
    for name, function in (("contains", contains), ("recompile", recompile)):
        if function is not None and not callable(function):
            raise TypeError(f"{name} must be callable, not {type(function).__name__}")
    members = list(members_of("members", members, "texts as bytes"))
    for text in members:
        instance("members", text, bytes, "texts as bytes")
    precompute = list(members_of("precompute", precompute, "modes"))
    if recompile is None:
        for mode in precompute:
            choice("precompute", mode, MODES)
    whole("completion_tokens", completion_tokens, 0)
    whole("completion_attempts", completion_attempts, 0)
    make = recompile or (lambda mode: _compile_again(compiled, mode))

    @cache
    def once(mode: str, dropped: bool) -> Compiled:
        return make(mode)

    return Options(
        contains,
        _texts(compiled, members),
        hints(getattr(compiled, "grammar", None)),
        once,
        tuple(precompute),
        completion_tokens,
        completion_attempts,
        wants_tokens(getattr(compiled, "grammar", None)),
    )


def _texts(compiled: Compiled, members: Sequence[bytes]) -> st.SearchStrategy[bytes] | None:
    """A strategy of texts of the language, if any are known."""
    from hypothesis import strategies as st

    if members:
        return st.sampled_from(list(members))
    from grammarlib.strategies import from_grammar

    grammar = getattr(compiled, "grammar", None)
    if not isinstance(grammar, Grammar):
        return None
    try:
        return from_grammar(grammar).map(str.encode)
    except (CompileBudgetExceeded, UnsupportedGrammar):
        return None  # every text is long, or hard to find; or tokens are wanted, which have none


def _compile_again(compiled: Compiled, mode: str) -> Compiled:
    from grammarlib.compiler.compile import CompiledGrammar, compile

    if not isinstance(compiled, CompiledGrammar):
        raise TypeError("say with recompile= how to compile what is no CompiledGrammar")
    return compile(compiled.grammar, compiled.vocab, precompute=mode)  # type: ignore[arg-type]
