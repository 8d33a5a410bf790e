"""An export in parts is the export: the same lines, the same account, problem for problem."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.errors import ExporterError, OutputError, UsageError
from exporter.pipeline.export import export
from exporter.rdf.compression import read_unpacked
from exporter.rdf.syntaxes import syntax_of
from exporter.wide import accounts, tasks
from exporter.wide.chunks import FileRange
from exporter.wide.parts import SUCCESS
from exporter.wide.tasks import Row, Seeds
from tests.wide.here import export_here
from tests.wide.sites import SITES, lines_of, plain_export, same_account, write_posts


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("site", SITES)
def test_parts_are_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str, size: int) -> None:
    project = SITES[site](tmp_path)
    plain, lines = plain_export(project, tmp_path)
    wide = export_here(project, tmp_path / "graph", monkeypatch, size=size)
    assert lines_of(tmp_path / "graph") == lines
    same_account(wide, plain)


def test_what_the_sites_plant_is_found(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "references").mkdir()
    posts, references = SITES["posts"](tmp_path / "posts"), SITES["references"](tmp_path / "references")
    codes = {problem.code for problem in (*export((), [], project=posts).problems, *export((), [], project=references).problems)}
    between = {"MAP-DUPLICATE-IRI", "MAP-REFERENCE", "MAP-IRI-MERGED", "MAP-FILE-PATTERN", "REF-DANGLING", "REF-AMBIGUOUS", "REF-LOOSE"}
    assert codes >= {*between, "YAML-SYNTAX", "MAP-DATATYPE"}


@pytest.mark.parametrize("format_name", ["ttl", "nq", "trig", "jsonld", "jsonldl", "rdf", "nt.gz", "ttl.zst"])
def test_each_part_of_any_format_stands_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str) -> None:
    project = replace(write_posts(tmp_path), cache=None)
    export_here(project, tmp_path / "graph", monkeypatch, format_name=format_name, size=9)
    export((), tmp_path / f"plain.{format_name}", project=project)
    parts = sorted((tmp_path / "graph").glob("*-*"))
    assert len(parts) > 4
    assert _graph_of(parts) == _graph_of([tmp_path / f"plain.{format_name}"])


def _graph_of(files: list[Path]) -> ox.Dataset:
    graph = ox.Dataset()
    for file in files:
        syntax = syntax_of(file)
        assert syntax
        data = read_unpacked(file)
        for document in data.splitlines() if syntax.lines else [data]:
            for quad in ox.parse(document, syntax.of_engine):
                graph.add(quad)
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return graph


def test_manifest_lists_the_parts_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = export_here(write_posts(tmp_path), tmp_path / "graph", monkeypatch, size=9)
    listed = json.loads((tmp_path / "graph" / SUCCESS).read_text("utf-8"))
    names = [part["name"] for part in listed["parts"]]
    assert names == sorted(names)
    assert {SUCCESS, *names} == {path.name for path in (tmp_path / "graph").iterdir()}
    assert sum(part["triples"] for part in listed["parts"]) == listed["triples"] == wide.triples
    assert all((tmp_path / "graph" / part["name"]).stat().st_size == part["bytes"] for part in listed["parts"])
    assert listed["records"] == {"exported": wide.exported, "rejected": wide.rejected, "skipped": sum(wide.skipped.values())}


def test_the_same_records_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write_posts(tmp_path)
    for name in ("one", "two"):
        export_here(project, tmp_path / name, monkeypatch, size=9)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_an_earlier_export_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write_posts(tmp_path)
    export_here(project, tmp_path / "graph", monkeypatch, size=1)
    export_here(project, tmp_path / "graph", monkeypatch, size=1000)
    assert sorted(path.name for path in (tmp_path / "graph").iterdir()) == [SUCCESS, "part-00000.nt", "shared-00000.nt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "graph", "ontology"]


@pytest.mark.parametrize("other", ["notes.txt", ".git"])
def test_a_folder_with_something_else_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    project = write_posts(tmp_path)
    export_here(project, tmp_path / "graph", monkeypatch)
    (tmp_path / "graph" / other).write_text("mine", "utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "graph").iterdir()}
    with pytest.raises(OutputError, match=r"is not part of an earlier export; name a new folder"):
        export_here(project, tmp_path / "graph", monkeypatch)
    assert {path: path.read_bytes() for path in (tmp_path / "graph").iterdir()} == before


def test_a_file_in_its_place_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "graph").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="it is a file, and parts go into a folder"):
        export_here(write_posts(tmp_path), tmp_path / "graph", monkeypatch)


@pytest.mark.parametrize("site", ["posts", "references"])
def test_files_that_change_while_they_are_read_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    project = SITES[site](tmp_path)
    make = tasks.make_parts
    (tmp_path / "graph").mkdir()

    def make_and_change(packed: bytes, turn: int, chunks: list[tuple[FileRange, Seeds]]) -> Iterator[Row]:
        yield from make(packed, turn, chunks)
        if turn == 1 and chunks[0][0].number == 0:  # the last one that is made here
            for file in (tmp_path / "content").rglob("*.md"):
                file.write_text(file.read_text("utf-8").replace("slug: s", "slug: t"), "utf-8")
            for file in (tmp_path / "content").glob("posts/*.md"):
                file.unlink()

    with monkeypatch.context() as patched:
        patched.setattr("tests.wide.here._sent", lambda item: item)
        patched.setattr("exporter.wide.exporting.make_parts", make_and_change)
        with pytest.raises(ExporterError, match="changed while they were read"):
            export_here(project, tmp_path / "graph", patched)
    assert not list((tmp_path / "graph").iterdir())
    assert not list(tmp_path.glob(".*"))


def test_problems_beyond_a_number_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write_posts(tmp_path)
    plain = export((), [], project=project)
    monkeypatch.setattr(accounts, "LISTED_PROBLEMS", 7)
    monkeypatch.setattr(accounts, "LISTED_KEYS", 1)
    wide = export_here(project, tmp_path / "graph", monkeypatch)
    once = [problem for problem in plain.problems if problem.code == "MAP-FILE-PATTERN"]
    others = [problem for problem in plain.problems if problem not in once]
    assert list(wide.problems) == sorted([*others[:7], *once], key=lambda problem: problem.sort_key)
    assert wide.unlisted == Counter(problem.severity for problem in others[7:])
    assert (len(wide.unmapped), wide.unlisted_keys) == (1, len(plain.unmapped) - 1)


def test_nothing_to_read_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write_posts(tmp_path)
    for file in (tmp_path / "content").rglob("*.md"):
        file.unlink()
    with pytest.raises(UsageError, match="nothing to read"):
        export_here(project, tmp_path / "graph", monkeypatch)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "ontology"]
