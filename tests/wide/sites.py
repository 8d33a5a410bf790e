"""Folders in which much is to be settled between parts: duplicates, references that dangle, texts that make one IRI, unmapped keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.records import write_records
from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.project import Project, make_project
from exporter.settings.model import Settings
from tests.references.sites import make_site

ONTOLOGY = """
@prefix : <https://example.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}" ; map:filePattern "content/p-(?P<short>.*)\\\\.md" .
:title a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:string ; map:key "title" .
:day a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:date ; map:key "day" .
:steps a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:string ; map:key "steps" ; map:ordered true .
:after a owl:ObjectProperty ; rdfs:domain :Post ; rdfs:range :Post ; map:key "after" .
:tag a owl:ObjectProperty ; rdfs:domain :Post ; rdfs:range :Tag ; map:key "tags" .
:Tag a owl:Class ; map:iri "https://example.org/tags/{@value|slug}" ;
    map:reads [ map:property :name ; map:key "@value" ; map:range xsd:string ] ,
        [ map:property :words ; map:key "@value" ; map:range xsd:string ; map:ordered true ] .
"""


def write_posts(folder: Path, number: int = 40) -> Project:
    """Write posts of which many have something that another part has to say something about."""
    (folder / "ontology").mkdir()
    (folder / "ontology" / "posts.ttl").write_text(ONTOLOGY, "utf-8")
    for name in ("content/a", "content/a-b", "content/.hidden"):
        (folder / name).mkdir(parents=True)
    for at in range(number):
        text = f"owlType: Post\nslug: s{at * 7 % 31}\ntitle: Post {at}\nsteps: [one, two, {at % 3}]\n"
        text += f"tags: [Go, {'C++' if at % 9 == 5 else 'C'}]\n"
        text += f"after: https://example.org/{'s' if at % 3 else 'gone'}{at % 11}\n" if at % 2 else ""
        text += f"{'extra' if at % 4 else 'titel'}: {at}\n" if at % 5 else "day: someday\n"
        text = text if at % 13 else "slug: [\n"
        place = "content/a/p" if at % 3 == 1 else "content/a-b/p" if at % 3 else "content/p"
        (folder / f"{place}-{at:03}.md").write_text(f"---\n{text}---\n" if at % 17 != 3 else "no front matter\n", "utf-8")
    (folder / "content" / ".gone9.md").write_text("---\nowlType: Post\nslug: gone9\n---\n", "utf-8")
    return make_project(str(folder / "content"), settings=Settings(file=str(folder / "owltype.toml")), jobs=1)


def write_references(folder: Path) -> Project:
    """Write posts and people that name each other by what one types, some of them twice under one IRI."""
    make_site(folder, 40)
    (folder / "content" / "z").mkdir()
    (folder / "content" / "z" / "p003.md").write_text("---\nowlType: Post\ntitle: Post 3\nauthor: Nobody\n---\n", "utf-8")
    (folder / "content" / "z" / "ann.md").write_text("---\nowlType: Person\nname: Ann Lee\n---\n", "utf-8")
    settings = Settings(file=str(folder / "owltype.toml"))
    return make_project(str(folder / "content"), settings=settings, ontology=str(folder / "ontology.ttl"), jobs=1)


def write_pages(folder: Path) -> Project:
    """Write pages of the seed's kind, some with a fault."""
    write_records(folder / "content", 40, faults=0.3)
    return make_project(str(folder / "content"), settings=Settings(file=str(folder / "owltype.toml")), ontology="medigy", jobs=1)


SITES = {"posts": write_posts, "references": write_references, "pages": write_pages}


def same_account(wide: Export, plain: Export) -> None:
    """Hold that two runs say the same, problem for problem."""
    for name in ("seen", "files", "exported", "rejected", "skipped", "triples", "lookups", "problems", "unmapped"):
        assert getattr(wide, name) == getattr(plain, name), name


def plain_export(project: Project, folder: Path) -> tuple[Export, list[str]]:
    """Export as on one machine, and give the lines in their order by text."""
    account = export((), folder / "plain.nt", project=replace(project, cache=None))
    return account, sorted((folder / "plain.nt").read_text("utf-8").splitlines(keepends=True))


def lines_of(folder: Path) -> list[str]:
    """Give the lines of all parts in their order by text."""
    return sorted(line for file in folder.glob("*.nt") for line in file.read_text("utf-8").splitlines(keepends=True))
