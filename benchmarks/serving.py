"""Measure `owltype serve` under load, beside Oxigraph's own server, on the same graph and in the same run.

    python -m benchmarks.serving                       # 5,000 records, some two minutes
    python -m benchmarks.serving --sizes 300 --seconds 2   # a look
    python -m benchmarks.serving --write docs/benchmarks.md

Sixteen clients ask on connections that stay open. *Different queries*: each asks what is said of another record, so no answer is
remembered; *the same query* comes again and again. With *hostile clients* eight others ask for joins that never end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import tables
from benchmarks.records import write_records
from benchmarks.systems import ENVIRONMENT, ONTOLOGY, owltype

BEGIN = "<!-- measured, serving: begin -->"
END = "<!-- measured, serving: end -->"
OURS = "owltype serve"
_CLIENTS, _HOSTILE = 16, 8
_COUNT = count()
"""A number in each of the different queries: a text that comes again would be answered from memory."""
_RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f && ?f != ?i) }"


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients got: requests a second, the median and the 99th percentile of their milliseconds, and failures."""

    rate: float
    median: float
    worst: float
    failed: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    lines = []
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-serving-") as name:
        work = Path(name)
        for size in options.sizes:
            write_records(work / f"records-{size}", size)
            graph = work / f"graph-{size}.nt"
            _run(*owltype("export"), str(work / f"records-{size}"), "--ontology", str(ONTOLOGY), "-o", str(graph), "-q")
            iris = sorted(
                {
                    line.split(b" ", 1)[0].decode()
                    for line in graph.read_bytes().splitlines()
                    if b"/communities/" in line[:60] and b"#" not in line.split(b" ", 1)[0]
                }
            )
            servers = [(OURS, _owltype(work / f"records-{size}", work)), ("Oxigraph's server", _oxigraph(graph, work))]
            servers += [("rdflib-endpoint", _rdflib_endpoint(options.endpoint, graph, work))] if options.endpoint.exists() else []
            for system, address in servers:
                lines += list(_measure(system, size, address, iris, options))
    head = ("records", "server", "load", "requests/s", "median ms", "p99 ms", "failed")
    report = f"{tables.machine()}\n\n{tables.table(head, lines, numbers_from=3)}"
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report, (BEGIN, END))
    return 0


def _measure(system: str, size: int, server: object, iris: Sequence[str], options: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    different = [f"SELECT ?p ?o {{ {iri} ?p ?o }}" for iri in iris]
    random.Random(1).shuffle(different)  # noqa: S311 - not a secret
    kinds = {"different queries": different, "the same query": different[:1]}
    with server as address:  # type: ignore[attr-defined]
        for kind, queries in kinds.items():
            yield _line(size, system, kind, asyncio.run(_load(address, queries, options.seconds)))
        if system == OURS:
            yield _line(
                size, system, "different queries, with hostile clients", asyncio.run(_load(address, different, options.seconds, _HOSTILE))
            )
            if options.requests:
                _watch_memory(address, different, options.requests)


def _watch_memory(address: str, different: Sequence[str], requests: int) -> None:
    """Ask so many times, every fifth query another one, and say how much memory the server and its processes hold at each tenth of that."""
    for tenth in range(11):
        print(f"{requests * tenth // 10:,} requests: {_memory():.0f} MB", file=sys.stderr, flush=True)
        if tenth < 10:
            asyncio.run(_requests(address, different, requests // 10))


async def _requests(address: str, different: Sequence[str], number: int) -> None:
    share = number // _CLIENTS
    queries = [[*different[n::_CLIENTS][:50]] for n in range(_CLIENTS)]
    await asyncio.gather(*(_client(address, queries[n], time.monotonic() + 3600, share // 5) for n in range(_CLIENTS)))
    await asyncio.gather(*(_client(address, different[:1], time.monotonic() + 3600, share - share // 5) for n in range(_CLIENTS)))


def _memory() -> float:
    """Give the megabytes that the processes of a program have to themselves, with their shares of what several have (Linux)."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if (b"serve" in command and b"8431" in command) or b"fork_server" in command:
                found = re.search(r"^Pss:\s+([0-9]+)", (process / "smaps_rollup").read_text("ascii"), re.MULTILINE)
                total += int(found[1]) if found else 0
    return total / 1000


def _line(size: int, system: str, kind: str, load: Load) -> tuple[str, ...]:
    print(f"{size} records, {system}, {kind}: {load}", file=sys.stderr, flush=True)
    return (f"{size:,}", system, kind, f"{load.rate:,.0f}", f"{load.median:.1f}", f"{load.worst:.1f}", f"{load.failed:,}")


async def _load(address: str, queries: Sequence[str], seconds: float, hostile: int = 0) -> Load:
    """Ask for so many seconds, after a warm-up of one."""
    end = time.monotonic() + 1
    await asyncio.gather(*(_client(address, queries[n::_CLIENTS] or queries, end) for n in range(_CLIENTS)))
    bad = [asyncio.ensure_future(_client(address, [_RUNAWAY], time.monotonic() + seconds + 60)) for _ in range(hostile)]
    await asyncio.sleep(1.0 if hostile else 0)
    began, end = time.monotonic(), time.monotonic() + seconds
    done = await asyncio.gather(*(_client(address, queries[n::_CLIENTS] or queries, end) for n in range(_CLIENTS)))
    took = time.monotonic() - began
    for task in bad:
        task.cancel()
    times = sorted(time for times, _ in done for time in times) or [0.0]
    return Load(len(times) / took, 1e3 * times[len(times) // 2], 1e3 * times[int(len(times) * 0.99)], sum(failed for _, failed in done))


async def _client(address: str, queries: Sequence[str], end: float, most: int = sys.maxsize) -> tuple[list[float], int]:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    times, failed, number = [], 0, 0
    try:
        while time.monotonic() < end and number < most:
            query = queries[number % len(queries)] if len(queries) == 1 else f"{queries[number % len(queries)]} # {next(_COUNT)}"
            number += 1
            began = time.perf_counter()
            head = (
                f"GET {place.path}?query={quote(query)} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: application/sparql-results+json\r\n\r\n"
            )
            writer.write(head.encode())
            status = await _reply(reader)
            times.append(time.perf_counter() - began)
            failed += status != 200
    except asyncio.CancelledError:
        pass
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return times, failed


async def _reply(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"content-length: ([0-9]+)", head)
    if length:
        await reader.readexactly(int(length[1]))
    else:
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    return int(head.split()[1])


@contextmanager
def _owltype(folder: Path, work: Path) -> Iterator[str]:
    with _started(
        [*owltype("serve"), str(folder), "--ontology", str(ONTOLOGY), "--port", "8431", "--no-validate", "--timeout", "10", "-q"],
        8431,
        work,
    ):
        yield "http://127.0.0.1:8431/sparql"


@contextmanager
def _oxigraph(graph: Path, work: Path) -> Iterator[str]:
    program, store = str(Path(sys.executable).with_name("oxigraph")), str(work / f"store-{graph.stem}")
    _run(program, "load", "--location", store, "--file", str(graph))
    with _started([program, "serve-read-only", "--location", store, "--bind", "127.0.0.1:8432"], 8432, work):
        yield "http://127.0.0.1:8432/query"


@contextmanager
def _rdflib_endpoint(program: Path, graph: Path, work: Path) -> Iterator[str]:
    with _started([str(program), "serve", "--host", "127.0.0.1", "--port", "8433", str(graph)], 8433, work):
        yield "http://127.0.0.1:8433/"


@contextmanager
def _started(command: Sequence[str], port: int, work: Path) -> Iterator[None]:
    with (work / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, stdout=log, stderr=log)
        try:
            for _ in range(1200):
                if _listens(port):
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _listens(port: int) -> bool:

    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _run(*command: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **ENVIRONMENT}, capture_output=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description="Measure owltype serve under load.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000], help="numbers of records")
    parser.add_argument("--seconds", type=float, default=10, help="how long each load lasts")
    parser.add_argument(
        "--requests", type=int, default=0, help="ask so many times more, and say how memory grows; 500000 take some minutes"
    )
    parser.add_argument("--endpoint", type=Path, default=Path(".venv-endpoint/bin/rdflib-endpoint"), help="the program of rdflib-endpoint")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the table")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
