"""`owltype validate`: SHACL over records, with each result at the line to fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from exporter.cli.common import (
    common_options,
    constants_option,
    discovery_options,
    jobs_option,
    ontology_option,
    paths_argument,
    unmapped_option,
)
from exporter.cli.ending import CANNOT_RUN, say_skipped
from exporter.cli.inputs import choose_paths, choose_selection
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.problems import Problem
from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.reports import ReportContext
from exporter.settings.model import ENGINES
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.mapping.mapping import UnmappedKeys
    from exporter.records.values import DuplicateKeys
    from exporter.settings import Settings
    from exporter.validation.baseline import Baseline
    from exporter.validation.validating import Validation

_GRAPH_FORMATS = tuple(syntax.name for syntax in GRAPH_SYNTAXES)


@click.command()
@paths_argument
@click.option(
    "-s", "--shapes", metavar="FILE", multiple=True, type=click.Path(), help="SHACL shapes: a file, or a folder; may be repeated."
)
@ontology_option
@constants_option
@unmapped_option
@click.option("--engine", type=click.Choice(ENGINES), help="What runs the shapes; both runs the two, and fails on any difference.")
@click.option("--advanced", is_flag=True, help="Run SHACL's Advanced Features, too: rules, SPARQL targets, expressions.")
@click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), default=600.0, show_default=True, help="End pySHACL after this time."
)
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Count only problems that this file does not list.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline file with the problems there are, and exit 0.")
@click.option("--changed-since", metavar="REF", help="Report only files that this branch changed since it left REF (git).")
@click.option("--default-class", metavar="NAME", help="The class of records that name none: a label, or an IRI.")
@discovery_options
@jobs_option
@common_options
@report_options(graph_formats=_GRAPH_FORMATS)
def command(
    session: Session,
    reporting: Reporting,
    /,
    *,
    paths: tuple[str, ...],
    shapes: tuple[str, ...],
    ontology: tuple[str, ...],
    constants: Mapping[str, str],
    unmapped: str | None,
    engine: str | None,
    advanced: bool,
    timeout: float,
    baseline: str | None,
    update_baseline: bool,
    changed_since: str | None,
    default_class: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    follow_symlinks: bool | None,
    jobs: int | None,
) -> int:
    """Check records against SHACL shapes.

    PATH is a folder, a record, or an RDF file, which is taken as it is; without one the settings say.
    An RDF syntax as format gives the W3C validation report.

    \b
    Examples:
      owltype validate content/
      owltype validate content/ --report sarif:owltype.sarif --report junit:owltype.xml
      owltype validate content/ --baseline known.json --update-baseline
      owltype validate graph.ttl -s shapes.ttl --output-format turtle
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.validation.report_graph import report_graph
    from exporter.validation.validating import validate

    settings = session.settings
    chosen = choose_paths(session, paths)
    known = _Baseline.choose(baseline or settings.baseline, update_baseline)
    with session.progress("records read") as progress:
        found = validate(
            chosen,
            shapes=shapes or settings.shapes or None,
            ontology=ontology or settings.ontology or None,
            imports=dict(settings.imports),
            engine=engine or settings.engine,
            advanced=advanced,
            timeout=timeout,
            unmapped=cast("UnmappedKeys", unmapped or settings.unmapped),
            jobs=settings.jobs if jobs is None else jobs,
            constants={**settings.constant_map, **constants},
            default_class=default_class or settings.default_class,
            selection=choose_selection(session, include, exclude, follow_symlinks),
            changed=_changed(changed_since, chosen),
            handlers=settings.handlers,
            duplicate_keys=cast("DuplicateKeys", settings.duplicate_keys),
            suppressions=settings.suppressions,
            progress=progress.update,
        )
    if update_baseline:
        return known.update(session, found.problems)
    problems, listed = known.apply([*found.problems, *_stale(found, settings)])
    notes = [plural(count, "problem") + why for count, why in ((found.suppressed, " suppressed"), (listed, " in the baseline")) if count]
    if known.known is not None and known.known.note:
        notes.append(known.known.note)
    context = ReportContext(checked=found.checked, files=found.files, prefixes=found.prefixes, notes=notes)
    status = reporting.publish(session, problems, context, graph=lambda name: report_graph(found.results, found.shapes, name))
    say_skipped(session, found.skipped)
    if not found.idle:
        return status
    session.say("nothing was checked: no shape has a focus node in the data", verbosity=-1)
    return CANNOT_RUN


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The baseline file of a run, None where there is none."""

    file: str | None
    known: Baseline | None = None

    @classmethod
    def choose(cls, file: str | None, update: bool) -> _Baseline:
        """Read the file, unless it is to be written."""
        from exporter.validation.baseline import read_baseline

        if update and file is None:
            raise UsageError("--update-baseline needs the file to write: name it with --baseline, or set `baseline`")
        return cls(file, read_baseline(file) if file and not update else None)

    def apply(self, problems: Sequence[Problem]) -> tuple[Sequence[Problem], int]:
        """Leave out the known problems, and count them."""
        from exporter.reports.fingerprints import fingerprints
        from exporter.validation.baseline import new_problems

        if self.known is None:
            return problems, 0
        new = new_problems(problems, fingerprints(problems), self.known)
        return new, len(problems) - len(new)

    def update(self, session: Session, problems: Sequence[Problem]) -> int:
        """Write the file; what stands in it counts as known from now on."""
        from exporter.reports.fingerprints import fingerprints
        from exporter.validation.baseline import write_baseline
        from exporter.writers.files import open_output

        assert self.file is not None
        with open_output(self.file) as target:
            target.write(write_baseline(problems, fingerprints(problems)))
        session.say(f"{plural(len(problems), 'problem')} -> {self.file}")
        return 0


def _stale(found: Validation, settings: Settings) -> list[Problem]:
    from exporter.validation.suppressing import stale_settings

    return stale_settings(found.unused, settings.suppressions, settings.file, found.files) if found.unused and settings.file else []


def _changed(ref: str | None, paths: Sequence[str]) -> frozenset[str] | None:
    if ref is None:
        return None
    from exporter.validation.changes import changed_files

    first = Path(paths[0])
    return changed_files(ref, first if first.is_dir() else first.parent)
