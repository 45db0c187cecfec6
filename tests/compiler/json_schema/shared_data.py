"""The data sets beside the repository; a test that needs one is skipped where it is not there."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def _read(archive: str, **options: Any) -> Iterator[tuple[str, Any]]:
    path = DATA / archive
    if not path.exists():
        pytest.skip(f"{archive} is not beside the repository")
    with tarfile.open(path) as files:
        for member in files:
            if member.isfile() and member.name.endswith(".json"):
                content = files.extractfile(member)
                assert content is not None
                yield member.name, json.load(content, **options)


@cache
def _suite() -> dict[str, Any]:
    return dict(_read("json-schema-test-suite.tar.xz", parse_float=Decimal))


def suite_files(folder: str) -> list[tuple[str, Any]]:
    """The files of the official suite below a folder, by their path within it; exact numbers."""
    mark = f"{folder}/"
    return sorted(
        (name.partition(mark)[2], data) for name, data in _suite().items() if mark in name
    )


def maskbench() -> Iterator[tuple[str, Any]]:
    """Name, and ``schema`` and ``tests``, of every development case of MaskBench."""
    for name, case in _read("maskbench-dev.tar.xz"):
        yield name.rpartition("/")[2].removesuffix(".json"), case
