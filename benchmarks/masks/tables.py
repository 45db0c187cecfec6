"""Markdown tables and numbers in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["number", "ratio", "share", "table"]


def number(value: float) -> str:
    """Three significant digits or all that stand before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratio(value: float) -> str:
    return f"{number(value)}×"


def share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Lay out a table, padded so that it can be read as it stands.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequences of str
    left : int
        How many columns hold text; the others are aligned to the right.
    """
    cells = [list(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in cells
    ]
    rule = "|".join(
        f":{'-' * (width + 1)}" if i < left else f"{'-' * (width + 1)}:"
        for i, width in enumerate(widths)
    )
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])
