"""Small projects to publish, and what their pages are."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <https://schema.org/> .
@prefix ex: <https://e.org/ns#> .
<https://e.org/ns> a owl:Ontology ; rdfs:label "Notes" .
ex:Note a owl:Class ; rdfs:label "Note" ; map:owlType "Note" ; map:iri "https://e.org/notes/{slug}/" ;
    map:reads [ map:property schema:name ; map:key "title" ; map:range xsd:string ] ,
        [ map:property schema:about ; map:key "topics" ; map:range ex:Topic ] ,
        [ map:property schema:url ; map:key "url" ; map:range owl:Thing ] ,
        [ map:property schema:image ; map:key "image" ; map:range owl:Thing ] ,
        [ map:property schema:author ; map:key "author" ; map:range ex:Author ] ,
        [ map:property schema:datePublished ; map:key "date" ; map:range xsd:date ] .
ex:Topic a owl:Class ; rdfs:label "Topic" ; map:iri "https://e.org/topics/{@value|slug}/" ;
    map:reads [ map:property skos:prefLabel ; map:key "@value" ; map:range xsd:string ] .
ex:Author a owl:Class ; rdfs:label "Author" ;
    map:reads [ map:property schema:name ; map:key "name" ; map:range xsd:string ] .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://e.org/ns#> . @prefix schema: <https://schema.org/> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ;
    sh:property [ sh:path schema:name ; sh:maxLength 40 ; sh:message "the title is too long" ] .
"""


def note(slug: str, title: str, *lines: str) -> str:
    """Write a record."""
    return "\n".join(["---", "owlType: Note", f"slug: {slug}", f"title: {title}", *lines, "---", ""])


def make_site(folder: Path, records: dict[str, str]) -> Path:
    """Make a project."""
    (folder / "ontology").mkdir(parents=True)
    (folder / "ontology/notes.ttl").write_text(ONTOLOGY, "utf-8")
    (folder / "owltype.toml").write_text('paths = ["content"]\n', "utf-8")
    for name, text in records.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


class Markup(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._in_script:
            self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]
