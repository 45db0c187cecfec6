"""A slow, obvious evaluator of regex programs, kept apart from the code it judges.

It shares only the byte format with ``grammarlib.compiler.regex``: it decodes programs itself, and
finds for every operand and start the set of ends (a bit set over positions) by the definitions of
the operations. Cost: operands x positions squared; meant for texts of tens of bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.multiples import Multiples


@dataclass
class Tree:
    code: int
    ranges: list[tuple[int, int]] = field(default_factory=list)
    data: bytes = b""
    lo: int = 0
    hi: int | None = None
    multiples: Multiples | None = None
    states: list[tuple[int, list[tuple[int, int, int]]]] = field(default_factory=list)
    parts: list[Tree] = field(default_factory=list)


def read(program: bytes) -> Tree:
    """Decode a program into a tree, by the format's definition."""
    stack: list[Tree] = []
    kept: dict[int, Tree] = {}
    at = 0

    def number() -> int:
        nonlocal at
        value, shift = 0, 0
        while program[at] & 0x80:
            value |= (program[at] & 0x7F) << shift
            shift += 7
            at += 1
        value |= program[at] << shift
        at += 1
        return value

    while at < len(program):
        code = program[at]
        at += 1
        if code == 11:
            kept[number()] = stack.pop()
            continue
        if code == 12:
            stack.append(kept[number()])
            continue
        tree = Tree(code)
        if code in (2, 3):
            tree.ranges = [(number(), number()) for _ in range(number())]
        elif code == 4:
            length = number()
            tree.data = program[at : at + length]
            assert len(tree.data) == length
            at += length
        elif code in (5, 6, 7):
            count = number()
            assert 0 < count <= len(stack)
            tree.parts = stack[-count:]
            del stack[-count:]
        elif code == 8:
            tree.parts = [stack.pop()]
        elif code == 9:
            tree.lo = number()
            bound = number()
            tree.hi = bound - 1 if bound else None
            tree.parts = [stack.pop()]
        elif code == 10:
            spelling, modulus, places = number(), number(), number()
            bounds = []
            for _ in range(2):
                length = number()
                bounds.append(program[at : at + length].decode())
                at += length
            low, high = bounds
            tree.multiples = Multiples(
                spelling, modulus, places, int(low), int(high) if high else None
            )
        elif code == 13:
            for _ in range(number()):
                accepts = number()
                arms = [(number(), number(), number()) for _ in range(number())]
                tree.states.append((accepts, arms))
        else:
            assert code in (0, 1), f"unknown code {code}"
        stack.append(tree)
    assert len(stack) == 1
    return stack[0]


class Matcher:
    """One program against one byte string."""

    def __init__(self, tree: Tree, data: bytes) -> None:
        self.tree = tree
        self.data = data
        self.memo: dict[tuple[int, int], int] = {}

    def matches(self) -> bool:
        return bool(self.ends(self.tree, 0) >> len(self.data) & 1)

    def ends(self, tree: Tree, start: int) -> int:
        """Bit set of the positions where a member of ``tree`` that begins at ``start`` ends."""
        key = (id(tree), start)
        if key not in self.memo:
            self.memo[key] = self._ends(tree, start)
        return self.memo[key]

    def after(self, tree: Tree, starts: int) -> int:
        result = 0
        for position in range(len(self.data) + 1):
            if starts >> position & 1:
                result |= self.ends(tree, position)
        return result

    def _ends(self, tree: Tree, start: int) -> int:
        data, size = self.data, len(self.data)
        if tree.code == 0:
            return 0
        if tree.code == 1:
            return 1 << start
        if tree.code == 2:
            for length in (1, 2, 3, 4):
                try:
                    char = data[start : start + length].decode()
                except UnicodeDecodeError:
                    continue
                if len(char) == 1:
                    hit = any(lo <= ord(char) <= hi for lo, hi in tree.ranges)
                    return 1 << start + length if hit else 0
            return 0
        if tree.code == 3:
            hit = start < size and any(lo <= data[start] <= hi for lo, hi in tree.ranges)
            return 1 << start + 1 if hit else 0
        if tree.code == 4:
            return 1 << start + len(tree.data) if data.startswith(tree.data, start) else 0
        if tree.code == 5:
            reached = 1 << start
            for part in tree.parts:
                reached = self.after(part, reached)
            return reached
        if tree.code == 6:
            reached = 0
            for part in tree.parts:
                reached |= self.ends(part, start)
            return reached
        if tree.code == 7:
            reached = -1
            for part in tree.parts:
                reached &= self.ends(part, start)
            return reached
        if tree.code == 8:
            later = (1 << size + 1) - (1 << start)
            return later & ~self.ends(tree.parts[0], start)
        if tree.code == 13:
            return self._run(tree, start)
        if tree.multiples is not None:
            ends = range(start, size + 1)
            return sum(1 << end for end in ends if tree.multiples.holds(data[start:end]))
        return self._repeat(tree, start)

    def _run(self, tree: Tree, start: int) -> int:
        """Ends of the texts of an automaton, character by character."""
        ends, state = 0, 0
        while True:
            accepts, arms = tree.states[state]
            ends |= accepts << start
            char = next(
                (
                    self.data[start : start + size].decode()
                    for size in (1, 2, 3, 4)
                    if _is_char(self.data[start : start + size])
                ),
                None,
            )
            after = [to for lo, hi, to in arms if char is not None and lo <= ord(char) <= hi]
            if not after or char is None:
                return ends
            assert len(after) == 1
            state = after[0]
            start += len(char.encode())

    def _repeat(self, tree: Tree, start: int) -> int:
        body = tree.parts[0]
        # r{m,n} with a nullable r is r{0,n}; with another r, sets die out after len(data) rounds.
        lo = 0 if self.ends(body, start) >> start & 1 else tree.lo
        reached = 1 << start
        result = reached if lo == 0 else 0
        rounds = 0
        while reached and (tree.hi is None or rounds < tree.hi):
            after = self.after(body, reached)
            rounds += 1
            if rounds >= lo:
                if after | result == result and lo == 0:
                    break
                result |= after
            reached = after
        return result


def _is_char(data: bytes) -> bool:
    try:
        return len(data.decode()) == 1
    except UnicodeDecodeError:
        return False


def matches(program: bytes, text: str | bytes) -> bool:
    """Whether the text (as UTF-8) is in the language of the program."""
    data = text.encode() if isinstance(text, str) else text
    return Matcher(read(program), data).matches()
