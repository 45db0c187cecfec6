"""The objects of one alternative: which keys may come next, and whether there is an end.

All keys are cut into those that have a name and *classes* of others that nothing tells apart. A
class of few keys is named key by key, so every class that is left has no end of keys. That some
member must be such is a guess: each member is taken for some of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import TYPE_CHECKING

from tests.oracle.regex_derivatives import Undecided
from tests.oracle.value_leaves import EVERYTHING, NOTHING, Keys, Leaf, Said, Shape, Values

if TYPE_CHECKING:
    from tests.oracle.value_sets import ValueSets

FEW = 24  # keys of a class that are named
CLASSES = 60
WITNESSES = 5

Alive = Callable[[Values], bool]
Left = frozenset[int]  # of the members that must be there, those still to come


@dataclass(frozen=True)
class Language:
    """A term of decoded text, and code points at which it may begin to judge otherwise."""

    term: int
    cuts: frozenset[int]


@dataclass(frozen=True)
class Target:
    """A key that may come next, or a class of them."""

    name: bytes | None
    language: Language
    values: Values
    witnesses: Left
    """Those that its members may be."""


class Objects:
    """What the leaves of one alternative say of objects."""

    def __init__(self, sets: ValueSets, leaves: list[Leaf]) -> None:
        self.sets = sets
        self.shapes: list[Shape] = [leaf[1] for leaf in leaves if leaf[0] == "members"]
        self.names: list[Said] = [leaf[1] for leaf in leaves if leaf[0] == "names"]
        self.required = frozenset(leaf[1] for leaf in leaves if leaf[0] == "required")
        self.lacks = frozenset(leaf[1] for leaf in leaves if leaf[0] == "lacks")
        self.some: list[tuple[Keys, Said]] = [leaf[1:] for leaf in leaves if leaf[0] == "some"]
        sizes = [leaf[1:] for leaf in leaves if leaf[0] == "size"]
        self.least: int = max([0, *[low for low, _ in sizes]])
        bounds = [high for _, high in sizes if high is not None]
        self.most: int | None = min(bounds) if bounds else None

    @cached_property
    def everything(self) -> Left:
        if len(self.some) > WITNESSES:
            raise Undecided(f"more than {WITNESSES} members that must be there")
        return frozenset(range(len(self.some)))

    @cached_property
    def order(self) -> dict[bytes, int]:
        """The places of declared keys."""
        ordered = [shape for shape in self.shapes if shape.ordered]
        names = dict.fromkeys(name for shape in ordered for name, _ in shape.properties)
        return {name.encode(): place for place, name in enumerate(names)}

    # -- keys -----------------------------------------------------------------------------------

    @cached_property
    def targets(self) -> list[Target]:
        """All keys whose values may be inhabited, as far as that is seen at once."""
        named = {name for shape in self.shapes for name, _ in shape.properties}
        named |= self.required | self.lacks
        named |= {name for keys, _ in self.some for name in keys.names or ()}
        terms = self.sets.terms
        literals = terms.union([terms.literal(name.encode()) for name in named])
        others = [terms.both([terms.text, terms.complement(literals)])]
        languages = [self._language(self.sets.expression(e)) for e in self._expressions()]
        languages += [self.sets.strings((said,)) for said in self._strings()]
        cuts = frozenset(chain([0], *[each.cuts for each in languages], *map(around, named)))
        for each in languages:
            split = [terms.both([part, each.term]) for part in others]
            split += [terms.both([part, terms.complement(each.term)]) for part in others]
            others = [part for part in split if terms.live(part)]
            if len(others) > CLASSES:
                raise Undecided(f"more than {CLASSES} classes of keys")
        found = []
        for part in others:
            few = terms.members(part, FEW)
            if few is None:
                found.append(self._target(None, part, cuts))
            else:
                named |= {text.decode() for text in few}
        literal = [(name, terms.literal(name.encode())) for name in sorted(named)]
        return [self._target(name, term, around(name)) for name, term in literal] + found

    def _language(self, of: tuple[int, frozenset[int]]) -> Language:
        return Language(*of)

    def _expressions(self) -> set[int]:
        own = {expression for shape in self.shapes for expression, _ in shape.patterns}
        for keys, _ in self.some:
            own |= {e for e, _ in keys.others.patterns} if keys.others else set()
            own |= {keys.expression} if keys.expression is not None else set()
        return own

    def _strings(self) -> set[Said]:
        return {*self.names, *[keys.denied for keys, _ in self.some if keys.denied]}

    def _target(self, name: str | None, term: int, cuts: frozenset[int]) -> Target:
        """``term`` is the name, or a class that is wholly in each language or wholly outside."""

        def within(of: tuple[int, frozenset[int]] | Language) -> bool:
            own = of.term if isinstance(of, Language) else of[0]
            return self.sets.terms.live(self.sets.terms.both([term, own]))

        def said_by(shape: Shape) -> list[Said]:
            own = [value for key, value in shape.properties if key == name]
            own += [v for e, v in shape.patterns if within(self.sets.expression(e))]
            return own

        values: list[Said] = []
        for shape in self.shapes:
            values += said_by(shape) or [shape.additional]
        if name in self.lacks or any(not within(self.sets.strings((n,))) for n in self.names):
            values = [NOTHING]
        witnesses = set()
        for i, (keys, _) in enumerate(self.some):
            if keys.names is not None:
                fits = name in keys.names
            elif keys.expression is not None:
                fits = within(self.sets.expression(keys.expression))
            elif keys.others is not None:
                fits = not said_by(keys.others)
            else:
                assert keys.denied is not None
                fits = not within(self.sets.strings((keys.denied,)))
            if fits:
                witnesses.add(i)
        text = None if name is None else name.encode()
        return Target(
            text, Language(term, cuts), tuple(values or [EVERYTHING]), frozenset(witnesses)
        )

    # -- what may come --------------------------------------------------------------------------

    def next_keys(
        self, used: frozenset[bytes], left: Left, declared: bool, alive: Alive
    ) -> Iterator[tuple[Target, Values, Left]]:
        """Keys that may come next, the value of each, and which members must then still come."""
        names = {target.name for target in self.targets}
        place = self._place(used, declared)
        named = frozenset(key for key in used if key in names)
        for target in self.targets:
            if target.name is not None and (target.name in used or self._gone(target.name, place)):
                continue
            after = used if target.name is None else used | {target.name}
            here = named if target.name is None else named | {target.name}
            later = self._place(after, declared) if target.name is not None else len(self.order)
            for taken in _subsets(left & target.witnesses):
                values = (*target.values, *[self.some[i][1] for i in sorted(taken)])
                if alive(values) and self._completes(
                    here, len(used) + 1, left - taken, later if declared else -1, alive
                ):
                    yield target, values, left - taken

    def is_complete(self, used: frozenset[bytes], left: Left) -> bool:
        return (
            not left
            and all(name.encode() in used for name in self.required)
            and self.least <= len(used)
            and (self.most is None or len(used) <= self.most)
        )

    def exists(self, alive: Alive) -> bool:
        """Whether there is an object at all; the order of keys does not matter for that."""
        return self._completes(frozenset(), 0, self.everything, -1, alive)

    def _place(self, used: frozenset[bytes], declared: bool) -> int:
        """The place before which no declared key may come any more."""
        if not declared or not used:
            return -1
        if any(key not in self.order for key in used):
            return len(self.order)
        return max(self.order[key] for key in used)

    def _gone(self, name: bytes, place: int) -> bool:
        return self.order.get(name, len(self.order)) < place

    def _completes(
        self, used: frozenset[bytes], number: int, left: Left, place: int, alive: Alive
    ) -> bool:
        """Whether further members make an object whole that has ``number`` of them."""
        open_: dict[bytes, Target] = {}
        classes = []
        for target in self.targets:
            if target.name is None:
                classes.append(target)
            elif target.name not in used and not self._gone(target.name, place):
                open_[target.name] = target
        living = [name for name, target in open_.items() if alive(target.values)]
        endless = [target for target in classes if alive(target.values)]
        new: dict[bytes, Values] = {}
        for required in self.required:
            name = required.encode()
            if name not in used:
                if name not in living:
                    return False
                new[name] = open_[name].values

        def fits(members: int) -> bool:
            fewest = number + members
            most = None if endless else number + len(living)
            if self.most is not None and fewest > self.most:
                return False
            if self.most is not None and self.least > self.most:
                return False
            return most is None or most >= self.least

        def assign(todo: tuple[int, ...], fresh: tuple[tuple[Target, Values], ...]) -> bool:
            if not todo:
                return fits(len(new) + len(fresh))
            first, rest = todo[0], todo[1:]
            said = self.some[first][1]
            for name, target in open_.items():
                if first in target.witnesses:
                    before = new.get(name)
                    new[name] = (*(before or target.values), said)
                    found = alive(new[name]) and assign(rest, fresh)
                    if before is None:
                        del new[name]
                    else:
                        new[name] = before
                    if found:
                        return True
            for i, (target, values) in enumerate(fresh):
                if first in target.witnesses and alive((*values, said)):
                    both = (target, (*values, said))
                    if assign(rest, (*fresh[:i], both, *fresh[i + 1 :])):
                        return True
            return any(
                first in target.witnesses
                and alive((*target.values, said))
                and assign(rest, (*fresh, (target, (*target.values, said))))
                for target in classes
            )

        return assign(tuple(sorted(left)), ())


def _subsets(of: Left) -> Iterator[Left]:
    for size in range(len(of) + 1):
        yield from map(frozenset, combinations(sorted(of), size))


def around(text: str) -> frozenset[int]:
    return frozenset(point for char in text for point in (ord(char), ord(char) + 1))
