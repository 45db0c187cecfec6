"""First matches: what an atomic group or a possessive loop keeps of a pattern's ways to match.

A backtracking matcher tries the ways of a pattern in an order, and an atomic group is left by the
first that succeeds. `Ways` is a pattern with that order. Its first match is written with
look-aheads: let *rest* be what follows in the group, then

- of ``A|B`` it is that of ``A``, or that of ``B`` where no ``A rest`` begins;
- of ``A*`` it is rounds of ``A``, each chosen with ``A* rest`` after it, until no ``A A* rest``
  begins; of the lazy ``A*?`` rounds while no ``rest`` begins;
- of a sequence it is that of each part, each with all that follows it as its rest.

Only whether something begins is asked. So what may be missing at the end of a rest is left out, and
a rest that begins everywhere is none. Ways whose characters differ need not be asked about.

**Empty rounds.** A round that reads nothing ends a loop. So the ways of a loop's part are divided,
in their order, into those that read something and those that do not: an empty way before others
keeps them from being tried wherever the loop's rest begins.

A possessive loop is a loop of atomic rounds: ``(?:a|ab){2}+`` does not match ``aba``, while
``(?>(?:a|ab){2})`` does.

Invariant: exact, for the order of ``re``. Cost: linear in the pattern, times the rounds of counted
loops whose part has several ways; what is made is shared in memory, and its size when written out
is bounded. Rejected: to mark in the text where a group ends (an automaton for each group, and the
look-aheads all the same).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from grammarlib.compiler.regex.neighbours import common
from grammarlib.compiler.regex.nodes import (
    EPS,
    NEVER,
    Chars,
    Concat,
    Look,
    Node,
    Repeat,
    Text,
    Union,
    concat,
    is_never,
    repeat,
    union,
)
from grammarlib.compiler.regex.program import Ranges
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["Choice", "Firsts", "Loop", "One", "Row", "Ways"]

_LEADING: Final = 16
"""Most characters by which two ways are told apart."""
_Leads = tuple[Ranges, ...]


class Ways:
    """A part of a pattern whose matches have an order."""

    __slots__ = ("node", "reads", "single")

    node: Node
    """All that it matches."""
    reads: bool
    """Every match reads a character, as far as its form tells."""
    single: bool
    """There is one way to match at most, wherever it stands."""


class One(Ways):
    """A character, a text, or a place; ``reads`` is exact."""

    __slots__ = ()

    def __init__(self, node: Node) -> None:
        self.node = node
        self.reads = _reads(node)
        self.single = True


class Row(Ways):
    """Its parts in sequence."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Ways]) -> None:
        self.parts = parts
        self.node = concat([part.node for part in parts])
        self.reads = any([part.reads for part in parts])
        self.single = all([part.single for part in parts])


class Choice(Ways):
    """Any of its parts, the first one preferred."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Ways]) -> None:
        self.parts = parts
        self.node = union([part.node for part in parts])
        self.reads = all([part.reads for part in parts])
        self.single = len(parts) < 2 and all([part.single for part in parts])


class Loop(Ways):
    """Rounds of its part: as many as there can be, or ``lazy`` as few."""

    __slots__ = ("hi", "lazy", "lo", "part")

    def __init__(self, part: Ways, lo: int, hi: int | None, lazy: bool = False) -> None:
        self.part = part
        self.lo = lo
        self.hi = hi
        self.lazy = lazy
        self.node = repeat(part.node, lo, hi)
        self.reads = lo > 0 and part.reads
        self.single = lo == hi and part.single


class _Kept(Ways):
    """An atomic group, or a possessive loop with its bounds."""

    __slots__ = ("hi", "lo", "part")

    def __init__(self, node: Node, part: Ways, lo: int = 1, hi: int | None = 1) -> None:
        self.node = node
        self.part = part
        self.lo = lo
        self.hi = hi
        self.reads = lo > 0 and part.reads
        self.single = True


class Firsts:
    """The first matches of one pattern's groups.

    Parameters
    ----------
    budget : int
        How much may be made of them.
    """

    def __init__(self, budget: int) -> None:
        self._left = budget

    def group(self, part: Ways) -> Ways:
        """Return the atomic group of a part.

        Raises
        ------
        CompileBudgetExceeded
            If it grows too large.
        """
        return self._counted(_Kept(self._first(part, EPS), part))

    def loop(self, part: Ways, lo: int, hi: int | None) -> Ways:
        """Return the possessive loop of a part.

        Raises
        ------
        CompileBudgetExceeded
            If it grows too large.
        """
        kept = [repeat(self._first(part, EPS), lo, lo)] if lo else []
        if hi != lo:
            full = self._apart(part)[0]
            kept.append(_rounds(full, _unless([full]), _less(hi, lo)))
        return self._counted(_Kept(concat(kept), part, lo, hi))

    def _counted(self, kept: _Kept) -> Ways:
        """Spend what a group takes when it is written out."""
        stack = [kept.node]
        while stack:
            self._spend(1)
            node = stack.pop()
            if isinstance(node, Concat | Union):
                stack.extend(node.items)
            elif isinstance(node, Repeat | Look):
                stack.append(node.item)
        return kept

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise CompileBudgetExceeded("atomic groups in a pattern")

    # -- the first match --------------------------------------------------------------------------

    def _first(self, ways: Ways, rest: Node) -> Node:
        """What is kept of a part where ``rest``, as `_begun` has it, follows in the group."""
        self._spend(1)
        kept: list[Node] = []
        if ways.single:
            return ways.node
        if isinstance(ways, Row):
            for part in reversed(ways.parts):
                kept.append(self._first(part, rest))
                rest = _begun(part.node, rest)
            return concat(kept[::-1])
        if isinstance(ways, Choice):
            seen = _Seen()
            for part in ways.parts:
                begun = _begun(part.node, rest)
                kept.append(concat([self._guard(seen, begun), self._first(part, rest)]))
                seen.add(begun)
            return union(kept)
        assert isinstance(ways, Loop)
        for made in range(1, ways.lo + 1):
            later = repeat(ways.part.node, ways.lo - made, _less(ways.hi, made))
            kept.append(self._first(ways.part, _begun(later, rest)))
        kept.append(self._more(ways.part, _less(ways.hi, ways.lo), ways.lazy, rest))
        return concat(kept)

    def _more(self, part: Ways, most: int | None, lazy: bool, rest: Node) -> Node:
        """What is kept of rounds that need not be."""
        if most == 0 or (lazy and rest is EPS):
            return EPS
        if part.single and part.reads and _differ(_leading(part.node), _leading(rest)):
            return repeat(part.node, 0, most)  # what begins tells whether there is a round
        if most is None or rest is EPS:
            return _rounds(
                *self._round(part, _begun(repeat(part.node, 0, None), rest), rest, lazy), most
            )
        kept: Node = EPS
        for later in range(most):
            again = _begun(repeat(part.node, 0, later), rest)
            full, stop = self._round(part, again, rest, lazy)
            kept = union([stop, concat([full, kept])])
        return kept

    def _round(self, part: Ways, again: Node, rest: Node, lazy: bool) -> tuple[Node, Node]:
        """One round that reads something, with ``again`` after it, and where there is none."""
        full: list[Node] = []
        there: list[Node] = []
        seen = _Seen()
        if lazy:
            seen.add(rest)
        empty: list[Node] = []
        for ways in self._divided(part):
            if ways.reads:
                begun = _begun(ways.node, again)
                full.append(concat([self._guard(seen, begun), self._first(ways, again)]))
                there.append(concat([_unless(empty), begun]))
                seen.add(begun)
            elif not lazy:
                empty.append(_begun(ways.node, rest))
                seen.add(empty[-1])
        return union(full), EPS if lazy else _unless(there)

    def _guard(self, seen: _Seen, begun: Node) -> Node:
        """The place where none of those seen begins, told where ``begun`` does."""
        beside, compared = seen.beside(begun)
        self._spend(compared // 4)
        return _unless(beside)

    # -- empty matches ----------------------------------------------------------------------------

    def _apart(self, part: Ways) -> tuple[Node, Node]:
        """The first match where it reads something, and where it reads nothing."""
        if part.reads:
            return self._first(part, EPS), NEVER
        full: list[Node] = []
        empty: list[Node] = []
        seen: list[Node] = []
        for ways in self._divided(part):
            kept = concat([_unless(seen), self._first(ways, EPS)])
            (full if ways.reads else empty).append(kept)
            seen.append(_begun(ways.node, EPS))
        return union(full), union(empty)

    def _divided(self, ways: Ways) -> list[Ways]:
        """The ways of a part in their order, each either reading something or a place."""
        self._spend(1)
        if ways.reads or isinstance(ways, One):
            return [ways]
        if isinstance(ways, Choice):
            return [one for part in ways.parts for one in self._divided(part)]
        if isinstance(ways, Row):
            return self._divided_row(ways.parts)
        if isinstance(ways, Loop):
            part, lo, hi = ways.part, ways.lo, ways.hi
            if hi == 0:
                return [One(EPS)]
            later = Loop(part, max(lo - 1, 0), _less(hi, 1), ways.lazy)
            if lo:
                return self._divided_row([part, later])
            rounds = [Row([one, later]) if one.reads else one for one in self._divided(part)]
            if ways.lazy:
                return [One(EPS), *[one for one in rounds if one.reads]]
            return [*rounds, One(EPS)]
        assert isinstance(ways, _Kept)
        full, empty = self._apart(ways.part)
        first = union([full, empty])
        stop = _unless([full])
        if not ways.lo:
            empty = stop
        more = _less(ways.hi, max(ways.lo, 1))
        kept = concat(
            [
                full,
                repeat(first, max(ways.lo - 1, 0), max(ways.lo - 1, 0)),
                _rounds(full, stop, more),
            ]
        )
        return [One(kept), One(empty)]

    def _divided_row(self, parts: Sequence[Ways]) -> list[Ways]:
        if not parts:
            return [One(EPS)]
        self._spend(1 + len(parts) // 16)
        first, later = parts[0], parts[1:]
        found: list[Ways] = []
        for one in self._divided(first):
            if one.reads:
                found.append(Row([one, *later]))
                continue
            others = self._divided_row(later)
            if one.node is not EPS:
                self._spend(len(others))
                others = [_after_place(one, other) for other in others]
            found.extend(others)
        return found


class _Seen:
    """What is tried before, by the character with which it begins."""

    def __init__(self) -> None:
        self._by_first: dict[Ranges, list[tuple[Node, _Leads]]] = {}

    def add(self, node: Node) -> None:
        leads = _leading(node)
        self._by_first.setdefault(leads[0] if leads else (), []).append((node, leads))

    def beside(self, node: Node) -> tuple[list[Node], int]:
        """Those that may begin where a node does, and how many were compared for it."""
        leads = _leading(node)
        first = leads[:1]
        alike = [
            some for key, some in self._by_first.items() if not key or not _differ((key,), first)
        ]
        found = [one for some in alike for one, other in some if not _differ(other, leads)]
        return found, len(self._by_first) + sum([len(some) for some in alike])


def _after_place(place: Ways, ways: Ways) -> Ways:
    return Row([place, ways]) if ways.reads else One(concat([place.node, ways.node]))


def _rounds(full: Node, stop: Node, most: int | None) -> Node:
    """Rounds until there are none, or until there are ``most``."""
    if most == 0:
        return EPS
    if most is None:
        return concat([repeat(full, 0, None), stop])
    return union([concat([repeat(full, 0, most - 1), stop]), repeat(full, most, most)])


def _less(bound: int | None, number: int) -> int | None:
    return None if bound is None else bound - number


def _unless(nodes: Sequence[Node]) -> Node:
    """The place where none of these begins."""
    some = [node for node in nodes if not is_never(node)]
    if any([node is EPS for node in some]):
        return NEVER
    return Look(union(some), negated=True) if some else EPS


def _begun(node: Node, rest: Node) -> Node:
    """A sequence as far as it tells where one begins; ``EPS`` if everywhere."""
    whole = concat([node, rest])
    items = list(whole.items) if isinstance(whole, Concat) else [whole]
    while items and items[-1].plain and items[-1].nullable:
        items.pop()
    if items and isinstance(last := items[-1], Repeat) and last.plain:
        items[-1] = repeat(last.item, last.lo, last.lo)
    return concat(items)


def _leading(node: Node) -> _Leads:
    """The characters at the beginnings of a node's matches, place by place, as far as they tell."""
    found: list[Ranges] = []
    for item in node.items if isinstance(node, Concat) else (node,):
        if isinstance(item, Repeat) and item.lo and isinstance(item.item, Chars):
            found.append(item.item.ranges)
            break
        if isinstance(item, Chars):
            found.append(item.ranges)
        elif isinstance(item, Text):
            found += [((ord(char), ord(char)),) for char in item.value[:_LEADING]]
        elif not isinstance(item, Look):
            break
        if len(found) >= _LEADING:
            break
    return tuple(found)


def _differ(one: _Leads, other: _Leads) -> bool:
    """Whether no text begins in both ways."""
    return any([not common(a, b) for a, b in zip(one, other, strict=False)])


def _reads(node: Node) -> bool:
    """Whether every match of a node reads a character, as far as its form tells."""
    if isinstance(node, Concat):
        return any([_reads(item) for item in node.items])
    if isinstance(node, Union):
        return all([_reads(item) for item in node.items])
    if isinstance(node, Repeat):
        return node.lo > 0 and _reads(node.item)
    return isinstance(node, Chars) or (isinstance(node, Text) and bool(node.value))
