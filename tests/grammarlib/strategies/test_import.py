"""Hypothesis is an extra: asked for by name, never imported with the package."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_without_hypothesis_the_error_says_what_to_install() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import grammarlib as gl
gl.compile, gl.JSONSchema
try:
    gl.strategies
except ImportError as error:
    print(error)
"""
    assert 'pip install "grammarlib[hypothesis]"' in run(code)


def test_the_package_does_not_import_hypothesis() -> None:
    code = "import sys, grammarlib as gl; gl.compile; print('hypothesis' in sys.modules)"
    assert run(code).strip() == "False"


def test_the_name_is_listed() -> None:
    assert run("import grammarlib; print('strategies' in dir(grammarlib))").strip() == "True"
