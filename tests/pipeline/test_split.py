"""`--split`: every file stands alone, together they say what one graph says, and a check finds each difference."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.errors import UsageError
from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.pipeline.splitting import Split
from exporter.rdf.terms import Statement
from exporter.writers.formats import FORMATS
from exporter.writers.split import MANIFEST
from tests.ontology.prefixes import PREFIXES
from tests.running import owltype

ONTOLOGY = (
    PREFIXES
    + """
ex:Post a owl:Class ; map:owlType "Blog post" ; rdfs:label "Blog post" ; map:iri "https://example.org/{slug}/" .
ex:Note a owl:Class ; map:owlType "Note" ; map:iri "https://example.org/notes/{slug}/" .
ex:Topic a owl:Class ; map:iri "https://example.org/topics/{id}/" .
ex:about rdfs:domain ex:Post , ex:Note ; rdfs:range ex:Topic ; map:key "topics" .
ex:id rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "id" .
"""
)
SPLITS: tuple[Split, ...] = ("record", "class")


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ontology.ttl").write_text(ONTOLOGY)
    Path("content").mkdir()
    for name, kind, topics in (("a", "Blog post", "[x, y]"), ("b", "Note", "[y]"), ("c", "Blog post", "[y]"), ("C", "Note", "z")):
        Path("content", f"{name}{kind[:1]}.md").write_text(f"---\nowlType: {kind}\nslug: {name}\ntopics: {topics}\n---\n")


def run(split: Split | None, output: str = "out", format: str = "turtle", jobs: int = 1, *, check: bool = False) -> Export:  # noqa: A002 - the option's word
    return export("content", output, ontology=["ontology.ttl"], format=format, split=split, jobs=jobs, check=check)


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path("out").iterdir()) if path.name != MANIFEST}


def graph(data: bytes, name: str = "ntriples") -> set[ox.Triple]:
    syntax = ox.RdfFormat.from_extension({"turtle": "ttl", "ntriples": "nt"}[name])
    assert syntax is not None
    return {quad.triple for quad in ox.parse(data, format=syntax)}


def test_a_file_per_record_is_named_by_its_iri_and_holds_what_it_shares() -> None:
    account = run("record", format="ntriples")
    assert (account.exported, account.problems, account.fresh) == (4, (), None)
    assert len(files()) == 4
    of_a = next(data.decode() for name, data in files().items() if name.startswith("example.org-a-"))
    assert of_a.splitlines() == [
        "<https://example.org/a/> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/ns#Post> .",
        "<https://example.org/a/> <https://example.org/ns#about> <https://example.org/topics/x/> .",
        "<https://example.org/a/> <https://example.org/ns#about> <https://example.org/topics/y/> .",
        "<https://example.org/topics/x/> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/ns#Topic> .",
        '<https://example.org/topics/x/> <https://example.org/ns#id> "x" .',
        "<https://example.org/topics/y/> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/ns#Topic> .",
        '<https://example.org/topics/y/> <https://example.org/ns#id> "y" .',
    ]


def test_a_file_per_class_is_named_by_its_label() -> None:
    run("class")
    assert list(files()) == ["blog-post.ttl", "note.ttl"]
    assert files()["note.ttl"].count(b"<https://example.org/topics/y/> a ex:Topic") == 1


@pytest.mark.parametrize("split", SPLITS)
def test_all_files_together_are_the_whole_graph(split: Split) -> None:
    account = run(split)
    triples: list[Statement] = []
    export("content", triples, ontology=["ontology.ttl"])
    parts = [graph(data, "turtle") for data in files().values()]
    assert set().union(*parts) == {ox.Triple(*triple) for triple in triples}
    assert account.triples == sum(map(len, parts))


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", [f"{row.name}{packed}" for row in FORMATS for packed in ("", ".gz")])
def test_every_format_is_split_and_found_fresh(split: Split, name: str) -> None:
    run(split, format=name)
    assert run(split, format=name, check=True).fresh


def test_files_are_the_same_with_many_workers() -> None:
    for number in range(200):
        Path("content", f"n{number}.md").write_text(f"---\nowlType: Note\nslug: n{number}\ntopics: [x, t{number % 7}]\n---\n")
    run("record", jobs=1)
    alone = files()
    run("record", jobs=3)
    assert files() == alone


@pytest.mark.parametrize("split", SPLITS)
def test_check_names_the_first_difference_and_writes_nothing(split: Split) -> None:
    assert not run(split, check=True).fresh
    assert not Path("out").exists()
    run(split)
    before = files()
    Path("content", "aB.md").write_text("---\nowlType: Blog post\nslug: a\ntopics: [x]\n---\n")
    account = run(split, check=True)
    assert files() == before
    assert account.fresh is False
    assert account.stale is not None
    assert Path(account.stale.path).name in before
    assert Path(account.stale.path).read_text().splitlines()[account.stale.line - 1].strip() == "ex:about <https://example.org/topics/x/> ,"


@pytest.mark.parametrize("split", SPLITS)
def test_a_record_that_is_gone_takes_its_file_along(split: Split) -> None:
    run(split)
    Path("out", "mine.txt").write_text("kept")
    for name in ("bN.md", "CN.md"):
        Path("content", name).unlink()
    stale = run(split, check=True).stale
    assert stale is not None
    assert str(stale).endswith('the file has "a file of an earlier run", the export gives nothing')
    run(split)
    assert "mine.txt" in files()
    assert not any("note" in name for name in files())


def test_names_that_differ_in_case_alone_have_files_of_their_own() -> None:
    Path("content", "cN.md").write_text("---\nowlType: Note\nslug: c\n---\n")
    run("record")
    names = [name.casefold() for name in files()]
    assert len(set(names)) == len(names) == 5


def test_only_a_folder_can_be_split_into() -> None:
    with pytest.raises(UsageError, match="standard output can't be split"):
        run("record", output="-")
    with pytest.raises(UsageError, match="a graph in memory can't be split"):
        export("content", [], ontology=["ontology.ttl"], split="class")


def test_command_line_splits_and_checks() -> None:
    arguments = ("export", "content", "-o", "out", "--ontology", "ontology.ttl", "--split", "class", "-f", "nt.gz")
    here = Path.cwd()
    assert owltype(*arguments, cwd=here).status == 0
    assert list(files()) == ["blog-post.nt.gz", "note.nt.gz"]
    assert owltype(*arguments, "--check", cwd=here).status == 0
    Path("content", "bN.md").write_text("---\nowlType: Note\nslug: b\n---\n")
    checked = owltype(*arguments, "--check", cwd=here)
    assert checked.status == 1
    assert "note.nt.gz:" in checked.stderr
