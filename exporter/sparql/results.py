"""The answer to a query as values: rows of terms, a boolean, or triples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from exporter.problems import Problem
from exporter.sparql.serialising import Cut, term_text

Cell = NamedNode | BlankNode | Literal | Triple | None
"""A term of a solution, or None where the variable is unbound."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answered.

    `kind` is `solutions` (SELECT: `variables` and `rows`), `boolean` (ASK: `value`) or `graph` (CONSTRUCT, DESCRIBE: `triples`).
    `cut` says whether rows or size went beyond the limits, so that this is not all. `problems` say which terms of the query match nothing.

    >>> result = Result("solutions", ("n",), ((Literal(1),), (Literal(2),)))
    >>> [row["n"].value for row in result]
    ['1', '2']
    """

    kind: str
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    value: bool | None = None
    triples: tuple[Triple, ...] = ()
    cut: Cut | None = None
    problems: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        """Yield the rows of solutions by variable."""
        for row in self.rows:
            yield dict(zip(self.variables, row, strict=True))

    def __len__(self) -> int:
        return len(self.triples) if self.kind == "graph" else len(self.rows)

    def __bool__(self) -> bool:
        """Say whether there is an answer: what ASK says, or any row or triple."""
        return bool(self.value) if self.kind == "boolean" else len(self) > 0

    def with_column(self, after: str, name: str, fill: Callable[[Cell], Cell]) -> Result:
        """Give the result with one more variable, made from that of another."""
        at = self.variables.index(after)
        rows = tuple((*row[: at + 1], fill(row[at]), *row[at + 1 :]) for row in self.rows)
        return replace(self, variables=(*self.variables[: at + 1], name, *self.variables[at + 1 :]), rows=rows)


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
