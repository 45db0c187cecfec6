"""The bounds of a date, as a pattern of its text: ten characters whose order is that of dates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

__all__ = ["dates_between"]

_DAY = datetime.timedelta(days=1)


def dates_between(schema: Mapping[str, Any]) -> str | None:
    """The texts between the bounds that pydantic was given; None if there are none.

    The pattern tells dates from each other, not dates from other texts.
    """
    least, most = schema.get("ge"), schema.get("le")
    if (above := schema.get("gt")) is not None:
        least = max(above + _DAY, least or above + _DAY) if above < datetime.date.max else None
        if least is None:
            return "(?!)"
    if (below := schema.get("lt")) is not None:
        if below <= datetime.date.min:
            return "(?!)"
        most = min(below - _DAY, most or below - _DAY)
    parts = []
    if least is not None:
        parts.append(f"^(?:{_from(least.isoformat(), '9')})")
    if most is not None:
        parts.append(f"(?:{_from(most.isoformat(), '0')})$")
    if len(parts) == 2:
        return f"^(?={parts[0][1:]}$){parts[1]}"
    if least is not None:
        return f"{parts[0]}$"
    return f"^{parts[0]}" if parts else None


def _from(text: str, end: str) -> str:
    """Texts of the same form from one up (``end`` is 9) or down (0), the text included."""
    parts = [text]
    for at, char in enumerate(text):
        if char.isdigit() and char != end:
            low, high = sorted((chr(ord(char) + (1 if end == "9" else -1)), end))
            rest = "".join(r"\d" if one.isdigit() else one for one in text[at + 1 :])
            parts.append(f"{text[:at]}[{low}-{high}]{rest}")
    return "|".join(parts)
