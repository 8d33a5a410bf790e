"""`owltype diff`: two states of the records, compared as records and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, project_options
from exporter.cli.session import Session
from exporter.reports.snippets import visible

if TYPE_CHECKING:
    from exporter.comparing.model import StateComparison


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html", "json", "patch"]),
    default="text",
    show_default=True,
    help="text, Markdown for a pull request, a page, JSON, or an RDF Patch of the statements.",
)
@click.option("--nquads", metavar="NAME", help="Write the statements to NAME.removed.nq and NAME.added.nq, too.")
@click.option("-d", "--data", metavar="PATH", multiple=True, help="A folder that is compared in revisions; by default the settings say.")
@common_options
@project_options("shapes", "default_class", "unmapped", "records", "jobs")
def command(
    session: Session, options: ProjectOptions, /, *, old: str, new: str | None, form: str, nquads: str | None, data: tuple[str, ...]
) -> int:
    """Compare two states of the records: which are added, removed, renamed, changed, and which problems are new or gone.

    OLD and NEW are folders, RDF files or revisions of git; without NEW it is the files as they are now. Records of both are mapped by the
    new ontology, and what its own change does is said apart. Ends with 0 where nothing differs, and with 1 where something does.

    \b
    Examples:
      owltype diff HEAD
      owltype diff main HEAD --format markdown
      owltype diff old.ttl new.ttl
      owltype diff main --nquads changes
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.comparing.showing import as_html, as_json, as_markdown, as_patch, as_text
    from exporter.comparing.sides import compare_sides, side  # engines are imported when a command needs them

    project = options.make(session, data)
    with side(old, project) as before:
        if new is None:
            found = compare_sides(before, project)
        else:
            with side(new, project) as after:
                found = compare_sides(before, after)
    if nquads is not None:
        _write_pair(nquads, found)
    if form in {"markdown", "html"}:
        click.echo(as_html(found) if form == "html" else as_markdown(found), nl=False)
    elif form == "json":
        click.echo(as_json(found))
    else:
        for line in as_patch(found) if form == "patch" else map(visible, as_text(found)):
            click.echo(line)
    return int(not found.is_empty)


def _write_pair(name: str, found: StateComparison) -> None:
    """Write the statements to remove and those to add as files that every store loads; both are written, if only with nothing in them."""
    from exporter.writers.files import check_writable, open_output

    pair = {f"{name}.removed.nq": found.removed, f"{name}.added.nq": found.added}
    for file in pair:
        check_writable(file)
    for file, lines in pair.items():
        with open_output(file) as target:
            target.write("".join(f"{line}\n" for line in lines).encode())
