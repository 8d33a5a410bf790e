"""`owltype query`: a question in SPARQL, an answer on standard output."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, baseline_option, common_options, project_options
from exporter.cli.completing import completing, results_formats, saved_queries
from exporter.cli.datasets import DatasetOptions, dataset_options, limit_options
from exporter.cli.ending import CANNOT_RUN, say_skipped, say_unread
from exporter.cli.policies import choose_policy, settle
from exporter.cli.session import Session
from exporter.errors import QueryError, UsageError
from exporter.problems import Problem
from exporter.reports import ReportContext, render
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.policy.ending import Policy
    from exporter.project import Project
    from exporter.rdf.terms import Term
    from exporter.sparql.asking import Dataset
    from exporter.sparql.limits import Limits
    from exporter.sparql.queries.saved import SavedQuery


@click.command()
@click.argument("question", metavar="[QUERY]", required=False, shell_complete=completing(saved_queries))
@click.option("--query-file", metavar="FILE", help="Read the query from a file; - is standard input.")
@click.option("--param", "parameters", metavar="NAME=VALUE", multiple=True, help="A value for a parameter of a saved query.")
@click.option("--list", "listing", is_flag=True, help="List the saved queries.")
@click.option(
    "--results-format",
    metavar="FORMAT",
    shell_complete=completing(results_formats),
    help="table, csv, tsv, json, xml, markdown, spreadsheet; for graphs an RDF syntax.",
)
@click.option("-o", "--output", metavar="FILE", default="-", help="Where the answer goes; - is standard output.")
@click.option("--with-source", is_flag=True, help="Add file and line of the record behind each IRI.")
@dataset_options
@limit_options
@baseline_option
@common_options
@project_options("records", "cache", "jobs")
def command(
    session: Session,
    options: ProjectOptions,
    /,
    *,
    question: str | None,
    query_file: str | None,
    parameters: tuple[str, ...],
    listing: bool,
    results_format: str | None,
    output: str,
    with_source: bool,
    data: tuple[str, ...],
    store: str | None,
    refresh: bool,
    allow_remote: bool,
    timeout: float,
    max_memory: int,
    max_rows: int | None,
    max_size: int,
    baseline: str | None,
) -> int:
    """Ask a graph in SPARQL.

    QUERY is the text of a query, or the name of a saved one (a file of `queries/` without its `.rq`).
    Without one, standard input is read. The ontology's prefixes need no declaration.

    \b
    Examples:
      owltype query -d content/ "SELECT ?page { ?page schema:about ?topic }"
      owltype query -d graph.ttl --query-file question.rq --results-format csv
      owltype query records-by-topic --param topic="<https://www.medigy.com/topics/symplur/telehealth/>"
      owltype query --list
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.sparql.limits import MEGABYTE, Limits, Powers
    from exporter.writers.files import check_writable

    folder = Path(session.settings.queries)
    text = ""
    try:
        if listing:
            return list_queries(folder)
        saved = choose_question(question, query_file, folder)
        text = saved.text
        plan = Answering(session, saved, choose_policy(session, baseline), results_format, output, with_source)
        plan.check_formats()
        check_writable(output)
        values = read_parameters(parameters)
        chosen = DatasetOptions(data, store, refresh, options)
        with chosen.open(session, Powers(1, max_memory * MEGABYTE, allow_remote)) as dataset:
            return plan.answer(dataset, Limits(timeout, max_rows, max_size * MEGABYTE), values)
    except QueryError as error:
        show_problems(session, error.problems, text)
        return CANNOT_RUN


def show_problems(session: Session, problems: Sequence[Problem], text: str) -> None:
    """Show problems on standard error; those that are about a query with a line of `text`."""
    from exporter.policy.sources import read_source
    from exporter.sparql.queries.text import UNNAMED

    context = ReportContext(
        counted=False, color=session.colors(sys.stderr), source=lambda path: text if path == UNNAMED else read_source(path)
    )
    click.echo(render("full", problems, context), err=True, nl=False)


@dataclass(frozen=True, slots=True)
class Answering:
    """One question on its way to an answer."""

    session: Session
    question: SavedQuery
    policy: Policy
    results_format: str | None
    output: str
    with_source: bool

    def check_formats(self) -> None:
        """Find the formats before any work is done; raises UsageError."""
        from exporter.sparql.results.formats import choose_graph_format, choose_rows_format, makes_graph

        (choose_graph_format if makes_graph(self.question.text) else choose_rows_format)(self.results_format)

    def answer(self, dataset: Dataset, limits: Limits, values: Mapping[str, str]) -> int:
        """Ask, write the answer, and say what there is to say of it; an answer without some of the records is one with problems."""
        status = self._say_of_records(dataset.problems, dataset.project)
        say_skipped(self.session, dataset.skipped, cache=dataset.cache)
        return max(status, self._answer(dataset, limits, values))

    def _answer(self, dataset: Dataset, limits: Limits, values: Mapping[str, str]) -> int:
        from exporter.sparql.results.formats import ROWS_FORMATS, choose_graph_format, choose_rows_format, makes_graph, write_result
        from exporter.sparql.results.origins import add_sources

        graph = makes_graph(self.question.text)
        rows_format = ROWS_FORMATS[0] if graph else choose_rows_format(self.results_format)
        graph_format = choose_graph_format(self.results_format) if graph else "turtle"
        bindings = self.question.bindings(values, dataset.prefixes)
        if (rows_format.write is None or graph) and not self.with_source:
            return self._stream(dataset, limits, bindings, rows_format.name if not graph else "json", graph_format)
        result = dataset.query(self.question.text, bindings, limits=limits, path=self.question.path)
        if self.with_source and result.kind == "solutions":
            result = add_sources(result, dataset.locator())
        self._write([write_result(result, rows_format, graph_format, dataset.prefixes, self._width())])
        return self._end(result.problems, result.cut, 1 if result.kind == "boolean" else len(result), limits)

    def _stream(self, dataset: Dataset, limits: Limits, bindings: Mapping[str, Term], rows: str, graph: str) -> int:
        """Pass the answer on while it comes."""
        from exporter.sparql.processes.reply import Request
        from exporter.sparql.queries.bindings import bindings_text

        request = Request(self.question.text, rows, graph, bindings_text(bindings), self.question.path)
        with dataset.ask(request, limits) as reply:
            self._write(reply)
        assert reply.outcome is not None
        return self._end(reply.outcome.problems, reply.outcome.cut, reply.outcome.rows, limits)

    def _write(self, chunks: Iterable[bytes]) -> None:
        from exporter.writers.files import open_output

        with open_output(self.output) as file:
            for chunk in chunks:
                file.write(chunk)

    def _width(self) -> int | None:
        """Give the terminal's width, or None for a file or a pipe, where nothing is cut."""
        return shutil.get_terminal_size().columns if self.output == "-" and sys.stdout.isatty() else None

    def _end(self, problems: Sequence[Problem], cut: str | None, rows: int, limits: Limits) -> int:
        self.say(problems)
        if rows == 0:
            self.session.say("nothing in the graph matches")
        if cut is None:
            return 0
        option = f"--max-rows {limits.rows}" if cut == "rows" else "--max-size"
        self.session.say(f"the answer was cut after {rows:,} rows ({option}); there are more", verbosity=-1)
        return 0 if cut == "rows" else 2

    def _say_of_records(self, problems: Sequence[Problem], project: Project) -> int:
        """Show what is wrong with the dataset, and count what is wrong in the records: a question is not the place to list it."""
        from exporter.pipeline.looking import unread

        settled = settle(project, self.policy, problems)
        problems = settled.problems
        for note in settled.notes:
            self.session.say(note)
        own, left_out = [problem for problem in problems if problem.code.startswith("QUERY-")], unread(problems)
        self.say(own)
        if rest := len(problems) - len(own) - len(left_out):
            self.session.say(f"{plural(rest, 'problem')} in the records, which `owltype export` lists")
        return say_unread(self.session, left_out, project.tree)

    def say(self, problems: Sequence[Problem]) -> None:
        """Show what there is to say about the query or the records."""
        if problems and self.session.verbosity >= 0:
            show_problems(self.session, problems, self.question.text)


def choose_question(question: str | None, query_file: str | None, folder: Path) -> SavedQuery:
    """Take the query from the argument, a file, standard input, or the saved ones."""
    from exporter.sparql.queries.saved import find_saved, parse_saved, read_saved
    from exporter.sparql.queries.text import UNNAMED

    if question is not None and query_file is not None:
        raise UsageError("give a query or --query-file, not both")
    if query_file is not None and query_file != "-":
        return read_saved(Path(query_file))
    if question is None or question == "-":
        if sys.stdin.isatty() and query_file is None and question is None:
            raise UsageError("nothing is asked: give a query, --query-file, or the name of a saved query (`owltype query --list`)")
        return parse_saved(sys.stdin.read(), UNNAMED, UNNAMED)
    if question.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return find_saved(question, folder)
    return parse_saved(question, UNNAMED, UNNAMED)


def read_parameters(pairs: Sequence[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"--param takes NAME=VALUE, and not {pair!r}")
        values[name] = value
    return values


def list_queries(folder: Path) -> int:
    """List the saved queries with title, description and parameters."""
    from exporter.sparql.queries.saved import list_saved, read_saved

    paths = list_saved(folder)
    if not paths:
        raise UsageError(f"no saved queries in {folder} (the setting `queries` names the folder)")
    for saved in map(read_saved, paths):
        click.echo(f"{saved.name}: {saved.title}" if saved.title else saved.name)
        if saved.description:
            click.echo(f"    {saved.description}")
        for parameter in saved.parameters:
            default = "" if parameter.default is None else f" = {parameter.default}"
            click.echo(f"    --param {parameter.name}: {parameter.type}{default}")
    return 0
