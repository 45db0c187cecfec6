"""Cases of MaskBench: a schema, and instances labelled valid or not.

A file holds ``{"schema": ..., "tests": [{"valid": true, "data": ...}, ...]}``; files come in a
folder or in a tar archive of any compression. All of them are read into memory before anything is
measured (60 MB for the development half), since an archive cannot be sampled otherwise.

What cannot be read becomes a `Problem` and the rest goes on: a file that is no JSON, or that has no
schema; an archive that ends early, of which the files before the damage are kept.
"""

from __future__ import annotations

import json
import lzma
import os
import random
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["Case", "Instance", "Problem", "parse", "read", "select"]

_DAMAGE = (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError)


@dataclass(frozen=True, slots=True)
class Instance:
    """One text, and whether the schema's author's judges call its value valid."""

    valid: bool
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A schema as JSON text, and its instances."""

    name: str
    schema: str
    instances: tuple[Instance, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, and why."""

    name: str
    reason: str


def read(path: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the ``.json`` files of a folder or archive.

    Returns
    -------
    files : dict of str to bytes
        By name, which is the path below the folder that all share, without the ending; sorted.
    problems : list of Problem
        What could not be read.

    Raises
    ------
    FileNotFoundError
        There is nothing at ``path``.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no folder or archive at {path}")
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    try:
        for name, content in _folder(path) if path.is_dir() else _archive(path):
            if isinstance(content, OSError):
                problems.append(Problem(name, f"{type(content).__name__}: {content.strerror}"))
            else:
                files[name] = content
    except _DAMAGE as error:
        reason = f"damaged after {len(files)} files: {type(error).__name__}: {error}"
        problems.append(Problem(path.name, reason))
    shared = os.path.commonpath([os.path.dirname(name) for name in files]) if files else ""
    return {os.path.relpath(name, shared or "."): files[name] for name in sorted(files)}, problems


def _folder(path: Path) -> Iterator[tuple[str, bytes | OSError]]:
    for file in path.rglob("*.json"):
        name = str(file.relative_to(path).with_suffix(""))
        try:
            yield name, file.read_bytes()
        except OSError as error:  # one entry that is no file keeps nothing of the others away
            yield name, error


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:  # in its own order: seeking back decompresses anew
            content = archive.extractfile(member) if member.name.endswith(".json") else None
            if content is not None:
                yield member.name.removesuffix(".json"), content.read()


def select(
    files: dict[str, bytes], limit: int | None, sample: int | None, seed: int
) -> dict[str, bytes]:
    """Keep ``sample`` files drawn by ``seed``, then the first ``limit`` of these by name."""
    names = list(files)
    if sample is not None and sample < len(names):
        names = sorted(random.Random(seed).sample(names, sample))
    return {name: files[name] for name in names[:limit]}


def parse(name: str, content: bytes, indent: int | None = None) -> Case | Problem:
    """Read one file; its instances are spelled by ``json.dumps(..., ensure_ascii=False)``."""
    try:
        document = json.loads(content, parse_constant=_no_constant)
        schema, tests = document["schema"], document["tests"]
        if not isinstance(schema, dict | bool):
            raise TypeError(f"its schema is a {type(schema).__name__}")
        instances = tuple(_instance(test, indent) for test in tests)
        return Case(name, json.dumps(schema, allow_nan=False), instances)
    except RecursionError:
        return Problem(name, "nested too deeply for Python's json")
    except KeyError as error:
        return Problem(name, f"no key {error}")
    except TypeError as error:
        return Problem(name, f"not of the form of a case: {error}")
    except ValueError as error:  # of which no JSON, no UTF-8 and no finite number are kinds
        return Problem(name, f"not JSON: {error}")


def _instance(test: Any, indent: int | None) -> Instance:
    if not isinstance(test["valid"], bool):
        raise TypeError("'valid' is neither true nor false")
    text = json.dumps(test["data"], ensure_ascii=False, allow_nan=False, indent=indent)
    text.encode()  # a lone surrogate has no UTF-8
    return Instance(test["valid"], text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
