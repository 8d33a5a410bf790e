"""The options that commands share, each written once."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Concatenate, ParamSpec, TypeVar, cast

import click

from exporter.cli.session import Session
from exporter.errors import ExporterError, UsageError
from exporter.settings import Settings, load_settings

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
        session = Session(Settings(), -1 if quiet else verbose, color)
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
        kwargs[name] = _take_standard_input(paths, str(path) if path else None, asked=asked and not kwargs.get("listing"))
        return function(*args, **kwargs)

    return command


def _take_standard_input(paths: tuple[str, ...], path: str | None, *, asked: bool) -> tuple[str, ...]:
    from exporter.records.decoding import MAX_FILE_BYTES
    from exporter.resources import give

    if "-" not in paths:
        if path is not None:
            raise UsageError("--stdin-path says what - is, and no PATH is -")
        return paths
    if asked:
        raise UsageError("standard input can't be both the query and the data; give the query as an argument, or by --query-file")
    if sys.stdin is None:
        raise UsageError("standard input is closed, and a PATH is -")
    shown = PurePath(path or "-").as_posix()
    give(shown, sys.stdin.buffer.read(MAX_FILE_BYTES + 1))
    return tuple(dict.fromkeys(shown if name == "-" else name for name in paths))


def ontology_option(function: F) -> F:
    """Give a command `--ontology FILE`."""
    text = "The ontology: a Turtle file (or any RDF syntax), or a folder of them; may be repeated."
    return click.option("--ontology", metavar="FILE", multiple=True, type=click.Path(), help=text)(function)


def constants_option(function: F) -> F:
    """Give a command `--set NAME=VALUE`."""
    text = "A value for {const.NAME} in the ontology's templates; may be repeated."
    return click.option("--set", "constants", metavar="NAME=VALUE", multiple=True, callback=_read_constants, help=text)(function)


def jobs_option(function: F) -> F:
    """Give a command `-j N`."""
    text = "How many processes read and map; by default as many as there are processors."
    return click.option("-j", "--jobs", type=click.IntRange(0), metavar="N", help=text)(function)


def unmapped_option(function: F) -> F:
    """Give a command `--unmapped`."""
    from exporter.settings.model import UNMAPPED

    text = "What becomes of keys that the ontology doesn't know: triples (keep), nothing (drop), or a problem (fail)."
    return click.option("--unmapped", type=click.Choice(UNMAPPED), help=text)(function)


def baseline_option(function: F) -> F:
    """Give a command `--baseline`."""
    text = "Count only problems that this file does not list."
    return click.option("--baseline", metavar="FILE", type=click.Path(), help=text)(function)


def discovery_options(function: F) -> F:
    """Give a command `--include`, `--exclude` and `--follow-symlinks`."""
    follow = click.option("--follow-symlinks/--no-follow-symlinks", default=None, help="Go into folders that are symbolic links.")
    exclude = click.option("--exclude", metavar="GLOB", multiple=True, help="Don't read files that match from folders; may be repeated.")
    include = click.option("--include", metavar="GLOB", multiple=True, help="Read only files that match from folders; may be repeated.")
    return include(exclude(follow(function)))


def _read_constants(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise click.BadParameter(f"expected NAME=VALUE, such as openproject=https://projects.example.org, and not {name!r}")
    return {name: value for name, _, value in pairs}
