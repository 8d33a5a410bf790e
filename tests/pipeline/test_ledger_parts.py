"""Ledgers of parts of a run add up to the ledger of the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.outcomes.making import FileTask
from exporter.pipeline.exporting import known_keys, plan_iri_keys
from exporter.pipeline.ledger import Ledger
from exporter.project import make_project
from exporter.settings.model import Settings

ONTOLOGY = """
@prefix : <https://example.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}" ; map:filePattern "content/p-(?P<short>.*)\\\\.md" .
:title a owl:DatatypeProperty ; rdfs:domain :Post ; rdfs:range xsd:string ; map:key "title" .
:after a owl:ObjectProperty ; rdfs:domain :Post ; rdfs:range :Post ; map:key "after" .
"""
POSTS = {
    "p-a": "slug: a\nafter: https://example.org/d",
    "p-b": "slug: b\nafter: https://example.org/nowhere\nextra: 1",
    "p-c": "slug: a\nextra: 2\nother: 3",
    "p-d": "slug: d\nextra: 4",
    "q-e": "slug: e\nother: 1",
    "q-f": "slug: f\nafter: [x",
    "q-g": "slug: g\nafter: https://example.org/b",
}


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_parts_add_up_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ontology").mkdir()
    Path("ontology/o.ttl").write_text(ONTOLOGY, "utf-8")
    Path("content").mkdir()
    for name, keys in POSTS.items():
        Path(f"content/{name}.md").write_text(f"---\nowlType: Post\n{keys}\n---\n", "utf-8")
    project = make_project("content", settings=Settings(), ontology="ontology")
    plan = project.plan()
    task, iri_keys, paths = FileTask(project, "ntriples", plan), plan_iri_keys(plan), list(project.files(plan))

    def ledger_of(first: int, files: list[str], known: dict[bytes, int]) -> Ledger:
        made = Ledger(iri_keys, task.reader, first=first, known=known)
        for outcome in task.run(files):
            made.add(outcome)
        return made

    def find(_numbers: object) -> dict[int, str]:
        return dict(enumerate(paths))

    whole = ledger_of(0, paths, {})
    summed, known = Ledger(iri_keys, task.reader), {}
    for first in reversed(range(0, len(paths), size)):  # whatever comes first
        known = dict(ledger_of(0, paths[:first], {}).part(find).records)
        summed.join(ledger_of(first, paths[first : first + size], known).part(find))
    counts = [(each.files, each.seen, each.exported, each.rejected, each.triples, each.skipped) for each in (whole, summed)]
    assert counts[0] == counts[1]
    assert summed.finish(find) == whole.finish(find)
    assert {problem.code for problem in whole.finish(find)} >= {"MAP-DUPLICATE-IRI", "MAP-REFERENCE", "YAML-SYNTAX", "MAP-FILE-PATTERN"}
    assert summed.unmapped_keys(known_keys(plan)) == whole.unmapped_keys(known_keys(plan))
