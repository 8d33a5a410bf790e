"""`owltype publish`: the graph as a site of static pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.policies import choose_policy, settle
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.publishing.publishing import Publication


@click.command()
@paths_argument
@click.option("-o", "--output", metavar="DIR", required=True, help="The folder of the site: an earlier one, an empty one, or a new one.")
@click.option("--site", metavar="URL", default="", help="Where addresses begin whose pages have their path; by default most records' host.")
@click.option("--title", metavar="TEXT", default="", help="What the site is called; by default what the ontology calls itself.")
@click.option("--with-problems", is_flag=True, help="Show what validation finds, on each page and as a report.")
@click.option("--with-sources", metavar="URL", help="Show the files that records come from, at an address with {path} and perhaps {line}.")
@click.option("--with-unmapped", is_flag=True, help="Show keys that the ontology does not know, as the settings keep them.")
@click.option("--images", metavar="HOST", multiple=True, help="Show images of this host, too; may be repeated.")
@click.option("--templates", metavar="DIR", default="", help="A folder of templates that come before owltype's own.")
@click.option(
    "--endpoint", metavar="URL", default="", help="Name a SPARQL endpoint with the same graph: one too large for a browser is asked there."
)
@common_options
@project_options("shapes", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    output: str,
    site: str,
    title: str,
    with_problems: bool,
    with_sources: str | None,
    with_unmapped: bool,
    images: tuple[str, ...],
    templates: str,
    endpoint: str,
) -> int:
    """Write the graph as a site of static pages, for any host, and for a double click.

    PATH is a folder or a record; without one the settings say. Drafts, problems, paths of files and keys that the ontology does not
    know are left out unless they are asked for, and it is said how much that is.

    \b
    Examples:
      owltype publish content/ -o site/
      owltype publish -o site/ --site https://example.org/ --with-problems
      owltype publish -o site/ --with-sources 'https://github.com/me/site/blob/main/{path}#L{line}'
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.publishing.publishing import publish  # engines are imported when a command needs them

    if with_sources is not None and "{path}" not in with_sources:
        raise UsageError("--with-sources is an address with {path} in it, such as https://github.com/me/site/blob/main/{path}#L{line}")
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise UsageError("--endpoint is an address that begins with https:// or http://, such as https://graph.example.org/sparql")
    project = options.make(session, paths)
    session.say_outside(project)
    with session.progress("files read and made") as progress:
        published = publish(
            (),
            output,
            project=project,
            site=site,
            title=title,
            with_problems=with_problems,
            with_sources=with_sources,
            with_unmapped=with_unmapped,
            images=images,
            queries=session.settings.queries,
            templates=templates,
            endpoint=endpoint,
            progress=progress.update,
        )
    _say(session, published)
    found = settle(project, choose_policy(session, None), published.export.problems)
    return int(any(problem.severity.value == "error" for problem in found.problems) and published.export.exported == 0)


def _say(session: Session, published: Publication) -> None:
    """Give the account of a run."""
    account = published.export
    read = f"read {plural(account.seen, 'record')}: {account.exported:,} published"
    files = f"{plural(published.files, 'file')} with {plural(published.pages, 'page')} of resources, {published.written:,} new or changed"
    session.say(f"{read}; {files} -> {published.output}")
    session.say("left out:")
    for line in published.left_out:
        session.say(f"  {line}")
    for line in published.failures:
        session.say(f"a saved query gave no answer: {line}")
    if not published.scripted:
        session.say("the pages have no scripts: `make web` builds those for search, queries and graphs")
    session.say_cache(account.cache)
