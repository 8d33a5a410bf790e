"""What is served at a moment: the pages and the dataset of one state of the files; and its change for another while requests go on."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from exporter.pages.gathering import gather_graph
from exporter.policy.runs import validate
from exporter.problems import Problem
from exporter.project import Project
from exporter.publishing.leaving_out import PublishOptions
from exporter.publishing.site import SiteSource, ask_saved
from exporter.server.answers import QueryAnswers
from exporter.server.pages import ServedPages
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Limits, Powers
from exporter.sparql.opening import open_dataset


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How queries are bounded, what pages show, and the folder of a store on disk that queries run on, if they do."""

    limits: Limits = field(default_factory=Limits)
    powers: Powers = field(default_factory=Powers)
    pages: PublishOptions = field(default_factory=PublishOptions)
    store: str = ""


class State:
    """The graph of a project as it was when it was read: pages, and a dataset that answers. It is closed when its last user leaves it."""

    def __init__(self, project: Project, options: ServeOptions, version: int) -> None:
        self._stack = ExitStack()
        self._users, self._closing = 0, False
        self._lock = threading.Lock()
        try:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="owltype-")))
            text = folder / "graph.nt"
            with text.open("wb") as sink:
                gathered = gather_graph(project, folder, sink, allow_nothing=True)
            self.account = gathered.account
            self._stack.enter_context(closing(gathered.graph))
            dataset = self._stack.enter_context(_open(project, text, options))
            self.answers = QueryAnswers(dataset, options.limits)
            questions = list(ask_saved(dataset, options.pages.queries))
            self.pages = ServedPages(SiteSource(project, gathered, text), options.pages, questions, version)
            self.triples = dataset.triples
            self.made_at = time.time()
        except BaseException:
            self._stack.close()
            raise

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


class Live:
    """The state that is served, which changes while requests go on; `problem` says why the last attempt to change it failed.

    `version` counts the states, `shown` also the changes of their pages. Those who wait for a change are told by `listeners`.
    """

    def __init__(self, project: Callable[[], Project], options: ServeOptions) -> None:
        self._make, self._options = project, options
        self._lock = threading.Lock()
        self._state = State(project(), options, 1)
        self.version = self.shown = 1
        self.problem = ""
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

    def reload(self) -> None:
        """Read everything anew, and serve that; raises ExporterError, and the old state is served on."""
        made = State(self._make(), self._options, self.shown + 1)
        with self._lock:
            before, self._state = self._state, made
            self.version += 1
            self.shown += 1
            self.problem = ""
        before.close()
        self._tell()

    def check(self) -> None:
        """Validate what is served, and show what that finds on its pages."""
        with self.using() as state:
            found: tuple[Problem, ...] = validate(project=self._make()).problems
            state.pages.show_problems(found, self.shown + 1)
        with self._lock:
            self.shown += 1
        self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()

    def close(self) -> None:
        """Stop serving."""
        self._state.close()


def shown_everything(options: PublishOptions) -> PublishOptions:
    """Give the options of pages for those who edit: with sources and with problems, which come when the validation ends."""
    return replace(options, with_problems=True, with_sources=options.with_sources or "")
