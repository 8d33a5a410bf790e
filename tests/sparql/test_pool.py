"""Processes that run queries: ended at their limits, replaced, shared, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import pool as benchmark
from exporter.dataset.sources import DatasetSources
from exporter.errors import QueryError
from exporter.sparql.limits import MEGABYTE, Limits
from exporter.sparql.processes.query_pool import QueryPool
from exporter.sparql.processes.reply import Request

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ROOT = Path(__file__).parent.parent.parent
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def pool() -> Iterator[QueryPool]:
    with QueryPool(DatasetSources(stream=True), workers=3, memory=256 * MEGABYTE) as pool:
        pool.feed(benchmark.triples())
        yield pool


def ask(pool: QueryPool, query: str, limits: Limits | None = None) -> str:
    return pool.ask(Request(query, "tsv"), limits).read().decode()


def code_of(pool: QueryPool, query: str, limits: Limits | None = None) -> str:
    with pytest.raises(QueryError) as caught:
        ask(pool, query, limits)
    return caught.value.problems[0].code


def good(pool: QueryPool) -> bool:
    return ask(pool, "SELECT ?x { <http://e/7> <http://p/b> ?x }") == '?x\n"49"\n'


def test_deadline_covers_running(pool: QueryPool) -> None:
    assert code_of(pool, CROSS, Limits(seconds=0.3)) == "QUERY-TIMEOUT"
    assert good(pool)


def test_deadline_covers_planning(pool: QueryPool) -> None:
    assert code_of(pool, "SELECT * {" + "?s ?p ?o ." * 400 + "}", Limits(seconds=0.3)) == "QUERY-TIMEOUT"


def test_deadline_covers_a_result_that_nobody_reads(pool: QueryPool) -> None:
    reply = pool.ask(Request(PRODUCT, "csv"), Limits(seconds=0.3))
    time.sleep(0.6)
    with pytest.raises(QueryError) as caught:
        reply.read()
    assert caught.value.problems[0].code == "QUERY-TIMEOUT"


def test_memory_limit_ends_the_process_and_not_the_caller(pool: QueryPool) -> None:
    assert code_of(pool, PRODUCT + " ORDER BY ?c ?f", Limits(seconds=60)) == "QUERY-MEMORY"
    assert good(pool)


@pytest.mark.parametrize("link", ["||", *(pytest.param(link, marks=pytest.mark.slow) for link in ("+", "&&"))])
def test_stack_overflow_in_the_engine_is_an_answer(pool: QueryPool, link: str) -> None:
    assert code_of(pool, f"ASK {{ FILTER({link.join(['1'] * 100_000)}) }}") == "QUERY-NESTED"
    assert good(pool)


def test_rows_beyond_the_limit_are_cut_and_said_to_be(pool: QueryPool) -> None:
    reply = pool.ask(Request(PRODUCT, "csv"), Limits(rows=10))
    assert len(reply.read().splitlines()) == 11
    assert reply.outcome is not None
    assert (reply.outcome.rows, reply.outcome.cut) == (10, "rows")


def test_exactly_as_many_rows_as_the_limit_are_not_cut(pool: QueryPool) -> None:
    reply = pool.ask(Request("SELECT * { ?a <http://p/a> ?b } LIMIT 10"), Limits(rows=10))
    reply.read()
    assert reply.outcome is not None
    assert (reply.outcome.rows, reply.outcome.cut) == (10, None)


@pytest.mark.parametrize("results_format", ["json", "xml", "csv", "tsv"])
def test_size_beyond_the_limit_is_cut_to_a_whole_document(pool: QueryPool, results_format: str) -> None:
    from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

    reply = pool.ask(Request(PRODUCT, results_format), Limits(size=MEGABYTE))
    data = reply.read()
    assert reply.outcome is not None
    assert reply.outcome.cut == "size"
    assert MEGABYTE / 2 < len(data) < 2 * MEGABYTE
    found = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}.get(results_format)
    if found is not None:
        solutions = parse_query_results(data, found)
        assert isinstance(solutions, QuerySolutions)
        assert sum(1 for _ in solutions) == reply.outcome.rows


def test_graph_is_cut_like_rows(pool: QueryPool) -> None:
    reply = pool.ask(Request("CONSTRUCT WHERE { ?s ?p ?o }", graph_format="ntriples"), Limits(rows=5))
    assert len(reply.read().splitlines()) == 5
    assert reply.outcome is not None
    assert reply.outcome.cut == "rows"


def test_reply_that_is_dropped_halfway_frees_its_place(pool: QueryPool) -> None:
    for _ in range(10):
        with pool.ask(Request(PRODUCT, "csv")) as reply:
            next(iter(reply))
    assert good(pool)


def test_waiting_for_a_process_counts(pool: QueryPool) -> None:
    pool.wait()
    threads = [threading.Thread(target=code_of, args=(pool, CROSS, Limits(seconds=3))) for _ in range(3)]
    for thread in threads:
        thread.start()
    while pool._count < 3:
        time.sleep(0.01)
    assert code_of(pool, "ASK {}", Limits(seconds=0.2)) == "QUERY-BUSY"
    for thread in threads:
        thread.join()
    assert good(pool)


@LINUX
def test_crowd_with_a_hostile_query_among_every_hundred() -> None:
    with QueryPool(DatasetSources(stream=True), workers=16, memory=256 * MEGABYTE) as pool:
        pool.feed(benchmark.triples())
        tally = benchmark.run(pool, 1_200, 16)
    assert not tally.wrong
    assert len(tally.seconds) == 1_188
    assert set(tally.refused) == set(benchmark.HOSTILE)
    assert not benchmark.children()


@LINUX
def test_no_process_outlives_a_caller_that_is_killed() -> None:
    script = f"""
import os, threading, time
from exporter.dataset.sources import DatasetSources
from exporter.errors import QueryError
from exporter.sparql.processes.query_pool import QueryPool
from exporter.sparql.processes.reply import Request
pool = QueryPool(DatasetSources(stream=True))
pool.feed(b'<http://e/a> <http://e/b> "c" .\\n' * 1)
pool.feed(b"".join(b'<http://e/%d> <http://e/b> "c" .\\n' % i for i in range(2000)))
pool.wait()
for _ in range(2):
    threading.Thread(target=lambda: pool.ask(Request({CROSS!r})).read(), daemon=True).start()
time.sleep(0.5)
print(pool.process, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True) as caller:
        assert caller.stdout is not None
        keeper = int(caller.stdout.readline())
        workers = offspring(keeper)
        assert len(workers) == 2
        caller.send_signal(signal.SIGKILL)
        caller.wait()
    assert ends([keeper, *workers])


@LINUX
def test_workers_end_with_a_keeper_that_is_killed(pool: QueryPool) -> None:
    assert good(pool)
    keeper = pool.process
    workers = offspring(keeper)
    os.kill(keeper, signal.SIGKILL)
    assert ends(workers)
    with pytest.raises(QueryError):
        ask(pool, "ASK {}")


def offspring(parent: int) -> list[int]:
    """List the processes that have this parent."""
    return [int(line) for line in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def ends(processes: list[int]) -> bool:
    """Wait until none of the processes runs any more."""
    for _ in range(100):
        if not any(is_running(process) for process in processes):
            return True
        time.sleep(0.05)
    return False


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
