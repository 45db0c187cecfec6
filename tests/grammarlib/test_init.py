"""The public names: all there, lazily, and the same for Python and for type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import grammarlib

# A package of an optional dependency: `from grammarlib import *` must work without it.
OPTIONAL = ["strategies"]
HEAVY = ("numpy", "torch", "transformers", "tokenizers", "hypothesis", "grammarlib._core")


@pytest.mark.parametrize("name", [*grammarlib.__all__, *OPTIONAL])
def test_every_public_name_resolves(name: str) -> None:
    value = getattr(grammarlib, name)
    assert name == "__version__" or value.__name__ in (name, f"grammarlib.{name}")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = f"import grammarlib, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_type_checkers_see_the_names_that_python_sees() -> None:
    tree = ast.parse(Path(grammarlib.__file__).read_text())
    (guarded,) = (
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    seen = {
        (alias.name, node.module)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(grammarlib._MODULE_OF.items())
    names = sorted([*grammarlib._MODULE_OF, "__version__"])
    assert sorted([*grammarlib.__all__, *OPTIONAL]) == names


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'compil'"):
        _ = grammarlib.compil
    assert {*grammarlib.__all__, *OPTIONAL} <= set(dir(grammarlib))
