"""Judges by ``re``: one JSON line asks, one answers.

``{"pattern", "flags", "search", "texts"}``: a list of booleans; null if the pattern is malformed.
A process of its own, because ``re`` may take for ever and cannot be stopped otherwise.
"""

from __future__ import annotations

import json
import re
import sys
import warnings


def main() -> None:
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            made = re.compile(asked["pattern"], asked["flags"])
        except (re.error, OverflowError, RecursionError):
            print("null", flush=True)
            continue
        matches = made.search if asked["search"] else made.fullmatch
        print(json.dumps([bool(matches(text)) for text in asked["texts"]]), flush=True)


if __name__ == "__main__":
    main()
