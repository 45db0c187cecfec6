"""Constituency trees over a given sentence.

*How.* A production for each span of the sentence, which is divided at its first child: n words make
n²/2 productions and n³/6 alternatives. Chains of nodes with one child are counted, since a model
could otherwise go down for ever. Rejected: productions by first word alone (where a tree ends must
be known to say what comes next, and a rule cannot tell its caller).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from grammarlib.arguments import whole
from grammarlib.choice import Choice
from grammarlib.grammar import Grammar, Part, Rule, rule
from grammarlib.library.words import any_of, names

__all__ = ["constituency_trees"]

MAX_WORDS: Final = 100
"""Most words of a sentence."""
_LABEL: Final = r"[^\s()]+"


def constituency_trees(
    words: str | Iterable[str],
    labels: Iterable[str],
    *,
    tags: Iterable[str] | None = None,
    max_unary: int = 2,
) -> Grammar:
    """Bracketed trees as in the Penn Treebank, whose leaves are the words of a sentence in order.

    ``(S (NP (PRP I)) (VP (VBP run)))``: each word stands alone under a tag, and each other node
    has a label and one child or more, with one blank before each.

    Parameters
    ----------
    words : str or iterable of str
        The sentence, split at its white space, or its words. Brackets are written as in the
        treebank, ``-LRB-`` and ``-RRB-``.
    labels : iterable of str
        Labels of phrases.
    tags : iterable of str, optional
        Tags of words; by default the labels.
    max_unary : int
        How many nodes may follow each other of which each is the only child of the one before;
        those above a tag count, and the tag does not.

    Returns
    -------
    Grammar

    Examples
    --------
    >>> import grammarlib as gl
    >>> vocab = gl.Vocabulary.of_bytes()
    >>> trees = gl.library.constituency_trees("I run", ["S", "NP", "VP"], tags=["PRP", "VBP"])
    >>> compiled = gl.compile(trees, vocab)
    >>> compiled.matcher().accept_bytes(b"(S (NP (PRP I)) (VP (VBP run)))")
    True
    >>> compiled.matcher().accept_bytes(b"(S (VP (VBP run")
    False
    """
    leaves = _leaves(words)
    phrases = Choice(names("labels", labels, _LABEL))
    parts = phrases if tags is None else Choice(names("tags", tags, _LABEL))
    chain = whole("max_unary", max_unary, 0)
    count = len(leaves)
    trees: dict[tuple[int, int], Rule] = {}
    rests: dict[tuple[int, int], Rule] = {}
    for width in range(1, count + 1):
        for start in range(count - width + 1):
            span = (start, start + width)
            lowest: Grammar
            if width == 1:
                lowest = "(" + parts + f" {leaves[start]})"
            else:
                ways: list[Part] = []
                for middle in range(start + 1, start + width):
                    ways.append(trees[start, middle] + " " + rests[middle, start + width])
                several = rule("children")
                several.define(any_of(ways))
                lowest = "(" + phrases + " " + several + ")"
            tree = rule("tree")
            rest = rule("rest")
            for _ in range(chain):
                lowest = _above(lowest, phrases)
            trees[span] = tree.define(lowest)
            rests[span] = rest.define(any_of([tree, several]) if width > 1 else tree)
    return trees[0, count]


def _above(tree: Grammar, labels: Grammar) -> Grammar:
    """A tree, or a node with it as its only child."""
    below = rule("chain").define(tree)
    return below | ("(" + labels + " " + below + ")")


def _leaves(words: object) -> list[str]:
    given = words.split() if isinstance(words, str) else words
    if isinstance(given, Iterable):
        given = list(given)
        checked = [names("words", [word], r"\S+")[0] for word in given]
        if not checked:
            raise ValueError("words must be one at least")
        if len(checked) > MAX_WORDS:
            raise ValueError(f"words must be at most {MAX_WORDS}, got {len(checked)}")
        return [word.replace("(", "-LRB-").replace(")", "-RRB-") for word in checked]
    raise TypeError(f"words must be a str or an iterable of str, not {type(words).__name__}")
