"""What a terminal costs: estimates of its automaton, read off its program.

*Purpose.* Folding joins terminals only where that is cheap (``folding``); this says what is.
Nothing here decides a language.

*Estimates.* ``size``: how many states, counted loops taken as one round (counts stay symbolic in
the core). ``broad``: at how many places a loop goes over most letters, so that a state in it keeps
a large part of any vocabulary alive. ``wide``: a single character may be most letters.

*Cost.* One decoding of the program. One of more than ``MAX_BYTES`` is not looked into: it is too
large for folding whatever is in it, and decoding a million names takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from grammarlib.compiler.regex.program import Ranges, decode

__all__ = ["Measure", "concatenated", "measure", "repeated", "united"]

MAX_BYTES: Final = 1 << 16
"""The longest program that is looked into."""
_WIDE: Final = 24  # of 95 printable characters: hexadecimal digits are not, letters of one case are


class Measure(NamedTuple):
    """Estimates of one language; see the module."""

    nullable: bool
    size: int
    broad: int
    wide: bool


_NONE: Final = Measure(False, 0, 0, False)
_EPSILON: Final = Measure(True, 0, 0, False)


def measure(program: bytes) -> Measure:
    """Estimate what the terminal of a program costs."""
    if len(program) > MAX_BYTES:
        return Measure(False, len(program), 1, True)
    stack: list[Measure] = []
    kept: dict[int, Measure] = {}
    for step in decode(program):
        match step.name:
            case "EMPTY":
                made = _NONE
            case "EPSILON":
                made = _EPSILON
            case "LITERAL":
                made = Measure(False, len(step.data), 0, False)
            case "CLASS" | "BYTES":
                made = Measure(False, 1, 0, _is_wide(step.ranges))
            case "CONCAT" | "UNION" | "INTERSECT":
                parts = stack[len(stack) - step.number :]
                del stack[len(stack) - step.number :]
                made = _JOINED[step.name](parts)
            case "COMPLEMENT":
                part = stack.pop()
                made = Measure(not part.nullable, part.size + 1, max(part.broad, 1), True)
            case "REPEAT":
                made = repeated(stack.pop(), step.number, step.maximum)
            case "KEEP":
                kept[step.number] = stack.pop()
                continue
            case "AGAIN":
                made = kept[step.number]
            case "AUTOMATON":
                wide = any(_is_wide([arm[:2] for arm in arms]) for _, arms in step.states)
                made = Measure(step.states[0][0], len(step.states), int(wide), wide)
            case _:
                made = Measure(False, 16, 0, False)
        stack.append(made)
    return stack[-1]


def repeated(part: Measure, lo: int, hi: int | None) -> Measure:
    """Estimate a repetition."""
    broad = part.broad
    if hi is None or hi > 1:
        broad = broad + 1 if broad else int(part.wide)
    return Measure(part.nullable or lo == 0, part.size + 1, broad, part.wide)


def concatenated(parts: Sequence[Measure]) -> Measure:
    """Estimate a concatenation."""
    return Measure(
        all(part.nullable for part in parts),
        sum(part.size for part in parts),
        sum(part.broad for part in parts),
        any(part.wide for part in parts),
    )


def united(parts: Sequence[Measure]) -> Measure:
    """Estimate a union."""
    return Measure(
        any(part.nullable for part in parts),
        sum(part.size for part in parts),
        max(part.broad for part in parts),
        any(part.wide for part in parts),
    )


def _intersected(parts: Sequence[Measure]) -> Measure:
    return united(parts)._replace(nullable=all(part.nullable for part in parts))


_JOINED: Final = {"CONCAT": concatenated, "UNION": united, "INTERSECT": _intersected}


def _is_wide(ranges: Ranges | list[tuple[int, ...]]) -> bool:
    inside = (max(0, min(hi, 0x7E) - max(lo, 0x20) + 1) for lo, hi in ranges)
    return sum(inside) >= _WIDE
