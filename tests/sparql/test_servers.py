"""An export, and a store, in Oxigraph's own server: the same rows over HTTP."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from exporter.pipeline.export import export
from exporter.sparql.asking import Dataset
from exporter.sparql.opening import open_dataset

ROOT = Path(__file__).parent.parent.parent
MEDIGY = ROOT / "examples" / "medigy"
QUESTIONS = sorted((MEDIGY / "queries").glob("0[2-5]-*.rq"))
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")

pytestmark = pytest.mark.skipif(OXIGRAPH is None, reason="the package `oxigraph` (Oxigraph's server) is not installed")


@contextmanager
def serve(location: Path) -> Iterator[str]:
    """Serve a database on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}/query"
        finally:
            server.terminate()


def ask(endpoint: str, query: str) -> list[tuple[object, ...]]:
    """Send a query as the SPARQL 1.1 protocol says; the server may still be starting."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        endpoint, query.encode(), {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    )
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
                solutions = parse_query_results(answer.read(), QueryResultsFormat.JSON)
        except urllib.error.URLError:
            time.sleep(0.1)
            continue
        assert isinstance(solutions, QuerySolutions)
        return [tuple(solution) for solution in solutions]
    raise TimeoutError(endpoint)


def rows(dataset: Dataset, query: str) -> list[tuple[object, ...]]:
    return list(dataset.query(query).rows)


def test_export_in_oxigraphs_server(tmp_path: Path) -> None:
    export(MEDIGY / "content", tmp_path / "graph.nt")
    location = tmp_path / "medigy.db"
    subprocess.run(
        [str(OXIGRAPH), "load", "--location", str(location), "--file", str(tmp_path / "graph.nt")], check=True, capture_output=True
    )
    with serve(location) as endpoint, open_dataset(MEDIGY / "content") as dataset:
        for question in QUESTIONS:
            query = question.read_text("utf-8")
            assert ask(endpoint, query) == rows(dataset, query)


def test_store_in_oxigraphs_server(tmp_path: Path) -> None:
    with open_dataset(MEDIGY / "content", store=tmp_path / "store") as dataset, serve(tmp_path / "store" / "graph") as endpoint:
        for question in QUESTIONS:
            query = question.read_text("utf-8")
            assert ask(endpoint, query) == rows(dataset, query)
