"""The cookbook in docs/querying.md: every query runs on the examples and has the answer that stands below it, on two engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

from exporter.pipeline.export import export
from exporter.sparql.asking import Dataset
from exporter.sparql.opening import open_dataset
from exporter.sparql.queries.parameters import TYPES
from exporter.sparql.results.formats import ROWS_FORMATS, makes_graph, write_result
from exporter.sparql.results.serialising import GRAPH_FORMATS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "querying.md").read_text("utf-8")
RECIPE = re.compile(r"### (\d+)\. (.*?)\n.*?```sparql\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
RECIPES = RECIPE.findall(PAGE)


@pytest.fixture(scope="module")
def medigy() -> Iterator[Dataset]:
    with open_dataset(ROOT / "examples" / "medigy" / "content") as dataset:
        yield dataset


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    export(ROOT / "examples" / "medigy" / "content", graph)
    return graph


def test_there_are_twenty() -> None:
    assert [int(number) for number, *_ in RECIPES] == list(range(1, 21))
    assert PAGE.count("```sparql\n") == 20


@pytest.mark.parametrize(("number", "title", "query", "answer"), RECIPES, ids=[title for _, title, *_ in RECIPES])
def test_recipe_has_its_answer(number: str, title: str, query: str, answer: str, medigy: Dataset) -> None:
    result = medigy.query(query)
    assert not result.problems
    assert bool(result), f"{number}. {title} has no answer"
    assert write_result(result, ROWS_FORMATS[0], "ntriples", medigy.prefixes).decode() == answer


@pytest.mark.parametrize("query", [query for *_, query, _ in RECIPES], ids=[title for _, title, *_ in RECIPES])
def test_recipe_has_as_many_rows_on_rdflib(query: str, medigy: Dataset, graph: rdflib.Graph) -> None:
    answer = graph.query(query, initNs=dict(medigy.prefixes))
    result = medigy.query(query)
    if result.kind == "boolean":
        assert answer.askAnswer is result.value
    elif makes_graph(query):
        assert answer.graph is not None
        assert len(answer.graph) == len(result)
    else:
        assert len(answer) == len(result)


@pytest.mark.parametrize("name", [*(row.name for row in ROWS_FORMATS), *GRAPH_FORMATS, *TYPES])
def test_every_format_and_type_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_python_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(code, {})  # noqa: S102 - the page's own example
    assert len(capsys.readouterr().out.splitlines()) == 2
