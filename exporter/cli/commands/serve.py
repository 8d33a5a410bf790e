"""`owltype serve`: the graph as pages and as a SPARQL endpoint, live."""

from __future__ import annotations

import socket
from functools import partial

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.datasets import limit_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import plural

_ROWS = 100_000


@click.command()
@paths_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 is all of this machine's.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes a free one.")
@click.option("--watch", is_flag=True, help="Read the graph anew whenever a file that counts has changed, and tell the browser.")
@click.option("--site", metavar="URL", default="", help="Where addresses begin whose pages have their path; by default most records' host.")
@click.option("--title", metavar="TEXT", default="", help="What the site is called; by default what the ontology calls itself.")
@click.option(
    "--with-sources", metavar="URL", help="Lead to the files that records come from, at an address with {path} and perhaps {line}."
)
@click.option("--images", metavar="HOST", multiple=True, help="Show images of this host, too; may be repeated.")
@click.option("--templates", metavar="DIR", default="", help="A folder of templates that come before owltype's own.")
@click.option(
    "--store", metavar="DIR", default="", help="Run queries on this store on disk, for graphs larger than memory; made if there is none."
)
@click.option("--allow-host", metavar="NAME", multiple=True, help="Answer for this host name, too; may be repeated.")
@click.option("--cors", is_flag=True, help="Let pages of every other site ask.")
@click.option("--metrics", is_flag=True, help="Show /metrics to all, and not to this machine alone.")
@click.option("--no-validate", is_flag=True, help="Do not look for problems.")
@common_options
@limit_options
@project_options("unmapped", "shapes", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    host: str,
    port: int,
    watch: bool,
    site: str,
    title: str,
    with_sources: str | None,
    images: tuple[str, ...],
    templates: str,
    store: str,
    allow_host: tuple[str, ...],
    cors: bool,
    metrics: bool,
    no_validate: bool,
    timeout: float,
    max_memory: int,
    max_rows: int | None,
    max_size: int,
) -> int:
    """Serve the graph: pages for people, and a SPARQL endpoint at /sparql, until Ctrl-C.

    PATH is a folder or a record; without one the settings say. What `owltype publish` leaves out is shown: drafts, problems, the paths of
    files, unmapped keys. Only this machine is answered unless --host says otherwise.

    \b
    Examples:
      owltype serve content/
      owltype serve --watch --port 8080
      curl -H 'Accept: text/csv' --data-urlencode 'query=SELECT * { ?s ?p ?o } LIMIT 5' http://127.0.0.1:8000/sparql
    """  # noqa: D301 - click's mark for lines to leave as they are
    try:
        from exporter.server.application import ServerOptions
        from exporter.server.running import Serving
    except ModuleNotFoundError as error:
        raise UsageError(f"serve needs the package {error.name}: pip install 'owltype[serve]'") from None
    from exporter.publishing.leaving_out import PublishOptions
    from exporter.server.live import Live, ServeOptions, shown_everything
    from exporter.sparql.limits import MEGABYTE, Limits, Powers
    from exporter.sparql.processes.awaiting import QUICK, SLOW
    from exporter.watching.watched import watched_by

    if store and watch:
        raise UsageError("--watch can't go with --store: a store on disk is made anew as a whole; leave one of them out")
    project = options.make(session, paths)
    session.say_outside(project)
    shown = shown_everything(
        PublishOptions(
            site, title, not no_validate, with_sources, images=frozenset(images), queries=session.settings.queries, templates=templates
        )
    )
    limits = Limits(timeout, max_rows or _ROWS, max_size * MEGABYTE)
    live = Live(lambda: project, ServeOptions(limits, Powers(QUICK + SLOW, max_memory * MEGABYTE), shown, store))
    free = port or _free_port(host)
    answers_all = host not in {"127.0.0.1", "::1", "localhost"}
    served = ServerOptions(frozenset(name.lower() for name in allow_host), answers_all, cors, metrics, frozenset(images), session.say)
    with live.using() as state:
        session.say(f"{plural(state.account.exported, 'record')}, {plural(state.triples, 'triple')}")
    session.say(f"serving at http://{f'[{host}]' if ':' in host else host}:{free}/ and /sparql; Ctrl-C ends it")
    if answers_all:
        session.say("every machine that reaches this one can read all of it: there is no password")
    watched = partial(watched_by, project, (), [file for file in (session.settings.file,) if file]) if watch else None
    Serving(live, served, host, free, session.say, watched, not no_validate).run()
    return 0


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])
