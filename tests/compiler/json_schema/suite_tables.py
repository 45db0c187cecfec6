"""The tables of docs/json_schema.md that the official suite proves.

    python -m tests.compiler.json_schema.suite_tables    # writes them into the page

A table stands between two comments, of which the first names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grammarlib.compiler.formats import FORMATS
from tests.compiler.json_schema.official_suite import IN_SUITE, TIERS, Verdict, run

PAGE = Path(__file__).resolve().parents[3] / "docs" / "json_schema.md"
_TABLE = re.compile(r"(<!-- (\w+): written by suite_tables -->\n).*?(<!-- end -->)", re.DOTALL)


def formats(verdicts: list[Verdict]) -> Iterator[str]:
    """Of each format what its texts are, and how many tests are exact in each draft."""
    exact = _exact(verdicts, "file")
    yield f"| format | texts | first draft | {' | '.join(f'exact in {d}' for d in IN_SUITE)} |"
    yield "|---|---|---|" + "---:|" * len(IN_SUITE)
    for name, known in sorted(FORMATS.items()):
        cells = [exact.get((draft, f"optional/format/{name}.json"), "") for draft in IN_SUITE]
        yield f"| `{name}` | {known.source} | {known.since} | {' | '.join(cells)} |"


def tiers(verdicts: list[Verdict]) -> Iterator[str]:
    """How many tests are exact in each draft, those of keywords, of formats and of options."""
    exact = _exact(verdicts, "tier")
    yield f"| tests | {' | '.join(f'exact in {draft}' for draft in IN_SUITE)} |"
    yield "|---|" + "---:|" * len(IN_SUITE)
    for tier in TIERS:
        yield f"| {tier} | {' | '.join(exact[draft, tier] for draft in IN_SUITE)} |"


def _exact(verdicts: list[Verdict], by: str) -> dict[tuple[str, str], str]:
    kinds: dict[tuple[str, str], Counter[str]] = {}
    for verdict in verdicts:
        kinds.setdefault((verdict.draft, getattr(verdict, by)), Counter())[verdict.kind] += 1
    return {key: f"{found['exact']} of {found.total()}" for key, found in kinds.items()}


def page(text: str) -> str:
    """The page with its tables as they are now."""
    verdicts = [verdict for draft in IN_SUITE for verdict in run(draft)]
    tables = {"formats": formats(verdicts), "tiers": tiers(verdicts)}
    return _TABLE.sub(
        lambda found: found[1] + "\n".join([*tables.pop(found[2]), ""]) + found[3], text
    )


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
