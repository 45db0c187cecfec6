"""All of the library: documented and shown, and compiled grammars that obey the laws."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import grammarlib as gl
from tests.compiler.vocabulary.real import tekken
from tests.grammarlib.library.examples import EXAMPLES

MODULES = [module.name for module in pkgutil.iter_modules(gl.library.__path__)]
TOKENS = [
    "SELECT ",
    " FROM",
    "lambda x",
    '": ',
    "</a",
    "> ",
    "2024-02-",
    "(S (",
    "\n\n",
    "é",
    "not in",
    "∀x (",
]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    done = doctest.testmod(importlib.import_module(f"grammarlib.library.{module}"))
    assert done.failed == 0


def test_every_grammar_is_shown_and_checked() -> None:
    assert sorted(EXAMPLES) == gl.library.__all__
    for name in gl.library.__all__:
        function = getattr(gl.library, name)
        document = inspect.getdoc(function) or ""
        assert ">>> compiled.matcher().accept_bytes(" in document, name
        for parameter in inspect.signature(function).parameters:
            assert parameter in document, (name, parameter)


@pytest.mark.parametrize("name", EXAMPLES)
def test_laws(name: str) -> None:
    pieces = [text.encode() for text in TOKENS]
    vocab = gl.Vocabulary.from_tokens([*map(bytes, zip(range(256))), *pieces, None], [268])
    compiled = gl.compile(EXAMPLES[name](), vocab)
    laws = [law for law in gl.testing.LAWS if law != "precompute_agrees"]
    gl.testing.assert_laws(compiled, laws=laws, max_examples=2, places=2, max_tokens=12)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", EXAMPLES)
def test_laws_over_a_large_vocabulary(name: str) -> None:
    vocab = gl.Vocabulary.from_tiktoken(tekken(), eos_ids=[2])
    compiled = gl.compile(EXAMPLES[name](), vocab)
    gl.testing.assert_laws(
        compiled, max_examples=3, places=2, max_tokens=12, precompute=["lazy", "masks"]
    )
