"""Masks of grammarlib, llguidance and XGrammar on MaskBench, in one run.

    python benchmarks/maskbench.py [archive or folder] [--sample 200] [--engines grammarlib,...]

For each schema and engine: was it enforced with every verdict right, refused, or wrong, and how;
the time to the first mask, compiling included (TTFM), and for each token the time of its mask and
commit (TBM). Peers come with the extra ``bench``; an engine that is not installed is left out.
Leaves JSON lines, a report and a plot in ``build/maskbench``; see ``--help`` and
``docs/benchmarks.md``.
"""

import sys
from pathlib import Path

if not __package__:  # run by its path, not as a module: Python then looks beside this file only
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.masks.cli import main

if __name__ == "__main__":
    sys.exit(main())
