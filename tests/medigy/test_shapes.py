"""The shapes: quiet about the examples, and each of them speaks when a record has its fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from exporter.mapping.mapping import Mapper
from exporter.plan.compiling import load_plan
from exporter.rdf.terms import SH, statements
from exporter.records.reading import read_file
from exporter.validation.engines import make_engine
from exporter.validation.engines.features import unsuited
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.checking import CheckOptions, check_shapes
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import load_shapes
from tests.medigy.places import ONTOLOGY, ROOT, SEED, example_files

ENGINES = ("shacl", "pyshacl")

# What a record is made to say, by the sh:name of the shape that has to speak: keys of the seed, and their new values.
FAULTS: dict[str, dict[str, Any]] = {
    "Page": {"slug": "Blog__Post"},
    "title": {"title": ""},
    "length of the title": {"title": "x" * 111},
    "description": {"description": None},
    "mdName": {"mdName": "telehealth"},
    "kind of content": {"contentCategories": "medigy-chronic-care-management-podcasts"},
    "work package type": {"openProjectWorkPackageType": "Curated News"},
    "community": {"type": "communities/medigy-patient-privacy"},
    "author": {"author": "Vinit"},
    "date": {"date": "2020-09-25T07:11:42"},
    "order of date and lastMod": {"date": "2021-01-01T00:00:00Z"},
    "lastMod": {"lastMod": "yesterday"},
    "topics": {"communityTopics": ["Telehealth"]},
    "the two topic lists": {"communityTopics": ["Symplur: Telehealth"]},
    "schemes of the topics": {"communityTopics": ["Homegrown: Telehealth"]},
    "aliases": {"aliases": "https://elsewhere.example/news"},
    "id": {"id": None},
    "featuredImage": {"featuredImage.href": ""},
    "name of the image's attachment": {"featuredImage.wpAttachment.fileName": "notes.docx"},
    "link": {"link.href": "ftp://blog.burnsmcd.com/a"},
    "breadcrumbs": {"breadcrumbs": ["Telehealth"], "breadcrumbLinks": ["#"]},
    "end of the breadcrumb trail": {"breadcrumbLinks": ["/", "/communities/"]},
    "Source of curated pages": {"link": None},
    "Aliases of different pages": {"aliases": "/stories/diabetes-group/"},
    "Image": {"featuredImage.size": [222]},
    "address of the image": {"featuredImage.href": ""},
    "width": {"featuredImage.size": [0, 140]},
    "height": {"featuredImage.size": [222, 9000]},
    "format": {"featuredImage.format": "TIFF"},
    "attachment": {"featuredImage.wpAttachment": {"fileName": "a.png"}},
    "small image": {"featuredImage.size": [199, 140]},
    "alternative text": {"featuredImage.alt": ""},
    "valid image": {"featuredImage.valid": False},
    "address of the link": {"link.href": "ftp://blog.burnsmcd.com/a"},
    "original": {"link.original": "ftp://blog.burnsmcd.com/a"},
    "site": {"link.brand": "blog burnsmcd"},
    "brand": {"link.brand": "Blog.BurnsMcD.com"},
    "name": {"author": "V @maxinovip.com"},
    "domain": {"author": "Vinit @Maxinovip"},
    "label": {"communityTopics": ["Symplur: TELEHEALTH"]},
    "label of the scheme": {"communityTopics": ["SYMPLUR: Telehealth"]},
    "identifier": {"identifier": "Chronic Care"},
    "mastHead": {"mastHead": "Chronic Care CoP"},
    "number": {"id": "03455"},
}


@cache
def shapes() -> ShapesGraph:
    return load_shapes([ROOT / "shapes" / "medigy.ttl"])


@cache
def mapper() -> Mapper:
    return Mapper(load_plan([ONTOLOGY]))


def triples(path: Path, data: bytes | None = None) -> Iterator[str]:
    record = read_file(str(path), data).record
    assert record is not None
    mapped = mapper().map(record)
    return (f"{s} {p} {o} .\n" for s, p, o in statements([*mapped.blocks, *mapped.shared]))


@cache
def other_examples() -> str:
    return "".join(line for path in example_files() if path != SEED for line in triples(path))


def faulty_seed(changes: dict[str, Any]) -> str:
    record = read_file(str(SEED)).record
    assert record is not None
    front_matter: dict[str, Any] = deepcopy(dict(record.front_matter))
    for key_path, value in changes.items():
        *parents, key = key_path.split(".")
        holder = front_matter
        for parent in parents:
            holder = holder[parent]
        holder[key] = value
    return "".join(triples(SEED, json.dumps(front_matter, indent=1).encode()))


@cache
def results(engine: str, seed: str) -> tuple[ValidationResult, ...]:
    return make_engine(engine).run((other_examples() + seed).encode(), shapes())


def names_of(found: set[ValidationResult]) -> set[str]:
    return {text.value for result in found for text in shapes().values(shape_term(result.source_shape), "name")}


def test_the_shapes_themselves_have_no_fault() -> None:
    assert check_shapes(shapes(), CheckOptions()) == ()


def test_the_fast_engine_is_fit_for_the_shapes() -> None:
    assert unsuited("shacl", shapes()) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_examples_have_no_violation_and_no_warning(engine: str) -> None:
    found = results(engine, "".join(triples(SEED)))
    assert {result.severity for result in found} == {SH + "Info"}
    assert names_of(set(found)) == {"the two topic lists", "small image", "alternative text"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_shape_on_both_engines(name: str) -> None:
    sound, faulty = "".join(triples(SEED)), faulty_seed(FAULTS[name])
    new = [set(results(engine, faulty)) - set(results(engine, sound)) for engine in ENGINES]
    assert name in names_of(new[0])
    assert new[0] == new[1]


def test_there_is_a_fault_for_every_shape_that_has_a_message() -> None:
    speaking = {t.subject for t in shapes().triples if t.predicate.value == SH + "message"}
    with_message = speaking | {t.subject for t in shapes().triples if t.predicate.value == SH + "sparql" and t.object in speaking}
    named = {text.value for shape in with_message for text in shapes().values(shape, "name")}
    assert named == set(FAULTS)
