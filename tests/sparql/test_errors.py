"""What a user reads when a query is no good: each case is a query and the whole text of its error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.errors import QueryError
from exporter.sparql.asking import Dataset
from exporter.sparql.opening import open_dataset
from tests.cases import Snapshot, discover

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def medigy() -> Iterator[Dataset]:
    with open_dataset(ROOT / "examples" / "medigy" / "content") as dataset:
        yield dataset


@discover(__file__, "*.rq", least=21, below="cases/errors")
def test_error_points_into_the_query(case: Path, medigy: Dataset, snapshot: Snapshot) -> None:
    with pytest.raises(QueryError) as caught:
        medigy.query(case.read_text("utf-8"), path=case.name)
    snapshot({case.with_suffix(".txt"): f"{caught.value}\n"})
    assert caught.value.problems[0].location.path == case.name


def test_misspelt_term_is_told_with_the_near_one(medigy: Dataset) -> None:
    result = medigy.query("SELECT ?page {\n  ?page schema:abuot ?topic }")
    assert not result
    [problem] = result.problems
    assert (problem.code, problem.location.line, problem.location.column) == ("QUERY-TERM", 2, 9)
    assert problem.help == "did you mean schema:about?"


def test_term_that_no_record_uses_is_told_when_the_result_is_empty(medigy: Dataset) -> None:
    [problem] = medigy.query("SELECT ?thing { ?thing a owl:Class }").problems
    assert problem.code == "QUERY-EMPTY"
    assert "owl:Class" in problem.message


def test_term_of_a_template_is_made_and_not_looked_for(medigy: Dataset) -> None:
    result = medigy.query("CONSTRUCT { ?page schema:abuot ?topic } WHERE { ?page schema:about ?topic }")
    assert result
    assert not result.problems


def test_prefix_of_the_query_wins_over_the_ontology(medigy: Dataset) -> None:
    assert not medigy.query("PREFIX schema: <https://e.org/> ASK { ?page schema:about ?topic }")
