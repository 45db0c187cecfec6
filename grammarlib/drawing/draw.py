"""A drawing of a grammar's automaton: graph, places and boxes put together."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from grammarlib.arguments import instance, whole
from grammarlib.compiler.compile import CompiledGrammar
from grammarlib.drawing.boxes import KINDS, MASK, PATH, StateBox, label_size, write_label
from grammarlib.drawing.graph import Graph, Link, build
from grammarlib.drawing.layout import Box, lay_out
from grammarlib.drawing.svg import Canvas, smooth, text_width

__all__ = ["Drawing", "draw"]

_MARGIN = 28.0
_EDGE = "#64748b"
_DEFINITIONS = """<defs>
<style>
.mono{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.sans{font-family:ui-sans-serif,"DejaVu Sans",Helvetica,Arial,sans-serif}
</style>
<marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" \
orient="auto-start-reverse"><path d="M0,0.8 L7.5,4 L0,7.2 z" fill="#64748b"/></marker>
<marker id="on" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" \
orient="auto-start-reverse"><path d="M0,0.8 L7.5,4 L0,7.2 z" fill="#e11d48"/></marker>
</defs>"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing and what it shows.

    Attributes
    ----------
    svg : str
        The document.
    drawn, total : int
        Boxes that are drawn, and that there are.
    states : int
        States of the automaton that all boxes stand for.
    """

    svg: str
    drawn: int
    total: int
    states: int


def draw(
    compiled: CompiledGrammar,
    *,
    text: bytes | str = b"",
    max_states: int = 60,
    fold: int | None = None,
    title: str = "",
    note: str = "",
) -> Drawing:
    """Draw what is built of a grammar's automaton.

    Parameters
    ----------
    compiled : CompiledGrammar
        The grammar; compile it with ``precompute="all"`` to see all of it.
    text : bytes or str, optional
        A text to follow: the states and edges that it passes are marked.
    max_states : int
        Boxes to draw at most, those nearest to the beginning; the drawing says what is left out.
    fold : int, optional
        How many boxes a string, key or number may have before it is drawn as one; without it 8, or
        40 where there is one only.
    title, note : str
        Lines above and below the drawing.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the text leaves the language, or ``max_states`` is below 1.
    """
    instance("compiled", compiled, CompiledGrammar, "a compiled grammar")
    max_states = whole("max_states", max_states, 1)
    fold = None if fold is None else whole("fold", fold, 1)
    instance("text", text, (str, bytes, bytearray), "bytes or str")
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else bytes(text)
    path = compiled.trace(data)
    if len(path) <= len(data):
        at = len(path) - 1
        raise ValueError(
            f"the text leaves the language at byte {at}: {data[:at]!r} cannot go on with "
            f"{data[at : at + 1]!r}"
        )
    graph = build(compiled, max_states, path if data else (), fold)
    start = next(iter(graph.nodes))
    loops = {link.source: link for link in graph.links if link.source == link.target}
    links = [link for link in graph.links if link.source != link.target]
    boxes = {
        number: StateBox(node, compiled.profile(node.state), number == start, loops.get(number))
        for number, node in graph.nodes.items()
    }
    layout = lay_out(
        {number: (box.full_width, box.height) for number, box in boxes.items()},
        [(link.source, link.target) for link in links],
        [label_size(link) for link in links],
    )
    canvas = Canvas()
    heading = 34.0 if title else 0.0
    left, top = _MARGIN, _MARGIN + heading
    width = max(layout.width, 560.0, text_width(title, 15, "sans")) + 2 * _MARGIN
    footer = _legend_lines(graph, note, width - 2 * _MARGIN)
    left += (width - 2 * _MARGIN - layout.width) / 2
    height = top + layout.height + 30 + 20 * (len(footer) + 2) + _MARGIN / 2
    canvas.rect(0, 0, width, height, fill="#ffffff")
    if title:
        canvas.text(
            _MARGIN, _MARGIN + 8, title, size=15, fill="#0f172a", family="sans", weight="bold"
        )
    for on_path in (False, True):  # the text that is followed lies above the others
        for number, link in enumerate(links):
            if link.on_path == on_path:
                points = [(left + x, top + y) for x, y in layout.routes[number].points]
                _write_edge(canvas, link, points)
    for number, link in enumerate(links):
        label = layout.routes[number].label
        write_label(canvas, link, left + label.x, top + label.y)
    for number, box in boxes.items():
        place = layout.boxes[number]
        x, y = left + place.x - place.width / 2, top + place.y - place.height / 2
        if box.loop is not None:
            _write_loop(canvas, box, box.loop, Box(x + box.width, y + box.height / 2, 0, 0))
        box.write(canvas, x, y)
    _write_legend(canvas, _MARGIN, top + layout.height + 40, _kinds(graph), footer)
    svg = canvas.document(width, height, title or "automaton", _DEFINITIONS)
    return Drawing(svg, len(graph.nodes), graph.total, graph.states)


def _write_edge(canvas: Canvas, link: Link, points: list[tuple[float, float]]) -> None:
    stroke, line, arrow = (PATH, 2.0, "on") if link.on_path else (_EDGE, 1.2, "to")
    canvas.path(smooth(points), stroke=stroke, line=line, arrow=arrow)


def _write_loop(canvas: Canvas, box: StateBox, loop: Link, side: Box) -> None:
    reach = 24.0
    x, y = side.x, side.y
    bend = f"{x + reach:.1f},{y - 20:.1f} {x + reach:.1f},{y + 20:.1f}"
    d = f"M{x:.1f},{y - 11:.1f} C{bend} {x + 2:.1f},{y + 11:.1f}"
    stroke, line, arrow = (PATH, 2.0, "on") if loop.on_path else (_EDGE, 1.2, "to")
    canvas.path(d, stroke=stroke, line=line, arrow=arrow)
    write_label(canvas, loop, x + 22 + box.loop_size[0] / 2, y)


def _legend_lines(graph: Graph, note: str, width: float) -> list[str]:
    drawn, total = len(graph.nodes), graph.total
    boxes = f"{total:,} boxes" if drawn == total else f"The first {drawn:,} of {total:,} boxes"
    said = (
        f"{boxes} for {graph.states:,} states. States inside a character, an escape or white space "
        "are drawn with the one before; states with one way in and one way out are part of an edge."
    )
    return [
        line
        for text in (said, note)
        for line in wrap(text, max(20, int(width / text_width("x", 10.5, "sans"))))
    ]


def _kinds(graph: Graph) -> list[str]:
    """The kinds of terminals to explain: those of rules where they occur, of JSON all or none."""
    found = {c.kind for node in graph.nodes.values() for c in node.state.components}
    json = bool(found - {"text", "token"})
    return [kind for kind in KINDS if kind in found or (json and kind not in ("text", "token"))]


def _write_legend(canvas: Canvas, x: float, y: float, kinds: list[str], lines: list[str]) -> None:
    at = x
    for name in kinds:
        colour = KINDS[name]
        canvas.rect(at, y - 8, 8, 8, fill=colour, radius=2)
        canvas.text(at + 13, y, name, size=10.5, fill="#334155", family="sans")
        at += 32 + text_width(name, 10.5, "sans")
    y += 20
    at = x
    canvas.text(at, y, "tokens:", size=10.5, fill="#334155", family="sans")
    at += 50
    for name, colour in MASK.items():
        canvas.rect(at, y - 8, 14, 7, fill=colour)
        canvas.text(at + 19, y, name, size=10.5, fill="#334155", family="sans")
        at += 38 + text_width(name, 10.5, "sans")
    for line in lines:
        y += 20
        canvas.text(x, y, line, size=10.5, fill="#64748b", family="sans")
