"""A layered layout of a directed graph (after K. Sugiyama et al., 1981): nodes in columns, edges from left to right, few crossings.

It is ours because an ontology has some dozens of classes, the same bytes are wanted on every machine, and the layout packages at hand
are either no longer kept, or place nodes without leading edges around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 12
_GAP = 24  # between nodes of a column
_CURVE = 90  # between columns, beside the room for labels
_LANE = 18  # the height of an edge that passes a column


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a node takes."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a node is: its column, and its upper left corner."""

    column: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge between two nodes, from the left one: the middle of its lane in each column that it passes.

    `is_reversed` says that the edge leads from right to left.
    """

    left: str
    right: str
    lanes: tuple[tuple[int, int, int], ...]
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Nodes by name, the ways of the edges in their order, and the size of it all."""

    nodes: Mapping[str, Placed]
    routes: tuple[Route, ...]
    width: int
    height: int


def lay_out(sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]], spaces: Sequence[int] = ()) -> Layout:
    """Lay nodes out in columns. `spaces` are the widths that edges' labels need: between columns is room for the widest.

    >>> layout = lay_out({"a": Size(10, 10), "b": Size(10, 10), "c": Size(10, 10)}, [("a", "b"), ("b", "c"), ("a", "c")])
    >>> [placed.column for placed in layout.nodes.values()], len(layout.routes[2].lanes)
    ([0, 1, 2], 1)
    """
    return _Layered(sizes, edges, max(spaces, default=0) + _CURVE).layout()


@dataclass(slots=True)
class _Cell:
    """A node in its column, or a lane of an edge that passes it."""

    name: str
    height: int
    column: int
    left: list[_Cell] = field(default_factory=list)
    right: list[_Cell] = field(default_factory=list)
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class _Layered:
    def __init__(self, sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]], space: int) -> None:
        self._sizes = sizes
        self._space = space
        backward = _backward(list(sizes), edges)
        self._forward = [(end, start) if (start, end) in backward else (start, end) for start, end in edges]
        self._reversed = [edge in backward for edge in edges]
        self._columns = _columns(list(sizes), self._forward)
        self._cells = {name: _Cell(name, size.height, self._columns[name]) for name, size in sizes.items()}
        self._lanes: list[list[_Cell]] = []
        self._rows: list[list[_Cell]] = [[] for _ in range(max(self._columns.values(), default=0) + 1)]
        for cell in self._cells.values():
            self._rows[cell.column].append(cell)
        self._add_lanes()

    def _add_lanes(self) -> None:
        """Give each edge a lane in the columns that it passes, so that it is led around their nodes."""
        for left, right in self._forward:
            chain = [self._cells[left]]
            for column in range(self._columns[left] + 1, self._columns[right]):
                lane = _Cell("", _LANE, column)
                self._rows[column].append(lane)
                chain.append(lane)
            self._lanes.append(chain[1:])
            chain.append(self._cells[right])
            for one, other in pairwise(chain):
                one.right.append(other)
                other.left.append(one)

    def layout(self) -> Layout:
        """Order the columns, then move their nodes towards those that they are joined to."""
        self._order()
        self._align()
        widths = [max((self._sizes[cell.name].width for cell in row if cell.name), default=0) for row in self._rows]
        starts = [sum(widths[:i]) + i * self._space for i in range(len(widths))]
        top = min((cell.y for row in self._rows for cell in row), default=0.0)
        nodes = {name: Placed(cell.column, starts[cell.column], round(cell.y - top)) for name, cell in self._cells.items()}
        routes = tuple(
            Route(
                left,
                right,
                tuple((starts[lane.column], starts[lane.column] + widths[lane.column], round(lane.middle - top)) for lane in lanes),
                turned,
            )
            for (left, right), lanes, turned in zip(self._forward, self._lanes, self._reversed, strict=True)
        )
        bottoms = [placed.y + self._sizes[name].height for name, placed in nodes.items()]
        bottoms += [y + _LANE // 2 for route in routes for _, _, y in route.lanes]
        return Layout(nodes, routes, starts[-1] + widths[-1] if widths else 0, max(bottoms, default=0))

    def _order(self) -> None:
        """Order each column by the mean place of what it is joined to, there and back; the first of equals stays first."""
        places: dict[int, float] = {}
        for row in self._rows:
            places |= {id(cell): number / len(row) for number, cell in enumerate(row)}
        for sweep in range(_SWEEPS):
            rightward = sweep % 2 == 0
            for row in self._rows[1:] if rightward else self._rows[-2::-1]:
                means = {
                    id(cell): _mean([places[id(o)] for o in (cell.left if rightward else cell.right)], places[id(cell)]) for cell in row
                }
                row.sort(key=lambda cell: means[id(cell)])
                places |= {id(cell): number / len(row) for number, cell in enumerate(row)}

    def _align(self) -> None:
        for row in self._rows:
            _stack(row, [0.0] * len(row))
        for sweep in range(_SWEEPS):
            rightward = sweep % 2 == 1
            for row in self._rows[1:] if rightward else self._rows[-2::-1]:
                wanted = [
                    _mean([o.middle for o in (cell.left if rightward else cell.right)], cell.middle) - cell.height / 2 for cell in row
                ]
                _stack(row, wanted)


def _stack(row: Sequence[_Cell], wanted: Sequence[float]) -> None:
    """Place cells one below the other, each as near to where it wants to be as the others let it."""
    groups: list[tuple[float, float, list[_Cell]]] = []  # the place of the first, the height of all, and the cells
    for cell, place in zip(row, wanted, strict=True):
        top, height, cells = place, float(cell.height), [cell]
        while groups and groups[-1][0] + groups[-1][1] + _GAP > top:
            above, tall, others = groups.pop()
            weight, own = len(others), len(cells)
            top = (above * weight + (top - tall - _GAP) * own) / (weight + own)
            height, cells = tall + _GAP + height, others + cells
        groups.append((top, height, cells))
    for top, _, cells in groups:
        y = top
        for cell in cells:
            cell.y = y
            y += cell.height + _GAP


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _backward(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Find the edges that close a circle, in the order of the nodes."""
    after: dict[str, list[str]] = {}
    for start, end in edges:
        after.setdefault(start, []).append(end)
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in nodes:
        path = [(root, iter(after.get(root, ())))] if root not in done else []
        open_ = {root}
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                open_.discard(node)
                done.add(node)
            elif following in open_:
                found.add((node, following))
            elif following not in done:
                open_.add(following)
                path.append((following, iter(after.get(following, ()))))
    return found


def _columns(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Put each node a column behind the last that leads to it; the edges close no circle."""
    columns = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for start, end in edges:
            columns[end] = max(columns[end], columns[start] + 1)
    return columns
