"""One process that runs queries, one after the other, until its caller is gone or a query ends it.

The kernel holds the limits, not this code: SIGALRM with its default action ends the process at the deadline wherever it
is, `RLIMIT_AS` bounds its memory, and with `RLIMIT_NOFILE` at zero it can open no file and no socket, whatever a query contains.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from exporter.problems import Problem, Severity
from exporter.problems.json import to_json
from exporter.sparql.processes.messages import Channel, Message
from exporter.sparql.queries.bindings import bind
from exporter.sparql.queries.functions import AGGREGATES, functions
from exporter.sparql.queries.names import KnownNames, check_prefixes, declared_prefixes, named_graphs, unknown_terms
from exporter.sparql.queries.refusals import check_refusals
from exporter.sparql.queries.rewriting import rewrite
from exporter.sparql.queries.syntax import syntax_problem
from exporter.sparql.queries.text import QueryText, RefusedError, refuse
from exporter.sparql.results.serialising import BoundedOutput, Written, write

_Answer = QuerySolutions | QueryBoolean | QueryTriples
_PR_SET_PDEATHSIG = 1
_GROWTH = 8
"""A worker that grew by this part of its limit is replaced, so that one large query doesn't make every worker large for good."""
_OFFLINE = ("Too many open files", "failed to lookup address")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker knows besides its requests: the store, the vocabulary, and what it may do.

    `exact` says that the store keeps literals as they are written, and `tags` how it writes language tags with capitals.
    """

    store: Store
    vocabulary: KnownNames
    memory: int
    allow_remote: bool = False
    exact: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends, however it does (Linux; elsewhere the closed channel does it)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(memory: int, *, allow_remote: bool) -> None:
    """Bound this process for good: memory beyond what it has now, no core files, and no new files or sockets."""
    if sys.platform == "win32":
        return
    import resource  # POSIX only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = _address_space()
    if taken is not None:
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    if not allow_remote:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _address_space() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - runs in every forked worker; pathlib costs more than the read
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def serve(channel: Channel, surroundings: Surroundings) -> None:
    """Answer the queries that come over the channel, until the other side closes it."""
    start = _peak()
    while isinstance(request := channel.receive(), dict):
        _set_deadline(request["seconds"])
        end = _answer(channel, surroundings, request)
        end["retire"] = _peak() - start > surroundings.memory // _GROWTH
        channel.send(end)
        _set_deadline(0)


def _peak() -> int:
    """Give the most memory that this process ever held, in bytes."""
    if sys.platform == "win32":
        return 0
    import resource  # POSIX only

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _set_deadline(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(channel: Channel, surroundings: Surroundings, request: Message) -> Message:
    started = time.perf_counter()
    query = QueryText(request["query"])
    try:
        written = _run(channel, surroundings, query, request)
        problems = _hints(surroundings, query, written) if request["hints"] else []
    except RefusedError as error:
        return {"end": True, "error": to_json(error.problem)}
    except MemoryError:
        return {
            "end": True,
            "error": to_json(Problem("QUERY-MEMORY", query.start(), "the query needs more memory than it may have")),
        }
    return {
        "end": True,
        "rows": written.rows,
        "cut": written.cut,
        "seconds": time.perf_counter() - started,
        "problems": [to_json(problem) for problem in problems],
    }


def _run(channel: Channel, surroundings: Surroundings, query: QueryText, request: Message) -> Written:
    """Check, parse, plan, run and write one query; every failure leaves as a `RefusedError`."""
    prefixes = dict(surroundings.vocabulary.prefixes)
    check_refusals(query, allow_remote=surroundings.allow_remote)
    check_prefixes(query, surroundings.vocabulary)
    _load_remote(surroundings, query)
    text = bind(query, request["bindings"])
    sink = BoundedOutput(channel, request["size"])
    try:
        result, understood = _ask(surroundings, text, prefixes)
        formats = (request["results_format"], request["graph_format"])
        written = write(result, sink, *formats, request["rows"], prefixes, exact=surroundings.exact)
        written.literal = not understood
        return written
    except SyntaxError as error:
        raise RefusedError(syntax_problem(query, str(error), prefixes)) from error
    except (RuntimeError, ValueError) as error:
        raise refuse("QUERY-FAILED", query.start(), f"the query failed while it ran: {error}") from error
    except OSError as error:
        if any(sign in str(error) for sign in _OFFLINE):
            raise refuse("QUERY-REMOTE", query.start(), "the query tried to reach another machine, which this process cannot") from error
        raise refuse("QUERY-FAILED", query.start(), f"the query failed while it ran: {error}") from error


def _ask(surroundings: Surroundings, text: str, prefixes: dict[str, str]) -> tuple[_Answer, bool]:
    """Run a query as the engine needs it, and say whether it was; one that was not understood here is run as it is."""
    known = {**prefixes, **declared_prefixes(QueryText(text))}
    rewritten = rewrite(text, known, exact=surroundings.exact, tags=bool(surroundings.tags))
    if rewritten == text:
        return surroundings.store.query(text, prefixes=prefixes), True
    if rewritten is not None:
        with contextlib.suppress(SyntaxError):  # the query has a mistake of its own, or we made one
            mine = functions(surroundings.tags)
            asked = surroundings.store.query(rewritten, prefixes=prefixes, custom_functions=mine, custom_aggregate_functions=AGGREGATES)
            return asked, True
    return surroundings.store.query(text, prefixes=prefixes), False


def _load_remote(surroundings: Surroundings, query: QueryText) -> None:
    """Refuse FROM with a graph that the dataset doesn't have, or fetch it where that is allowed.

    A fetched graph lands in this process's own copy of the store, so other callers never see it.
    """
    for iri, token in named_graphs(query, surroundings.vocabulary):
        graph = NamedNode(iri)
        if surroundings.store.contains_named_graph(graph):
            continue
        if not surroundings.allow_remote:
            message = f"the dataset has no graph <{iri}>, and FROM doesn't fetch it"
            raise refuse("QUERY-REMOTE", query.location(token), message, "leave FROM out to ask the whole dataset, or give --allow-remote")
        try:
            surroundings.store.update(f"LOAD {graph} INTO GRAPH {graph}")
        except (OSError, SyntaxError, RuntimeError) as error:
            raise refuse("QUERY-FAILED", query.location(token), f"<{iri}> can't be fetched: {error}") from error


def _hints(surroundings: Surroundings, query: QueryText, written: Written) -> list[Problem]:
    found = unknown_terms(query, surroundings.vocabulary, lambda iri: _in_graph(surroundings.store, iri), empty=written.empty)
    if written.literal and (surroundings.exact or surroundings.tags):
        message = "the query is written in a way that numbers and dates in unusual spellings may not match or count"
        found.append(Problem("QUERY-NUMBERS", query.start(), message, Severity.WARNING, "write it without the newest syntax"))
    return found


def _in_graph(store: Store, iri: str) -> bool:
    node = NamedNode(iri)
    patterns = ((None, node, None), (None, None, node), (node, None, None))
    return any(next(store.quads_for_pattern(*pattern), None) is not None for pattern in patterns)
