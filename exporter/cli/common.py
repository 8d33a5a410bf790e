"""The options that commands share, each written once."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import click

from exporter.cli.session import Session
from exporter.errors import ExporterError, UsageError
from exporter.settings import Settings, load_settings
from exporter.settings.model import UNMAPPED

if TYPE_CHECKING:
    from exporter.project import Project

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])


def common_options(function: Callable[Concatenate[Session, P], int]) -> Callable[P, int]:
    """Give a command `-q`, `-v`, `--color` and `--config`; it gets them, with the settings, as its first argument, a `Session`."""

    @click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
    @click.option("-v", "--verbose", count=True, help="Say more; of an internal error, where it was.")
    @click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours; by default on a terminal only.")
    @click.option("--config", metavar="FILE", help="Read the settings from this file, and not from the nearest one.")
    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> int:
        quiet, verbose = bool(kwargs.pop("quiet")), int(str(kwargs.pop("verbose")))
        color, config = str(kwargs.pop("color")), kwargs.pop("config")
        overlays = click.get_current_context().obj or {}
        session = Session(Settings(), -1 if quiet else verbose, color, overlays=overlays)
        try:
            session = replace(session, settings=load_settings(str(config) if config else None))
        except ExporterError as error:
            if "reports" not in kwargs:
                raise
            session = replace(session, failure=error)
        for warning in session.settings.warnings:
            session.say(f"owltype: warning: {warning.message}, and the variable is ignored; {warning.help}")
        return function(session, *args, **kwargs)

    return command


def paths_argument(function: F) -> F:
    """Give a command `[PATH]…`, in which - is standard input, and `--stdin-path`."""
    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())(stdin_option("paths")(function))


def stdin_option(name: str) -> Callable[[F], F]:
    """Give a command `--stdin-path`; in its parameter `name`, which holds paths, - becomes the path that standard input is given."""
    text = "The path of the record that - reads from standard input."

    def decorate(function: F) -> F:
        return cast("F", click.option("--stdin-path", metavar="FILE", help=text)(_with_standard_input(function, name)))

    return decorate


def _with_standard_input(function: Callable[P, object], name: str) -> Callable[P, object]:
    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> object:
        path, paths = kwargs.pop("stdin_path"), cast("tuple[str, ...]", kwargs[name])
        asked = "-" in {kwargs.get("query_file"), kwargs.get("question")}
        asked = asked or ("question" in kwargs and kwargs["question"] is None and not kwargs["query_file"])
        shown = _check_standard_input(paths, str(path) if path else None, asked=asked and not kwargs.get("listing"))
        if shown is not None:
            from exporter.records.decoding import MAX_FILE_BYTES  # with what says why a record can't be read

            kwargs[name] = tuple(dict.fromkeys(shown if given == "-" else given for given in paths))
            click.get_current_context().obj = {shown: sys.stdin.buffer.read(MAX_FILE_BYTES + 1)}
        return function(*args, **kwargs)

    return command


def _check_standard_input(paths: tuple[str, ...], path: str | None, *, asked: bool) -> str | None:
    """Give the path of what standard input holds, None where no PATH is -; raises UsageError where that can't be."""
    if "-" not in paths:
        if path is not None:
            raise UsageError("--stdin-path says what - is, and no PATH is -")
        return None
    if asked:
        raise UsageError("standard input can't be both the query and the data; give the query as an argument, or by --query-file")
    if sys.stdin is None:
        raise UsageError("standard input is closed, and a PATH is -")
    return PurePath(path or "-").as_posix()


@dataclass(frozen=True, slots=True)
class ProjectOptions:
    """What the user said of a project; the settings say the rest."""

    ontology: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    default_class: str | None = None
    unmapped: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    follow_symlinks: bool | None = None
    gitignore: bool | None = None
    jobs: int | None = None
    cache: bool | None = None

    def make(self, session: Session, paths: tuple[str, ...] = ()) -> Project:
        """Make the project."""
        from exporter.project import make_project

        said = {item.name: getattr(self, item.name) for item in fields(self)}
        return make_project(paths, settings=session.settings, overlays=session.overlays, **said)


def project_options(*also: str) -> Callable[[Callable[P, int]], Callable[..., int]]:
    """Give a command the options that say what maps its records; it gets them as one `ProjectOptions` after its other objects.

    `also` names those that not every command has: `shapes`, `records`, `default_class`, `unmapped`, `cache` and `jobs`.
    """

    def decorate(function: Callable[P, int]) -> Callable[..., int]:
        chosen = [*_OF_ALL, *(option for name in also for option in _ALSO[name])]
        names = [name for name, _ in chosen]

        @functools.wraps(function)
        def command(*args: P.args, **kwargs: P.kwargs) -> int:
            said = {name: kwargs.pop(name) for name in names}
            return function(*args, ProjectOptions(**said), **kwargs)  # type: ignore[arg-type]  # click checked them

        decorated: Callable[..., int] = command
        for _, option in reversed(chosen):
            decorated = option(decorated)
        return decorated

    return decorate


def baseline_option(function: F) -> F:
    """Give a command `--baseline`."""
    text = "Count only problems that this file does not list."
    return click.option("--baseline", metavar="FILE", type=click.Path(), help=text)(function)


def _read_constants(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise click.BadParameter(f"expected NAME=VALUE, such as openproject=https://projects.example.org, and not {name!r}")
    return {name: value for name, _, value in pairs}


_OF_ALL: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    (
        "ontology",
        click.option(
            "--ontology",
            metavar="FILE",
            multiple=True,
            type=click.Path(),
            help="The ontology: a Turtle file (or any RDF syntax), or a folder of them; may be repeated. By default ontology/ at the root.",
        ),
    ),
    (
        "constants",
        click.option(
            "--set",
            "constants",
            metavar="NAME=VALUE",
            multiple=True,
            callback=_read_constants,
            help="A value for {const.NAME} in the ontology's templates; may be repeated.",
        ),
    ),
)
_ALSO: Mapping[str, tuple[tuple[str, Callable[[Any], Any]], ...]] = {
    "shapes": (
        (
            "shapes",
            click.option(
                "-s",
                "--shapes",
                metavar="FILE",
                multiple=True,
                type=click.Path(),
                help="SHACL shapes: a file, or a folder; may be repeated. By default shapes/ at the root.",
            ),
        ),
    ),
    "unmapped": (
        (
            "unmapped",
            click.option(
                "--unmapped",
                type=click.Choice(UNMAPPED),
                help="What becomes of keys that the ontology doesn't know: triples (keep), nothing (drop), or a problem (fail).",
            ),
        ),
    ),
    "default_class": (
        (
            "default_class",
            click.option("--default-class", metavar="NAME", help="The class of records that name none: a label, or an IRI."),
        ),
    ),
    "records": (
        (
            "include",
            click.option("--include", metavar="GLOB", multiple=True, help="Read only files that match from folders; may be repeated."),
        ),
        (
            "exclude",
            click.option("--exclude", metavar="GLOB", multiple=True, help="Don't read files that match from folders; may be repeated."),
        ),
        (
            "follow_symlinks",
            click.option("--follow-symlinks/--no-follow-symlinks", default=None, help="Go into folders that are symbolic links."),
        ),
        (
            "gitignore",
            click.option("--gitignore/--no-gitignore", default=None, help="Leave out what git ignores; the default."),
        ),
    ),
    "cache": (
        (
            "cache",
            click.option(
                "--cache/--no-cache", default=None, help="Keep between runs what became of each file, and use what is kept; the default."
            ),
        ),
    ),
    "jobs": (
        (
            "jobs",
            click.option(
                "-j",
                "--jobs",
                type=click.IntRange(0),
                metavar="N",
                help="How many processes read and map; by default as many as there are processors.",
            ),
        ),
    ),
}
