"""Patterns that people have written: the standard library's, and those of real schemas."""

from __future__ import annotations

import ast
import operator
import re
import sysconfig
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.compiler.json_schema.shared_data import maskbench

FLAGS = re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE
"""The flags that change what a pattern of text matches."""
LETTERS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
"""Those that ECMA-262 has too."""


class Written(NamedTuple):
    """A pattern and its flags, as `re` has them."""

    pattern: str
    flags: int

    @property
    def letters(self) -> str:
        """The flags as ECMA-262 spells them."""
        return "".join(letter for flag, letter in LETTERS.items() if self.flags & flag)


@cache
def library() -> tuple[Written, ...]:
    """Every ``re.compile`` of literals in the standard library, its tests apart."""
    return _literals(lambda path: not _is_test(path))


@cache
def library_tests() -> tuple[Written, ...]:
    """Those of its tests, where they are installed."""
    return _literals(_is_test)


@cache
def schemas() -> tuple[Written, ...]:
    """The patterns, and the keys of ``patternProperties``, of the development cases of MaskBench.

    The test that asks is skipped where these are not at hand.
    """
    found: set[str] = set()
    for _, case in maskbench():
        found.update(_of_schema(case["schema"]))
    return tuple(Written(pattern, 0) for pattern in sorted(found))


CORPORA: dict[str, Callable[[], tuple[Written, ...]]] = {
    "standard library": library,
    "its tests": library_tests,
    "maskbench-dev": schemas,
}


def _of_schema(schema: Any) -> Iterator[str]:
    work = [schema]
    while work:
        node = work.pop()
        if isinstance(node, dict):
            if isinstance(node.get("pattern"), str):
                yield node["pattern"]
            keyed = node.get("patternProperties")
            yield from keyed if isinstance(keyed, dict) else ()
            work.extend(node.values())
        elif isinstance(node, list):
            work.extend(node)


# -- sources --------------------------------------------------------------------------------------


def _is_test(path: Path) -> bool:
    return any(part in ("test", "tests", "idle_test") for part in path.parts)


def _literals(taken: Callable[[Path], bool]) -> tuple[Written, ...]:
    root = Path(sysconfig.get_paths()["stdlib"])
    found: set[Written] = set()
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if "site-packages" in relative.parts or not taken(relative):
            continue
        try:
            source = path.read_text("utf-8")
            found.update(in_source(source) if ".compile(" in source else ())
        except (SyntaxError, ValueError):  # there on purpose, in its tests
            continue
    return tuple(sorted(found))


def in_source(source: str) -> Iterator[Written]:
    """Every ``re.compile`` of a source text whose arguments are literal and a pattern of text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # escapes that are none
        tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    names = {a.asname or a.name for node in imports for a in node.names if a.name == "re"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _of_module(node.func, names) != "compile":
            continue
        arguments = dict(zip(("pattern", "flags"), node.args, strict=False))
        arguments |= {word.arg: word.value for word in node.keywords if word.arg}
        try:
            pattern = _literal(arguments["pattern"], names)
            flags = _literal(arguments["flags"], names) if "flags" in arguments else 0
        except (KeyError, ValueError, TypeError):
            continue
        if isinstance(pattern, str) and not _has_surrogates(pattern):
            yield Written(pattern, int(flags) & FLAGS)


def _literal(node: ast.expr, names: set[str]) -> Any:
    """The value of a literal, of a sum of texts, or of flags."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BinOp):
        operation = {ast.Add: operator.add, ast.BitOr: operator.or_}.get(type(node.op))
        if operation is not None:
            return operation(_literal(node.left, names), _literal(node.right, names))
    flag = _of_module(node, names)
    if flag and isinstance(value := getattr(re, flag, None), re.RegexFlag):
        return int(value)
    raise ValueError("no literal")


def _of_module(node: ast.expr, names: set[str]) -> str:
    """The attribute that a node takes of the module ``re``; none: the empty text."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id in names else ""
    return ""


def _has_surrogates(pattern: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in pattern)
