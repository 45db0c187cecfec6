"""JSON Schema formats as programs over decoded text: one small module per family, one table."""

from __future__ import annotations

from grammarlib.compiler.formats.own import FormatPrograms, format_programs
from grammarlib.compiler.formats.table import (
    DRAFTS,
    FORMATS,
    Format,
    format_program,
)

__all__ = [
    "DRAFTS",
    "FORMATS",
    "Format",
    "FormatPrograms",
    "format_program",
    "format_programs",
]
