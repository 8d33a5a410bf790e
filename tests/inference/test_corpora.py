"""What is inferred of published records, held against what is known of them: folders, names, the registry's own JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exporter import export, infer, load_plan
from exporter.inference.inferring import Inference
from exporter.inference.model import InferredClass, RowDraft
from tests.data import DIGITALGOV, OBOFOUNDRY, needs


def start_of(content: Path, profile: str) -> Inference:
    """Look at records from a folder that has no ontology."""
    with TemporaryDirectory() as folder, chdir(folder):
        return infer(content, profile=profile)


@cache
def digitalgov() -> Inference:
    """Look at Digital.gov's records."""
    return start_of(DIGITALGOV / "content", "hugo")


@cache
def obofoundry() -> Inference:
    """Look at the OBO Foundry's records."""
    return start_of(OBOFOUNDRY / "ontology", "auto")


def rows(start: Inference) -> Iterator[tuple[InferredClass, RowDraft]]:
    """Yield every row with its class."""
    return ((each, row) for each in start.model.classes for row in each.rows)


def references(start: Inference) -> set[tuple[str, str, str]]:
    """Give what refers to records: class, key and target."""
    targets = {each.name for each in start.model.classes if each.is_of_records}
    found = set()
    for each, row in rows(start):
        target = row.ranges[0].removeprefix("site:")
        if target in targets and row.term != "dcterms:references":
            found |= {(each.name, key, target) for key in row.keys}
    return found


@needs(DIGITALGOV)
def test_folders_of_digitalgov_are_its_classes() -> None:
    classes = {each.name for each in digitalgov().model.classes if each.is_of_records}
    assert classes == {"Author", "Community", "Event", "News", "Page", "Resource", "Service", "Source", "Topic"}
    assert digitalgov().records > 2_200


@needs(DIGITALGOV)
def test_references_of_digitalgov_are_found_and_no_others() -> None:
    topics = ("content_and_communications", "data_and_analysis", "design", "operations", "strategic_development", "technology")
    assert references(digitalgov()) == {
        *((of, "authors", "Author") for of in ("Community", "Event", "News", "Resource", "Service")),
        ("Resource", "author", "Author"),
        ("Community", "@shortcodes.featured-resource", "Topic"),  # as in `link="topics/user-experience"`
        ("Event", "event_cop", "Community"),  # in one event, which names its community of practice by the file
        ("Record", "topics", "Topic"),
        ("Record", "source", "Source"),
        ("Topic", "featured_communities", "Community"),
        *(("ResourceTopic", key, "Topic") for key in topics),
    }


@needs(DIGITALGOV)
def test_codes_are_not_numbers() -> None:
    ranges = {(each.name, row.keys[0]): row.ranges for each, row in rows(digitalgov())}
    assert ranges["Venue", "zip"] == ranges["Event", "zip"] == ranges["Venue", "room"] == ("xsd:string",)
    assert ranges["Record", "weight"] == ("xsd:integer",)


@needs(OBOFOUNDRY)
def test_references_of_obofoundry_are_found_and_no_others() -> None:
    assert references(obofoundry()) == {
        ("OntologyDetail", "replaced_by", "OntologyDetail"),
        ("Dependency", "id", "OntologyDetail"),
        ("Product", "uses", "OntologyDetail"),
        ("Product", "mireots_from", "OntologyDetail"),
    }


WANTED: Mapping[str, Callable[[str], bool]] = {
    "object": lambda found: found.startswith("site:"),
    "boolean": lambda found: found == "xsd:boolean",
    "integer": lambda found: found == "xsd:integer",
    "string": lambda found: found in {"xsd:string", "site:Tag"},
    "uri": lambda found: found == "rdfs:Resource",
}
"""What a type of the registry's JSON Schema, or its format, is as a range; texts that repeat in lists are concepts."""


@needs(OBOFOUNDRY)
def test_datatypes_are_those_of_the_registry() -> None:
    schema = json.loads((OBOFOUNDRY / "registry" / "registry_schema.json").read_text("utf-8"))
    found = dict(ranges("OntologyDetail", ()))
    wrong = {key: found[key] for key, wanted in typed(schema, ()) if key in found and not WANTED[wanted](found[key])}
    # every value of these two is an address, and the schema says no more than that they are texts
    assert wrong == {("publications", "id"): "rdfs:Resource", ("funded_by", "id"): "rdfs:Resource"}
    assert len([key for key, _ in typed(schema, ()) if key in found]) == 50


def ranges(name: str, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the range of each key below a class, the keys of embedded classes too."""
    classes = {each.name: each for each in obofoundry().model.classes}
    for row in classes[name].rows:
        if row.keys[0].startswith("@") or len(path) > 3:
            continue
        here = (*path, row.keys[0])
        yield here, row.ranges[0]
        below = classes.get(row.ranges[0].removeprefix("site:"))
        if below is not None and not below.is_of_records and not below.templates:
            yield from ranges(below.name, here)


def typed(schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what the schema says of each key."""
    while "items" in schema:
        schema = schema["items"]
    if path and "type" in schema:
        yield path, "uri" if schema.get("format") == "uri" else schema["type"]
    for key, inner in schema.get("properties", {}).items():
        yield from typed(inner, (*path, key))


@needs(OBOFOUNDRY)
def test_every_record_of_obofoundry_is_exported_with_every_key(tmp_path: Path) -> None:
    file = tmp_path / "obofoundry.ttl"
    file.write_text(next(file.text for file in obofoundry().files if file.path.startswith("ontology/")), "utf-8")
    account = export(OBOFOUNDRY / "ontology", [], ontology=file)
    assert (account.exported, account.rejected, account.unmapped) == (266, 0, ())
    assert not load_plan(file).ontology.problems
