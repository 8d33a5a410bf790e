"""Each folder in `cases` is an ontology, some records, and what becomes of them.

`ontology.ttl` maps the files below `content/`; `expected.ttl` is the whole export, `problems.txt` has a line for each problem and
`unmapped.txt` one for each key that no property reads (neither is there where there is none). `options.json` may name options of `export`,
or `owltype.toml` settings.
`pytest tests/mapping --update` writes the expected files; read them before they are committed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox

from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.problems import Problem
from exporter.project import make_project
from exporter.rdf.terms import Statement
from tests.cases import Snapshot, discover

each_case = discover(__file__, least=30)


@contextmanager
def standing_in(case: Path) -> Iterator[Path]:
    """Stand in a copy of a case, whose paths are as its user would write them: below this repository's root they would begin there."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(shutil.copytree(case, Path(folder, "case")))
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def run(case: Path) -> dict[str, str]:
    """Export a case, and give the text of each expected file."""
    with standing_in(case) as folder:
        output = Path(folder, "expected.ttl")
        account = export_case(case, output)
        assert account.seen == account.exported + account.rejected + sum(account.skipped.values())
        return {"expected.ttl": output.read_text("utf-8"), "problems.txt": _problems(account), "unmapped.txt": _unmapped(account)}


def export_case(case: Path, output: Path | list[Statement]) -> Export:
    """Export a case, in which we stand, with its options or its settings."""
    if (case / "owltype.toml").exists():
        return export(output=output, project=make_project("content", config="owltype.toml", ontology="ontology.ttl", jobs=1))
    file = case / "options.json"
    options: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return export("content", output, ontology=["ontology.ttl"], jobs=1, **options)


def _problems(account: Export) -> str:
    return "".join(_problem(problem) + "\n" for problem in account.problems)


def _problem(problem: Problem) -> str:
    place, related = problem.location, "".join(f" [{place}]" for place in problem.related)
    end = f"-{place.end_line}:{place.end_column}" if place.end_line else ""
    return f"{place}{end}: {problem.severity} {problem.code} {problem.key or '-'}: {problem.message}{related}"


def _unmapped(account: Export) -> str:
    keys = account.unmapped
    lines = [f"{key.class_name}: {key.key} {key.count} {key.example}" + (f" near {key.near}" if key.near else "") for key in keys]
    return "".join(f"{line}\n" for line in lines)


@each_case
def test_case(case: Path, snapshot: Snapshot) -> None:
    snapshot({case / name: text for name, text in run(case).items()})


@each_case
def test_expected_turtle_is_what_the_mapping_made(case: Path) -> None:
    """The expected text is held against the triples themselves, which come another way: as N-Triples into a list."""
    triples: list[Statement] = []
    with standing_in(case):
        export_case(case, triples)
    made = ox.Dataset(ox.Quad(*triple) for triple in triples)
    written = ox.Dataset(ox.parse((case / "expected.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))
    for graph in (made, written):
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert made == written
