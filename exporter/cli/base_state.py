"""`--changed-since REV`: the same call on the files of the merge base, in a process of its own, for the problems that were there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.policy.changes import Base, find_base
from exporter.policy.scope import Since, names_below
from exporter.problems import Problem
from exporter.problems.json import from_json
from exporter.resources import BUNDLED
from exporter.settings.loading import CONFIG_VARIABLE, find_settings
from exporter.system.processes import python_command
from exporter.system.undoing import forget, started, temporary_folder, uninterrupted
from exporter.text import quote
from exporter.tree import Tree, find_root

if TYPE_CHECKING:
    from exporter.project import Project

_OWN = frozenset({
    *("changed_since", "only", "baseline", "update_baseline", "reports", "output_format", "fail_on", "exit_zero", "max_problems"),
    *("quiet", "verbose", "color", "stdin_path", "gitignore"),
})  # fmt: skip
"""Parameters that say what is reported, and how; the others say what is found."""
_CANNOT_RUN = 2
_ALL = "1000000000"


def problems_since(session: Session, ref: str, project: Project) -> Since:
    """Find the problems of the merge base with `ref`, to leave them out. Raises UsageError where nothing was changed since."""
    first = Path(project.required_paths[0])
    base = find_base(ref, first if first.is_dir() else first.parent)
    if not base.changed:
        raise UsageError(f"--changed-since {quote(ref)}: nothing was changed since commit {base.commit[:12]}, which these files are")
    top = base.top.resolve()
    with temporary_folder() as folder:
        tree = folder.resolve() / "tree" / (top.name or "root")  # a PATH outside the root is called by its name
        tree.mkdir(parents=True)
        (tree / ".git").mkdir()  # the root of a project is looked for up to it
        base.write(tree)
        return Since(frozenset(_names(session, base, top, tree, project)), str(top))


def _names(session: Session, base: Base, top: Path, tree: Path, project: Project) -> list[str]:
    """Run the command on the copy, and give the fingerprints of what it finds."""
    report, nothing = tree.parent.with_name("base.jsonl"), tree.parent.with_name("none.json")
    nothing.write_text('{"version": 3, "problems": []}\n', "utf-8")
    inside = Path.cwd().is_relative_to(top)
    here = tree / Path.cwd().relative_to(top) if inside else Path.cwd()
    command = click.get_current_context()
    copied = partial(_copied, top=top, tree=tree, inside=inside)
    named = [*map(copied, command.params["paths"])]
    there = [path for path in named if (here / path).exists()]
    if not here.is_dir() or (named and not there):
        return []
    shown = ("--report", f"jsonl:{report}", "--output-format", "concise", "--exit-zero", "--max-problems", _ALL)
    silent = (*shown, "--baseline", str(nothing), "--no-gitignore")  # all files of a commit are tracked
    options = _options(command, copied)
    status, said = _run(["validate", *silent, *options, "--", *there], here)
    if status == _CANNOT_RUN:
        session.say(f"the merge base, commit {base.commit[:12]}, can't be checked, so every problem counts as a new one: {said}")
        return []
    found = [_problem(line, tree, top) for line in report.read_text("utf-8").splitlines()]
    config = command.params["config"] or os.environ.get(CONFIG_VARIABLE)
    settings = here / copied(config) if config else find_settings(here)
    read = map(copied, (*project.paths, *project.ontology, *project.shapes))
    return names_below(str(tree), found, Tree(find_root(here, settings), str(here)).mount(read))


def _problem(line: str, tree: Path, top: Path) -> Problem:
    """Read a problem; terms that were made of a file's path get the path that the file has in the work tree."""
    moved = from_json(json.loads(line.replace(str(tree), str(top))))
    return replace(from_json(json.loads(line)), shacl=moved.shacl)


def _copied(path: str, top: Path, tree: Path, *, inside: bool) -> str:
    """Give a path for the copy: as it is where it counts from a folder in the copy, else the file of the copy, or the one elsewhere."""
    if path == BUNDLED or (inside and not Path(path).is_absolute()):
        return path
    whole = Path(path).resolve()
    return str(tree / whole.relative_to(top)) if whole.is_relative_to(top) else str(whole)


def _options(context: click.Context, copied: Callable[[str], str]) -> Iterator[str]:
    """Write the options of the call again, with the paths that they have in the copy."""
    for option in context.command.params:
        name = option.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not isinstance(option, click.Option) or not given or name in _OWN:
            continue
        value = context.params[name]
        if option.is_flag:
            yield (option.opts if value else option.secondary_opts)[0]
            continue
        values = [f"{key}={text}" for key, text in value.items()] if isinstance(value, Mapping) else value if option.multiple else [value]
        for text in values:
            yield f"{option.opts[-1]}={copied(text) if isinstance(option.type, click.Path) or name == 'config' else text}"


def _run(arguments: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run owltype, and give its exit status and the last thing that it said."""
    with uninterrupted():
        process = subprocess.Popen(  # noqa: S603 - our own
            python_command("exporter.cli", arguments),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        number = started(process)
    try:
        _, said = process.communicate()
    finally:
        forget(number)
    lines = said.decode(errors="replace").strip().splitlines()
    return process.returncode, lines[-1].removeprefix("owltype: ") if lines else ""
