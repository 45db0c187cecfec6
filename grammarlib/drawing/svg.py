"""SVG elements as text, written by hand: shapes, texts, escaping."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

__all__ = ["Canvas", "smooth", "text_width"]

_WIDTHS = {"mono": 0.602, "sans": 0.56}


def text_width(text: str, size: float, family: str = "mono") -> float:
    """Return about how wide a text is at a font size; wide characters count twice."""
    wide = sum(2 if ord(c) >= 0x2E80 else 1 for c in text)
    return wide * _WIDTHS[family] * size


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """Return a path through points that runs vertically at each of them."""
    (x, y), *rest = points
    out = [f"M{x:.1f},{y:.1f}"]
    for to_x, to_y in rest:
        if abs(to_x - x) + abs(to_y - y) < 0.05:
            continue
        if abs(to_x - x) < 0.05:
            out.append(f"L{to_x:.1f},{to_y:.1f}")
        else:
            half = (y + to_y) / 2
            out.append(f"C{x:.1f},{half:.1f} {to_x:.1f},{half:.1f} {to_x:.1f},{to_y:.1f}")
        x, y = to_x, to_y
    return "".join(out)


def _valid(text: str) -> str:
    """The text with what XML cannot hold replaced (XML 1.0 §2.2)."""
    return "".join(
        c if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) & 0xFFFE != 0xFFFE else "�"
        for c in text
    )


def _clean(text: str) -> str:
    return escape(_valid(text))


def _lines(text: str) -> str:
    return "\n".join(_clean(line) for line in text.split("\n"))


class Canvas:
    """Elements in the order in which they are drawn."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        stroke: str = "none",
        line: float = 1.0,
        radius: float = 0.0,
    ) -> None:
        """A rectangle by its upper left corner."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{line:g}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        fill: str,
        family: str = "mono",
        anchor: str = "start",
        weight: str = "normal",
        style: str = "normal",
    ) -> None:
        """A line of text by its base line; blanks are kept."""
        options = f' text-anchor="{anchor}"' if anchor != "start" else ""
        if weight != "normal":
            options += f' font-weight="{weight}"'
        if style != "normal":
            options += f' font-style="{style}"'
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{family}" font-size="{size:g}" '
            f'fill="{fill}"{options} xml:space="preserve">{_clean(text)}</text>'
        )

    def path(self, d: str, *, stroke: str, line: float, arrow: str, dashed: bool = False) -> None:
        """A line with an arrow head at its end."""
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self._parts.append(
            f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{line:g}"'
            f'{dash} marker-end="url(#{arrow})"/>'
        )

    def begin(self, title: str) -> None:
        """Begin a group that shows a title where the pointer rests on it."""
        self._parts.append(f"<g><title>{_lines(title)}</title>")

    def end(self) -> None:
        """End the group."""
        self._parts.append("</g>")

    def document(self, width: float, height: float, title: str, definitions: str) -> str:
        """Return the whole drawing."""
        body = "\n".join(self._parts)
        label = quoteattr(_valid(title))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={label}>\n'
            f"<title>{_clean(title)}</title>\n{definitions}\n{body}\n</svg>\n"
        )
