"""The box of a state: what may be under way, where, and what that makes of the tokens."""

from __future__ import annotations

from dataclasses import dataclass

from grammarlib.compiler.automaton import StateProfile
from grammarlib.drawing.graph import Link, Node
from grammarlib.drawing.labels import cut
from grammarlib.drawing.svg import Canvas, text_width

__all__ = ["KINDS", "MASK", "PATH", "StateBox", "label_size", "write_label"]

KINDS = {
    "string": "#2563eb",
    "key": "#7c3aed",
    "number": "#c2410c",
    "literal": "#0f766e",
    "punctuation": "#475569",
    "white space": "#94a3b8",
    "text": "#2563eb",
    "token": "#7c3aed",
}
MASK = {
    "inside": "#22a06b",
    "crossing, may follow": "#f59e0b",
    "crossing": "#fde9b8",
    "dead": "#e2e8f0",
}
PATH = "#e11d48"
_INK, _FAINT, _LINE, _END = "#0f172a", "#64748b", "#cbd5e1", "#16a34a"
_PAD = 11.0
_ROW = 17.0
_LONGEST = 34
_COMPONENTS = 4
_LABELS = 4
_STRIP = 150.0


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    text: str


class StateBox:
    """What is written in the box of a node, and its size.

    Parameters
    ----------
    node : Node
        The node.
    profile : StateProfile
        What its state makes of the tokens.
    is_start : bool
        Whether it is the state before any text.
    loop : Link or None
        The link from the node to itself.
    """

    def __init__(
        self, node: Node, profile: StateProfile, is_start: bool, loop: Link | None
    ) -> None:
        self.node = node
        self.is_start = is_start
        self.loop = loop
        total = profile.total
        survivors = len(total.survivors)
        self._counts = {
            "inside": len(total.inside),
            "crossing, may follow": survivors,
            "crossing": len(total.crossing) - survivors,
            "dead": len(total.dead),
        }
        components = node.state.components
        self._lines = [_Line(c.kind, c.expects) for c in components[:_COMPONENTS]]
        self._lines = list(dict.fromkeys(self._lines))
        self._more = len(components) - _COMPONENTS
        values = [c for c in components if c.kind not in ("punctuation", "white space")]
        places = list(dict.fromkeys(p for c in values or components for p in c.places))
        self._stack = (
            "".join("{" if o.kind == "object" else "[" for o in places[0].stack) if places else ""
        )
        self._stacks = len({p.stack for p in places})
        pointers = list(dict.fromkeys(p.pointer for p in places))
        self._pointer = cut(", ".join(p or "(root)" for p in pointers), 40)
        texts = [text_width(cut(x.text, _LONGEST), 12) + 16 for x in self._lines]
        texts.append(text_width(self._head(), 10, "sans") + 62)
        texts.append(16.0 * len(self._stack[-8:]) + text_width(self._pointer, 10.5) + 14)
        texts.append(text_width(self._said(), 9.5, "sans"))
        self.width = max(_STRIP, *texts) + 2 * _PAD
        rows = len(self._lines) + (self._more > 0) + bool(places) + (node.left_out > 0)
        self.height = 2 * _PAD + 10 + _ROW * rows + 24
        self.loop_size = label_size(loop) if loop else (0.0, 0.0)
        self.height = max(self.height, self.loop_size[1] + 12)
        self.full_width = self.width + (self.loop_size[0] + 44 if loop else 0)

    def _head(self) -> str:
        number = f"state {self.node.state.id}"
        head = f"start · {number}" if self.is_start else number
        return f"{head} and {self.node.members - 1:,} more of it" if self.node.folded else head

    def _said(self) -> str:
        counts = self._counts
        if not self.node.state.components:
            return "the end token only"
        crossing = counts["crossing"] + counts["crossing, may follow"]
        said = f"{counts['inside']:,} inside"
        if crossing:
            said += f" · {crossing:,} cross, {counts['crossing, may follow']:,} may follow"
        return f"{said} · {counts['dead']:,} dead"

    def title(self) -> str:
        """All of it, uncut, for the pointer."""
        lines = [self._head()]
        for c in self.node.state.components:
            place = ", ".join(p.pointer or "(root)" for p in c.places)
            condition = f" if {c.condition}" if c.condition else ""
            lines.append(f"{c.kind} {c.expects}{condition}, at {place}")
        if self.node.state.accepting:
            lines.append("the text may end here")
        return "\n".join([*lines, self._said()])

    def write(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw the box by its upper left corner."""
        node = self.node
        canvas.begin(self.title())
        stroke, line = (PATH, 2.0) if node.on_path else (_LINE, 1.2)
        if node.state.accepting:
            canvas.rect(
                x - 4,
                y - 4,
                self.width + 8,
                self.height + 8,
                fill="none",
                stroke=_END,
                line=1.6,
                radius=12,
            )
        fill = "#fff1f2" if node.is_end else "#ffffff"
        canvas.rect(x, y, self.width, self.height, fill=fill, stroke=stroke, line=line, radius=8)
        accent = KINDS[self._lines[0].kind] if self._lines else _END
        canvas.rect(x + 1, y + 8, 3.5, self.height - 16, fill=accent, radius=1.5)
        left, at = x + _PAD, y + _PAD + 8
        canvas.text(left, at, self._head(), size=10, fill=_FAINT, family="sans")
        if node.state.accepting:
            canvas.text(
                x + self.width - _PAD,
                at,
                "may end",
                size=10,
                fill=_END,
                family="sans",
                anchor="end",
                weight="bold",
            )
        elif node.is_end:
            canvas.text(
                x + self.width - _PAD,
                at,
                "text ends",
                size=10,
                fill=PATH,
                family="sans",
                anchor="end",
                weight="bold",
            )
        for entry in self._lines:
            at += _ROW
            canvas.rect(left, at - 8, 8, 8, fill=KINDS[entry.kind], radius=2)
            canvas.text(left + 14, at, cut(entry.text, _LONGEST), size=12, fill=_INK)
        if self._more > 0:
            at += _ROW
            canvas.text(
                left + 14, at, f"and {self._more} more", size=10, fill=_FAINT, family="sans"
            )
        if self._pointer:
            at += _ROW
            self._write_place(canvas, left, at)
        if node.left_out:
            at += _ROW
            ways = "one way" if node.left_out == 1 else f"{node.left_out} ways"
            canvas.text(
                left,
                at,
                f"{ways} to states not drawn",
                size=10,
                fill=_FAINT,
                family="sans",
                style="italic",
            )
        self._write_mask(canvas, left, at + 11)
        canvas.end()

    def _write_place(self, canvas: Canvas, x: float, y: float) -> None:
        for bracket in self._stack[-8:]:
            canvas.rect(x, y - 10, 13, 13, fill="#f1f5f9", stroke=_LINE, line=0.8, radius=3)
            canvas.text(x + 6.5, y, bracket, size=10.5, fill=_INK, anchor="middle")
            x += 16
        canvas.text(x + (4 if self._stack else 0), y, self._pointer, size=10.5, fill=_FAINT)

    def _write_mask(self, canvas: Canvas, x: float, y: float) -> None:
        width = self.width - 2 * _PAD
        total = sum(self._counts.values()) or 1
        # What is there is seen, however few tokens it is.
        least = 4.0
        shown = {k: n for k, n in self._counts.items() if n}
        free = width - least * len(shown)
        for name, count in shown.items():
            own = least + free * count / total
            canvas.rect(x, y, own, 6, fill=MASK[name])
            x += own
        canvas.text(x - width, y + 16, self._said(), size=9.5, fill=_FAINT, family="sans")


def label_size(link: Link) -> tuple[float, float]:
    """Return the width and height of a link's label."""
    lines = _label_lines(link)
    width = max((text_width(text, 12 if plain else 9.5) for text, plain in lines), default=0.0)
    return width + 10, 15.0 * len(lines) + 4


def write_label(canvas: Canvas, link: Link, x: float, y: float) -> None:
    """Draw a link's label around its middle."""
    width, height = label_size(link)
    canvas.rect(x - width / 2, y - height / 2, width, height, fill="#ffffff", radius=4)
    at = y - height / 2 + 12
    for text, plain in _label_lines(link):
        ink = PATH if link.on_path and plain else _INK if plain else _FAINT
        canvas.text(
            x,
            at,
            text,
            size=12 if plain else 9.5,
            fill=ink,
            anchor="middle",
            style="normal" if plain else "italic",
        )
        at += 15


def _label_lines(link: Link) -> list[tuple[str, bool]]:
    lines = [(text, True) for text in link.labels[:_LABELS]]
    if len(link.labels) > _LABELS:
        lines.append((f"and {len(link.labels) - _LABELS} more", False))
    lines += [(cut(text, 44), False) for text in link.conditions[:2]]
    return lines
