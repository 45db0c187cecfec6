"""Programs are written without recursion and within a budget."""

from __future__ import annotations

import pytest

from grammarlib.compiler.regex import nodes as n
from grammarlib.compiler.regex import program as p
from grammarlib.compiler.regex.emit import MAX_PROGRAM_BYTES, emit
from grammarlib.errors import CompileBudgetExceeded


def test_every_plain_node_is_written() -> None:
    a, bc = n.Text("a"), n.Text("bc")
    digit = n.chars([(0x30, 0x39)])
    tree = n.Union([n.Concat([a, digit]), n.And([n.Not(bc), n.ANYTHING]), n.Repeat(bc, 0, 3)])
    assert emit(tree) == p.union(
        p.concat(p.literal("a"), p.char_class([(0x30, 0x39)])),
        p.intersect(p.complement(p.literal("bc")), p.ANY_TEXT),
        p.repeat(p.literal("bc"), 0, 3),
    )
    assert emit(n.EPS) == p.EPSILON
    assert emit(n.NEVER) == p.EMPTY


def test_anchors_are_refused() -> None:
    with pytest.raises(TypeError, match="Anchor is not plain"):
        emit(n.START)


def test_depth_needs_no_stack() -> None:
    tree: n.Node = n.Text("a")
    for _ in range(50_000):
        tree = n.Concat([n.Union([tree, n.Text("bb")]), n.Text("c")])
    assert len(p.decode(emit(tree))) == 1 + 4 * 50_000
    while isinstance(tree, n.Concat):  # take it apart: deallocation recurses in some interpreters
        union = tree.items[0]
        assert isinstance(union, n.Union)
        tree = union.items[0]


def test_shared_nodes_are_written_out_within_the_budget() -> None:
    tree: n.Node = n.Text("a")
    for _ in range(64):
        tree = n.Concat([tree, tree])
    with pytest.raises(CompileBudgetExceeded, match=str(MAX_PROGRAM_BYTES)):
        emit(tree)
