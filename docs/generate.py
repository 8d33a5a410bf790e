"""Write the parts of the docs that the code knows best: `python docs/generate.py`, with `--check` to see whether they are in step.

A part stands in a page between `<!-- generated: NAME -->` and `<!-- end -->`; what is around it is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from exporter.cli.app import COMMANDS, app
from exporter.explanations import explanations
from exporter.rdf.syntaxes import COMPRESSIONS, SYNTAXES
from exporter.reports import REPORTS
from exporter.settings.model import ENTRIES
from exporter.writers.formats import FORMATS

ROOT = Path(__file__).parent.parent
_PART = re.compile(r"(<!-- generated: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> Iterator[Path]:
    """Give the pages that may hold generated parts."""
    yield ROOT / "README.md"
    yield from sorted((ROOT / "docs").glob("*.md"))


def renew(page: str) -> str:
    """Write a page's generated parts anew."""
    return _PART.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]()}\n{found[3]}", page)


def _commands() -> str:
    return "\n".join(_help(name) for name in ("", *COMMANDS))


def _help(name: str) -> str:
    """Give a command's help as a terminal of 100 columns shows it, its own subcommands' after it."""
    root = click.Context(app, info_name="owltype", terminal_width=100, max_content_width=100)
    command = app.get_command(root, name) if name else app
    assert command is not None
    context = click.Context(command, info_name=name, parent=root, terminal_width=100) if name else root
    shown = f"## owltype {name}".rstrip() + f"\n\n```text\n{command.get_help(context)}\n```\n"
    if name and isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            assert inner is not None
            help_text = inner.get_help(click.Context(inner, info_name=sub, parent=context, terminal_width=100))
            shown += f"\n### owltype {name} {sub}\n\n```text\n{help_text}\n```\n"
    return shown


def _settings() -> str:
    parts = []
    for entry in ENTRIES:
        default = _default(entry.default)
        parts.append(f"### {entry.name}\n\n{entry.meaning}\n\n{entry.kind.title}; {default}; `{entry.variable}`\n")
    return "\n".join(parts)


def _default(value: object) -> str:
    if value is None or value == ():
        return "not set by default"
    return f"by default `{str(value).lower() if isinstance(value, bool) else value}`"


def _problems() -> str:
    parts = []
    for entry in explanations().values():
        examples = "".join(
            f"\n{title}:\n\n```text\n{text.rstrip()}\n```\n" for title, text in (("Bad", entry.bad), ("Good", entry.good)) if text
        )
        parts.append(f"## {entry.code}\n\n**{entry.title}** ({entry.severity}). {entry.text}\n{examples}")
    return "\n".join(parts)


def _reports() -> str:
    rows = [f"| `{row.name}` | {row.purpose} | {row.limit or 'all'} |" for row in REPORTS.values()]
    return "\n".join(["| name | what it is | lists |", "| --- | --- | --- |", *rows, ""])


def _formats() -> str:
    rows = [f"| `{row.name}` | {row.label} | {_codes(row.extensions)} | {_codes(row.media_types)} |" for row in FORMATS]
    packed = " and ".join(f"`{row.extension}` ({row.label})" for row in COMPRESSIONS)
    head = ["| name | syntax | extensions | media types |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, "", f"After any extension, {packed} compress the file.", ""])


def _syntaxes() -> str:
    rows = [f"| {row.label} | {_codes(row.extensions)} | {_codes(row.media_types)} |" for row in SYNTAXES]
    packed = " or ".join(f"`{row.extension}` ({row.label})" for row in COMPRESSIONS)
    head = ["| syntax | extensions | media types |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, "", f"Each may be followed by {packed}.", ""])


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


PATH = {
    "Start here": ("init", "troubleshooting"),
    "How to": (
        "cookbook",
        "validation",
        "checking",
        "editors",
        "fixing",
        "querying",
        "tracing",
        "comparing",
        "generating",
        "search-engines",
        "publishing",
        "serving",
        "scale",
        "coming-from",
    ),
    "Reference": ("cli", "settings", "mapping", "reading", "formats", "restoring", "cache", "problems", "python", "medigy"),
    "Explanation": ("security", "benchmarks"),
}
"""The pages in the order in which they help; one that is not here would not be found."""


def _index() -> str:
    """List the pages as a path, each with its first sentence."""
    found = {page.stem: page for page in (ROOT / "docs").glob("*.md") if page.name != "index.md"}
    named = {name for names in PATH.values() for name in names}
    assert named == found.keys(), f"PATH and docs/ differ in {sorted(named ^ found.keys())}"
    return "\n".join(part for title, names in PATH.items() for part in (f"## {title}", "", *(_entry(found[name]) for name in names), ""))


def _entry(page: Path) -> str:
    title, first = page.read_text("utf-8").split("\n\n")[:2]
    return f"- [{title.removeprefix('# ')}]({page.name}): {first.replace(chr(10), ' ').split('. ')[0].rstrip('.:')}."


PARTS: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "settings": _settings,
    "problems": _problems,
    "reports": _reports,
    "formats": _formats,
    "syntaxes": _syntaxes,
    "index": _index,
}
"""Each generated part and the function that writes it."""


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that would change."""
    stale = [page for page in pages() if renew(page.read_text("utf-8")) != page.read_text("utf-8")]
    for page in stale:
        if "--check" in arguments:
            print(f"{page.relative_to(ROOT)} is out of step with the code; `make docs` writes it", file=sys.stderr)
        else:
            page.write_text(renew(page.read_text("utf-8")), "utf-8")
    return int("--check" in arguments and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
