"""Runs that are killed, and calls that fail, with a cache: the next run is what a run without a cache is.

A run is killed at a moment (that is about real time), or at one of its own calls that write, rename, copy or wait for the disk. Else one of
these calls fails, as on a full disk, a broken or a read-only one. Records, ontology and shapes are edited before and after.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from exporter.cache import stamps
from exporter.errors import ExporterError
from exporter.pipeline.export import export
from exporter.project import Project, make_project
from exporter.settings.model import Settings
from exporter.validation.batches.running import Batching
from exporter.validation.validating import validate
from tests.fuzz.harness import Finding, Rounds
from tests.references.sites import ONTOLOGY, make_site

SMOKE = 4

_CALLS = ("write", "replace", "rename", "fsync", "copy_file_range", "open", "unlink", "utime", "mkdir", "ftruncate")
_CODES = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT)
_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:title ; sh:maxLength 8 ] ,
    [ sh:path ex:author ; sh:class ex:Person ; sh:minCount 1 ] .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:minCount 1 ] .
"""


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Kill runs, and have their calls fail."""
    site = _Site(rounds.folder / "site")
    before, stamps.GRANULARITY_NS = stamps.GRANULARITY_NS, 20_000_000
    try:
        for chance in rounds:
            site.edit(chance)
            said = site.kill(chance) if chance.random() < 0.7 and hasattr(os, "fork") else site.fail(chance)
            if chance.random() < 0.5:
                site.edit(chance)
            yield from site.compare(said)
    finally:
        stamps.GRANULARITY_NS = before


class _Site:
    """A small site with all that a run keeps; each run is of its records to Turtle, or of its shapes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = make_site(folder, posts=30)
        (folder / "shapes.ttl").write_text(_SHAPES)
        self._longest = {}
        for command in ("export", "validate"):
            began = time.monotonic()
            self.run(command)
            self._longest[command] = time.monotonic() - began

    def edit(self, chance: random.Random) -> None:
        """Change, add or remove a record, or change ontology or shapes."""
        file = self.folder / f"content/posts/p{chance.randrange(40):03}.md"
        kind = chance.randrange(8)
        if kind == 0:
            file.unlink(missing_ok=True)
        elif kind == 1:
            (self.folder / "ontology.ttl").write_text(ONTOLOGY.replace("/people/", f"/people{chance.randrange(2)}/"))
        elif kind == 2:
            (self.folder / "shapes.ttl").write_text(_SHAPES.replace("8", str(chance.randrange(5, 9))))
        elif kind > 3:
            title = f"Edit {chance.randrange(100)}"
            file.write_text(f"---\nowlType: Post\ntitle: {title}\nauthor: Bob\nteam: {{name: T{chance.randrange(3)}, head: Eve}}\n---\n")

    def _project(self, *, cache: bool) -> Project:
        settings = Settings(cache_dir=str(self.folder / "cache"))
        of, shapes = self.folder / "ontology.ttl", self.folder / "shapes.ttl"
        return make_project(self.folder / "content", settings=settings, ontology=of, shapes=shapes, jobs=1, cache=cache)

    def run(self, command: str, *, cache: bool = True) -> Any:  # noqa: ANN401 - all that a run says
        """Run, and give what comes out."""
        project = self._project(cache=cache)
        if command == "validate":
            found = validate(project=project, engine="shacl", batching=Batching(size=1, least=0))
            return found.problems, found.results, found.checked, dict(found.skipped)
        output = self.folder / ("warm.ttl" if cache else "cold.ttl")
        done = export(project=project, output=output)
        return output.read_bytes(), done.problems, done.exported, done.triples, done.unmapped

    def kill(self, chance: random.Random) -> str:
        """Kill a run, at a moment or at one of its calls, and say at which."""
        command, call, number = chance.choice(("export", "export", "validate")), chance.choice(_CALLS), chance.randrange(1, 40)
        by_time, seconds = chance.random() < 0.5, chance.uniform(0, 1.2)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                if by_time:
                    self.run(command)
                else:
                    with _calling(call, number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                        self.run(command)
            os._exit(0)
        if by_time:
            time.sleep(seconds * self._longest[command])
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return f"{command} killed {'at a moment' if by_time else f'at a call of {call}'}"

    def fail(self, chance: random.Random) -> str:
        """Have one call of a run fail, and say which."""
        command, call, number = chance.choice(("export", "export", "validate")), chance.choice(_CALLS), chance.randrange(1, 40)
        code = chance.choice(_CODES)

        def refuse() -> None:
            raise OSError(code, os.strerror(code))

        with _calling(call, number, refuse), contextlib.suppress(ExporterError, OSError):
            self.run(command)
        return f"{command} with {errno.errorcode[code]} of {call}"

    def compare(self, said: str) -> Iterator[Finding]:
        """Hold the next runs against runs without a cache."""
        for command in ("export", "validate"):
            for again in ("", " again"):
                if self.run(command) != self.run(command, cache=False):
                    yield Finding(f"{command}{again} is not what it is without a cache, after {said}")
        strays = [path.name for path in self.folder.rglob("*.owltype-tmp")]
        if strays:
            yield Finding(f"temporary files are left after {said}", detail=" ".join(strays))


@contextlib.contextmanager
def _calling(name: str, number: int, instead: Callable[[], object]) -> Iterator[None]:
    """Do something else at the call of this number of one of `os`'s functions."""
    real, count = getattr(os, name, None), 0

    def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the call itself
        nonlocal count
        count += 1
        if count == number:
            instead()
        assert real is not None
        return real(*args, **kwargs)

    if real is None:  # copy_file_range is Linux's
        yield
        return
    with mock.patch.object(os, name, call):
        yield
