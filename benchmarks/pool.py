"""Ask a pool of query processes from many threads, with a hostile query among every hundred.

    python benchmarks/pool.py [QUERIES] [THREADS]

Every good query has to be answered, rightly and before its deadline, whatever the hostile ones do; at the end no process
may be left, and memory has to be flat. Exits 1 where one of these fails.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from exporter.dataset.sources import DatasetSources
from exporter.errors import QueryError
from exporter.sparql.limits import MEGABYTE, Limits
from exporter.sparql.processes.query_pool import QueryPool
from exporter.sparql.processes.reply import Request

SUBJECTS = 2_000
DEADLINE = 5.0
HOSTILE_DEADLINE = 0.5
HOSTILE = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "long chain of ||": "ASK { FILTER(" + "||".join(["?x=1"] * 50_000) + ") }",
    "3,000 brackets": "SELECT * WHERE " + "{" * 3_000 + "}" * 3_000,
    "400 patterns": "SELECT * WHERE {" + "?s ?p ?o ." * 400 + "}",
    "endless paths": "SELECT (COUNT(*) AS ?n) { ?a (<http://a>|!<http://a>)* ?b . ?b (<http://a>|!<http://a>)* ?c }",
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "remote": "SELECT * { VALUES ?u { <http://127.0.0.1:9/> } SERVICE ?u { ?s ?p ?o } }",
    "update": 'INSERT DATA { <http://a> <http://b> "c" }',
    "no SPARQL": "SELECT * {",
}


@dataclass
class Tally:
    """What became of the queries, filled by all threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: dict[str, dict[str, int]] = field(default_factory=dict)


def triples() -> bytes:
    """Make the dataset: subjects with two numbers each."""
    lines = (f'<http://e/{i}> <http://p/a> "{i}" .\n<http://e/{i}> <http://p/b> "{i * i}" .\n' for i in range(SUBJECTS))
    return "".join(lines).encode()


def ask_good(pool: QueryPool, number: int, tally: Tally) -> None:
    """Ask for the square of a number and check it."""
    subject = number % SUBJECTS
    started = time.perf_counter()
    try:
        request = Request(f"SELECT ?x {{ <http://e/{subject}> <http://p/b> ?x }}", results_format="tsv")
        answer = pool.ask(request, Limits(seconds=DEADLINE)).read().decode().split("\n")[1].strip('"')
    except QueryError as error:
        answer = str(error)
    seconds = time.perf_counter() - started
    with tally.lock:
        tally.seconds.append(seconds)
        if answer != str(subject * subject):
            tally.wrong.append(f"{subject}: {answer}")


def ask_hostile(pool: QueryPool, number: int, tally: Tally) -> None:
    """Ask one of the hostile queries and note its end."""
    name = list(HOSTILE)[number // 100 % len(HOSTILE)]
    try:
        pool.ask(Request(HOSTILE[name]), Limits(seconds=HOSTILE_DEADLINE, rows=1_000)).read()
        end = "answered"
    except QueryError as error:
        end = error.problems[0].code
    with tally.lock:
        ends = tally.refused.setdefault(name, {})
        ends[end] = ends.get(end, 0) + 1


def run(pool: QueryPool, queries: int, threads: int) -> Tally:
    """Ask all queries, from all threads."""
    tally = Tally()
    numbers = iter(range(queries))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            (ask_hostile if number % 100 == 99 else ask_good)(pool, number, tally)

    crowd = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return tally


def resident() -> int:
    """Give the memory that this process holds, in kilobytes."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def children() -> list[int]:
    """List the processes whose parent is this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.append(int(stat.parent.name))
    return found


def main(queries: int = 10_000, threads: int = 32) -> int:
    """Run the benchmark and print what it measured."""
    with QueryPool(DatasetSources(stream=True), workers=threads, memory=256 * MEGABYTE) as pool:
        pool.feed(triples())
        pool.wait()
        run(pool, queries, threads)  # until the allocator has an arena for every thread
        before = resident()
        started = time.perf_counter()
        tally = run(pool, queries, threads)
        seconds = time.perf_counter() - started
        after = resident()
    left = children()
    times = sorted(tally.seconds)
    print(f"{queries:,} queries from {threads} threads in {seconds:.1f} s ({queries / seconds:,.0f}/s)")
    spread = f"median {times[len(times) // 2] * 1000:.1f} ms, 99 % {times[len(times) * 99 // 100] * 1000:.0f} ms"
    print(f"good: {len(times):,}, wrong {len(tally.wrong)}; {spread}, slowest {times[-1]:.2f} s of {DEADLINE:g} s")
    for name, ends in tally.refused.items():
        print(f"hostile: {name}: {', '.join(f'{end} {count}' for end, count in sorted(ends.items()))}")
    print(f"memory of the caller: {before:,} kB before, {after:,} kB after; processes left: {len(left)}")
    return int(bool(tally.wrong) or times[-1] > DEADLINE or bool(left) or after > before * 1.25 + 10_000)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
