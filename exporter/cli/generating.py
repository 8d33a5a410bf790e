"""What the commands of `owltype gen` share: where the text goes, `--check`, and the ontology and shapes that it is made from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.reports.snippets import visible
from exporter.text import enumerate_names, nearest, quote

if TYPE_CHECKING:
    from exporter.plan.model import ClassPlan, Plan
    from exporter.project import Project
    from exporter.writers.compare import Difference

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Target:
    """Where what is generated goes: a file, a folder, or - for standard output; with `check` it is only compared."""

    output: str = "-"
    check: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether the user names a folder."""
        return self.output.endswith("/") or Path(self.output).is_dir()

    def publish(self, session: Session, text: str) -> int:
        """Write a text to the file, or compare it, and give the exit status."""
        if not self.check:
            from exporter.writers.files import open_output

            with open_output(self.output) as file:
                file.write(text.encode())
            return 0
        from exporter.writers.compare import compare_output

        if self.output == "-":
            raise UsageError("--check compares with a file: name it with -o")
        with compare_output(self.output) as comparison:
            comparison.write(text.encode())
            return self._say(session, comparison.close())

    def publish_all(self, session: Session, texts: Mapping[str, str]) -> int:
        """Write files into the folder, or compare them with those that are there."""
        from exporter.pipeline.splitting import ComparedFolder
        from exporter.writers.split import SCHEMAS, SplitFolder

        if self.check:
            compared = ComparedFolder(self.output, manifest=SCHEMAS)
            for name, text in texts.items():
                with compared.file(name) as comparison:
                    comparison.write(text.encode())
            return self._say(session, compared.close())
        with SplitFolder(self.output, manifest=SCHEMAS) as folder:
            for name, text in texts.items():
                with folder.file(name) as file:
                    file.write(text.encode())
        return 0

    def _say(self, session: Session, difference: Difference | None) -> int:
        if difference is None:
            session.say(f"{self.output} is what would be written")
            return 0
        found, expected = (quote(text) if text is not None else "nothing" for text in (difference.found, difference.expected))
        message = f"the file has {found}, and {expected} would be written; generate it again without --check"
        click.echo(visible(f"{difference.path}:{difference.line}: error: {message}"), err=True)
        return 1


def target_options(metavar: str = "FILE") -> Callable[[Callable[P, int]], Callable[..., int]]:
    """Give a command `-o` and `--check`; it gets them as one `Target` after its other objects."""

    def decorate(function: Callable[P, int]) -> Callable[..., int]:
        @click.option("-o", "--output", metavar=metavar, default="-", help="Where it goes; by default standard output.")
        @click.option("--check", is_flag=True, help="Write nothing; exit 1 when the file is not what would be written.")
        @functools.wraps(function)
        def command(*args: P.args, **kwargs: P.kwargs) -> int:
            target = Target(str(kwargs.pop("output")), bool(kwargs.pop("check")))
            return function(*args, target, **kwargs)  # type: ignore[arg-type]  # click checked them

        decorated: Callable[..., int] = command
        return decorated

    return decorate


def load_described(project: Project) -> Plan:
    """Load the ontology; raises UsageError for one from which nothing could be generated."""
    plan = project.plan()
    if not (plan.classes or plan.properties):
        raise UsageError(f"nothing to generate: no class or property in {enumerate_names(map(quote, project.plan_files()), 'or')}")
    return plan


def find_class(plan: Plan, name: str) -> ClassPlan:
    """Find a class by its label in the records, its own label, its IRI with or without prefix, or how that ends; raises UsageError."""
    from exporter.rdf.prefixes import Prefixes

    prefixes = Prefixes(plan.prefixes)
    found = plan.labels.get(name) or plan.classes.get(name)
    if found is not None:
        return found
    named: dict[str, ClassPlan] = {}
    for of in plan.classes.values():
        for known in (of.name, _local(of), prefixes.short(of.iri.value)):
            named.setdefault(known or of.iri.value, of)
    if name in named:
        return named[name]
    near = nearest(name, [*plan.labels, *named])
    records = enumerate_names([quote(of.name) for of in plan.record_classes], "and")
    advice = f"did you mean {quote(near)}?" if near else f"the classes of records are {records}"
    raise UsageError(f"no class of the ontology is called {quote(name)}; {advice}")


def class_names() -> list[tuple[str, str]]:
    """Name the classes of records of the project that the user stands in, for a shell."""
    from exporter.errors import ExporterError
    from exporter.project import make_project

    try:
        plan = make_project().plan()
    except (ExporterError, OSError):
        return []
    # A shell puts a name into the line as it is, so only names that it takes for one word.
    return [(local, of.name) for of in plan.record_classes if (local := _local(of)) and all(c.isalnum() or c in "-_." for c in local)]


def _local(of: ClassPlan) -> str:
    return of.iri.value.rstrip("/#").replace("#", "/").rpartition("/")[2]
