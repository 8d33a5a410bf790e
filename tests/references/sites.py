"""A small site whose posts refer to people and to each other by what is typed."""

from __future__ import annotations

from pathlib import Path

ONTOLOGY = """
@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Person a owl:Class ; map:owlType "Person" ; map:iri "https://example.org/people/{file.stem}/" ; map:match ( "name" "aliases" ) ;
    map:reads [ map:property ex:name ; map:key "name" ; map:range xsd:string ] ,
        [ map:property ex:alias ; map:key "aliases" ; map:range xsd:string ] .
ex:Team a owl:Class ; map:iri "https://example.org/teams/{name}" ;
    map:reads [ map:property ex:name ; map:key "name" ; map:range xsd:string ] ,
        [ map:property ex:head ; map:key "head" ; map:range ex:Person ] .
ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{file.stem}/" ; map:match "title" ;
    map:reads [ map:property ex:title ; map:key "title" ; map:range xsd:string ] ,
        [ map:property ex:team ; map:key "team" ; map:range ex:Team ] ,
        [ map:property ex:author ; map:key ( "author" "editor" ) ; map:range ex:Person ] ,
        [ map:property ex:next ; map:key "next" ; map:range ex:Post ; map:ordered true ] ,
        [ map:property ex:reviewer ; map:key "reviewers" ; map:range ( ex:Person ex:Guest ex:Note ) ] .
ex:Guest a owl:Class ; map:pattern "guest (?P<name>.+)" ; map:iri "https://example.org/guests/{name}" ;
    map:reads [ map:property ex:name ; map:key "name" ; map:range xsd:string ] .
ex:Note a owl:Class ;
    map:reads [ map:property ex:name ; map:key "@value" ; map:range xsd:string ] .
"""


def make_site(folder: Path, posts: int = 4) -> Path:
    """Write the site; every kind of answer is in it."""
    (folder / "ontology.ttl").write_text(ONTOLOGY)
    people, written = folder / "content" / "people", folder / "content" / "posts"
    for place in (people, written):
        place.mkdir(parents=True)
    (people / "ann.md").write_text("---\nowlType: Person\nname: Ann Lee\naliases: [AL]\n---\n")
    (people / "bob.md").write_text("---\nowlType: Person\nname: Bob\naliases: [Same]\n---\n")
    (people / "eve.md").write_text("---\nowlType: Person\nname: Eve\naliases: [Same]\n---\n")
    for number in range(posts):
        author = ("[AL, ann_lee, ../people/ann.md]", "'[[bob]]'", "Same", "[Nobody, Eve]")[number % 4]
        following = f"next: [post {number + 1}, ./p{number:03}.md, gone]\n" if number % 2 else ""
        head = "Eve" if number % 2 else "eve"
        text = f"owlType: Post\ntitle: Post {number}\nauthor: {author}\neditor: ann-lee\nteam: {{name: T{number % 3}, head: {head}}}\n"
        text += f"reviewers: [Ann Lee, guest {number % 5}, someone else]\n"
        (written / f"p{number:03}.md").write_text(f"---\n{text}{following}---\n")
    return folder
