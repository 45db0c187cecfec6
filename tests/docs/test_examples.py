"""The python blocks of README.md and docs/ run as they stand.

The blocks of one page share their names, from top to bottom, as a reader would type them; one that
begins with ``>>>`` is also compared with the output it shows.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path) -> list[tuple[int, str]]:
    """The code of each block, with the number of the line before its first."""
    text = page.read_text()
    return [(text.count("\n", 0, found.start(1)), found[1]) for found in BLOCK.finditer(text)]


PAGES = [page for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))] if blocks(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_run(page: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for line, code in blocks(page):
        if code.startswith(">>>"):
            example = doctest.DocTestParser().get_doctest(code, names, page.name, str(page), line)
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
            report: list[str] = []
            runner.run(example, out=report.append, clear_globs=False)
            names.update(example.globs)
            assert not report, "".join(report)
        else:
            exec(compile("\n" * line + code, str(page), "exec", dont_inherit=True), names)


def test_the_readme_has_an_example() -> None:
    assert ROOT / "README.md" in PAGES
