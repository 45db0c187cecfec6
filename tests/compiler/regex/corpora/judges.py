"""The judges: Python's ``re``, and the RegExp of Node, each in a process that lasts."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

__all__ = ["Judge", "node", "python", "python_command"]

SECONDS = 10
HERE = Path(__file__).resolve().parent


def python_command() -> list[str]:
    """Return what starts the judge by ``re``."""
    return [sys.executable, str(HERE / "by_re.py")]


def python() -> Judge:
    """Return the judge by ``re``."""
    return Judge(python_command())


def node() -> Judge | None:
    """Return the judge by RegExp with the ``u`` flag, where Node is installed."""
    command = shutil.which("node")
    return None if command is None else Judge([command, str(HERE / "by_node.js")])


class Judge:
    """A process that is asked by lines of JSON.

    Parameters
    ----------
    command : list of str
        What starts it.
    seconds : float
        How long it may take to answer.
    """

    def __init__(self, command: list[str], seconds: float = SECONDS) -> None:
        self.command = command
        self._seconds = seconds
        self._process = self._started()

    def verdicts(
        self, pattern: str, flags: int | str, search: bool, texts: list[str]
    ) -> list[bool] | None:
        """Return which of the texts a pattern matches; None if it is malformed.

        Raises
        ------
        TimeoutError
            If the judge does not come to an end.
        """
        asked = {"pattern": pattern, "flags": flags, "search": search, "texts": texts}
        asks, answers = self._process.stdin, self._process.stdout
        assert asks is not None
        assert answers is not None
        asks.write(json.dumps(asked) + "\n")
        asks.flush()
        if not select.select([answers], [], [], self._seconds)[0]:
            self._stop()
            self._process = self._started()
            raise TimeoutError
        answer = json.loads(answers.readline())
        assert answer is None or len(answer) == len(texts)
        return answer  # type: ignore[no-any-return]

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    def _started(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self.command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")

    def _stop(self) -> None:
        self._process.kill()
        self._process.communicate()
