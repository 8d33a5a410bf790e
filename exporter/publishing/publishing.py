"""A site from a project: the records are exported once, into a graph on disk, from which all pages, downloads and lists are made."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.cache.answers import KeptAnswers
from exporter.cache.folder import open_cache
from exporter.digests import content_digest
from exporter.pages.assets import are_built
from exporter.pages.gathering import gather_graph
from exporter.pages.own import Answered
from exporter.paths import Paths
from exporter.pipeline.account import Export, Progress
from exporter.policy.runs import validate
from exporter.problems import Problem
from exporter.project import Project, choose_project
from exporter.publishing.leaving_out import PublishOptions, published_project
from exporter.publishing.site import PageBatch, PublishedSite, SiteSource, ask_saved
from exporter.sparql.opening import open_dataset
from exporter.sparql.queries.saved import list_saved
from exporter.writers.split import SITE, SplitFolder


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a site: `pages` of resources, `files` in all, of which `written` are new or have changed.

    `export` is the account of the records, `problems` are those that are shown. `left_out` are sentences about what is not in the site,
    `failures` those about saved queries that gave no answer. `scripted` says whether its pages have scripts.
    """

    output: str
    pages: int
    files: int
    written: int
    export: Export
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    failures: tuple[str, ...]
    scripted: bool


def publish(  # noqa: PLR0913 - the options of `owltype publish`, each with the default that most want
    paths: Paths = (),
    output: str | Path = "site",
    *,
    project: Project | None = None,
    ontology: Paths | None = None,
    shapes: Paths | None = None,
    jobs: int = 0,
    site: str = "",
    title: str = "",
    with_problems: bool = False,
    with_sources: str | None = None,
    with_unmapped: bool = False,
    images: Collection[str] = (),
    queries: str = "",
    templates: str = "",
    progress: Progress | None = None,
) -> Publication:
    """Write the graph of records as a folder of pages for any static host, and give the account of the run.

    The folder is one that an earlier run made, is empty, or is made; files that have changed take their places one by one, and those of
    earlier runs that this one does not write are removed. The same records give the same bytes. `site` is where addresses begin whose pages
    have their path, by default scheme and host of most records. Without `with_problems` there are no problems, without `with_sources` (an
    address with `{path}` and perhaps `{line}`) no paths of files, without `with_unmapped` no keys that the ontology does not know.
    `images` are hosts whose images are shown, `queries` is the folder of saved queries, and `templates` one of templates that come before
    ours. `progress` is told how many records are read, and then how many files are made. Raises OutputError for a folder of somebody else,
    OntologyError and UsageError.

    >>> import tempfile
    >>> publish("examples/medigy/content", tempfile.mkdtemp(), ontology="medigy").export.exported
    13
    """
    project = choose_project(project, paths, ontology=ontology, shapes=shapes, jobs=jobs)
    options = PublishOptions(site, title, with_problems, with_sources, with_unmapped, frozenset(images), queries, templates)
    shown = published_project(project, options)
    told = progress or (lambda _done: None)
    with SplitFolder(output, nested=True, manifest=SITE, own=True) as folder, tempfile.TemporaryDirectory(prefix="owltype-") as work:
        text = Path(work, "graph.nt")
        with text.open("wb") as sink:
            gathered = gather_graph(shown, Path(work), sink, told)
        with closing(gathered.graph):
            problems = validate(project=shown).problems if with_problems else ()
            asked = _ask(shown, text, queries)
            made = PublishedSite(SiteSource(shown, gathered, text), options, asked, problems)
            files, written = _write(folder, made.batches(), KeptAnswers(open_cache(project), "site"), told)
            pages = len(made.view.addresses.pages)
    failures = tuple(f"{of.query.path}: {of.failure}" for of in asked if of.failure)
    return Publication(str(output), pages, files, written, gathered.account, tuple(problems), tuple(made.left_out), failures, are_built())


def _ask(project: Project, text: Path, queries: str) -> list[Answered]:
    """Ask the saved queries, if there are any."""
    if not queries or not list_saved(Path(queries)):
        return []
    with text.open("rb") as triples, open_dataset(project=replace(project, paths=()), triples=triples) as dataset:
        return list(ask_saved(dataset, queries))


def _write(folder: SplitFolder, batches: Iterable[PageBatch], kept: KeptAnswers, told: Progress) -> tuple[int, int]:
    """Write the files, and say how many there are, and how many are new or have changed."""
    files = written = 0
    for batch in batches:
        known = kept.find(batch.key) if batch.key is not None else None
        listed = _unpack(known) if known is not None else None
        if listed is not None and folder.keep(listed):
            files += len(listed)
        else:
            made = [(page.file, folder.put(*page), content_digest(page.content)) for page in batch.make()]
            files, written = files + len(made), written + sum(new for _, new, _ in made)
            if batch.key is not None:
                kept.add(batch.key, _pack([(file, digest) for file, _, digest in made]))
        told(files)
    kept.save()
    return files, written


def _pack(files: Sequence[tuple[str, bytes]]) -> bytes:
    return json.dumps([[file, digest.hex()] for file, digest in files]).encode()


def _unpack(packed: bytes) -> list[tuple[str, bytes]] | None:
    """Give the names and digests of files; None for what is not that."""
    try:
        return [(str(file), bytes.fromhex(digest)) for file, digest in json.loads(packed)]
    except (ValueError, TypeError):
        return None
