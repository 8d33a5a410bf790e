"""What is served at a moment: the pages and the dataset of one state of the files; and its change for another while requests go on."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from exporter.errors import QueryError
from exporter.pages.gathering import FollowingGraph
from exporter.pages.layout import SitePage
from exporter.pages.own import Answered
from exporter.pipeline.account import Export
from exporter.problems import Problem
from exporter.project import Project
from exporter.publishing.leaving_out import PublishOptions
from exporter.publishing.site import SiteSource, ask_saved
from exporter.server.answers import QueryAnswers
from exporter.server.checking import Checker
from exporter.server.pages import ServedPages
from exporter.server.resources import FoundResource, find_resource
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Limits, Powers
from exporter.sparql.opening import open_dataset

_WORN = 0.25
"""The share of lines that have changed, from which on a graph is read anew."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How queries are bounded, what pages show, and the folder of a store on disk that queries run on, if they do."""

    limits: Limits = field(default_factory=Limits)
    powers: Powers = field(default_factory=Powers)
    pages: PublishOptions = field(default_factory=PublishOptions)
    store: str = ""


class State:
    """The graph of a project as it was when it was read: pages, and a dataset that answers. It is closed when its last user leaves it."""

    def __init__(self, project: Project, options: ServeOptions, version: int, before: ServedPages | None = None) -> None:
        self._stack = ExitStack()
        self._users, self._closing = 0, False
        self._lock = threading.Lock()
        try:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="owltype-")))
            self._text = folder / "graph.nt"
            with self._text.open("wb") as sink:
                self._graph = FollowingGraph.gather(project, folder, sink)
            self._stack.enter_context(closing(self._graph.gathered.graph))
            self._dataset = self._stack.enter_context(_open(project, self._text, options))
            self._options, self._changed = options, 0
            self.answers = QueryAnswers(self._dataset, options.limits)
            self.pages = self._make_pages(project, version, before)
        except BaseException:
            self._stack.close()
            raise

    def _make_pages(self, project: Project, version: int, before: ServedPages | None) -> ServedPages:
        ask = partial(_ask, self._dataset, self._options.pages.queries)
        return ServedPages(SiteSource(project, self._graph.gathered, self._text), self._options.pages, ask, version, before)

    @property
    def account(self) -> Export:
        """What was read."""
        return self._graph.gathered.account

    @property
    def triples(self) -> int:
        """How many triples queries are asked of."""
        return self._dataset.triples

    def find(self, path: str, accept: str | None) -> tuple[FoundResource, SitePage | None]:
        """Find what stands at a path, which is still percent-encoded, and give its page."""
        pages = self.pages
        with self._graph.gathered.graph.lock:
            found = find_resource(pages, path, accept)
        return found, None if found.location else pages.find(found.file or unquote(path).removeprefix("/") or "index.html")

    def show_problems(self, problems: Sequence[Problem], version: int) -> None:
        """Show other problems from now on, which is another version of the pages."""
        with self._graph.gathered.graph.lock:
            self.pages.show_problems(problems, version)

    def follow(self, project: Project, version: int) -> bool:
        """Change what is served to what the project is now; False where it has to be read anew as a whole.

        A request sees all of a change, or nothing of it.
        """
        if self._options.store or self._changed > _WORN * self.triples:  # the engine's memory grows with each line that is changed
            return False
        found = self._graph.look(project)
        if found is None:
            return False
        with self._graph.gathered.graph.lock:
            change = self._graph.follow(found)
            lines = [*change.lines()]
            if lines:
                self._dataset.change(lines)
            self._changed += len(lines)
            self.pages = self._make_pages(project, version, self.pages)
            self.answers = self.answers.after_change()
        return True

    @contextmanager
    def using(self) -> Iterator[State]:
        """Keep the state for a request."""
        with self._lock:
            self._users += 1
        try:
            yield self
        finally:
            with self._lock:
                self._users -= 1
                last = self._closing and self._users == 0
            if last:
                self._stack.close()

    def close(self) -> None:
        """Let it go, when the last request that uses it is answered."""
        with self._lock:
            self._closing = True
            idle = self._users == 0
        if idle:
            self._stack.close()


def _open(project: Project, text: Path, options: ServeOptions) -> Dataset:
    if options.store:
        return open_dataset(project=project, store=options.store, powers=options.powers)
    with text.open("rb") as triples:
        return open_dataset(project=replace(project, paths=()), triples=triples, powers=options.powers)


def _follows(state: State, project: Project, version: int) -> bool:
    """Change a state; one whose process can't be told is replaced."""
    try:
        return state.follow(project, version)
    except QueryError:
        return False


def _ask(dataset: Dataset, queries: str) -> list[Answered]:
    return list(ask_saved(dataset, queries))


class Live:
    """The state that is served, which changes while requests go on.

    `version` counts the states, `shown` also the changes of their pages. Those who wait for a change are told by `listeners`.
    """

    def __init__(self, project: Callable[[], Project], options: ServeOptions) -> None:
        self._make, self._options = project, options
        self._lock, self._turns = threading.Lock(), threading.Lock()
        self._checker = Checker()
        self._state = State(project(), options, 1)
        self.version = self.shown = 1
        self.listeners: set[Callable[[], None]] = set()

    @contextmanager
    def using(self) -> Iterator[State]:
        """Give the state of now, for a request."""
        with self._lock:
            state = self._state
            user = state.using()
            user.__enter__()
        try:
            yield state
        finally:
            user.__exit__(None, None, None)

    @property
    def answers(self) -> QueryAnswers:
        """What answers now; another object after each change of the graph."""
        return self._state.answers

    def reload(self) -> None:
        """Read what has changed, or everything where that is not enough, and serve it.

        Raises ExporterError, and then the old state is served on.
        """
        with self._turns:
            project, before = self._make(), self._state
            made = before if _follows(before, project, self.shown + 1) else State(project, self._options, self.shown + 1, before.pages)
            with self._lock:
                self._state = made
            self.version += 1
            self.shown += 1
        if made is not before:
            before.close()
        self._tell()

    def check(self) -> None:
        """Validate what is served, and show what that finds on its pages; raises ExporterError."""
        found = self._checker.find_problems(self._make())
        with self._turns:
            self.shown += 1
            self._state.show_problems(found, self.shown)
        self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()

    def close(self) -> None:
        """Stop serving."""
        self._checker.end()
        self._state.close()


def shown_everything(options: PublishOptions) -> PublishOptions:
    """Give the options of pages for those who edit: with sources and with problems, which come when the validation ends."""
    return replace(options, with_problems=True, with_sources=options.with_sources or "")
