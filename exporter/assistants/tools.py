"""What assistants may ask of a graph, as functions with small answers: texts of records are fields, and are cut at a size.

Nothing that a record says gets into the description of a tool: a record is data, and gives no orders.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.errors import QueryError
from exporter.pages.addresses import page_iri
from exporter.pages.view import Described, View
from exporter.problems import Problem
from exporter.rdf.terms import Term
from exporter.server.live import Live, State
from exporter.server.protocol import ProtocolError, ProtocolQuery
from exporter.sparql.limits import Limits
from exporter.sparql.results.formats import makes_graph

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
ROWS = 200
"""Rows of an answer, unless less are asked for."""
_MOST_ROWS = 1_000
_TEXT = 2_000
"""Characters of a text."""
_VALUES = 20
_FOUND = 50
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools over what is served. Each gives JSON, and says what was left out with numbers; what can't be answered is an `error`."""

    live: Live

    def describe(self) -> Json:
        """Say what is in the graph: its classes with counts, examples and the properties that lead to resources, and the prefixes."""
        with self.live.using() as state:
            view = state.pages.view
            records, resources = view.graph.counts
            classes: list[Json] = [
                {
                    "iri": of.iri,
                    "label": _cut(of.label),
                    "instances": of.instances,
                    "examples": [{"iri": iri, "label": _cut(view.label(iri))} for iri in view.graph.instances(of.iri)[:_EXAMPLES]],
                }
                for of in view.classes()[:_FOUND]
            ]
            properties: list[Json] = [{"iri": iri, "label": _cut(view.term_label(iri))} for iri in view.graph.predicates()[: 2 * _FOUND]]
            prefixes: Json = dict(state.answers.dataset.prefixes)
            left_out = max(0, len(view.classes()) - _FOUND)
        return {
            "records": records,
            "resources": resources,
            "triples": state.triples,
            "prefixes": prefixes,
            "classes": classes,
            "classes_left_out": left_out,
            "properties": properties,
        }

    def search(self, words: str, limit: int = 20) -> Json:
        """Find resources by their names: each of the words has to be in the name, in any case."""
        wanted = words.casefold().split()
        if not wanted:
            return {"error": "name at least one word"}
        with self.live.using() as state:
            view = state.pages.view
            found = [(iri, label) for iri, label in view.graph.names() if all(word in label.casefold() for word in wanted)]
            shown: list[Json] = [self._named(view, state, iri) for iri, _ in found[: _bounded(limit, _FOUND)]]
        return {"found": len(found), "results": shown}

    def get(self, iri: str) -> Json:
        """Give what is said of a resource: its classes, values by property, what names it, and the file that it comes from."""
        with self.live.using() as state:
            view = state.pages.view
            page = page_iri(iri)
            if view.address(page) is None:
                return {"error": "nothing is said of this IRI", "iri": _cut(iri)}
            described = view.described(page)
            part = next((part for part in described.parts if part.iri == iri), None)
            return _resource(view, part or described, described)

    def query(self, sparql: str, limit: int = ROWS) -> Json:
        """Answer a SPARQL query, with the first rows; updates, other machines and queries that take too long are refused."""
        rows = _bounded(limit, _MOST_ROWS)
        try:
            asked = ProtocolQuery(sparql)
            with self.live.using() as state:
                if makes_graph(sparql):
                    text = state.answers.ask(asked, "text/turtle").content.decode()
                    return {"turtle": text[: 20 * _TEXT], "characters_left_out": max(0, len(text) - 20 * _TEXT)}
                limits = state.answers.limits
                found = state.answers.dataset.query(sparql, limits=Limits(limits.seconds, rows + 1, limits.size))
        except (QueryError, ProtocolError) as error:
            return {"error": _cut(str(error))}
        if found.kind == "boolean":
            return {"boolean": bool(found.value)}
        shown: list[Json] = [{name: _term(cell) for name, cell in row.asdict().items() if cell is not None} for row in found.rows[:rows]]
        hints: list[Json] = [_cut(problem.message) for problem in found.problems]
        return {"variables": list(found.variables), "rows": shown, "more": len(found.rows) > rows, "hints": hints}

    def problems(self, path: str = "", limit: int = 50) -> Json:
        """List what validation has found, with file, line and what to do; of one file or folder, or of all."""
        with self.live.using() as state:
            found = [problem for problem in state.pages.problems if problem.location.path.startswith(path)]
            counts: dict[str, Json] = {}
            for problem in found:
                counts[problem.code] = int(str(counts.get(problem.code, 0))) + 1
        return {"found": len(found), "by_code": counts, "problems": [_problem(problem) for problem in found[: _bounded(limit, 500)]]}

    @staticmethod
    def _named(view: View, state: State, iri: str) -> Json:
        place = view.graph.record(page_iri(iri))
        kinds = view.graph.types(iri)
        named: dict[str, Json] = {"iri": iri, "label": _cut(view.label(iri)), "class": _cut(view.term_label(kinds[0])) if kinds else ""}
        if place is not None:
            named["file"] = place.path
            named["line"] = state.pages.line_of(page_iri(iri), place)
        return named


def _resource(view: View, of: Described, page: Described) -> Json:
    properties: list[Json] = []
    for said in of.statements:
        values = [_term(value) if not isinstance(value, tuple) else [_term(item) for item in value] for value in said.values[:_VALUES]]
        row: dict[str, Json] = {"property": said.predicate, "label": _cut(said.label), "values": list(values)}
        if len(said.values) > _VALUES:
            row["values_left_out"] = len(said.values) - _VALUES
        properties.append(row)
    named_by: list[Json] = [
        {"property": group.predicate, "resources": [{"iri": iri, "label": _cut(view.label(iri))} for iri in group.subjects[:_VALUES]]}
        for group in of.mentions
    ]
    return {
        "iri": of.iri,
        "label": _cut(of.label),
        "classes": list(of.classes),
        "properties": properties,
        "parts": [{"iri": part.iri, "label": _cut(part.label)} for part in of.parts],
        "named_by": named_by,
        "mentions": of.mentioned,
        "file": page.place.path if page.place is not None else None,
    }


def _term(value: Term | object) -> Json:
    if isinstance(value, NamedNode):
        return {"iri": value.value}
    if isinstance(value, Literal):
        said: dict[str, Json] = {"text": value.value[:_TEXT]}
        if len(value.value) > _TEXT:
            said["characters_left_out"] = len(value.value) - _TEXT
        if value.language:
            said["language"] = value.language
        elif value.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
            said["datatype"] = value.datatype.value
        return said
    return {"blank": value.value} if isinstance(value, BlankNode) else {"term": str(value)}


def _problem(problem: Problem) -> Json:
    return {
        "file": problem.location.path,
        "line": problem.location.line,
        "column": problem.location.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "key": problem.key,
        "message": _cut(problem.message),
        "help": _cut(problem.help or ""),
    }


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else text[:_TEXT] + "…"


def _bounded(limit: int, most: int) -> int:
    return max(1, min(limit, most))
