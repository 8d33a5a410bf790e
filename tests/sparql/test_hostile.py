"""The shared hostile queries: each is refused, ended or answered as its manifest says, and the command says which by its exit status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hostile_queries import EXPECTED, QUERIES, ask, open_hostile
from exporter.sparql.asking import Dataset
from tests.data import needs
from tests.running import owltype

needs_queries = needs(QUERIES)
FILES = sorted(QUERIES.glob("f*")) if QUERIES.exists() else []


@pytest.fixture(scope="module")
def dataset() -> Iterator[Dataset]:
    with open_hostile() as dataset:
        yield dataset


@needs_queries
def test_every_shared_query_is_expected_to_do_something() -> None:
    assert {path.name for path in FILES} == set(EXPECTED)


@needs_queries
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hostile_query_ends_as_it_should(path: Path, dataset: Dataset) -> None:
    trial = ask(dataset, path, seconds=1.0)
    assert trial.got in EXPECTED[path.name]
    assert trial.seconds < 2.0
    assert dataset.query("ASK { ?s ?p ?o }").value is True


@needs_queries
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_command_ends_with_a_sentence(path: Path, tmp_path: Path) -> None:
    data = tmp_path / "a.nt"
    data.write_text("".join(f"<http://e/{i}> <http://p/{i % 7}> <http://e/{i + 1}> .\n" for i in range(500)))
    done = owltype("query", "-d", data, "--query-file", path, "--timeout", "1", "--max-rows", "1000", "--results-format", "csv")
    answered = any(not code.startswith("QUERY") for code in EXPECTED[path.name])
    assert done.status == 2 or (answered and done.status == 0)
    if done.status == 2:
        assert any(code in done.stderr for code in EXPECTED[path.name])
        assert not done.stdout
