"""Removes anchors and look-arounds: any syntax tree becomes a plain one for the whole text.

**Anchors.** A node matches a stretch of the text; whether it may depends on what lies around the
stretch only through "nothing before" (``^``) and "nothing after" (``$``). So a node is four plain
languages: P (matches anywhere), S (only at the start of the text), E (only at its end), B (only
both). Sequences, choices and loops of such quadruples are quadruples again (:func:`split`): in a
sequence, what precedes an S match must be empty, and what follows an E match too. Exact, also for
``(^a|b)c``, ``(^|,)x(,|$)`` and anchors in loops.

**Look-aheads** speak of the rest of the text, so they are compiled with their continuation k, the
language of the rest: C((?=X), k) = C(X, any) & k, C((?!X), k) = ~C(X, any) & k. Continuations are
pairs: k at the very start of the text, and k after it, which is what ``^`` distinguishes. Bounded
loops with a look-ahead inside are written out, up to ``MAX_UNROLL`` rounds; of the others the
tempered loop ``((?!X)c)*`` at the end of the text has a form: no position of c's run may start
an X.

**All else** (look-behinds, word boundaries, other loops) becomes an :mod:`automaton`, unless its
:mod:`neighbours` settle it. What is asked at the start of the text, or at its end, the branches of
the whole pattern, and what stands before and after a look-behind are first taken apart, so that
each is as small as it can be.

Invariant: results are plain and denote valid UTF-8 texts only (``Not`` is met with a set of texts).
Cost: linear without look-aheads and anchors within; otherwise a continuation is shared, not copied,
but written out once per use, under :mod:`emit`'s budget. Recursion is bounded by ``MAX_DEPTH``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grammarlib.compiler.regex.automaton import fullmatch_automaton, search_automaton
from grammarlib.compiler.regex.neighbours import settled
from grammarlib.compiler.regex.nodes import (
    ANY_POINT,
    ANYTHING,
    END,
    EPS,
    NEVER,
    START,
    Chars,
    Concat,
    Look,
    Node,
    Repeat,
    Union,
    and_,
    concat,
    is_never,
    not_,
    repeat,
    union,
)
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["fullmatch", "search"]

MAX_DEPTH: Final = 60
"""Deepest nesting of groups around an anchor or a look-ahead."""
MAX_UNROLL: Final = 16
"""Most rounds of a bounded loop around a look-ahead that are written out."""
MAX_STEPS: Final = 20_000
"""Most combinations of quadruples and continuations for one pattern."""
MAX_LOOKS: Final = 256
"""Most look-aheads of one pattern, each as often as loops write it out: they nest in the result."""

_SOMETHING = Repeat(ANY_POINT, 1, None)

Parts = tuple[Node, Node, Node, Node]
"""Indexed by 1 * (needs the start) + 2 * (needs the end)."""
Rest = tuple[Node, Node]
"""Language of the rest of the text: at its very start, and anywhere later."""


def search(node: Node) -> Node:
    """Language of the texts in which ``node`` matches somewhere."""
    node = settled(node)
    if node.plain:
        return _padded(node, left=True, right=True)
    if node.look:
        try:
            first, later = _Lowering().follow(node, (ANYTHING, ANYTHING), 0)
        except _Formless:
            return _apart(node, search) or search_automaton(node)
        if first is later:
            return _padded(first, left=True, right=False)
        return union([first, concat([_SOMETHING, later])])
    simple = _outer_anchors(node)
    if simple is not None:
        start, body, end = simple
        return _padded(body, left=not start, right=not end)
    p, s, e, b = _Lowering().split(node, 0)
    return union(
        [
            _padded(p, left=True, right=True),
            _padded(s, left=False, right=True),
            _padded(e, left=True, right=False),
            b,
        ]
    )


def fullmatch(node: Node) -> Node:
    """Language of the texts that ``node`` matches from start to end."""
    node = settled(node)
    if node.plain:
        return node
    if node.look:
        try:
            return _Lowering().follow(node, (EPS, EPS), 0)[0]
        except _Formless:
            return _apart(node, fullmatch) or fullmatch_automaton(node)
    return union(_Lowering().split(node, 0))


class _Formless(Exception):
    """The algebra has no form for a look-around."""


def _apart(node: Node, lower: Callable[[Node], Node]) -> Node | None:
    """The language by those of the node's branches, or of what is asked at the text's two ends."""
    if isinstance(node, Union):
        return union([lower(item) for item in node.items])
    if not isinstance(node, Concat):
        return None
    items = list(node.items)
    asked: list[Node] = []
    first = int(items[0] is START)
    while (first or lower is fullmatch) and first < len(items) and _is_look(items[first], False):
        asked.append(_asked(items.pop(first)))
    last = len(items) - (items[-1:] == [END])
    while (last < len(items) or lower is fullmatch) and last and _is_look(items[last - 1], True):
        last -= 1
        asked.append(_asked(items.pop(last)))
    return and_([lower(concat(items)), *asked]) if asked else _cut(items, lower)


def _cut(items: list[Node], lower: Callable[[Node], Node]) -> Node | None:
    """The language as that of what precedes a look-behind, and of what follows it.

    Each part is a text of its own if neither asks about the other one.
    """
    at = max([i for i, item in enumerate(items) if _is_look(item, True)], default=-1)
    if at < 0:
        return None
    look = items[at]
    assert isinstance(look, Look)
    if any([_asks(item, True) for item in (*items[:at], look.item)]):
        return None
    if any([_asks(item, False) for item in items[at + 1 :]]):
        return None
    before, after = concat(items[:at]), concat(items[at + 1 :])
    if lower is fullmatch:
        return concat([and_([fullmatch(before), _asked(look)]), fullmatch(after)])
    return concat(
        [and_([search(concat([before, END])), _asked(look)]), search(concat([START, after]))]
    )


def _asks(node: Node, ahead: bool) -> bool:
    """Whether a node asks what follows it, or else what precedes it."""
    stack = [node]
    while stack:
        top = stack.pop()
        if top is (END if ahead else START) or _is_look(top, not ahead):
            return True
        if isinstance(top, Concat | Union):
            stack.extend(top.items)
        elif isinstance(top, Look | Repeat):
            stack.append(top.item)
    return False


def _is_look(node: Node, behind: bool) -> bool:
    return isinstance(node, Look) and node.behind == behind


def _asked(look: Node) -> Node:
    """The texts at whose start, or before whose end, a look-around holds."""
    assert isinstance(look, Look)
    met = search(concat([look.item, END] if look.behind else [START, look.item]))
    return not_(met) if look.negated else met


def _outer_anchors(node: Node) -> tuple[bool, Node, bool] | None:
    """Split ``^body$`` with a plain body, by far the most frequent form."""
    if node is START:
        return True, EPS, False
    if node is END:
        return False, EPS, True
    if not isinstance(node, Concat):
        return None
    items = node.items
    start = items[0] is START
    end = items[-1] is END
    inner = items[start : len(items) - end]
    if not all([item.plain for item in inner]):
        return None
    return start, concat(inner) if inner else EPS, end


def _padded(node: Node, *, left: bool, right: bool) -> Node:
    """``any node any``, without what "any" absorbs at either side.

    any·X = any where X holds the empty text, and any·r{m,n} = any·r{m}: what more than the
    minimum would match, "any" matches as well.
    """
    if is_never(node) or not (left or right):
        return node
    items = list(node.items) if isinstance(node, Concat) else [node]
    if left:
        at = 0
        while at < len(items) and items[at].nullable:
            at += 1
        del items[:at]
        if items:
            items[0] = _at_minimum(items[0])
    if right:
        while items and items[-1].nullable:
            items.pop()
        if items:
            items[-1] = _at_minimum(items[-1])
    if not items:
        return ANYTHING
    if left:
        items.insert(0, ANYTHING)
    if right:
        items.append(ANYTHING)
    return concat(items)


def _at_minimum(node: Node) -> Node:
    return repeat(node.item, node.lo, node.lo) if isinstance(node, Repeat) else node


def _without_empty(node: Node) -> Node:
    """The non-empty texts of a plain node."""
    if not node.nullable:
        return node
    if isinstance(node, Repeat) and not node.item.nullable:
        return repeat(node.item, 1, node.hi)
    if node is EPS:
        return NEVER
    return and_([node, not_(EPS)])


def _only_empty(node: Node) -> Node:
    """The empty text if it is a member."""
    return EPS if node.nullable else NEVER


class _Lowering:
    """One pattern's lowering: counts its steps."""

    def __init__(self) -> None:
        self.steps = 0
        self.looks = 0

    def enter(self, depth: int) -> int:
        """Count a step and bound the recursion."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise CompileBudgetExceeded(f"{MAX_STEPS} steps to place a pattern's anchors")
        if depth > MAX_DEPTH:
            raise CompileBudgetExceeded(f"{MAX_DEPTH} nested groups around an anchor")
        return depth + 1

    # -- anchors ------------------------------------------------------------------------------

    def split(self, node: Node, depth: int) -> Parts:
        """The four languages of a node without look-aheads."""
        if node.plain:
            return (node, NEVER, NEVER, NEVER)
        if node is START:
            return (NEVER, EPS, NEVER, NEVER)
        if node is END:
            return (NEVER, NEVER, EPS, NEVER)
        depth = self.enter(depth)
        if isinstance(node, Union):
            parts = [self.split(item, depth) for item in node.items]
            return (
                union([x[0] for x in parts]),
                union([x[1] for x in parts]),
                union([x[2] for x in parts]),
                union([x[3] for x in parts]),
            )
        if isinstance(node, Concat):
            # Plain stretches are joined first: each join of quadruples costs up to 16 products.
            run: list[Node] = []
            result: Parts = (EPS, NEVER, NEVER, NEVER)
            for item in node.items:
                if item.plain:
                    run.append(item)
                    continue
                if run:
                    result = self.join(result, (concat(run), NEVER, NEVER, NEVER))
                    run = []
                result = self.join(result, self.split(item, depth))
            return self.join(result, (concat(run), NEVER, NEVER, NEVER)) if run else result
        assert isinstance(node, Repeat)
        return self.loop(self.split(node.item, depth), node.lo, node.hi)

    def join(self, x: Parts, y: Parts) -> Parts:
        """Sequence of two quadruples."""
        self.enter(0)
        sums: tuple[list[Node], ...] = ([], [], [], [])
        for i, a in enumerate(x):
            if is_never(a):
                continue
            for j, b in enumerate(y):
                if is_never(b):
                    continue
                # y needs the start: x is empty there. x needs the end: so is y.
                left = _only_empty(a) if j & 1 else a
                right = _only_empty(b) if i & 2 else b
                sums[i | j].append(concat([left, right]))
        return (
            union(sums[0]) if sums[0] else NEVER,
            union(sums[1]) if sums[1] else NEVER,
            union(sums[2]) if sums[2] else NEVER,
            union(sums[3]) if sums[3] else NEVER,
        )

    def loop(self, parts: Parts, lo: int, hi: int | None) -> Parts:
        """Repetition of a quadruple.

        In a run of rounds, all before a round that needs the start are empty, and so are all after
        one that needs the end; such rounds may be moved to the run's ends. So a run is: at most one
        S round that counts, P rounds, at most one E round that counts, and empty rounds (*fill*)
        that make up the minimum if some round can be empty. A B round is alone with its fill.
        """
        p, s, e, b = parts
        less = None if hi is None else hi - 1
        fill_start = p.nullable or s.nullable
        fill_end = p.nullable or e.nullable
        fill = fill_start or e.nullable
        at_start = concat([s, repeat(p, 0 if fill_start else max(lo - 1, 0), less)])
        at_end = concat([repeat(p, 0 if fill_end else max(lo - 1, 0), less), e])
        both = [b if lo <= 1 or fill else _only_empty(b)]
        if hi is None or hi >= 2:
            inner = repeat(p, 0 if fill else max(lo - 2, 0), None if hi is None else hi - 2)
            both.append(concat([s, inner, e]))
        return (repeat(p, lo, hi), at_start, at_end, union(both))

    # -- look-aheads --------------------------------------------------------------------------

    def follow(self, node: Node, rest: Rest, depth: int) -> Rest:
        """Language of "a match of ``node``, then ``rest``"; equal halves stay the same object."""
        first, later = rest
        if not node.look:
            return self.follow_plain(self.split(node, depth), first, later)
        depth = self.enter(depth)
        if isinstance(node, Look):
            if node.behind:
                raise _Formless
            self.looks += 1
            if self.looks > MAX_LOOKS:
                raise CompileBudgetExceeded(f"{MAX_LOOKS} look-aheads in a pattern")
            met, met_later = self.follow(node.item, (ANYTHING, ANYTHING), depth)
            same = met is met_later and first is later
            if node.negated:
                met, met_later = not_(met), not_(met_later)
            a = and_([met, first])
            return (a, a if same else and_([met_later, later]))
        if isinstance(node, Concat):
            # Stretches without look-aheads are joined first, so that they are split only once.
            run: list[Node] = []
            for item in reversed(node.items):
                if not item.look:
                    run.append(item)
                    continue
                if run:
                    rest = self.follow(concat(run[::-1]), rest, depth)
                    run = []
                rest = self.follow(item, rest, depth)
            return self.follow(concat(run[::-1]), rest, depth) if run else rest
        if isinstance(node, Union):
            # Branches without look-aheads share one copy of the continuation.
            blind = [item for item in node.items if not item.look]
            seen = [self.follow(item, rest, depth) for item in node.items if item.look]
            if blind:
                seen.append(self.follow(union(blind), rest, depth))
            return _either(seen)
        assert isinstance(node, Repeat)
        return self.follow_loop(node, rest, depth)

    def follow_plain(self, parts: Parts, first: Node, later: Node) -> Rest:
        """:meth:`follow` for a node without look-aheads, given its quadruple."""
        p, s, e, b = parts
        ended, ended_later = _only_empty(first), _only_empty(later)
        not_first = union([concat([p, later]), concat([e, ended_later])])
        if first is later:
            if is_never(s) and is_never(b):
                return (not_first, not_first)
            at_start = union([concat([union([p, s]), first]), concat([union([e, b]), ended])])
            return (at_start, not_first)
        # At the start, what consumes nothing stays there: only it meets the first half of the rest.
        ways = []
        for here, k, k_later in (
            (union([p, s]), first, later),
            (union([e, b]), ended, ended_later),
        ):
            ways.append(concat([_without_empty(here), k_later]))
            if here.nullable:
                ways.append(k)
        return (union(ways), not_first)

    def follow_loop(self, node: Repeat, rest: Rest, depth: int) -> Rest:
        """:meth:`follow` for a loop around a look-ahead."""
        if rest == (EPS, EPS):
            tempered = self.tempered(node, depth)
            if tempered is not None:
                return tempered
        if node.hi is None or node.hi > MAX_UNROLL:
            raise _Formless
        result = rest
        for _ in range(node.hi - node.lo):
            result = _either([rest, self.follow(node.item, result, depth)])
        for _ in range(node.lo):
            result = self.follow(node.item, result, depth)
        return result

    def tempered(self, node: Repeat, depth: int) -> Rest | None:
        """``((?!X)c)*`` with nothing after it: c's run, minus those where an X starts within."""
        items = node.item.items if isinstance(node.item, Concat) else ()
        if len(items) < 2 or not isinstance(items[-1], Chars):
            return None
        looks = items[:-1]
        bad_first: list[Node] = []
        bad_later: list[Node] = []
        for look in looks:
            if not isinstance(look, Look) or look.behind:
                return None
            met, met_later = self.follow(look.item, (ANYTHING, ANYTHING), depth)
            if not look.negated:
                met = and_([not_(met), ANYTHING])
                met_later = and_([not_(met_later), ANYTHING])
            # The position after the run is not the loop's: something must follow a bad one.
            bad_first.append(_without_empty(met))
            bad_later.append(_without_empty(met_later))
        run = repeat(items[-1], node.lo, node.hi)
        after_start = concat([_SOMETHING, union(bad_later)])
        later = concat([ANYTHING, union(bad_later)])
        return (
            and_([run, not_(union([*bad_first, after_start]))]),
            and_([run, not_(later)]),
        )


def _either(rests: list[Rest]) -> Rest:
    if all([first is later for first, later in rests]):
        both = union([first for first, _ in rests])
        return (both, both)
    return (union([first for first, _ in rests]), union([later for _, later in rests]))
