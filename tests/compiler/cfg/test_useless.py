"""Dropping what has no text."""

from __future__ import annotations

import grammarlib as gl
from grammarlib.compiler.cfg.expand import expand
from grammarlib.compiler.cfg.useless import drop_useless


def test_rules_that_wait_for_many_others() -> None:
    """Each was asked again as often as it had asked before: 2ⁿ times for n rules."""
    rules = [gl.rule(f"r{i}") for i in range(60)]
    for i, rule in enumerate(rules):
        body: gl.Grammar = gl.Regex("a")
        for left, right in zip(rules[i + 1 :], rules[i + 2 :], strict=False):
            body = (left + right) | body if i % 2 else body | (right + left)
        rule.define(body + rules[i + 1] if i + 1 < len(rules) else "b")
    form = drop_useless(expand(rules[0]))
    assert len(form.productions()) == 60
