"""The laws: what a call may raise, what a matcher shows, what it takes.

A refusal is a `GrammarlibError`, or a `TypeError`, `ValueError` or `IndexError` that was raised on
purpose: by a ``raise`` of the package, by the binding's own conversion of an argument, or by Python
because the call has not the function's form. The same types out of the middle of some other code
are accidents, and so is everything else.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

import numpy as np

import grammarlib
from grammarlib.errors import GrammarlibError
from tests.fuzz.case import Case, Finding

__all__ = ["Sight", "allowed_ids", "attempt", "check_mask", "refused", "sight"]

_CONVERSION = "while processing '"
_R = TypeVar("_R")
_ROOT = Path(grammarlib.__file__).resolve().parents[1]
_PACKAGE = tuple(str(_ROOT / name) for name in ("grammarlib", "compiler", "runtime"))
_TESTS = str(_ROOT / "tests")
_LONGEST_MESSAGE = 2000
# How messages of the core begin; those of the binding's conversions end with the argument.
_CORE = ("a token bitmask", "the bitmask row", "row ", "token ", "white space ", "no value has")


class Refusal(NamedTuple):
    """A call was refused, as it may be."""

    error: BaseException


def attempt(
    case: Case, call: Callable[[], _R], also: tuple[type[BaseException], ...] = ()
) -> _R | Refusal:
    """Call; return the result, or the refusal.

    Parameters
    ----------
    case : Case
    call : callable
        Takes nothing.
    also : tuple of exception types
        What this call is documented to raise beside refusals.

    Raises
    ------
    Finding
        If what it raises is no refusal.
    """
    try:
        return call()
    except Finding:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the core is no Exception
        fault = None if isinstance(error, also) else _fault(error)
        if fault is None:
            case.count(f"{type(error).__name__}")
            return Refusal(error)
        said = "".join(traceback.format_exception(error, limit=-6))
        raise Finding(f"{fault}, at {_place(error)}", said[-6000:]) from error


def refused(result: object) -> bool:
    """Whether `attempt` returned a refusal."""
    return isinstance(result, Refusal)


def _fault(error: BaseException) -> str | None:
    name = type(error).__name__
    if not isinstance(error, GrammarlibError):
        if type(error) not in (TypeError, ValueError, IndexError):
            return f"raised {name}"
        if not _on_purpose(error):
            return f"raised {name} by accident"
    message = str(error)
    if not message.strip():
        return f"a {name} without a message"
    if len(message) > _LONGEST_MESSAGE:
        return f"a {name} whose message is too long to read"
    try:
        message.encode()
    except UnicodeEncodeError:
        return f"a {name} whose message cannot be printed"
    return None


def _innermost(error: BaseException) -> TracebackType | None:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _on_purpose(error: BaseException) -> bool:
    trace = _innermost(error)
    if trace is None:
        return False
    file = str(Path(trace.tb_frame.f_code.co_filename).resolve())
    if file.startswith(_TESTS):
        return True  # straight into the binding, or a call that the signature does not fit
    if not file.startswith(_PACKAGE):
        return False
    line = linecache.getline(file, trace.tb_lineno).strip()
    return line.startswith("raise ") or str(error).startswith(_CORE) or _CONVERSION in str(error)


def _place(error: BaseException) -> str:
    """The innermost line of the package."""
    place = "?"
    for frame in traceback.extract_tb(error.__traceback__):
        file = str(Path(frame.filename).resolve())
        if file.startswith(_PACKAGE):
            place = f"{Path(file).relative_to(_ROOT)}:{frame.lineno}"
    return place


class Sight(NamedTuple):
    """All that a matcher shows."""

    mask: bytes
    accepting: bool
    terminated: bool
    forced: bytes


def mask_of(matcher: Any, size: int) -> Any:
    """A fresh mask, int32 [words]; every bit was set before."""
    mask = np.full(-(-size // 32), -1, np.int32)
    matcher.fill_next_token_bitmask(mask)
    return mask


def sight(matcher: Any, size: int) -> Sight:
    """Look at a matcher."""
    return Sight(
        mask_of(matcher, size).tobytes(),
        matcher.is_accepting(),
        matcher.is_terminated(),
        matcher.find_jump_forward_bytes(),
    )


def allowed_ids(matcher: Any, size: int) -> list[int]:
    """The ids whose bits are set; a bit beyond the vocabulary is a finding."""
    octets = mask_of(matcher, size).view(np.uint8)
    ids = np.flatnonzero(np.unpackbits(octets, bitorder="little"))
    if len(ids) and ids[-1] >= size:
        raise Finding("padding is zero", f"bit {ids[-1]} of {size} tokens is set")
    return [int(token) for token in ids]


def check_mask(matcher: Any, vocab: Any) -> list[int]:
    """Compare the mask with acceptance, token by token; return what is allowed."""
    size = vocab.vocab_size
    allowed = allowed_ids(matcher, size)
    taken = []
    for token in range(size):
        if matcher.accept_token(token):
            taken.append(token)
            matcher.rollback(1)
    if taken != allowed:
        differ = sorted(set(taken) ^ set(allowed))[:20]
        said = [(t, t in allowed, vocab.token_bytes(t)) for t in differ]
        raise Finding("a mask's bit is acceptance", f"(token, bit, bytes) {said}")
    if not allowed and not matcher.is_terminated():
        raise Finding("no dead ends", "nothing is allowed and no end token was taken")
    if matcher.is_terminated() and allowed:
        raise Finding("termination is final", f"{allowed[:20]} are allowed after an end token")
    ends = any(token in allowed for token in vocab.eos_ids)
    if ends != matcher.is_accepting() and not matcher.is_terminated():
        raise Finding("an end token is allowed iff accepting", f"{matcher.is_accepting()}")
    return allowed
