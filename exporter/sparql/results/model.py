"""The answer to a query as values: rows of terms, a boolean, or triples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self, SupportsIndex, overload

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from exporter.problems import Problem
from exporter.sparql.results.serialising import Cut, term_text

Cell = NamedNode | BlankNode | Literal | Triple | None
"""A term of a solution, or None where the variable is unbound."""


class Row(tuple["Cell", ...]):  # noqa: SLOT001 - a tuple can't have slots that hold something
    """One solution: its terms in the order of the variables, by position or by the variable's name.

    >>> row = Row(("n", "m"), (Literal(1), None))
    >>> row[0] == row["n"], row["m"], row.asdict()["n"].value
    (True, None, '1')
    """

    variables: tuple[str, ...]

    def __new__(cls, variables: tuple[str, ...], cells: Sequence[Cell]) -> Self:
        """Make a row of as many terms as there are variables."""
        row = super().__new__(cls, cells)
        row.variables = variables
        return row

    def __getnewargs__(self) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
        return (self.variables, tuple(self))

    @overload
    def __getitem__(self, key: SupportsIndex | str, /) -> Cell: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Cell, ...]: ...
    def __getitem__(self, key: SupportsIndex | str | slice, /) -> Cell | tuple[Cell, ...]:
        """Give a term, by position or name; raises KeyError for a variable that the query does not have."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self.variables:
            raise KeyError(key)
        return super().__getitem__(self.variables.index(key))

    def asdict(self) -> dict[str, Cell]:
        """Give the terms by variable."""
        return dict(zip(self.variables, self, strict=True))


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What a query answered.

    `kind` is `solutions` (SELECT: `variables` and `rows`, which iterating gives,
    too), `boolean` (ASK: `value`) or `graph` (CONSTRUCT, DESCRIBE: `triples`).
    `cut` says whether rows or size went beyond the limits, so that this is not all. `problems` say which terms of the query match nothing.

    >>> result = Result("solutions", ("n",), ((Literal(1),), (Literal(2),)))
    >>> [row["n"].value for row in result]
    ['1', '2']
    """

    kind: str
    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    value: bool | None = None
    triples: tuple[Triple, ...] = ()
    cut: Cut | None = None
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        """Make rows of plain tuples."""
        object.__setattr__(self, "rows", tuple([row if type(row) is Row else Row(self.variables, row) for row in self.rows]))

    def __repr__(self) -> str:
        answer = {"boolean": f"value={self.value}", "graph": f"triples={len(self.triples)}"}.get(self.kind, f"rows={len(self.rows)}")
        return f"Result(kind={self.kind!r}, variables={self.variables}, {answer}, cut={self.cut!r}, problems={len(self.problems)})"

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows of solutions."""
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.triples) if self.kind == "graph" else len(self.rows)

    def __bool__(self) -> bool:
        """Say whether there is an answer: what ASK says, or any row or triple."""
        return bool(self.value) if self.kind == "boolean" else len(self) > 0

    def with_column(self, after: str, name: str, fill: Callable[[Cell], Cell]) -> Result:
        """Give the result with one more variable, made from that of another."""
        at = self.variables.index(after)
        variables = (*self.variables[: at + 1], name, *self.variables[at + 1 :])
        rows = tuple(Row(variables, (*row[: at + 1], fill(row[at]), *row[at + 1 :])) for row in self.rows)
        return replace(self, variables=variables, rows=rows)


def parse_rows(data: bytes) -> tuple[tuple[Cell, ...], ...]:
    """Read solutions from SPARQL's TSV."""
    if not data.partition(b"\n")[0]:
        return ((),) * max(0, data.count(b"\n") - 1)
    solutions = parse_query_results(data, QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    return tuple(tuple(solution) for solution in solutions)


def parse_triples(data: bytes) -> tuple[Triple, ...]:
    """Read a graph from N-Triples."""
    return tuple(quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES))


def write_rows(variables: Sequence[str], rows: Sequence[Sequence[Cell]], results_format: QueryResultsFormat) -> bytes:
    """Write solutions in a W3C format."""
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines += ["\t".join("" if cell is None else term_text(cell) for cell in row) for row in rows]
    solutions = parse_query_results("\n".join(lines) + "\n", QueryResultsFormat.TSV)
    return solutions.serialize(format=results_format) or b""
