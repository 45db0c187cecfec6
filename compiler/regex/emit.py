"""Writes a plain syntax tree as a program.

Iterative (an explicit stack), since trees may be as deep as a pattern's groups; bounded, since a
tree with shared nodes may be much larger written out than in memory. Cost: about 0.6 µs a node.
"""

from __future__ import annotations

from typing import Final

from grammarlib.compiler.regex.nodes import (
    And,
    Automaton,
    Chars,
    Concat,
    Node,
    Not,
    Repeat,
    Text,
    Union,
)
from grammarlib.compiler.regex.program import EPSILON, varint
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["MAX_PROGRAM_BYTES", "emit"]

MAX_PROGRAM_BYTES: Final = 1 << 20
"""Largest program that is written for one pattern."""

_COMPLEMENT: Final = b"\x08"


def emit(node: Node) -> bytes:
    """Write ``node``, which must be plain.

    Raises
    ------
    CompileBudgetExceeded
        The program would be longer than ``MAX_PROGRAM_BYTES``.
    """
    out: list[bytes] = []
    size = 0
    stack: list[Node | bytes] = [node]
    pop = stack.pop
    while stack:
        top = pop()
        if isinstance(top, bytes):
            code = top
        elif isinstance(top, Text):
            data = top.value.encode()
            code = b"\x04" + varint(len(data)) + data if data else EPSILON
        elif isinstance(top, Chars | Automaton):
            code = top.code
        elif isinstance(top, Concat):
            stack.append(b"\x05" + varint(len(top.items)))
            stack.extend(top.items[::-1])
            continue
        elif isinstance(top, Repeat):
            hi = top.hi
            stack.append(b"\x09" + varint(top.lo) + (b"\x00" if hi is None else varint(hi + 1)))
            stack.append(top.item)
            continue
        elif isinstance(top, Union):
            stack.append(b"\x06" + varint(len(top.items)))
            stack.extend(top.items[::-1])
            continue
        elif isinstance(top, And):
            stack.append(b"\x07" + varint(len(top.items)))
            stack.extend(top.items[::-1])
            continue
        elif isinstance(top, Not):
            stack.append(_COMPLEMENT)
            stack.append(top.item)
            continue
        else:
            raise TypeError(f"{type(top).__name__} is not plain")
        out.append(code)
        size += len(code)
        if size > MAX_PROGRAM_BYTES:
            raise CompileBudgetExceeded(f"a pattern's program of {MAX_PROGRAM_BYTES} bytes")
    return b"".join(out)
