"""Medigy's graph, edited by a program of others, comes back: new topics, other numbers in lists of each syntax, a new page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.recovery.restoring import restore
from tests.running import ROOT

pytestmark = pytest.mark.slow  # rdflib takes its time

PREFIXES = """PREFIX schema: <https://schema.org/> PREFIX medigy: <https://www.medigy.com/ontology#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
UPDATES = (
    """INSERT { ?page schema:about <https://www.medigy.com/topics/symplur/new-thing/> .
        <https://www.medigy.com/topics/symplur/new-thing/> a medigy:Topic , skos:Concept ;
            skos:prefLabel "New Thing" ; skos:inScheme <https://www.medigy.com/topics/symplur/> }
    WHERE { ?page schema:headline ?title FILTER(CONTAINS(?title, "Diabetes Group")) }""",
    "DELETE { ?image schema:width ?width } INSERT { ?image schema:width 641 } WHERE { ?image schema:width ?width }",
    """INSERT DATA { <https://www.medigy.com/communities/patient-privacy/curated-news/fresh/> a medigy:CuratedContent , schema:Article ;
        schema:headline "Fresh news" ; schema:keywords "a" , "b" ; schema:datePublished "2026-11-26T10:00:00Z"^^xsd:dateTime ;
        schema:about <https://www.medigy.com/topics/symplur/new-thing/> ; schema:articleBody "\\nText.\\n" ;
        medigy:workPackage <https://openproject.example.org/work_packages/4000> .
    <https://openproject.example.org/work_packages/4000> a medigy:WorkPackage , prov:Entity ; dct:identifier "4000" }""",
)
PAGE = """---
owlType: Medigy Communities
title: Fresh news
date: 2026-11-26T10:00:00Z
communityTopics: "Symplur: New Thing"
tags:
  - a
  - b
id: "4000"
basePath: "/communities/patient-privacy/curated-news/"
slug: fresh
---

Text.
"""


def test_pages_are_edited_and_made_as_their_class_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "medigy" / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    project = make_project("content", ontology="medigy", cache=False)
    graph, again = rdflib.Graph(), rdflib.Graph()
    export(project=project, output=graph)
    for update in UPDATES:
        graph.update(PREFIXES + update)
    graph.serialize("edited.ttl")
    found = restore("edited.ttl", "content", project=project)
    assert not [problem.message for problem in found.problems]
    assert [file.path for file in found.new] == ["content/communities/patient-privacy/curated-news/fresh.md"]
    for file in found.edited:
        lines = file.before.splitlines(), file.after.splitlines()
        assert sum(line not in lines[0] for line in lines[1]) == 1
    found.write(project, "content")
    assert Path(found.new[0].path).read_text("utf-8") == PAGE
    export(project=project, output=again)
    assert isomorphic(again, graph)
