"""The table of code points is what its derivation finds."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from grammarlib.compiler.formats import idna_points
from tests.compiler.formats.idna_derivation import module


def test_the_table_is_up_to_date() -> None:
    if unicodedata.unidata_version != idna_points.VERSION:
        pytest.skip(f"the table is of Unicode {idna_points.VERSION}")
    assert Path(str(idna_points.__file__)).read_text() == module()
