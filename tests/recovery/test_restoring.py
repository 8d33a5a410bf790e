"""Each folder in `restoring` is an edit of the graph of one site (`_site`), in SPARQL UPDATE, and what it does to the files.

`expected.diff` shows the edits, or `refused.txt` what can't come back, and then nothing is written. Two programs make the edit and write
the graph in syntaxes of their own; after the edits an export gives the graph that they wrote.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from exporter.errors import OutputError, UsageError
from exporter.pipeline.export import export
from exporter.project import Project, make_project
from exporter.recovery.restoring import Restoration, restore
from tests.cases import Snapshot, discover

SITE = Path(__file__).parent / "restoring" / "_site"
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")]  # of rdflib's JSON-LD reader

EditGraph = Callable[[Path, str, Path], None]


def by_rdflib(graph: Path, update: str, edited: Path) -> None:
    """Edit a graph and write it as rdflib does."""
    made = rdflib.Graph().parse(graph)
    made.update(update)
    made.serialize(edited, format={".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}[edited.suffix])


def by_pyoxigraph(graph: Path, update: str, edited: Path) -> None:
    """Edit a graph and write it as Oxigraph does."""
    store = ox.Store()
    store.load(path=str(graph), format=ox.RdfFormat.N_TRIPLES)
    store.update(update)
    store.dump(str(edited), format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())


EDITORS: dict[str, tuple[EditGraph, str]] = {
    "rdflib": (by_rdflib, "edited.ttl"),
    "rdflib-xml": (by_rdflib, "edited.rdf"),
    "rdflib-json": (by_rdflib, "edited.jsonld"),
    "pyoxigraph": (by_pyoxigraph, "edited.ttl"),
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the site, in which we stand."""
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder)
    monkeypatch.chdir(folder)
    return folder


def project() -> Project:
    """The project of the site in which we stand."""
    return make_project("content", ontology="ontology.ttl", cache=False, jobs=1)


def restored(edited: Path) -> Restoration:
    """Compare a file with the records below `content`."""
    return restore(edited.name, "content", project=project())


def files(folder: Path) -> dict[str, bytes]:
    """Give the bytes of each file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("editor", EDITORS)
@discover(__file__, least=15, below="restoring")
def test_edited_graph_comes_back(case: Path, editor: str, site: Path, snapshot: Snapshot) -> None:
    edit, name = EDITORS[editor]
    graph, edited = site / "graph.nt", site / name
    export(output=graph, project=project())
    edit(graph, (case / "update.ru").read_text("utf-8"), edited)
    before = files(site / "content")
    found = restored(edited)
    refused = "".join(
        sorted(f"{each.location} {each.code} {each.message}; {each.help}\n".replace(name, "edited") for each in found.problems)
    )
    shown = ""
    if refused:
        with pytest.raises(OutputError):
            found.write(project(), "content")
        assert files(site / "content") == before
    else:
        found.write(project(), "content")
        export(output=graph, project=project())
        assert _values(graph) == _values(edited)
        after = files(site / "content")
        shown = "".join(_diff(path, before.get(path, b""), after[path]) for path in after)
    snapshot({case / "expected.diff": shown, case / "refused.txt": refused})


def _values(path: Path) -> set[str]:
    """Give the statements of a file as Oxigraph's store keeps them, which writes each number and date in one way; labels are canonical."""
    formats = {".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".jsonld": ox.RdfFormat.JSON_LD}
    store = ox.Store()
    store.load(path=str(path), format=formats[path.suffix])
    dataset = ox.Dataset(quad for quad in store if not str(quad.object).startswith("<http://www.w3.org/2002/07/owl#"))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def _diff(path: str, before: bytes, after: bytes) -> str:
    lines = unified_diff(before.decode().splitlines(), after.decode().splitlines(), f"a/{path}", f"b/{path}", n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def test_graph_that_was_not_edited_changes_nothing(site: Path) -> None:
    export(output=site / "graph.ttl", project=project())
    found = restored(site / "graph.ttl")
    assert (found.edited, found.new, found.problems, found.unchanged) == ((), (), (), 7)


def _new_note(site: Path) -> Path:
    graph = site / "graph.nt"
    export(output=graph, project=project())
    note = "<https://example.org/notes/two/>"
    title = f'{note} <https://example.org/ns#title> "Two" .\n'
    graph.write_text(
        f"{graph.read_text('utf-8')}{note} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/ns#Note> .\n{title}",
        "utf-8",
    )
    return graph


def test_new_file_never_takes_the_place_of_another(site: Path) -> None:
    graph = _new_note(site)
    (site / "content" / "notes" / "two.md").write_text("not a record\n")
    found = restored(graph)
    assert [each.message for each in found.problems if "can't be made" in each.message] == [
        'the record <https://example.org/notes/two/> can\'t be made: "content/notes/two.md" is there already'
    ]


def test_new_file_stays_below_the_folder_whatever_links_say(site: Path, tmp_path: Path) -> None:
    graph = _new_note(site)
    found = restored(graph)
    outside = tmp_path / "outside"
    shutil.move(site / "content" / "notes", outside)
    (site / "content" / "notes").symlink_to(outside)
    with pytest.raises(OutputError, match="not below"):
        found.write(project(), "content")
    assert [path.name for path in outside.iterdir()] == ["one.md"]
    assert "not below" in "".join(each.message for each in restored(graph).problems)


def test_file_that_has_changed_since_is_left(site: Path) -> None:
    graph = site / "graph.nt"
    export(output=graph, project=project())
    graph.write_text(graph.read_text("utf-8").replace('"Rice"', '"Wild rice"'), "utf-8")
    found = restored(graph)
    rice = site / "content" / "rice.json"
    rice.write_bytes(rice.read_bytes().replace(b'"quick"', b'"slow"'))
    with pytest.raises(OutputError, match="changed since"):
        found.write(project(), "content")


def test_new_file_that_no_run_would_read_is_refused(site: Path) -> None:
    graph = _new_note(site)
    (site / "content" / ".gitignore").write_text("two.md\n")
    assert [each.message for each in restored(graph).problems] == [
        'map:newFile makes the path "content/notes/two.md", which is not read: git ignores it, or include and exclude leave it out'
    ]


def test_graph_in_memory_is_taken_as_a_file_is(site: Path) -> None:
    graph = rdflib.Graph()
    export(output=graph, project=project())
    store = ox.Store()
    export(output=store, project=project())
    title = rdflib.URIRef("https://example.org/ns#title")
    graph.set((rdflib.URIRef("https://example.org/rice/"), title, rdflib.Literal("Wild rice")))
    assert [file.path for file in restore(graph, "content", ontology="ontology.ttl").edited] == ["content/rice.json"]
    assert not restore(store, "content", ontology="ontology.ttl").edited
    assert (site / "content" / "rice.json").read_bytes() == (SITE / "content" / "rice.json").read_bytes()


@pytest.mark.parametrize("text", ["", '<https://example.com/> <https://example.org/ns#title> "Another site" .\n'])
def test_graph_of_other_records_is_not_taken_for_an_edit(site: Path, text: str) -> None:
    (site / "graph.nt").write_text(text)
    with pytest.raises(UsageError, match=r"graph\.nt says nothing of any record below content"):
        restored(site / "graph.nt")
