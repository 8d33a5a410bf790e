"""The files that a command is asked about: `--only FILE…` and `--changed-since`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from exporter.cli.session import Session
from exporter.errors import UsageError

if TYPE_CHECKING:
    from exporter.policy.scope import Scope, Since
    from exporter.project import Project

ONLY = "--only"
NOTHING = ""
"""What `--only` has that no file follows."""


class ListingCommand(click.Command):
    """A command whose `--only` takes all the files that follow it, as a shell or pre-commit writes them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write `--only` before each of its files."""
        return super().parse_args(ctx, self.spread(args))

    def spread(self, args: Sequence[str]) -> list[str]:
        """Give each file of `--only` an option of its own; other options keep their values, and behind `--` all are files.

        >>> options = [click.Option(["--only"], multiple=True), click.Option(["-s"])]
        >>> ListingCommand("c", params=options).spread(["x", "--only", "a.md", "-s", "s.ttl", "b.md", "--", "-c.md"])
        ['x', '-s', 's.ttl', '--only=a.md', '--only=b.md', '--only=-c.md']
        """
        if ONLY not in args:
            return list(args)
        takes = {name for option in self.params if isinstance(option, click.Option) and not _is_flag(option) for name in option.opts}
        start = list(args).index(ONLY)
        kept, files, rest = list(args[:start]), [], [argument for argument in args[start:] if argument != ONLY]
        while rest:
            argument = rest.pop(0)
            if argument == "--":
                files += rest
                break
            if not argument.startswith("-") or argument == "-":
                files.append(argument)
                continue
            kept += [argument, *(rest[:1] if argument in takes else [])]
            del rest[: argument in takes]
        at = kept.index("--") if "--" in kept else len(kept)
        return [*kept[:at], *(f"{ONLY}={file}" for file in files or [NOTHING]), *kept[at:]]


def _is_flag(option: click.Option) -> bool:
    return option.is_flag or option.count


def choose_scope_of(session: Session, only: Sequence[str], since: str | None, project: Project) -> Scope | Since | None:
    """Say which problems are reported; None for all.

    Under pre-commit, which names neither what a commit deletes nor keeps apart what is not part of it, git is asked for both: of the
    next commit, or of those between `--from-ref` and `--to-ref`.
    """
    from exporter.policy.changes import committed_changes
    from exporter.policy.scope import choose_scope

    if only and since is not None:
        raise UsageError("--only and --changed-since exclude each other")
    if since is not None:
        from exporter.cli.base_state import problems_since

        return problems_since(session, since, project)
    if not only:
        return None
    files = [file for file in only if file != NOTHING]
    hooked = bool(os.environ.get("PRE_COMMIT"))
    if not (files or hooked):
        raise UsageError("--only takes the files whose problems are reported, and there is none")
    deleted, unknown = committed_changes(between=_revisions()) if hooked else (frozenset[str](), frozenset[str]())
    settings = session.settings
    inputs = [*project.ontology, *project.shapes, *dict(project.imports).values()]
    inputs += [file for file in (settings.file, settings.baseline) if file]
    return choose_scope([*files, *deleted], project.required_paths, inputs, unknown)


def _revisions() -> tuple[str, str] | None:
    """Give the two revisions between which pre-commit looks; it tells hooks by these variables (https://pre-commit.com/#pre-commit-run)."""
    first, last = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    return (first, last) if first and last else None
