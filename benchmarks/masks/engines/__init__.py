"""How each engine is driven: one file for each, all to the protocol of ``base``."""

from __future__ import annotations

from typing import Final

__all__ = ["ENGINES"]

ENGINES: Final = {
    name: f"benchmarks.masks.engines.{name}:Engine"
    for name in ("grammarlib", "llguidance", "xgrammar")
}
"""Where each engine is imported from, which happens in the process that runs it alone."""
