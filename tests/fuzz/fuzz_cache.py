"""Caches that somebody forged: right checksums around wrong contents, and contents that are nearly right.

What is decoded is an outcome through and through or a CacheError, takes no more memory than its bytes warrant, and a run over a cache
that was forged ends as every run does.
"""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from exporter.cache import stamps
from exporter.cache.coding import decode_outcome, encode_outcome
from exporter.cache.columns import pack_columns, unpack_columns
from exporter.cache.folder import Cache, open_cache
from exporter.errors import CacheError, ExporterError
from exporter.pipeline.export import export
from exporter.project import Project, make_project
from exporter.settings.model import Settings
from tests.cache.outcomes import everything, outcomes_of
from tests.fuzz.harness import Finding, Rounds
from tests.references.sites import make_site

SMOKE = 60

_WARRANTED = 100
"""Bytes of memory for a byte of data: an empty tuple in a tuple is one byte there, and 48 here."""
_INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xc0", b"\x90", b"\xdd\xff\xff\xff\xff", b"\xdc\xff\xff", b"\xff" * 8, b"\0" * 8)


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Forge outcomes, tables and whole files of a cache."""
    project = _site(rounds.folder)
    good = [encode_outcome(outcome) for outcome in (everything(), *outcomes_of(project, "turtle"))]
    tables = [b"".join(pack_columns({"a": [b"x", b"", data], "é": [], "b": [data] * 3})) for data in good[:3]]
    kept = _kept(project)
    for chance in rounds:
        kind = chance.random()
        if kind < 0.5:
            yield from _decode(_forge(chance.choice(good), chance), _outcome)
        elif kind < 0.8:
            yield from _decode(_forge(chance.choice(tables), chance), _table)
        else:
            yield from _run(project, kept, chance)


def _site(folder: Path) -> Project:
    site = make_site(folder)
    ontology = site / "ontology.ttl"
    return make_project(site / "content", settings=Settings(cache_dir=str(folder / "cache")), ontology=ontology, jobs=1)


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


def _kept(project: Project) -> dict[str, bytes]:
    """Fill the cache as a run does, in which every file has rested, and give its contents by their names."""
    before, stamps.GRANULARITY_NS = stamps.GRANULARITY_NS, 0
    try:
        export(project=project, output=[])
    finally:
        stamps.GRANULARITY_NS = before
    found = _contents(open_cache(project))
    assert len(found) > 1, "an index and a segment"
    return found


def _contents(cache: Cache) -> dict[str, bytes]:
    return {name: bytes(found) for name in cache.names() if (found := cache.read(name)) is not None}


def _run(project: Project, kept: dict[str, bytes], chance: random.Random) -> Iterator[Finding]:
    """Export with one file forged; the graph may be forged, too, and nothing else may happen."""
    cache = open_cache(project)
    for name, content in kept.items():
        cache.write(name, [content])
    name = chance.choice(sorted(kept))
    forged = _forge(kept[name], chance)
    cache.write(name, [forged])
    try:
        with redirect_stderr(StringIO()):
            export(project=project, output=[])
    except ExporterError:
        pass
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        yield Finding(f"{type(error).__name__} ends a run over a forged {name.partition('-')[0]}", f"{error}\n{name}\n{forged!r}")
