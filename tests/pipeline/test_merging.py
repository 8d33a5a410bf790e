"""Which texts make one IRI is said alike whatever number of processes reads the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.pipeline import merging
from exporter.pipeline.export import export

ONTOLOGY = """
@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{file.stem}" .
ex:Topic a owl:Class ; map:iri "https://example.org/t/{@value|slug}" .
ex:name rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "@value" .
ex:topic rdfs:domain ex:Post ; rdfs:range ex:Topic ; map:key "topics" .
"""
RECORDS = 120


def found(folder: Path, jobs: int) -> list[tuple[str, str, tuple[str, ...]]]:
    account = export(str(folder / "content"), folder / "out.ttl", ontology=[str(folder / "ontology.ttl")], jobs=jobs)
    problems = [problem for problem in account.problems if problem.code == "MAP-IRI-MERGED"]
    return [(str(problem.location), problem.message, tuple(map(str, problem.related))) for problem in problems]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "ontology.ttl").write_text(ONTOLOGY)
    (tmp_path / "content").mkdir()
    for number in range(RECORDS):
        texts = [f"T{number % 7}", f"t{number % 7} " + "!" * (number % 3), f"Topic {number}"]
        topics = "\n".join(f"  - {text!r}" for text in texts)
        (tmp_path / "content" / f"{number:03}.md").write_text(f"---\nowlType: Post\ntopics:\n{topics}\n---\n")
    return tmp_path


def test_the_first_in_the_order_of_files_is_named_whatever_reads_them(site: Path) -> None:
    alone = found(site, 1)
    assert len(alone) == 7 * 2  # `t0 !` and `t0 !!` beside `T0`; `t0 ` is the same but for case and white space
    assert all(related[0].startswith(f"content/00{message[message.index('t/t') + 3]}.md") for _, message, related in alone)
    assert found(site, 2) == alone
    assert found(site, 3) == alone


def test_no_more_iris_are_remembered_than_the_bound_says(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "REMEMBERED", 1)
    assert {message.split("<")[1].split(">")[0] for _, message, _ in found(site, 1)} == {"https://example.org/t/t0"}


SPELLED = ONTOLOGY.replace("{@value|slug}", "TEMPLATE").replace("ex:name", 'ex:Topic map:pattern "(?P<name>.+)" .\nex:name', 1)
CASES = {
    "spelled out": ("{name}", "", "[a, b, a]", []),
    "encoded as it is": ("{+name}", "", "[a b, 'a%20b', a/b]", ["a%20b"]),
    "a part is not read into the IRI": ("{name}", "site", "[a @b, a @c, d @e]", ["a @c"]),
    "converted elsewhere": ("{name}", "slugs", "[C, c]", ["C++"]),
}


@pytest.mark.parametrize("case", CASES)
def test_an_iri_that_spells_out_its_text_has_no_other(tmp_path: Path, case: str) -> None:
    template, more, topics, merged = CASES[case]
    ontology = SPELLED.replace("TEMPLATE", template)
    if more == "site":
        ontology = ontology.replace('"(?P<name>.+)"', '"(?P<name>.+) @(?P<site>.+)"')
        ontology += 'ex:site rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "site" .\n'
    if more == "slugs":
        ontology += 'ex:slug rdfs:domain ex:Post ; rdfs:range ex:Topic ; map:key "slugs" ; map:convert map:slug .\n'
    (tmp_path / "ontology.ttl").write_text(ontology)
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "1.md").write_text(f"---\nowlType: Post\ntopics: {topics}\n---\n")
    (tmp_path / "content" / "2.md").write_text(
        '---\nowlType: Post\nslugs: "C++"\n---\n' if more == "slugs" else "---\nowlType: Post\n---\n"
    )
    assert [message.split('"')[1] for _, message, _ in found(tmp_path, 1)] == merged
