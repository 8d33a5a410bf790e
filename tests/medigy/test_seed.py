"""The record that the project began with: not one scalar of its front matter is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import rdflib

from exporter.keypaths import parse_key_path
from exporter.mapping.mapping import trace_record
from exporter.mapping.model import MappedRecord
from exporter.plan.compiling import load_plan
from exporter.problems import KeyPath, format_key_path
from exporter.rdf.terms import MAP
from exporter.records.reading import read_file
from exporter.records.record import Record
from exporter.records.values import Value
from tests.data import SEED as SHARED_SEED
from tests.data import needs
from tests.medigy.places import ONTOLOGY, SEED

SITE = "https://www.medigy.com"
CLASS = rdflib.URIRef("https://www.medigy.com/ontology#CuratedContent")


def scalars(value: Value, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Walk front matter down to its scalars; null and the empty string say nothing, and JSON in a string is walked too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from scalars(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from scalars(item, (*path, index))
    elif isinstance(value, str) and value.startswith("["):
        yield from scalars(json.loads(value), path)
    elif value is not None and value != "":
        yield path, json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.fixture(scope="module")
def seed() -> Record:
    reading = read_file(str(SEED))
    assert reading.record is not None
    assert not reading.problems
    return reading.record


@pytest.fixture(scope="module")
def mapped(seed: Record) -> MappedRecord:
    return trace_record(seed, load_plan([ONTOLOGY]))


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


class Texts:
    """The text of the terms in a mapped record, by the key path that they came from."""

    def __init__(self, mapped: MappedRecord) -> None:
        self.by_path: dict[KeyPath, list[str]] = {}
        self.by_subject: dict[str, list[str]] = {}
        for blocks, origins in ((mapped.blocks, mapped.origins), (mapped.shared, mapped.shared_origins)):
            for block, places in zip(blocks, origins, strict=True):
                for (_, term), origin in zip(block.pairs, places, strict=True):
                    self.by_path.setdefault(origin.key_path, []).append(term.value)
                    self.by_subject.setdefault(block.subject.value, []).append(term.value)

    def at(self, path: KeyPath) -> list[str]:
        """Literals and IRIs from this place, what is said of the resources, and the IRI of the resource that the place is a part of."""
        terms = self.by_path.get(path, [])
        of_parent = self.by_path.get(path[:-1], []) if len(path) > 1 else []
        return [*terms, *(text for iri in terms for text in self.by_subject.get(iri, [])), *of_parent]

    def everywhere(self) -> list[str]:
        return [text for texts in self.by_path.values() for text in texts]


def is_carried(text: str, texts: list[str], page: str) -> bool:
    """Whether terms carry a scalar: as literal or IRI, as part of an IRI, or in the parts that a pattern read."""
    if text in texts or urljoin(SITE, text) in texts or (text == "#" and page in texts):
        return True
    if any("://" in term and len(text) > 2 and text in term for term in texts):
        return True
    words = [word for word in re.split(r"[^\w]+", text.casefold()) if word]
    parts = {word for term in texts for word in re.split(r"[^\w]+", term.casefold())}
    return bool(words) and set(words) <= parts


@needs(SHARED_SEED)
def test_the_example_is_the_seed_unchanged() -> None:
    assert SEED.read_bytes() == SHARED_SEED.read_bytes()


def test_mapping_it_finds_no_problem_and_no_unmapped_key(mapped: MappedRecord) -> None:
    assert mapped.problems == ()
    assert mapped.unmapped == []


def test_its_iri_is_the_address_of_its_page(mapped: MappedRecord, seed: Record) -> None:
    front_matter = seed.front_matter
    assert mapped.iri is not None
    assert mapped.iri.value == f"{SITE}{front_matter['basePath']}{front_matter['slug']}/"


def test_each_scalar_is_in_the_graph_or_ignored_on_purpose(mapped: MappedRecord, seed: Record, ontology: rdflib.Graph) -> None:
    assert mapped.iri is not None
    page = mapped.iri.value
    ignored = [parse_key_path(str(key)) for key in ontology.objects(CLASS, rdflib.URIRef(MAP + "ignore"))]
    labels = {str(label) for label in ontology.objects(CLASS, rdflib.URIRef(MAP + "owlType"))}
    found = Texts(mapped)
    lost = []
    walked = list(scalars(seed.front_matter))
    assert len(walked) == 49
    for path, text in walked:
        if any(path[: len(drop)] == drop for drop in ignored):
            continue
        texts = found.at(path)
        if path[0] in ("basePath", "slug"):
            texts = [page]
        elif path[0] in ("identifier", "mastHead"):  # read from within the community, whose path they don't have
            texts = found.everywhere()
        elif path == ("contentCategories",):  # names the community that `type` has made already
            texts += found.by_subject[page]
        if not is_carried(text, texts, page) and not (path == ("owlType",) and text in labels):
            lost.append(f"{format_key_path(path)}: {text}")
    assert lost == []


def test_the_walker_would_notice_a_loss(seed: Record) -> None:
    texts = [str(seed.front_matter["title"]), "https://www.medigy.com/topics/symplur/telehealth/"]
    assert is_carried("Symplur: Telehealth", texts, "https://e.org/")
    assert not is_carried("Symplur: Diabetes", texts, "https://e.org/")
    assert not is_carried("3455", texts, "https://e.org/")


def test_the_body_is_kept_character_for_character(mapped: MappedRecord, seed: Record) -> None:
    assert seed.body in [term.value for _, term in mapped.blocks[0].pairs]
    assert "<p>Telehealth has been critical" in seed.body


def test_each_ignored_key_has_its_reason_in_the_comment_of_the_class(ontology: rdflib.Graph) -> None:
    comment = str(ontology.value(CLASS, rdflib.RDFS.comment))
    ignored = sorted(str(key) for key in ontology.objects(CLASS, rdflib.URIRef(MAP + "ignore")))
    assert ignored
    sentences = [line for line in comment.splitlines() if "is ignored because" in line]
    assert [re.findall(r"The key (\S+) is ignored because", line) for line in sentences] == [[key] for key in ignored]
