"""A slow recogniser of regex programs, byte by byte: members, and beginnings of members.

Brzozowski's derivatives over plain terms. A term is a number of a `Terms` table; equal terms have
one number, and unions and intersections are sets, so a term has finitely many derivatives. Whether
a term has a member at all is found by trying: all its derivatives, one for each class of bytes.

It decodes programs with `tests.oracle.regex_program` and shares nothing else with it or with the
code that it judges. Cost: a few µs a byte for small terms; the search for a member is bounded by
``LIMIT`` terms and raises `Undecided` past that; spelled multiples have a term for each beginning,
so searches among them end sooner.
"""

from __future__ import annotations

from tests.oracle.multiples import Multiples
from tests.oracle.regex_program import Tree, read

LIMIT = 20_000
SPELLED = 300
SCALARS = ((0, 0xD7FF), (0xE000, 0x10FFFF))

Node = tuple[object, ...]
Ranges = tuple[tuple[int, int], ...]

NOTHING, EMPTY = 0, 1  # the terms without a member, and of the empty string alone


class Undecided(Exception):
    """A term with more derivatives than the search may look at."""


class Terms:
    """A table of terms."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._index: dict[Node, int] = {}
        self._nullable: list[bool] = []
        self._positive: list[bool] = []  # holds neither intersection, complement nor automaton
        self._spelled: list[bool] = []  # multiples are in it
        self._derived: dict[tuple[int, int], int] = {}
        self._live: dict[int, bool] = {NOTHING: False}
        assert self._add(("nothing",), False) == NOTHING
        assert self._add(("empty",), True) == EMPTY
        self.text = self.repeat(self._add(("char", SCALARS), False), 0, None)

    # -- making terms ---------------------------------------------------------------------------

    def _add(self, node: Node, nullable: bool, *parts: int) -> int:
        if node not in self._index:
            self._index[node] = len(self.nodes)
            self.nodes.append(node)
            self._nullable.append(nullable)
            plain = node[0] not in ("and", "not", "state") and all(
                self._positive[part] for part in parts
            )
            self._positive.append(plain)
            spelled = node[0] == "multiples" or any(self._spelled[part] for part in parts)
            self._spelled.append(spelled)
        return self._index[node]

    def program(self, program: bytes) -> int:
        """The term of a program."""
        return self.tree(read(program))

    def tree(self, tree: Tree) -> int:
        parts = [self.tree(part) for part in tree.parts]
        if tree.code == 4:
            return self.literal(tree.data)
        if tree.code in (2, 3):
            ranges = tuple(tree.ranges)
            kind = "char" if tree.code == 2 else "byte"
            return self._add((kind, ranges), False) if ranges else NOTHING
        if tree.code == 5:
            result = EMPTY
            for part in reversed(parts):
                result = self.cat(part, result)
            return result
        if tree.code == 6:
            return self.union(parts)
        if tree.code == 7:
            return self.both(parts)
        if tree.code == 8:
            return self.complement(parts[0])
        if tree.code == 9:
            return self.repeat(parts[0], tree.lo, tree.hi)
        if tree.multiples is not None:
            return self._begun(tree.multiples, b"")
        if tree.code == 13:
            states = tuple((bool(accepts), tuple(arms)) for accepts, arms in tree.states)
            return self._add(("state", states, 0), states[0][0])
        return tree.code  # 0 and 1

    def literal(self, data: bytes) -> int:
        result = EMPTY
        for byte in reversed(data):
            result = self.cat(self._add(("byte", ((byte, byte),)), False), result)
        return result

    def _begun(self, multiples: Multiples, read: bytes) -> int:
        """What may follow the beginning of a spelling."""
        if not multiples.begun(read):
            return NOTHING
        return self._add(("multiples", multiples, read), multiples.holds(read))

    def cat(self, first: int, second: int) -> int:
        if NOTHING in (first, second):
            return NOTHING
        if first == EMPTY or second == EMPTY:
            return second if first == EMPTY else first
        node = self.nodes[first]
        if node[0] == "cat":  # to the right, so that equal languages are equal terms more often
            _, head, tail = node
            assert isinstance(head, int)
            assert isinstance(tail, int)
            return self.cat(head, self.cat(tail, second))
        both = self._nullable[first] and self._nullable[second]
        return self._add(("cat", first, second), both, first, second)

    def union(self, parts: list[int]) -> int:
        members = self._flat("or", parts) - {NOTHING}
        if len(members) < 2:
            return members.pop() if members else NOTHING
        nullable = any(self._nullable[part] for part in members)
        return self._add(("or", *sorted(members)), nullable, *members)

    def both(self, parts: list[int]) -> int:
        members = self._flat("and", parts)
        if NOTHING in members:
            return NOTHING
        if len(members) == 1:
            return members.pop()
        nullable = all(self._nullable[part] for part in members)
        return self._add(("and", *sorted(members)), nullable, *members)

    def _flat(self, kind: str, parts: list[int]) -> set[int]:
        members: set[int] = set()
        for part in parts:
            node = self.nodes[part]
            inner = node[1:] if node[0] == kind else (part,)
            members.update(member for member in inner if isinstance(member, int))
        return members

    def complement(self, part: int) -> int:
        node = self.nodes[part]
        if node[0] == "not":
            assert isinstance(node[1], int)
            return node[1]
        return self._add(("not", part), not self._nullable[part], part)

    def repeat(self, part: int, least: int, most: int | None) -> int:
        if self._nullable[part]:
            least = 0
        if most == 0 or part == EMPTY or (part == NOTHING and least == 0):
            return EMPTY
        if part == NOTHING or (least, most) == (1, 1):
            return part
        return self._add(("repeat", part, least, most), least == 0, part)

    # -- reading bytes --------------------------------------------------------------------------

    def nullable(self, term: int) -> bool:
        """Whether the empty string is a member."""
        return self._nullable[term]

    def read(self, term: int, data: bytes) -> int:
        """What may follow ``data`` in members."""
        for byte in data:
            term = self.derive(term, byte)
        return term

    def derive(self, term: int, byte: int) -> int:
        key = (term, byte)
        if key not in self._derived:
            self._derived[key] = self._derive(self.nodes[term], byte)
        return self._derived[key]

    def _derive(self, node: Node, byte: int) -> int:
        kind, *rest = node
        operands: list[int] = rest  # type: ignore[assignment]
        if kind == "byte":
            return EMPTY if any(lo <= byte <= hi for lo, hi in _ranges(node)) else NOTHING
        if kind == "char":
            return self._lead(_ranges(node), byte)
        if kind == "tail":
            return self._tail(node, byte)
        if kind == "multiples":
            multiples, read = rest
            assert isinstance(multiples, Multiples)
            assert isinstance(read, bytes)
            return self._begun(multiples, read + bytes([byte]))
        if kind == "state":
            return self._arms(node, byte)
        if kind == "or":
            return self.union([self.derive(part, byte) for part in operands])
        if kind == "and":
            return self.both([self.derive(part, byte) for part in operands])
        if kind == "not":
            return self.complement(self.derive(operands[0], byte))
        if kind == "cat":
            first, second = operands
            through = self.cat(self.derive(first, byte), second)
            if not self._nullable[first]:
                return through
            return self.union([through, self.derive(second, byte)])
        if kind == "repeat":
            part, least, most = rest
            assert isinstance(part, int)
            assert isinstance(least, int)
            assert most is None or isinstance(most, int)
            fewer = self.repeat(part, max(least - 1, 0), None if most is None else most - 1)
            return self.cat(self.derive(part, byte), fewer)
        return NOTHING

    def _arms(self, node: Node, byte: int) -> int:
        """After the first byte of a character that leads from a state of an automaton."""
        states, at = node[1], node[2]
        assert isinstance(states, tuple)
        ways = []
        for lo, hi, to in states[at][1]:
            state = self._add(("state", states, to), states[to][0])
            ways.append(self.cat(self._lead(((lo, hi),), byte), state))
        return self.union(ways)

    def _lead(self, ranges: Ranges, byte: int) -> int:
        """After the first byte of a code point."""
        if byte < 0x80:
            return EMPTY if any(lo <= byte <= hi for lo, hi in ranges) else NOTHING
        for least, mask, first, more in _LEADS:
            if first <= byte <= first | mask:
                start = (byte & mask) << 6 * more
                return self._rest(ranges, max(start, least), start, more)
        return NOTHING

    def _tail(self, node: Node, byte: int) -> int:
        """After a continuation byte; the ranges count from the first code point that is left."""
        more = node[2]
        assert isinstance(more, int)
        if not 0x80 <= byte < 0xC0:
            return NOTHING
        start = (byte & 0x3F) << 6 * (more - 1)
        return self._rest(_ranges(node), start, start, more - 1)

    def _rest(self, ranges: Ranges, least: int, start: int, more: int) -> int:
        last = start + (1 << 6 * more) - 1
        inside = [(max(lo, least), min(hi, last)) for lo, hi in ranges]
        left = tuple((lo - start, hi - start) for lo, hi in inside if lo <= hi)
        if not left or more == 0:
            return EMPTY if left else NOTHING
        return self._add(("tail", left, more), False)

    # -- is there a member? ---------------------------------------------------------------------

    def live(self, term: int) -> bool:
        """Whether the term has a member.

        Raises
        ------
        Undecided
            The search met ``LIMIT`` terms.
        """
        if self._positive[term]:
            return term != NOTHING
        if term in self._live:
            return self._live[term]
        parents = {term: term}
        stack = [term]
        limit = SPELLED if self._spelled[term] else LIMIT
        while stack:
            at = stack.pop()
            found = self._nullable[at] or self._live.get(at, self._positive[at] and at != NOTHING)
            if found:
                while at != parents[at]:
                    self._live[at] = True
                    at = parents[at]
                self._live[at] = True
                return True
            if len(parents) > limit:
                raise Undecided(f"more than {limit} derivatives")
            for byte in sorted(self._cuts(at), reverse=True):
                to = self.derive(at, byte)
                if to not in parents and self._live.get(to, True):
                    parents[to] = at
                    stack.append(to)
        for at in parents:
            self._live[at] = False
        return False

    def members(self, term: int, most: int) -> list[bytes] | None:
        """The members; ``None`` where there are more than ``most``."""
        found: list[bytes] = []
        begun = [(b"", term)] if self.live(term) else []
        while begun:
            found += [text for text, at in begun if self._nullable[at]]
            longer = []
            for text, at in begun:
                for byte in range(256):
                    to = self.derive(at, byte)
                    if to != NOTHING and self.live(to):
                        longer.append((text + bytes([byte]), to))
                if len(longer) + len(found) > most:  # each is the beginning of another member
                    return None
            begun = longer
        return found

    def _cuts(self, term: int) -> set[int]:
        """One byte of each class that the term may tell apart, and more."""
        node = self.nodes[term]
        cuts = {0}
        if node[0] == "byte":
            for lo, hi in _ranges(node):
                cuts |= {lo, hi + 1}
        elif node[0] == "char":
            cuts |= {0x80, 0xC2, 0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5}
            for lo, hi in _ranges(node):
                for point in (lo, hi):
                    lead = chr(point).encode()[0]
                    cuts |= {lead, lead + 1}
        elif node[0] == "tail":
            shift = 6 * (int(str(node[2])) - 1)
            cuts |= {0x80, 0xC0}
            for lo, hi in _ranges(node):
                first, last = 0x80 + (lo >> shift), 0x80 + (hi >> shift)
                cuts |= {first, first + 1, last, last + 1}
        elif node[0] == "state":
            cuts |= set(range(256))
        elif node[0] == "multiples":
            cuts |= set(b"+,-./0123456789:EFef")
        elif node[0] == "repeat":
            assert isinstance(node[1], int)
            cuts |= self._cuts(node[1])
        else:
            for part in node[1:]:
                assert isinstance(part, int)
                cuts |= self._cuts(part)
        return {cut for cut in cuts if cut < 256}


# The least code point, the bits of the lead byte, its least value, how many bytes follow.
_LEADS = ((0x80, 0x1F, 0xC0, 1), (0x800, 0x0F, 0xE0, 2), (0x10000, 0x07, 0xF0, 3))


def _ranges(node: Node) -> Ranges:
    ranges = node[1]
    assert isinstance(ranges, tuple)
    return ranges


def begins(program: bytes, data: bytes) -> bool:
    """Whether some member of the program begins with ``data``."""
    terms = Terms()
    return terms.live(terms.read(terms.program(program), data))


def accepts(program: bytes, data: bytes) -> bool:
    """Whether ``data`` is a member of the program."""
    terms = Terms()
    return terms.nullable(terms.read(terms.program(program), data))
