"""What each syntax promises beyond its graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import Literal, NamedNode

from exporter.errors import OutputError
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import KEY, RDF_TYPE, Block, Term
from exporter.writers.context import jsonld_context
from exporter.writers.formats import FORMATS, find_format
from exporter.writers.jsonld import JsonLdLinesWriter, script_text
from exporter.writers.model import Property, Vocabulary
from tests.writers import graphs
from tests.writers.graphs import ABOUT, ARTICLE, NAME, RECORD, TOPIC, VOCABULARY

TOPIC_A = NamedNode("http://a.example/topics/a")
SOME = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def one(predicate: str, value: str = "x", type_: NamedNode = ARTICLE) -> list[Block]:
    return [Block(RECORD, [(RDF_TYPE, type_), (NamedNode(predicate), Literal(value))])]


@SOME
@given(blocks=graphs.records())
def test_n_triples_lines_are_the_canonical_graph(blocks: list[Block]) -> None:
    plain = [block for block in blocks if not _uses_lists(block)]
    lines = graphs.write(find_format("nt").format, [plain]).decode().split("\n")
    assert sorted(set(lines) - {""}) == [f"{line} ." for line in graphs.canonical_blocks([plain])]


def _uses_lists(block: Block) -> bool:
    return any("_:" in str(term)[:2] for term in (block.subject, *(value for _, value in block.pairs)))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@SOME
@given(blocks=graphs.records())
def test_equal_blocks_give_equal_bytes_from_any_writer(form: Syntax, blocks: list[Block]) -> None:
    assert graphs.write(form, [blocks, blocks]) == graphs.write(form, [blocks, blocks])


def test_turtle_declares_no_prefix_that_the_ontology_does_not() -> None:
    text = graphs.write(find_format("ttl").format, [one("https://other.example/p")], vocabulary=Vocabulary({}))
    assert text == b'<http://a.example/records/one> a <https://schema.org/Article> ;\n    <https://other.example/p> "x" .\n'


@pytest.mark.parametrize("name", ["a/b", "a.", "-a", "a%20b", "a(b)", "", "a:b", "ª"])
def test_names_that_would_need_an_escape_are_written_as_iris(name: str) -> None:
    text = graphs.write(find_format("ttl").format, [one(KEY + name)]).decode()
    assert f"    <{KEY}{name}> " in text


@pytest.mark.parametrize("name", ["a", "1", "a.b", "größe", "_a", "a-b", "日付"])
def test_names_that_are_legal_are_written_with_their_prefix(name: str) -> None:
    text = graphs.write(find_format("ttl").format, [one(KEY + name)])
    assert f"    key:{name} ".encode() in text
    assert graphs.read_rdflib(find_format("ttl").format, text) == graphs.canonical_blocks([one(KEY + name)])


def test_an_edited_body_line_is_one_changed_line() -> None:
    before, after = (
        graphs.write(find_format("ttl").format, [one(str(NAME)[1:-1], f'one\n{word}\nthree \\ "\n')]).decode().splitlines()
        for word in ("two", "2")
    )
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [("two", "2")]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_shared_resources_of_several_records_are_merged(form: Syntax) -> None:
    pairs: list[tuple[NamedNode, Term]] = [(RDF_TYPE, TOPIC), (NAME, Literal("A")), (NAME, Literal("a\nb"))]
    shared = [Block(TOPIC_A, pairs[:2]), Block(TOPIC_A, pairs[::2]), Block(TOPIC_A, pairs)]
    record = [Block(RECORD, [(RDF_TYPE, ARTICLE), (ABOUT, TOPIC_A)])]
    text = graphs.write(form, [record], shared)
    assert graphs.read_pyoxigraph(form, text) == graphs.canonical_blocks([record, [Block(TOPIC_A, pairs)]])
    assert text == graphs.write(form, [record], [Block(TOPIC_A, pairs)])


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        (one(KEY + "1"), "does not end in an XML name"),
        (one(KEY + "a", type_=NamedNode("http://a.example/1")), "does not end in an XML name"),
        (one("http://www.w3.org/1999/02/22-rdf-syntax-ns#li"), "can't write RDF/XML"),
        (one(KEY + "a", "bell\u0007"), r"XML can't hold a character of \"bell\\x07\""),
    ],
)
def test_rdf_xml_names_what_it_cannot_hold(blocks: list[Block], reason: str) -> None:
    with pytest.raises(OutputError, match=reason):
        graphs.write(find_format("rdf").format, [blocks])


def test_context_prefixes_names_that_two_terms_share() -> None:
    names = (
        "https://schema.org/name",
        "http://xmlns.com/foaf/0.1/name",
        "https://schema.org/url",
        "urn:x:url",
        "http://a.example/@id",
        "http://a.example/p/",
    )
    vocabulary = Vocabulary(
        {"schema": "https://schema.org/", "foaf": "http://xmlns.com/foaf/0.1/"},
        tuple(Property(NamedNode(name), rank) for rank, name in enumerate(names)),
        (NamedNode("https://schema.org/Person"),),
    )
    assert jsonld_context(vocabulary) == {
        "Person": "https://schema.org/Person",
        "foaf_name": "http://xmlns.com/foaf/0.1/name",
        "schema_name": "https://schema.org/name",
        "schema_url": "https://schema.org/url",
    }


@pytest.mark.parametrize("key", ["@id", "@type", "@context", "@graph", "@value"])
def test_keys_that_look_like_keywords_are_no_keywords(key: str) -> None:
    document = JsonLdLinesWriter(VOCABULARY).record_document(one(KEY + key))
    assert set(document) == {"@context", "@id", "@type", KEY + key}
    assert document["@type"] == "Article"


def test_record_document_stands_alone_and_is_safe_in_a_page() -> None:
    writer = JsonLdLinesWriter(VOCABULARY)
    record = [Block(RECORD, [(RDF_TYPE, ARTICLE), (NAME, Literal("</script><!-- &")), (ABOUT, TOPIC_A)])]
    document = writer.record_document(record, [Block(TOPIC_A, [(RDF_TYPE, TOPIC), (NAME, Literal("A"))])])
    assert document == {
        "@context": {
            "Article": "https://schema.org/Article",
            "Concept": "http://www.w3.org/2004/02/skos/core#Concept",
            "about": {"@id": "https://schema.org/about", "@type": "@id"},
            "name": "https://schema.org/name",
        },
        "@id": "http://a.example/records/one",
        "@type": "Article",
        "name": "</script><!-- &",
        "about": {"@id": "http://a.example/topics/a", "@type": "Concept", "name": "A"},
    }
    text = script_text(document)
    assert not set(text) & set("<>&")
    assert json.loads(text) == document


def test_context_url_takes_the_place_of_the_context() -> None:
    document = JsonLdLinesWriter(VOCABULARY, "https://a.example/context.jsonld").record_document(one(KEY + "a"))
    assert document["@context"] == "https://a.example/context.jsonld"


def test_formats_page_names_every_format_and_extension() -> None:
    page = (Path(__file__).parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    for entry in FORMATS:
        for text in (
            entry.label,
            f"`{entry.name}`",
            *(f"`{extension}`" for extension in entry.extensions),
            *(f"`{media}`" for media in entry.media_types),
        ):
            assert text in page, f"docs/formats.md does not tell of {text}"
