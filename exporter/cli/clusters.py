"""`--runner spark`: an export that runs over a cluster, and what it says that others need not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import enumerate_names, plural

if TYPE_CHECKING:
    from exporter.pipeline.account import Export
    from exporter.project import Project
    from exporter.validation.validating import Validation
    from exporter.wide.exporting import ClusterOptions

RUNNERS = ("processes", "spark")


def export_wide(
    session: Session, project: Project, output: str, syntax: str | None, master: str | None, beside: Mapping[str, object]
) -> Export:
    """Export over a cluster; `beside` are options that do not go with it, with their values."""
    given = [option for option, value in beside.items() if value]
    if given:
        raise UsageError(f"--runner spark writes a folder of parts; it does not go with {enumerate_names(given, 'and')}")
    from exporter.wide.exporting import export_over_cluster  # engines are imported when a command needs them

    with session.progress("tasks done") as progress:
        return export_over_cluster(project, output, syntax, master=master, verbose=session.verbosity > 0, progress=progress.update)


def cluster_of(session: Session, runner: str, master: str | None, beside: Mapping[str, object]) -> ClusterOptions | None:
    """Give the cluster that a validation is to use; `beside` are options that do not go with one, with their values."""
    if runner != "spark":
        if master is not None:
            raise UsageError("--spark-master is for --runner spark")
        return None
    given = [option for option, value in beside.items() if value]
    if given:
        raise UsageError(f"--runner spark does not go with {enumerate_names(given, 'and')}")
    from exporter.wide.exporting import ClusterOptions  # as above

    return ClusterOptions(master, session.verbosity > 0)


def describe_unlisted(result: Export | Validation) -> Iterator[str]:
    """Say how many problems are counted and not listed."""
    if result.unlisted:
        counts = enumerate_names([plural(count, severity.value) for severity, count in sorted(result.unlisted.items())], "and")
        yield f"the first {len(result.problems):,} problems are listed; {counts} more were not held against suppressions and baseline"
