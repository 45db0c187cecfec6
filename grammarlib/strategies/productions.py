"""What the texts of a schema are made of: alternatives of values, the smallest first.

The core says what a value may be (``grammarlib._core.Productions``); here it becomes objects with
sizes. The size of a value is about how many bytes its shortest text takes. Sizes order the
alternatives, so that choosing the first everywhere leads to a shortest text, and so ends: that is
how recursion is cut.

Most arrays and objects are what their parts are. Those that ask for more (which keys go together,
how many members or items of a kind there are) are gone through one decision at a time (``places``);
a decision that leads to no text is never listed, and so nothing is ever taken back.

Invariants: everything is found on demand and kept; the order of alternatives depends on the schema
alone, so that a drawn choice means the same again. Every listed alternative has a text.

Cost: the sizes of a state cost the states that its texts *must* hold (required keys, least numbers
of items; what may be chosen where a number or one of several is asked for), each once: ``sizes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from grammarlib import _core
from grammarlib.strategies.languages import Languages
from grammarlib.strategies.places import ArrayPlace, Arrays, ObjectPlace, Objects
from grammarlib.strategies.shapes import (
    Alternative,
    ArrayOf,
    CountedArrayOf,
    Demands,
    NumberOf,
    ObjectOf,
    Others,
    StringOf,
    Word,
)
from grammarlib.strategies.sizes import Rule, Sizes, Thing

__all__ = ["Productions"]

_WORDS = {"null": Word("null"), "true": Word("true"), "false": Word("false")}


class Productions(Languages):
    """The core's productions with sizes, each asked for once."""

    def __init__(self, core: _core.Productions) -> None:
        super().__init__(core)
        self.root = core.root
        self.free_order = core.free_order
        self.whitespace = core.whitespace
        self._sizes = Sizes(self._rules)
        self.objects = Objects(core, self._sizes, self)
        self.arrays = Arrays(core, self._sizes)
        self._found: dict[int, list[Alternative]] = {}
        self._sorted: dict[int, tuple[tuple[int, Alternative], ...]] = {}
        self._besides: dict[tuple[int, frozenset[str]], int] = {}

    def memory(self) -> int:
        """Return about how many bytes all of it holds."""
        kept = len(self._found) + len(self._steps) + len(self._sizes)
        return self._core.memory() + 400 * kept

    # -- values -----------------------------------------------------------------------------------

    def alternatives(self, state: int) -> tuple[tuple[int, Alternative], ...]:
        """Return what a value may be, each with its size, the smallest first."""
        if state not in self._sorted:
            sized = []
            for alternative in self._alternatives(state):
                size = self._sizes.total(self._rule(alternative))
                if size is not None:
                    sized.append((size, alternative))
            self._sorted[state] = tuple(sorted(sized, key=lambda pair: pair[0]))
        return self._sorted[state]

    def size(self, state: int) -> int | None:
        """Return the size of the smallest text of a state; None if it has none."""
        return self._sizes.of(state)

    def composites_besides(self, state: int, texts: frozenset[str]) -> int:
        """Return the arrays and objects of a state that are none of these JSON texts."""
        if (state, texts) not in self._besides:
            found = self._core.composites_besides(state, sorted(texts))
            self._besides[state, texts] = found
        return self._besides[state, texts]

    def shape_after(self, shape: int, at: int, text: str) -> int | None:
        """Return what is asked of an array after an item of this JSON text, if it may follow."""
        return self._core.shape_after(shape, at, text)

    def plain(self, expression: int) -> int | None:
        """Return the expression of the same numbers in one spelling each."""
        return self._core.plain(expression)

    def _alternatives(self, state: int) -> list[Alternative]:
        if state in self._found:
            return self._found[state]
        null, booleans, number, string, arrays, objects = self._core.value(state)
        found: list[Alternative] = []
        if number is not None:
            found.append(NumberOf(number))
        if string is not None:
            found.append(StringOf(string))
        found += map(self._array, arrays)
        found += map(self._object, objects)
        words = {"null": null, "false": booleans & 1, "true": booleans & 2}
        found += [_WORDS[word] for word, there in words.items() if there]
        self._found[state] = found
        return found

    def _array(self, shape: int) -> Alternative:
        prefix, rest, least, most, unique, repeats, counted = self._core.items(shape)
        repeated = rest if repeats else None
        if repeats:
            least = max(least, len(prefix))  # only the items after these have one state
        if counted:
            return CountedArrayOf(shape, len(prefix), least, most, unique, repeated)
        return ArrayOf(tuple(prefix), rest, least, most, unique, repeated)

    def _object(self, shape: int) -> Alternative:
        properties, undeclared, others = self._core.members(shape)
        demands = None
        found = self._core.demands(shape)
        if found is not None:
            formula, asked, least, most, witnesses = found
            demands = Demands(shape, formula, tuple(asked), least, most, witnesses)
        return ObjectOf(
            tuple(properties), tuple(undeclared), tuple(Others(*other) for other in others), demands
        )

    def _rules(self, thing: Thing) -> Iterable[Rule]:
        if isinstance(thing, ObjectPlace):
            return self.objects.rules(thing)
        if isinstance(thing, ArrayPlace):
            return self.arrays.rules(thing)
        assert isinstance(thing, int)
        return map(self._rule, self._alternatives(thing))

    def _rule(self, alternative: Alternative) -> Rule:
        """What every text of an alternative holds, and what it takes beside that."""
        if isinstance(alternative, Word):
            return Rule(len(alternative.text), {})
        if isinstance(alternative, NumberOf):
            return Rule(len(self.shortest(alternative.expression)), {})
        if isinstance(alternative, StringOf):
            return Rule(2 + len(self.shortest(alternative.expression).encode()), {})
        needs = Counter[Thing]()
        if isinstance(alternative, ArrayOf):
            needs.update(alternative.prefix[: alternative.least])
            more = alternative.least - len(alternative.prefix)
            if more > 0:
                needs[alternative.item(alternative.least)] += more
            return Rule(2 + max(0, alternative.least - 1), needs)
        if isinstance(alternative, CountedArrayOf):
            start = self.arrays.start(alternative)
            return Rule(2, {}) if self.arrays.may_end(start) else Rule(1, {start: 1})
        if alternative.demands:
            return Rule(2, {self.objects.start(alternative): 1})
        must = [(key, state) for key, state, must in alternative.named if must]
        needs.update(state for _, state in must)
        return Rule(2 + sum(4 + len(key) for key, _ in must), needs)
