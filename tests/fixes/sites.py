"""A project for fixes: names that are near, closed sets, concepts, references by title, addresses and days."""

from __future__ import annotations

from pathlib import Path

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <https://schema.org/> . @prefix ex: <https://e.org/ns#> .
<https://e.org/ns> a owl:Ontology ; rdfs:label "Notes" .
ex:Note a owl:Class ; rdfs:label "Note" ; map:owlType "Note" ; map:iri "https://e.org/notes/{slug}/" ; map:match "title" ;
    map:reads [ map:property schema:name ; map:key "title" ; map:range xsd:string ] ,
        [ map:property schema:status ; map:key "status" ; map:range xsd:string ] ,
        [ map:property schema:kind ; map:key "kind" ; map:convert map:concept ; map:range ex:Kind ] ,
        [ map:property schema:text ; map:key "text" ; map:range xsd:string ] ,
        [ map:property schema:sameAs ; map:key "site" ; map:range owl:Thing ] ,
        [ map:property schema:related ; map:key "related" ; map:range ex:Note ] ,
        [ map:property schema:datePublished ; map:key "date" ; map:range xsd:date ] .
ex:Kind a owl:Class ; rdfs:subClassOf skos:Concept .
ex:k1 a ex:Kind ; rdfs:label "How-to" . ex:k2 a ex:Kind ; skos:prefLabel "Reference" .
ex:k3 a ex:Kind ; rdfs:label "Tutorial" . ex:k4 a ex:Kind ; rdfs:label "Cart" . ex:k5 a ex:Kind ; rdfs:label "Card" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://e.org/ns#> . @prefix schema: <https://schema.org/> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ;
    sh:property [ sh:path schema:name ; sh:minCount 1 ] ,
        [ sh:path schema:status ; sh:minCount 1 ; sh:in ( "draft" "published" ) ; sh:defaultValue "draft" ] .
"""


def make(folder: Path, records: dict[str, str]) -> Path:
    """Make the project with some records, and with some that are right."""
    for name, text in (("ontology/notes.ttl", ONTOLOGY), ("shapes/notes.ttl", SHAPES), ("owltype.toml", 'paths = ["content"]\n')):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    right = {f"right{n}.md": record(f"right{n}", f"title: Right number {n}", "status: draft", "kind: How-to") for n in range(5)}
    right["own.md"] = record("own", "title: A chapter of its own", "status: draft", "kind: Tutorial")
    for name, text in {**right, **records}.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def record(slug: str, *lines: str) -> str:
    """Write a record."""
    return "\n".join(["---", "owlType: Note", f"slug: {slug}", *lines, "---", "The body.", ""])
