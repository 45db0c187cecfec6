"""Syntax trees of regular expressions, shared by all pattern dialects.

A dialect's parser builds these nodes with the constructor functions below (:func:`concat`,
:func:`union`, ...), which simplify as they build: adjacent texts are joined, alternatives of one
character become one class, nested repetitions are merged where that is exact. Then
:mod:`grammarlib.compiler.regex.lower` removes anchors and look-arounds, and
:mod:`grammarlib.compiler.regex.emit` writes the program.

Invariants: nodes are never changed after they are built, so they may be shared; a *plain* node
holds neither anchors nor look-arounds and denotes a set of valid UTF-8 texts (:class:`Not` alone
denotes other byte strings too and occurs only inside :class:`And`, next to a set of texts);
``nullable`` (the empty text is a member) is exact for plain nodes and meaningless for others.
The constructors keep the language and flatten nested nodes of their own kind.

Cost: 0.3 to 0.5 µs a node. Rejected: frozen dataclasses (three times as long to build, and pattern
compilation is dominated by building nodes).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grammarlib.compiler.regex.program import (
    ANY_CHAR,
    MAX_CODE_POINT,
    MAX_COUNT,
    Ranges,
    encode_class,
    normalize_ranges,
)

__all__ = [
    "ANYTHING",
    "ANY_POINT",
    "END",
    "EPS",
    "NEVER",
    "START",
    "Anchor",
    "And",
    "Automaton",
    "Chars",
    "Concat",
    "Look",
    "Node",
    "Not",
    "Repeat",
    "Text",
    "Union",
    "and_",
    "boundary",
    "chars",
    "concat",
    "line_end",
    "line_start",
    "not_",
    "repeat",
    "union",
]


class Node:
    """Base of all nodes."""

    __slots__ = ("look", "nullable", "plain")

    nullable: bool
    """The empty text is a member (plain nodes only)."""
    plain: bool
    """Holds neither anchors nor look-arounds."""
    look: bool
    """Holds look-arounds."""


class Chars(Node):
    """One code point out of normal ranges (:func:`program.normalize_ranges`); none: no text."""

    __slots__ = ("code", "ranges")

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges
        self.code = encode_class(ranges)
        self.nullable = False
        self.plain = True
        self.look = False


class Text(Node):
    """Exactly this text, free of surrogates."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value
        self.nullable = not value
        self.plain = True
        self.look = False


class Concat(Node):
    """Its items in sequence; at least two."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Node]) -> None:
        self.items = items
        nullable = plain = True
        look = False
        for item in items:
            if not item.nullable:
                nullable = False
            if not item.plain:
                plain = False
                if item.look:
                    look = True
        self.nullable = nullable
        self.plain = plain
        self.look = look


class Union(Node):
    """Any of its items; at least two."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Node]) -> None:
        self.items = items
        self.nullable = any([item.nullable for item in items])
        self.plain = all([item.plain for item in items])
        self.look = any([item.look for item in items])


class And(Node):
    """The intersection of its items, all plain; at least two."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Node]) -> None:
        self.items = items
        self.nullable = all([item.nullable for item in items])
        self.plain = True
        self.look = False


class Not(Node):
    """All byte strings but those of its plain item."""

    __slots__ = ("item",)

    def __init__(self, item: Node) -> None:
        self.item = item
        self.nullable = not item.nullable
        self.plain = True
        self.look = False


class Repeat(Node):
    """From ``lo`` to ``hi`` of its item in sequence; ``hi`` is ``None`` for no bound."""

    __slots__ = ("hi", "item", "lo")

    def __init__(self, item: Node, lo: int, hi: int | None) -> None:
        self.item = item
        self.lo = lo
        self.hi = hi
        self.nullable = lo == 0 or item.nullable
        self.plain = item.plain
        self.look = item.look


class Anchor(Node):
    """The empty text, where nothing of the whole text precedes (START) or follows (END)."""

    __slots__ = ()

    def __init__(self) -> None:
        self.nullable = False
        self.plain = False
        self.look = False


class Automaton(Node):
    """The texts of an automaton, given as its program."""

    __slots__ = ("code",)

    def __init__(self, code: bytes, nullable: bool) -> None:
        self.code = code
        self.nullable = nullable
        self.plain = True
        self.look = False


class Look(Node):
    """The empty text, where what follows begins with a match of ``item`` (or does not).

    With ``behind``, where what precedes ends with one.
    """

    __slots__ = ("behind", "item", "negated")

    def __init__(self, item: Node, negated: bool, behind: bool = False) -> None:
        self.item = item
        self.negated = negated
        self.behind = behind
        self.nullable = False
        self.plain = False
        self.look = True


EPS = Text("")
"""The empty text."""
NEVER = Chars(())
"""No text at all."""
START = Anchor()
END = Anchor()
ANY_POINT = Chars(normalize_ranges([(0, MAX_CODE_POINT)]))
ANYTHING = Repeat(ANY_POINT, 0, None)
"""Any valid UTF-8 text."""
assert ANY_POINT.code == ANY_CHAR


def boundary(word: Chars, negated: bool) -> Node:
    """The empty text, where one side is a character of words and the other is not (or is alike)."""
    return union(
        [
            concat([Look(word, before, behind=True), Look(word, before == negated)])
            for before in (False, True)
        ]
    )


def line_start(terminators: Chars) -> Node:
    """The empty text, at the start of the text or of a line."""
    return union([START, Look(terminators, negated=False, behind=True)])


def line_end(terminators: Chars) -> Node:
    """The empty text, at the end of the text or of a line."""
    return union([END, Look(terminators, negated=False)])


def chars(ranges: Iterable[tuple[int, int]]) -> Chars:
    """One code point out of these ranges, in any order."""
    return Chars(normalize_ranges(ranges))


def is_never(node: Node) -> bool:
    """Whether the node is the empty set by its form (the constructors propagate it)."""
    return isinstance(node, Chars) and not node.ranges


def concat(items: Sequence[Node]) -> Node:
    """Sequence of items: flattened, adjacent texts joined, the empty text left out."""
    if len(items) == 1:
        return items[0]
    out: list[Node] = []
    text: list[str] = []
    work = items
    for item in items:
        if item.__class__ is Concat:
            work = [x for i in items for x in (i.items if isinstance(i, Concat) else (i,))]
            break
    for item in work:
        if item.__class__ is Text:
            text.append(item.value)
            continue
        if item.__class__ is Chars and not item.ranges:
            return NEVER
        if text:
            joined = "".join(text)
            text = []
            if joined:
                out.append(Text(joined))
        out.append(item)
    if text:
        joined = "".join(text)
        if joined:
            out.append(Text(joined))
    if not out:
        return EPS
    return out[0] if len(out) == 1 else Concat(out)


def union(items: Sequence[Node]) -> Node:
    """Choice of items: flattened, one-character items merged, the empty text as ``?``."""
    if len(items) == 1:
        return items[0]
    out: list[Node] = []
    ranges: list[tuple[int, int]] = []
    empty = False
    work = items
    for item in items:
        if item.__class__ is Union:
            work = [x for i in items for x in (i.items if isinstance(i, Union) else (i,))]
            break
    for item in work:
        if isinstance(item, Text):
            if len(item.value) == 1:
                point = ord(item.value)
                ranges.append((point, point))
                continue
            if not item.value:
                empty = True
                continue
        elif isinstance(item, Chars):
            ranges.extend(item.ranges)
            continue
        out.append(item)
    if ranges:
        merged = normalize_ranges(ranges)
        if merged:
            point, last = merged[0]
            single = len(merged) == 1 and point == last
            out.insert(0, Text(chr(point)) if single else Chars(merged))
    if not out:
        return EPS if empty else NEVER
    if empty:
        if all([item.plain for item in out]):
            one = out[0] if len(out) == 1 else Union(out)
            return one if one.nullable else repeat(one, 0, 1)
        out.append(EPS)
    return out[0] if len(out) == 1 else Union(out)


def repeat(item: Node, lo: int, hi: int | None) -> Node:
    """Repetition; nested bounds are merged where the counts that can occur leave no gap."""
    if hi == 0:
        return EPS
    if lo == 1 and hi == 1:
        return item
    if isinstance(item, Text) and not item.value:
        return EPS
    if isinstance(item, Chars):
        return Repeat(item, lo, hi) if item.ranges else NEVER if lo else EPS
    if isinstance(item, Look):
        # An iteration that consumes nothing adds nothing: ECMA-262, RepeatMatcher.
        return item if lo else EPS
    if item.plain and item.nullable:
        if hi == 1:
            return item
        lo = 0
    if isinstance(item, Repeat) and item.plain:
        merged = _merge_bounds(item.lo, item.hi, lo, hi)
        if merged is not None:
            return Repeat(item.item, *merged)
    return Repeat(item, lo, hi)


def _merge_bounds(a: int, b: int | None, c: int, d: int | None) -> tuple[int, int | None] | None:
    """Bounds of ``(r{a,b}){c,d}`` as one repetition of r, or None where there is none.

    ``n`` rounds give every count from ``a*n`` to ``b*n``; the rounds c..d leave no gap between
    them if the first two do not.
    """
    if b is None:
        gapless = c >= 1 or a <= 1
    else:
        gapless = c == d or a * (c + 1) <= b * c + 1
    lo = a * c
    hi = None if b is None or d is None else b * d
    if not gapless or lo > MAX_COUNT or (hi is not None and hi > MAX_COUNT):
        return None
    return lo, hi


def and_(items: Sequence[Node]) -> Node:
    """Intersection of plain items; ``ANYTHING`` is left out beside another set of texts."""
    out: list[Node] = []
    texts = False
    for item in [x for i in items for x in (i.items if isinstance(i, And) else (i,))]:
        if is_never(item):
            return NEVER
        if item is not ANYTHING and item not in out:
            out.append(item)
            texts = texts or item.__class__ is not Not
    if not texts:
        # Complements reach outside the texts: the invariant gives them ANYTHING as company.
        out.append(ANYTHING)
    if any([item is EPS for item in out]):
        return EPS if all([item.nullable for item in out]) else NEVER
    return out[0] if len(out) == 1 else And(out)


def not_(item: Node) -> Node:
    """Complement of a plain item, among all byte strings."""
    return item.item if isinstance(item, Not) else Not(item)
