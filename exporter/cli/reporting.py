"""The options that say how problems are reported, and the one way in which commands report them."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, Concatenate, ParamSpec

import click

from exporter.cli.completing import completing, reports
from exporter.cli.ending import CANNOT_RUN
from exporter.cli.session import Session
from exporter.errors import ExporterError, UsageError
from exporter.problems import Problem
from exporter.reports import REPORTS, ReportContext, find_report, render
from exporter.settings.model import FAIL_ON, fails
from exporter.text import quote
from exporter.writers.files import DirectFile, PipeClosed, check_writable, open_output

if TYPE_CHECKING:
    from exporter.project import Project
    from exporter.validation.shapes.graph import ShapesGraph

P = ParamSpec("P")
GraphReport = Callable[[str], bytes]
"""Writes the W3C report graph in the RDF format of this name."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the user wants to see of problems: one report on a stream, others in files, and when the run has failed.

    The stream is standard output, and standard error for a command whose product is something else, `beside` which problems are told.
    """

    output_format: str
    reports: tuple[tuple[str, str], ...]
    fail_on: str
    limit: int | None
    graph_formats: tuple[str, ...] = field(default=())
    beside: bool = False

    def check(self, session: Session) -> None:
        """Raise what keeps the run from being made: settings that can't be loaded, or an OutputError before there is work to lose."""
        if session.failure is not None:
            raise session.failure
        for _, file in self.reports:
            check_writable(file)

    def fail(self, failure: str, problems: Sequence[Problem] = (), *, on_stream: bool = True) -> bool:
        """Write all reports of a run that could not be made, as far as they can be; say whether the one on the stream says it all.

        The W3C report has results of a run only, so there is none. What is for people, the end of the command says.
        """
        from exporter.system.versions import version

        context = ReportContext(version=version(), limit=self.limit, fail_on=self.fail_on, failure=failure)
        for name, file in self.reports:
            if name not in self.graph_formats:
                with contextlib.suppress(ExporterError, OSError):
                    _write(file, render(name, problems, context))
        if not on_stream or self.output_format == "full" or self.output_format in self.graph_formats:
            return False
        DirectFile("standard output", self._stream()).write(render(self.output_format, problems, context))
        return True

    def _stream(self) -> BinaryIO:
        return sys.stderr.buffer if self.beside else sys.stdout.buffer

    def publish(
        self,
        session: Session,
        problems: Sequence[Problem],
        context: ReportContext,
        *,
        graph: GraphReport | None = None,
    ) -> int:
        """Write all reports, the first to its stream, and give the exit status.

        `context` says what was checked; limit, colours, severities and version are filled in here. Standard error gets nothing where
        nothing was found; a document is always written.
        """
        from exporter.system.versions import version  # the version is looked up in the installed metadata: 10 ms

        context = replace(context, version=version(), limit=self.limit, fail_on=self.fail_on)
        for name, file in self.reports:
            _write(file, self._render(name, problems, context, graph))
        if not self.beside or problems or self.is_document:
            shown = replace(context, color=session.colors(sys.stderr if self.beside else sys.stdout))
            DirectFile("standard output", self._stream()).write(self._render(self.output_format, problems, shown, graph))
        return int(any(fails(self.fail_on, problem.severity) for problem in problems))

    @property
    def files(self) -> list[str]:
        """The files that reports are written to."""
        return [file for _, file in self.reports]

    @property
    def is_document(self) -> bool:
        """Whether the report on the stream is one that nothing may stand beside."""
        return self.output_format in REPORTS and REPORTS[self.output_format].document

    def _render(self, name: str, problems: Sequence[Problem], context: ReportContext, graph: GraphReport | None) -> bytes:
        if graph is not None and name in self.graph_formats:
            return graph(name)
        return render(name, problems, context)


def repairing(project: Project, shapes: ShapesGraph | None = None) -> Callable[[Sequence[Problem]], Sequence[Problem]]:
    """Give what looks for the fixes of problems, for the reports that carry them."""

    def repair(problems: Sequence[Problem]) -> Sequence[Problem]:
        from exporter.fixes.suggesting import Suggester
        from exporter.fixes.texts import with_fixes
        from exporter.validation.shapes.graph import ShapesGraph

        if not problems:
            return problems
        try:
            suggester = Suggester(project.plan(), ShapesGraph([]) if shapes is None else shapes, project.tree)
        except ExporterError:  # of RDF files, which no ontology is needed for
            return problems
        return tuple(with_fixes(problems, project.reader(suggester.plan), suggester))

    return repair


def report_options(
    *, graph_formats: Sequence[str] = (), beside: bool = False
) -> Callable[[Callable[Concatenate[Session, Reporting, P], int]], Callable[Concatenate[Session, P], int]]:
    """Give a command the options `--output-format`, `--report`, `--fail-on`, `--exit-zero` and `--max-problems`.

    The command gets them as one `Reporting` after its session. `graph_formats` are RDF formats that `publish` gets a writer for;
    `beside` says that standard output is for something else. Where the run can't be made, the reports say so.
    """

    def decorate(function: Callable[Concatenate[Session, Reporting, P], int]) -> Callable[Concatenate[Session, P], int]:
        shown, in_files = completing(reports(graph_formats)), completing(reports(graph_formats, of_files=True))

        @click.option(
            "--output-format",
            metavar="NAME",
            shell_complete=shown,
            help=f"How problems are shown: {', '.join([*REPORTS, *graph_formats])}.",
        )
        @click.option(
            "--report",
            "reports",
            metavar="NAME:FILE",
            multiple=True,
            shell_complete=in_files,
            help="Write a report to a file, too; may be repeated.",
        )
        @click.option("--fail-on", type=click.Choice(FAIL_ON), help="The least severity that makes the exit status 1.")
        @click.option("--exit-zero", is_flag=True, help="Let the exit status be 0 whatever the problems.")
        @click.option("--max-problems", type=click.IntRange(1), metavar="N", help="List this many problems, and count the rest.")
        @functools.wraps(function)
        def command(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> int:
            choice = _Choice(**{name: kwargs.pop(name) for name in _CHOICES})  # type: ignore[arg-type]  # click checked them
            reporting = replace(choice.settle(session, tuple(graph_formats)), beside=beside)
            return _run(session, reporting, lambda: function(session, reporting, *args, **kwargs))

        return command

    return decorate


def _run(session: Session, reporting: Reporting, run: Callable[[], int]) -> int:
    """Run a command; where that can't be done, its reports say so."""
    try:
        reporting.check(session)
        return run()
    except PipeClosed:
        raise
    except ExporterError as error:
        if not reporting.fail(str(error), error.problems):
            raise
        if not (reporting.beside and reporting.is_document):
            session.say(f"owltype: {error}", verbosity=-1)
        return CANNOT_RUN
    except Exception as error:
        reporting.fail(f"{type(error).__name__}: {error}", on_stream=False)
        raise


@dataclass(frozen=True, slots=True)
class _Choice:
    """The options as they were given, before the settings fill what was not."""

    output_format: str | None
    reports: tuple[str, ...]
    fail_on: str | None
    exit_zero: bool
    max_problems: int | None

    def settle(self, session: Session, graph_formats: tuple[str, ...]) -> Reporting:
        settings = session.settings
        output_format = self.output_format or settings.output_format
        reports = tuple(_split(report) for report in self.reports or settings.reports)
        for name in (output_format, *(name for name, _ in reports)):
            if name not in graph_formats:
                find_report(name)
        fail_on = "never" if self.exit_zero else self.fail_on or settings.fail_on
        return Reporting(output_format, reports, fail_on, self.max_problems or settings.max_problems, graph_formats)


_CHOICES = ("output_format", "reports", "fail_on", "exit_zero", "max_problems")


def _split(report: str) -> tuple[str, str]:
    name, colon, file = report.partition(":")
    if not (name and colon and file):
        raise UsageError(f"--report takes NAME:FILE, such as sarif:owltype.sarif, and not {quote(report)}")
    return name, file


def _write(file: str, data: bytes) -> None:
    with open_output(file) as target:
        target.write(data)
