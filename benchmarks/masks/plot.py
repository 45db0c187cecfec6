"""The distribution of times as a plot: which share of them is at least so long.

Both axes are logarithmic, since what matters is the tail. Over the schemas that all engines pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.masks import figures
from benchmarks.masks.figures import Times
from benchmarks.masks.records import Record

__all__ = ["plot"]

_POINTS: Final = 2000
"""At most so many of a curve, more of them towards the tail: a token each would be a huge file."""


def plot(records: Iterable[Record], path: Path) -> None:
    """Draw TTFM and TBM of each engine into a file of the kind its ending names.

    Raises
    ------
    ModuleNotFoundError
        matplotlib is not installed.
    ValueError
        No schema is passed by all engines.
    """
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    records = list(records)
    common = figures.passed_by_all(records, dict.fromkeys(record.engine for record in records))
    schemas = len(next(iter(common.values()), []))
    if not schemas:
        raise ValueError("no schema is passed by all engines")
    figure, panels = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for panel, title, times_of in (
        (panels[0], "to the first mask (TTFM), for each schema", figures.first_masks),
        (panels[1], "mask and commit (TBM), for each token", figures.tokens),
    ):
        for engine, passed in common.items():
            _curve(panel, times_of(passed), engine)
        panel.set(
            xscale="log", yscale="log", xlabel="µs", ylabel="share that takes at least so long"
        )
        panel.set_title(title)
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.legend()
    figure.suptitle(f"MaskBench: {schemas} schemas that all engines pass")
    figure.savefig(path)
    pyplot.close(figure)


def _curve(panel: Any, times: Times, label: str) -> None:
    """For each time, the share of times that are no shorter."""
    values = np.sort(times)
    ranks = np.unique(np.geomspace(1, len(values), _POINTS).astype(np.int64))  # from the longest
    panel.step(values[-ranks][::-1] / 1e3, ranks[::-1] / len(values), where="pre", label=label)
