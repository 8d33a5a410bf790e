"""Write the list of schema.org's terms (`exporter/schema_org/terms.json`) from a release: `python docs/schema_org.py VERSION DATE FILE`.

FILE is `schemaorg-all-https.ttl` of https://schema.org/docs/developers.html. Only names and what the context says of them are taken.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyoxigraph as ox

SCHEMA = "https://schema.org/"
TARGET = Path(__file__).parent.parent / "exporter" / "schema_org" / "terms.json"
_TYPE, _CLASS, _PROPERTY = (
    ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
    ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"),
)
_BELOW = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_WITHOUT_TYPE = {"mainEntityOfPage"}  # the context has no type for it since release 30.1
_RANGE = ox.NamedNode(SCHEMA + "rangeIncludes")


def main(version: str, date: str, file: str) -> None:
    """Read a release and write the list."""
    store = ox.Store()
    store.load(path=file)
    properties: dict[str, list[str]] = {"": [], "@id": [], "Date": []}
    for name in _names(store, _PROPERTY):
        ranges = {_local(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(SCHEMA + name), _RANGE, None)}
        properties[_coercion(name, ranges)].append(name)
    classes = {name: _above(store, name) for name in _names(store, _CLASS)}
    document = {
        "version": version,
        "date": date,
        "source": f"{SCHEMA}version/{version}/schemaorg-all-https.ttl",
        "license": "https://creativecommons.org/licenses/by-sa/3.0/",
        "attribution": "Names of terms of the schema.org vocabulary, by the Schema.org Community Group (https://schema.org/docs/terms.html)",
        "properties": properties,
        "classes": classes,
    }
    TARGET.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _names(store: ox.Store, kind: ox.NamedNode) -> list[str]:
    subjects = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, kind)}
    return sorted(name for subject in subjects if (name := _local(subject)))


def _local(term: object) -> str:
    iri = term.value if isinstance(term, ox.NamedNode) else ""
    return iri.removeprefix(SCHEMA) if iri.startswith(SCHEMA) else ""


def _above(store: ox.Store, name: str) -> list[str]:
    return sorted(filter(None, (_local(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(SCHEMA + name), _BELOW, None))))


def _coercion(name: str, ranges: set[str]) -> str:
    """Say what schema.org's context makes of a property's strings: it has a type for those that are never a text."""
    if "Text" in ranges or name in _WITHOUT_TYPE:
        return ""
    return "@id" if "URL" in ranges else "Date" if "Date" in ranges else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
