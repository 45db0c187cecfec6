"""The drawing in docs/inspect.md is what the command beside it draws."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from grammarlib.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_drawing_is_what_the_command_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (DOCS / "inspect.md").read_text(encoding="utf-8")
    block = re.search(r"^```sh\ncd (\S+)\ngrammarlib (.+)\n```$", page, re.MULTILINE)
    assert block is not None
    folder, (command, schema, *options) = DOCS.parent / block[1], shlex.split(block[2])
    monkeypatch.chdir(tmp_path)
    assert main([command, str(folder / schema), *options]) == 0
    drawn = (tmp_path / options[-1]).read_text(encoding="utf-8")
    kept = (folder / options[-1]).read_text(encoding="utf-8")
    assert drawn == kept, f"run in {block[1]}: grammarlib {block[2]}"
    assert f"]({folder.name}/{options[-1]})" in page
