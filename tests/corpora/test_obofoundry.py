"""obofoundry: 266 records, beside the RDF that their maintainers publish from them, an answer that nobody here wrote.

The published graph has blank nodes for contacts, where ours have <ontology#contact>, and no types for its records. Apart
from that, the mapping gives what they publish, but for 26 triples that are listed here with the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from tests.corpora.running import Account, export_corpus
from tests.data import OBOFOUNDRY, needs

FOLDER = OBOFOUNDRY
OBO = "http://purl.obolibrary.org/obo/"
KEPT = "https://w3id.org/owltype/key#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ACCESS = "http://www.w3.org/ns/dcat#accessURL"

PUBLISHED = 5248
COMMON = 5222

ONLY_PUBLISHED = {
    "http://schema.org/logo": 7,  # comes from a table of licences in the registry's program, not from the records
    TYPE: 8,  # a product's `type` is an IRI of the OBO space there, and no class that anything describes
    "http://purl.obolibrary.org/obo/IAO_0000136": 4,  # three are `"Metazoa"^^owl:Class`; the taxon `all` is a problem with us
    # one dependency is a map with a title and more, where we take dependencies for references to records
    "http://purl.org/dc/elements/1.1/title": 2,
    "http://purl.org/dc/elements/1.1/description": 1,
    "http://purl.org/dc/terms/1.1/publication": 1,
    # the one product that has a contact of its own
    "http://www.w3.org/ns/dcat#contactPoint": 1,
    "http://www.w3.org/2000/01/rdf-schema#label": 1,
    "http://xmlns.com/foaf/0.1/mbox": 1,
}
ONLY_OURS = {
    ACCESS: 55,  # obsolete ontologies, to which the registry gives no address
    "http://purl.obolibrary.org/obo/IAO_0000136": 1,  # the taxon `all`, kept as a string
}

Triple = tuple[str, str, str]

pytestmark = needs(FOLDER)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    return export_corpus("obofoundry", FOLDER / "ontology", tmp_path_factory.mktemp("obofoundry"))


@pytest.fixture(scope="module")
def ours(account: Account) -> set[Triple]:
    return {_triple(quad) for quad in account.quads}


@pytest.fixture(scope="module")
def published() -> set[Triple]:
    return _with_named_contacts(pyoxigraph.parse(path=FOLDER / "registry" / "ontologies.nt", format=RdfFormat.N_TRIPLES))


def test_every_record_is_exported(account: Account) -> None:
    assert account.seen == account.exported == len(list((FOLDER / "ontology").glob("*.md"))) == 266
    assert account.skipped == account.rejected == 0


def test_what_is_wrong_in_the_records_is_said(account: Account) -> None:
    said = sorted((str(problem["code"]), str(problem["file"]).rpartition("/")[2]) for problem in account.problems)
    assert said == [("MAP-REFERENCE", "go.md"), ("MAP-VALUE", "dc_cl.md")]


def test_the_published_triples_are_ours_too(ours: set[Triple], published: set[Triple]) -> None:
    assert len(published) == PUBLISHED
    assert len(ours & published) == COMMON
    assert Counter(predicate for _, predicate, _ in published - ours) == ONLY_PUBLISHED


def test_what_is_only_ours_are_types_and_keys_that_the_registry_drops(ours: set[Triple], published: set[Triple]) -> None:
    extra = Counter(predicate for _, predicate, _ in ours - published)
    assert {predicate: number for predicate, number in extra.items() if predicate != TYPE and not predicate.startswith(KEPT)} == ONLY_OURS


def _triple(quad: Quad) -> Triple:
    return _text(quad.subject), _text(quad.predicate), _text(quad.object)


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _with_named_contacts(quads: Iterable[Quad]) -> set[Triple]:
    """Name each contact <ontology#contact>; one blank node there may be the contact of several."""
    named: set[Triple] = set()
    said: dict[BlankNode, list[Quad]] = defaultdict(list)
    contacts: list[Quad] = []
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            said[quad.subject].append(quad)
        elif isinstance(quad.object, BlankNode):
            contacts.append(quad)
        else:
            named.add(_triple(quad))
    for quad in contacts:
        assert isinstance(quad.object, BlankNode)
        contact = f"{_text(quad.subject)}#contact"
        named.add((_text(quad.subject), _text(quad.predicate), contact))
        named.update((contact, _text(of.predicate), _text(of.object)) for of in said[quad.object])
    return named
