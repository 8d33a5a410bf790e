"""`owltype explain`: what a problem code means."""

from __future__ import annotations

import click

from exporter.cli.common import common_options
from exporter.cli.completing import codes as known_codes
from exporter.cli.completing import completing
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.explanations import Explanation, explanations
from exporter.text import nearest, quote


@click.command()
@click.argument("codes", metavar="[CODE]...", nargs=-1, shell_complete=completing(known_codes))
@common_options
def command(_session: Session, codes: tuple[str, ...]) -> int:
    """Say what a problem code means, with a bad and a good example; without a code, list them all.

    \b
    Example:
      owltype explain YAML-DUPLICATE-KEY
    """  # noqa: D301 - click's mark for lines to leave as they are
    entries = explanations()
    if not codes:
        width = max(map(len, entries), default=0)
        for code, entry in entries.items():
            click.echo(f"{code:<{width}}  {entry.severity:<7}  {entry.title}")
    click.echo("\n\n".join(_explain(_find(code, entries)) for code in codes), nl=bool(codes))
    return 0


def _find(code: str, entries: dict[str, Explanation]) -> Explanation:
    entry = entries.get(code.upper())
    if entry is None:
        near = nearest(code.upper(), entries)
        advice = f", did you mean {near}?" if near else "; `owltype explain` lists all"
        raise UsageError(f"{quote(code)} is not a problem code{advice}")
    return entry


def _explain(entry: Explanation) -> str:
    parts = [f"{entry.code} ({entry.severity}): {entry.title}", click.wrap_text(entry.text, 88)]
    parts += [f"{title}:\n\n{_indent(text)}" for title, text in (("Bad", entry.bad), ("Good", entry.good)) if text]
    return "\n\n".join(parts)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))
