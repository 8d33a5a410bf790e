"""`--context schema.org`: documents that search engines and static sites take, and nothing lost without a word."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import extruct
import pyoxigraph as ox
import pytest
from pyld import jsonld

from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.rdf.terms import RDF_TYPE
from exporter.schema_org.terms import schema_name, schema_org
from tests.running import owltype

SITE = Path(__file__).with_name("site")
MIRA = {"@type": "Person", "@id": "https://example.org/authors/mira-sand/", "name": "Mira Sand"}
PUBLISHER = {
    "@type": "Organization",
    "@id": "https://example.org/ns#publisher",
    "name": "The Example",
    "url": "https://example.org/",
    "logo": "https://example.org/logo.png",
}


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SITE, tmp_path / "site")
    monkeypatch.chdir(tmp_path / "site")
    return tmp_path / "site"


def run(output: str = "pages", *, check: bool = False, jobs: int = 1) -> Export:
    return export("content", output, ontology=["ontology"], format="jsonld", split="record", context="schema.org", check=check, jobs=jobs)


def page(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(Path("pages", name).read_text("utf-8"))


def test_record_is_the_root_with_what_it_names_inside() -> None:
    run()
    assert page("content/posts/one.md.jsonld") == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": "https://example.org/posts/one-script-x-y/",
        "headline": "One </script> {{ x }} {% y %}",
        "alternativeHeadline": {"@value": "Un", "@language": "fr"},
        "datePublished": "2026-08-16",
        "author": MIRA,
        "publisher": PUBLISHER,
        "image": {
            "@type": "ImageObject",
            "@id": "https://example.org/posts/one-script-x-y/#image",
            "contentUrl": "https://example.org/a.png",
            "caption": "A soup",
        },
        "keywords": ["soup", "a & b", "soup"],
        "license": {"@value": "MIT"},
        "wordCount": 123,
        "isAccessibleForFree": True,
        "relatedLink": "https://example.net/x",
        "conditionsOfAccess": {"@id": "https://schema.org/OnlineOnly"},
    }


def test_pages_are_named_as_their_files() -> None:
    run()
    found = sorted(path.relative_to("pages").as_posix() for path in Path("pages").rglob("*.jsonld"))
    assert found == ["content/authors/mira.md.jsonld", "content/posts/one.md.jsonld", "content/posts/two/index.md.jsonld"]


def test_records_of_one_file_are_named_by_their_iris_below_it() -> None:
    with Path("ontology/site.ttl").open("a") as ontology:
        ontology.write('ex:Reader a owl:Class ; rdfs:subClassOf schema:Person ; map:files "content/readers.csv" ; map:records "" ;\n')
        ontology.write('    map:iri "https://example.org/readers/{id}" ;\n')
        ontology.write('    map:reads [ map:property schema:familyName ; map:key "family" ; map:range xsd:string ] .\n')
    Path("content/readers.csv").write_text("id,family\n1,Sand\n2,Stone\n")
    run()
    names = sorted(path.name for path in Path("pages/content/readers.csv").iterdir())
    assert [name.startswith(f"example.org-readers-{number}-") for number, name in enumerate(names, 1)] == [True, True]


def test_what_schema_org_does_not_know_is_counted_and_said(site: Path) -> None:
    exported = run()
    account = exported.pages
    assert exported.problems == ()
    assert account is not None
    assert (account.without_page, account.untyped) == (1, ("https://example.org/ns#Note",))
    assert dict(account.left_out) == {
        "https://example.org/ns#Note": 1,
        "https://example.org/ns#minutes": 2,
        "https://schema.org/madeUp": 1,
        "https://w3id.org/owltype/key#layout": 1,
    }
    options = ("--split", "record", "-f", "jsonld", "--context", "schema.org", "-o", "pages")
    done = owltype("export", "content", "--ontology", "ontology", *options, cwd=site)
    assert done.status == 0
    assert done.stderr.splitlines()[-7:] == [
        "1 record without a document, because none of the properties is one of schema.org",
        f"4 terms left out, because schema.org (release {schema_org().version}) does not have them:",
        "  <https://example.org/ns#minutes> (2 records)",
        "  <https://example.org/ns#Note> (1 record)",
        "  <https://schema.org/madeUp> (1 record)",
        "  the key layout (1 record)",
        "  a class has a type where it is below one of schema.org, as in <https://example.org/ns#Note> rdfs:subClassOf schema:Article",
    ]


def test_nothing_in_a_page_ends_its_script_or_starts_a_template() -> None:
    run()
    text = Path("pages/content/posts/one.md.jsonld").read_text("utf-8")
    assert not any(opening in text for opening in ("<", ">", "&", "{{", "{%", "{#"))


def test_a_search_engine_reads_nested_authors_out_of_a_page() -> None:
    run()
    text = Path("pages/content/posts/one.md.jsonld").read_text("utf-8")
    html = f"<html><head><title>x</title><script type='application/ld+json'>{text}</script></head><body><p>{{{{ x }}}}</p></body></html>"
    (found,) = extruct.extract(html, base_url="https://example.org/", syntaxes=["json-ld"])["json-ld"]
    assert found == page("content/posts/one.md.jsonld")
    assert (found["author"]["name"], found["publisher"]["name"], found["image"]["caption"]) == ("Mira Sand", "The Example", "A soup")


def local_context() -> dict[str, Any]:
    """Schema.org's context as its releases make it: a type for properties whose values are addresses or dates."""
    context: dict[str, Any] = {"schema": "http://schema.org/", "@vocab": "http://schema.org/"}
    types = {"Date": "schema:Date", "@id": "@id"}
    for name, coercion in schema_org().properties.items():
        context[name] = {"@id": f"schema:{name}", **({"@type": types[coercion]} if coercion else {})}
    return {"@context": context}


def expanded(document: Any) -> set[tuple[str, str, str]]:  # noqa: ANN401 - JSON
    """Give the triples of a document, by another's reading; the context is ours, and nothing else may be loaded."""

    def load(url: str, _options: Any) -> Any:  # noqa: ANN401 - as PyLD has it
        assert url == "https://schema.org"
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": local_context()}

    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
    return {compared(quad.triple) for quad in ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)}


def compared(triple: ox.Triple) -> tuple[str, str, str]:
    """Write a triple without the scheme of schema.org's IRIs and without datatypes, of which schema.org has its own."""
    value = triple.object
    text = f"{value.value}@{value.language or ''}" if isinstance(value, ox.Literal) else str(value)
    parts = (str(triple.subject), str(triple.predicate), text)
    subject, predicate, text = (part.replace("http://schema.org/", "https://schema.org/") for part in parts)
    return subject, predicate, text


def of_graph(triples: list[ox.Triple]) -> set[tuple[str, str, str]]:
    """Give what a graph says in words of schema.org, the items of a list as values."""
    cells: dict[Any, dict[str, Any]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            cells.setdefault(triple.subject, {})[triple.predicate.value.rpartition("#")[2]] = triple.object
    found = set()
    for triple in triples:
        term = triple.object if triple.predicate == RDF_TYPE else triple.predicate
        if schema_name(str(term)[1:-1]) not in schema_org().properties.keys() | schema_org().classes.keys():
            continue
        values, cell = [], triple.object
        while cell in cells:
            values.append(cells[cell]["first"])
            cell = cells[cell]["rest"]
        found |= {compared(ox.Triple(triple.subject, triple.predicate, value)) for value in values or [triple.object]}
    return found


def test_documents_say_what_the_graph_says() -> None:
    run()
    statements: list[Any] = []
    export("content", statements, ontology=["ontology"], jobs=1)
    publisher = ox.NamedNode("https://example.org/ns#publisher")
    described = [quad.triple for quad in ox.parse(Path("ontology/site.ttl").read_bytes(), format=ox.RdfFormat.TURTLE)]
    graph = of_graph([*(ox.Triple(*statement) for statement in statements), *(one for one in described if one.subject == publisher)])
    documents = [json.loads(path.read_text("utf-8")) for path in Path("pages").rglob("*.jsonld")]
    assert set().union(*map(expanded, documents)) == graph


def test_check_sees_a_page_that_is_stale_or_left() -> None:
    run()
    assert run(check=True).fresh
    Path("content/posts/two/index.md").write_text("---\ntitle: Changed\n---\n")
    assert not run(check=True).fresh
    run()
    assert run(check=True).fresh
    shutil.rmtree("content/posts/two")
    checked = run(check=True)
    assert checked.stale is not None
    assert checked.stale.path == "pages/content/posts/two/index.md.jsonld"
    run()
    assert not Path("pages/content/posts/two").exists()
    assert Path("pages/content/posts").exists()


def test_pages_are_the_same_from_several_processes() -> None:
    for number in range(200):
        Path(f"content/posts/{number}.md").write_text(f"---\ntitle: Post {number}\nauthor: Mira Sand\n---\n")
    run(jobs=1)
    run("others", jobs=2)
    for path in Path("pages").rglob("*.jsonld"):
        assert path.read_bytes() == Path("others", path.relative_to("pages")).read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-f", "jsonld"), "the context schema.org is for the document of a page each: add --split record -f jsonld"),
        (("--split", "record"), "the context schema.org is for the document of a page each: add --split record -f jsonld"),
        (("--split", "class", "-f", "jsonld"), "the context schema.org is for the document of a page each: add --split record -f jsonld"),
    ],
)
def test_the_context_is_for_pages(site: Path, options: tuple[str, ...], message: str) -> None:
    done = owltype("export", "content", "--ontology", "ontology", *options, "--context", "schema.org", "-o", "x.jsonld", cwd=site)
    assert done.status == 2
    assert message in done.stderr


def test_list_of_terms_says_where_it_is_from() -> None:
    terms = schema_org()
    assert (terms.version, terms.date, terms.license) == ("30.1", "2026-09-16", "https://creativecommons.org/licenses/by-sa/3.0/")
    assert len(terms.properties) > 1_400
    assert len(terms.classes) > 800
    assert {above for parents in terms.classes.values() for above in parents} <= terms.classes.keys()
