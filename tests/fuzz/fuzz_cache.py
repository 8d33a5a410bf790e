"""Caches that somebody forged: right checksums around wrong contents, and contents that are nearly right.

What is decoded is an outcome through and through or a CacheError, takes no more memory than its bytes warrant, and a run over a cache
that was forged ends as every run does.
"""

from __future__ import annotations

import random
import re
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from exporter.cache import stamps
from exporter.cache.coding import decode_outcome, encode_outcome
from exporter.cache.columns import pack_columns, unpack_columns
from exporter.cache.folder import open_cache
from exporter.errors import CacheError, ExporterError
from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.settings.model import Settings
from tests.cache.outcomes import everything, outcomes_of
from tests.fuzz.harness import Finding, Rounds
from tests.references.sites import ONTOLOGY, make_site

SMOKE = 60

PLAIN = re.sub(r' ; map:match (\([^)]*\)|"[^"]*")', "", ONTOLOGY)
"""Without values that are looked up: only such a run may have nothing to do."""
_WARRANTED = 100
"""Bytes of memory for a byte of data: an empty tuple in a tuple is one byte there, and 48 here."""
_INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xc0", b"\x90", b"\xdd\xff\xff\xff\xff", b"\xdc\xff\xff", b"\xff" * 8, b"\0" * 8)


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Forge outcomes, tables and whole files of a cache."""
    sites = [_Site(rounds.folder / name, ontology) for name, ontology in (("holes", ONTOLOGY), ("plain", PLAIN))]
    good = [encode_outcome(outcome) for outcome in (everything(), *outcomes_of(sites[0].project, "turtle"))]
    tables = [b"".join(pack_columns({"a": [b"x", b"", data], "é": [], "b": [data] * 3})) for data in good[:3]]
    for chance in rounds:
        kind = chance.random()
        if kind < 0.5:
            yield from _decode(_forge(chance.choice(good), chance), _outcome)
        elif kind < 0.8:
            yield from _decode(_forge(chance.choice(tables), chance), _table)
        else:
            yield from chance.choice(sites).run(chance)


class _Site:
    """A site that was exported twice, so that all is kept which a run keeps, also of one that had nothing to do."""

    def __init__(self, folder: Path, ontology: str) -> None:
        folder.mkdir()
        make_site(folder)
        (folder / "ontology.ttl").write_text(ontology)
        settings = Settings(cache_dir=str(folder / "cache"))
        self.project = make_project(folder / "content", settings=settings, ontology=folder / "ontology.ttl", jobs=1)
        self._output = folder / "graph.ttl"
        before, stamps.GRANULARITY_NS = stamps.GRANULARITY_NS, 0
        try:
            for _ in range(2):
                export(project=self.project, output=self._output)
        finally:
            stamps.GRANULARITY_NS = before
        cache = open_cache(self.project)
        self._kept = {name: bytes(found) for name in cache.names() if (found := cache.read(name)) is not None}
        assert len(self._kept) > 3, "an index, a segment, the plan, the last use"

    def run(self, chance: random.Random) -> Iterator[Finding]:
        """Export with one file forged; the graph may be forged, too, and nothing else may happen."""
        cache = open_cache(self.project)
        for name, content in self._kept.items():
            cache.write(name, [content])
        name = chance.choice(sorted(self._kept))
        forged = _forge(self._kept[name], chance)
        cache.write(name, [forged])
        try:
            with redirect_stderr(StringIO()):
                export(project=self.project, output=self._output)
                open_cache(self.project).last_use()
        except ExporterError:
            pass
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            yield Finding(f"{type(error).__name__} ends a run over a forged {name.partition('-')[0]}", f"{error}\n{name}\n{forged!r}")


def _forge(data: bytes, chance: random.Random) -> bytes:
    forged = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(forged) + 1)
        put = chance.choice(_INTERESTING) if chance.random() < 0.5 else chance.randbytes(chance.choice((1, 1, 2, 8)))
        cut = chance.choice((0, len(put), len(put), chance.randrange(40)))
        forged[at : at + cut] = put
    return bytes(forged[: chance.randrange(len(forged))] if chance.random() < 0.1 else forged)


def _outcome(data: bytes) -> None:
    made = decode_outcome(data)
    if decode_outcome(encode_outcome(made)) != made:
        raise AssertionError("what was decoded does not come back")


def _table(data: bytes) -> None:
    for column in unpack_columns(data).values():
        list(column)


def _decode(data: bytes, decode: Callable[[bytes], None]) -> Iterator[Finding]:
    tracemalloc.start()
    try:
        decode(data)
    except CacheError:
        pass
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        yield Finding(f"{type(error).__name__} leaves the decoder {decode.__name__}", f"{error}\n{data!r}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if peak > 100_000 + _WARRANTED * len(data):
        yield Finding(f"the decoder {decode.__name__} takes too much memory", f"{peak} for {len(data)} bytes\n{data!r}")
