"""Constituency trees against a reader by hand."""

from __future__ import annotations

import pytest

import grammarlib as gl
from tests.grammarlib.library import readers
from tests.grammarlib.library.judging import judged, takes


@pytest.mark.parametrize(
    ("sentence", "chain"), [("go", 0), ("go", 2), ("I run fast", 1), ("the (a) the the", 0)]
)
def test_against_a_reader(sentence: str, chain: int) -> None:
    grammar = gl.library.constituency_trees(
        sentence, ["S", "NP"], tags=["N", "NP"], max_unary=chain
    )
    words = sentence.replace("(", "-LRB-").replace(")", "-RRB-").split()
    judged(grammar, readers.Trees(words, "S|NP", "N|NP", chain).judge, 40, 40)


def test_a_long_sentence() -> None:
    words = [f"w{i}" for i in range(25)]
    grammar = gl.library.constituency_trees(words, ["A", "B"])
    text = "(A " * 12 + " ".join(f"(B {word})" for word in words) + ")" * 12
    assert not takes(grammar, text)  # a chain of eleven
    text = "".join(f"(A (B {word}) " for word in words[:-1]) + f"(B {words[-1]})" + ")" * 24
    assert takes(grammar, text)


@pytest.mark.parametrize(
    ("words", "options", "error"),
    [
        ("", {}, ValueError),
        (3, {}, TypeError),
        (["a b"], {}, ValueError),
        ([1], {}, TypeError),
        (["w"] * 101, {}, ValueError),
        ("a", {"tags": []}, ValueError),
        ("a", {"tags": "NP"}, TypeError),
        ("a", {"max_unary": -1}, ValueError),
    ],
)
def test_what_is_refused(words: object, options: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        gl.library.constituency_trees(words, ["S"], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("labels", ["S", [], ["S P"], ["(S"]])
def test_labels_that_are_refused(labels: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        gl.library.constituency_trees("a", labels)  # type: ignore[arg-type]
