"""A diagram as SVG 2 (https://www.w3.org/TR/SVG2/): one file with its own style, for light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from exporter.generate.diagrams.drawing import Arrow, Box, Diagram
from exporter.generate.diagrams.layout import Layout, Placed, Route, Size, lay_out
from exporter.text import shorten
from exporter.width import columns

_LINE = 18
_HEAD = 30
_ABOVE = 16
_MARGIN = 24
_CHARACTER = 7  # pixels that a character of 12 px takes in most sans-serif fonts
_LONGEST = 48
_STYLE = (
    "svg{--back:#fff;--text:#1b1f24;--quiet:#57606a;--line:#6b7580;--head:#e4edf8;--inner:#f3f5f7}"
    "@media(prefers-color-scheme:dark){svg{--back:#14181d;--text:#e6edf3;--quiet:#a3adb8;--line:#8b96a3;--head:#22364f;--inner:#262d35}}"
    "text{fill:var(--text);font:12px system-ui,sans-serif}.title{font-weight:600;font-size:13px}.quiet{fill:var(--quiet)}"
    ".back{fill:var(--back)}.box{fill:var(--back)}.frame{fill:none;stroke:var(--line)}"
    ".head{fill:var(--inner)}.record .head{fill:var(--head)}"
    ".edge{fill:none;stroke:var(--line);stroke-width:1.3}.subclass{stroke-dasharray:5 3}.tip{fill:var(--line)}"
    ".hollow{fill:var(--back);stroke:var(--line)}.label{paint-order:stroke;stroke:var(--back);stroke-width:4px;stroke-linejoin:round}"
)


def svg(diagram: Diagram, title: str) -> str:
    """Write a diagram as SVG; classes of records have a head of another colour, arrows with a hollow tip lead to superclasses."""
    sizes = {box.iri: _size(box, _ports(diagram.arrows, box.iri)) for box in diagram.boxes}
    edges = [_ends(arrow) for arrow in diagram.arrows]
    layout = lay_out(sizes, edges, [columns(label) * _CHARACTER for arrow in diagram.arrows for label in _labels(arrow)])
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{_text(title)}</title>",
        "<desc>Classes, and the properties that lead from one to another. Generated from the ontology by owltype gen diagram.</desc>",
        f"<style>{_STYLE}</style>",
        "<defs>",
        _marker("tip", 8, "M0 0L10 5L0 10z"),
        _marker("hollow", 12, "M1 1L10 5L1 9z"),
        "</defs>",
        f'<rect class="back" width="{width}" height="{height}"/>',
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *_edges(diagram.arrows, layout, sizes),
        *(part for box in diagram.boxes for part in _box(box, layout.nodes[box.iri], sizes[box.iri])),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _marker(name: str, size: int, path: str) -> str:
    box = 'viewBox="0 0 10 10" refX="9.5" refY="5"'
    head = f'<marker id="{name}" {box} markerWidth="{size}" markerHeight="{size}" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
    return f'{head}<path class="{name}" d="{path}"/></marker>'


def _ends(arrow: Arrow) -> tuple[str, str]:
    """Give the ends of an arrow as the layout has them: a superclass stands to the left of its subclasses."""
    return (arrow.start, arrow.end) if arrow.labels else (arrow.end, arrow.start)


def _labels(arrow: Arrow) -> list[str]:
    return [shorten(label, _LONGEST) for label in arrow.labels]


def _ports(arrows: Sequence[Arrow], iri: str) -> int:
    """Count the lines of labels and arrows that one side of a box has to have room for."""
    right = sum(1 for arrow in arrows if _ends(arrow)[0] == iri)
    left = sum(max(1, len(arrow.labels)) for arrow in arrows if _ends(arrow)[1] == iri)
    return max(left, right)


def _size(box: Box, ports: int) -> Size:
    lines = [shorten(line, _LONGEST) for line in box.lines]
    above = _above(box)
    longest = max([columns(box.title) + 2, columns(above), *map(columns, lines)])
    height = _HEAD + (_ABOVE if above else 0) + (len(lines) * _LINE + 10 if lines else 0)
    return Size(max(110, longest * _CHARACTER + 24), max(height, ports * _LINE + 12))


def _above(box: Box) -> str:
    return shorten(f"a kind of {', '.join(box.above)}", _LONGEST) if box.above else ""


def _box(box: Box, placed: Placed, size: Size) -> list[str]:
    head = _HEAD + (_ABOVE if box.above else 0)
    parts = [
        f'<g class="{"record" if box.is_record else "part"}" transform="translate({placed.x} {placed.y})">',
        f'<rect class="box" width="{size.width}" height="{size.height}" rx="4"/>',
        f'<path class="head" d="M0 4a4 4 0 0 1 4-4h{size.width - 8}a4 4 0 0 1 4 4v{min(head, size.height - 4) - 4}h-{size.width}z"/>',
        f'<text class="title" x="12" y="20">{_text(box.title)}</text>',
    ]
    if box.above:
        parts.append(f'<text class="quiet" x="12" y="36">{_text(_above(box))}</text>')
    for number, line in enumerate(box.lines):
        name, colon, rest = shorten(line, _LONGEST).partition(":")
        inner = f'{_text(name)}<tspan class="quiet">{_text(colon + rest)}</tspan>'
        parts.append(f'<text x="12" y="{head + _LINE * (number + 1)}">{inner}</text>')
    return [*parts, f'<rect class="frame" width="{size.width}" height="{size.height}" rx="4"/>', "</g>"]


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where an edge leaves its left node and enters its right one."""

    start: tuple[int, int]
    end: tuple[int, int]


def _edges(arrows: Sequence[Arrow], layout: Layout, sizes: Mapping[str, Size]) -> list[str]:
    ends = _join(arrows, layout, sizes)
    parts = [_path(arrow, route, at) for arrow, route, at in zip(arrows, layout.routes, ends, strict=True)]
    for arrow, at in zip(arrows, ends, strict=True):
        x, y = at.end
        for number, label in enumerate(reversed(_labels(arrow))):
            parts.append(f'<text class="label" x="{x - 14}" y="{y - 5 - number * _LINE}" text-anchor="end">{_text(label)}</text>')
    return parts


def _join(arrows: Sequence[Arrow], layout: Layout, sizes: Mapping[str, Size]) -> list[_Ends]:
    """Spread the edges over the sides of their nodes, in the order of where they come from and go to, each with room for its labels."""
    routes = layout.routes
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for name, placed in layout.nodes.items():
        leaving = sorted((i for i, route in enumerate(routes) if route.left == name), key=lambda i: (_next_y(routes[i], layout, sizes), i))
        middle = placed.y + sizes[name].height // 2 - (len(leaving) - 1) * _LINE // 2
        starts |= {i: middle + number * _LINE for number, i in enumerate(leaving)}
        coming = sorted((i for i, route in enumerate(routes) if route.right == name), key=lambda i: (_last_y(routes[i], layout, sizes), i))
        rooms = [max(1, len(arrows[i].labels)) * _LINE for i in coming]
        y = placed.y + (sizes[name].height - sum(rooms)) // 2
        for i, room in zip(coming, rooms, strict=True):
            y += room
            ends[i] = y - 4
    return [
        _Ends((layout.nodes[route.left].x + sizes[route.left].width, starts[i]), (layout.nodes[route.right].x, ends[i]))
        for i, route in enumerate(routes)
    ]


def _next_y(route: Route, layout: Layout, sizes: Mapping[str, Size]) -> int:
    return route.lanes[0][2] if route.lanes else layout.nodes[route.right].y + sizes[route.right].height // 2


def _last_y(route: Route, layout: Layout, sizes: Mapping[str, Size]) -> int:
    return route.lanes[-1][2] if route.lanes else layout.nodes[route.left].y + sizes[route.left].height // 2


def _path(arrow: Arrow, route: Route, at: _Ends) -> str:
    """Draw an edge as curves from lane to lane; its tip is where the arrow leads."""
    x, y = at.start
    d = f"M{x} {y}"
    lead = max((columns(label) * _CHARACTER + 20 for label in _labels(arrow)), default=20)  # under the labels the line is straight
    for left, right, lane in (*route.lanes, (at.end[0] - lead, at.end[0], at.end[1])):
        half = (left - x) // 2
        d += f"C{x + half} {y} {left - half} {lane} {left} {lane}" + (f"H{right}" if right != left else "")
        x, y = right, lane
    at_end = arrow.end == route.right
    tip = f'marker-{"end" if at_end else "start"}="url(#{"tip" if arrow.labels else "hollow"})"'
    return f'<path class="edge{"" if arrow.labels else " subclass"}" d="{d}" {tip}/>'


def _text(text: str) -> str:
    return escape("".join(character if character.isprintable() else "\ufffd" for character in text))
