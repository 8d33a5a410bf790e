"""A site from a project: the records are exported once, into a graph on disk, from which all pages, downloads and lists are made."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from exporter.cache.answers import KeptAnswers
from exporter.cache.folder import open_cache
from exporter.digests import content_digest
from exporter.outcomes.workers import default_jobs, run_here_or_forked
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
    endpoint: str = "",
    progress: Progress | None = None,
) -> Publication:
    """Write the graph of records as a folder of pages for any static host, and give the account of the run.

    The folder is one that an earlier run made, is empty, or is made; files that have changed take their places one by one, and those of
    earlier runs that this one does not write are removed. The same records give the same bytes. `site` is where addresses begin whose pages
    have their path, by default scheme and host of most records. Without `with_problems` there are no problems, without `with_sources` (an
    address with `{path}` and perhaps `{line}`) no paths of files, without `with_unmapped` no keys that the ontology does not know.
    `images` are hosts whose images are shown, `queries` is the folder of saved queries, and `templates` one of templates that come before
    ours. `endpoint` is the address of a SPARQL endpoint with the same graph, which pages and the description name. `progress` is told how
    many records are read, and then how many files are made. Raises OutputError for a folder of somebody else, OntologyError and UsageError.

    >>> import tempfile
    >>> publish("examples/medigy/content", tempfile.mkdtemp(), ontology="medigy").export.exported
    13
    """
    project = choose_project(project, paths, ontology=ontology, shapes=shapes, jobs=jobs)
    options = PublishOptions(site, title, with_problems, with_sources, with_unmapped, frozenset(images), queries, templates, endpoint)
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
            writing = _Site(folder, KeptAnswers(open_cache(project), "site"), project.jobs or default_jobs(), told)
            writing.write(made)
            pages = len(made.view.addresses.pages)
    failures = tuple(f"{of.query.path}: {of.failure}" for of in asked if of.failure)
    return Publication(
        str(output), pages, writing.files, writing.written, gathered.account, tuple(problems), tuple(made.left_out), failures, are_built()
    )


def _ask(project: Project, text: Path, queries: str) -> list[Answered]:
    """Ask the saved queries, if there are any."""
    if not queries or not list_saved(Path(queries)):
        return []
    with text.open("rb") as triples, open_dataset(project=replace(project, paths=()), triples=triples) as dataset:
        return list(ask_saved(dataset, queries))


class _Made(NamedTuple):
    """The files of a batch, with the digests of their contents, and which of them were staged; `key` is kept for the next run."""

    files: list[_MadeFile]
    staged: frozenset[str]
    key: bytes | None


class _MadeFile(NamedTuple):
    name: str
    digest: bytes
    size: int


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes the files of batches, by their numbers, in any process; those that are there already are not made."""

    batches: Sequence[PageBatch]
    folder: SplitFolder
    kept: KeptAnswers

    def run(self, numbers: Sequence[str]) -> list[_Made]:
        """Make some batches."""
        return [self._make(self.batches[int(number)]) for number in numbers]

    def _make(self, batch: PageBatch) -> _Made:
        key = batch.key() if batch.key is not None else None
        known = self.kept.find(key) if key is not None else None
        listed = _unpack(known) if known is not None else None
        if listed is not None and self.folder.has([(file.name, file.digest) for file in listed]):
            return _Made(listed, frozenset(), key)
        files, staged = [], set[str]()
        for page in batch.make():
            if self.folder.stage(*page):
                staged.add(page.file)
            files.append(_MadeFile(page.file, content_digest(page.content), len(page.content)))
        return _Made(files, frozenset(staged), key)


class _Site:
    """Writes the files of a site into its folder, and counts them: `files`, and those that are new or have changed."""

    def __init__(self, folder: SplitFolder, kept: KeptAnswers, jobs: int, told: Progress) -> None:
        self._folder, self._kept, self._jobs, self._told = folder, kept, jobs, told
        self.files = self.written = 0

    def write(self, site: PublishedSite) -> None:
        """Write all files."""
        sizes: dict[str, int] = {}
        for made in self._made(site.large_batches(), few=2, chunk=1):
            sizes.update((file.name, file.size) for file in made.files)
        self._made(site.batches(), few=200, chunk=None)
        self._made([PageBatch(partial(site.whole, sizes))], few=2, chunk=1)
        self._kept.save()

    def _made(self, batches: Sequence[PageBatch], *, few: int, chunk: int | None) -> list[_Made]:
        """Make batches, in as many processes as there are, and enter their files as they come."""
        found, making = list[_Made](), _Making(batches, self._folder, self._kept)
        for made in run_here_or_forked(making, [str(number) for number in range(len(batches))], self._jobs, few=few, chunk=chunk):
            for file in made.files:
                self._folder.enter(file.name, new=file.name in made.staged)
            self.files, self.written = self.files + len(made.files), self.written + len(made.staged)
            if made.key is not None and self._kept.find(made.key) != (packed := _pack(made.files)):
                self._kept.add(made.key, packed)
            self._told(self.files)
            found.append(made)
        return found


def _pack(files: Sequence[_MadeFile]) -> bytes:
    return json.dumps([[file.name, file.digest.hex(), file.size] for file in files]).encode()


def _unpack(packed: bytes) -> list[_MadeFile] | None:
    """Give the names, digests and sizes of files; None for what is not that."""
    try:
        return [_MadeFile(str(name), bytes.fromhex(digest), int(size)) for name, digest, size in json.loads(packed)]
    except (ValueError, TypeError):
        return None
