"""JSON Schema formats as programs over decoded text: one small module per family, one table."""

from __future__ import annotations

from grammarlib.compiler.formats.own import FormatPrograms, format_programs
from grammarlib.compiler.formats.table import (
    DRAFTS,
    FORMATS,
    REFUSED_FORMATS,
    Format,
    UnsupportedFormat,
    format_program,
)

__all__ = [
    "DRAFTS",
    "FORMATS",
    "REFUSED_FORMATS",
    "Format",
    "FormatPrograms",
    "UnsupportedFormat",
    "format_program",
    "format_programs",
]
