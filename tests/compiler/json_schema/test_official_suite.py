"""The official suite: nothing wrong, and ``FLOOR`` says how much is exact."""

from __future__ import annotations

from typing import Any

import pytest

from grammarlib import _core
from grammarlib.compiler.json_schema.drafts import BY_URI
from grammarlib.errors import UnsupportedSchema
from tests.compiler.json_schema.judge import DRAFTS
from tests.compiler.json_schema.official_suite import (
    IN_SUITE,
    NARROWER,
    exact_share,
    faults,
    run,
    totals,
)

# Exact shares that are reached; they only go up.
FLOOR = {
    ("4", "required"): 1.0,
    ("4", "optional"): 1.0,
    ("4", "format"): 1.0,
    ("7", "required"): 1.0,
    ("7", "optional"): 1.0,
    ("7", "format"): 0.97,
    ("2020-12", "required"): 0.99,
    ("2020-12", "optional"): 0.96,
    ("2020-12", "format"): 0.97,
}


@pytest.mark.parametrize("draft", IN_SUITE)
def test_nothing_is_wrong_and_what_was_exact_still_is(draft: str) -> None:
    verdicts = run(draft)
    print("\n".join(totals(verdicts)))
    assert list(faults(verdicts)) == []
    for (of, tier), floor in FLOOR.items():
        if of == draft:
            assert exact_share(v for v in verdicts if v.tier == tier) >= floor, tier


def test_what_is_excused_is_still_needed() -> None:
    rejected = {
        (verdict.file, verdict.group)
        for draft in IN_SUITE
        for verdict in run(draft, ["format"])
        if verdict.kind == "rejected wrongly"
    }
    assert rejected == set(NARROWER)


# -- what the runner sees -------------------------------------------------------------------------


def _raise(error: Exception) -> Any:
    def meaning(*_: object) -> None:
        raise error

    return meaning


@pytest.mark.parametrize(
    ("meaning", "kind"),
    [
        (lambda *_: None, "accepted wrongly"),
        (lambda *_: _core.SchemaBuilder.NEVER, "rejected wrongly"),
        (_raise(KeyError("planted")), "crashed"),
        (_raise(UnsupportedSchema("", "enum", "planted")), "refused"),
    ],
)
def test_a_planted_keyword_is_seen(
    meaning: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keywords: Any = BY_URI[DRAFTS["2020-12"]].keywords
    monkeypatch.setitem(keywords, "enum", (0, meaning))
    verdicts = [verdict for verdict in run("2020-12", ["required"]) if verdict.file == "enum.json"]
    assert kind in {verdict.kind for verdict in verdicts}
    assert exact_share(verdicts) < 0.9
    assert bool(list(faults(verdicts))) == (kind != "refused")


def test_spellings_are_judged_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def bare_only(compiled: _core.Compiled, text: str) -> bool:
        seen.append(text)
        matcher = compiled.matcher()
        return " " not in text and matcher.accept_bytes(text.encode()) and matcher.is_accepting()

    monkeypatch.setattr("tests.compiler.json_schema.official_suite.accepts", bare_only)
    assert any("rejected wrongly" in fault for fault in faults(run("4", ["required"])))
    assert any(" " in text for text in seen)
