"""Records with `@context` say what pyld makes of the same front matter; only that nodes without a name have got one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox
import pytest
import yaml
from pyld import jsonld

from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.rdf.terms import Statement
from exporter.settings.model import Settings

ADDRESS = "https://example.org/content/record.md"
VOCABULARY = '"@context": {"@vocab": "https://schema.org/", "ex": "https://example.org/ns#", "id": "@id"}\n'
DOCUMENTS = {
    "root-without-id": VOCABULARY + "name: A\n",
    "root-with-relative-id": VOCABULARY + 'id: "#it"\nname: A\n',
    "root-with-absolute-id": VOCABULARY + "id: https://e.org/a\nname: A\n",
    "values": VOCABULARY + 'i: 3\nn: 1.5\nbig: 1.0e+30\nt: true\ns: "01"\nd: 2026-01-02\nnone: null\nempty: ""\n',
    "types": VOCABULARY + '"@type": [Person, ex:Cook]\nname: A\n',
    "nested": VOCABULARY + "author: {name: B, knows: [{name: C}, {name: D, author: {id: ../x}}]}\n",
    "lists": VOCABULARY + 'steps: {"@list": [a, {name: B}, {"@list": [c]}, {"@list": []}]}\n',
    "language-map": '"@context": {label: {"@id": "https://e.org/l", "@container": "@language"}}\nlabel: {en: x, de: [y, z]}\n',
    "typed": '"@context": {at: {"@id": "https://e.org/at", "@type": "http://www.w3.org/2001/XMLSchema#date"}}\nat: "2026-01-02"\n',
    "reverse": VOCABULARY + '"@reverse": {parent: [{id: "#child", name: C}]}\nname: P\n',
    "graph": VOCABULARY + '"@graph": [{name: A}, {name: B, knows: {id: "#c"}}]\n',
    "shared-blank-nodes": VOCABULARY + 'knows: {id: "_:x", name: X}\nparent: {id: "_:x"}\n',
    "circle": VOCABULARY + 'id: "_:a"\nknows: {id: "_:b", knows: {id: "_:a"}}\n',
    "scoped-context": VOCABULARY + 'author: {"@context": {"@vocab": "https://e.org/"}, name: B}\n',
    "unknown-keys": '"@context": {name: "https://e.org/name"}\nname: A\nother: B\n',
    "base": '"@context": {"@base": "https://e.org/base/", "@vocab": "https://e.org/"}\n"@id": x\nname: A\n',
}


def refuse(url: str, options: dict[str, Any]) -> NoReturn:
    raise AssertionError(f"{url} is fetched with {options}")


def by_pyld(document: str) -> ox.Dataset:
    """Give the triples that pyld makes of a document; PyYAML's dates are texts, as in YAML 1.2 core."""
    text = jsonld.to_rdf(_core(document), {"base": ADDRESS, "documentLoader": refuse, "format": "application/n-quads"})
    return ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))


def _core(document: str) -> object:
    class Core(yaml.SafeLoader):
        pass

    Core.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(document, Core)  # noqa: S506 - a safe loader without timestamps


def ours(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    monkeypatch.chdir(folder)
    Path("content").mkdir()
    Path("content/record.md").write_text(f"---\n{document}---\nText.\n")
    triples: list[Statement] = []
    settings = Settings(json_ld=True, unmapped="drop", constants=(("site", "https://example.org"),))
    account = export(output=triples, project=make_project("content", settings=settings, jobs=1))
    assert account.problems == ()
    assert account.exported == 1
    return triples


def without_names(triples: list[Statement], kept: set[str]) -> ox.Dataset:
    """Give nodes back as blank ones that only we have named."""
    names: dict[str, ox.BlankNode] = {}

    def blank(term: object) -> ox.BlankNode | None:
        is_ours = isinstance(term, ox.NamedNode) and term.value.startswith(ADDRESS) and term.value not in kept
        return names.setdefault(str(term), ox.BlankNode()) if is_ours else None

    return ox.Dataset(ox.Quad(blank(s) or s, p, blank(o) or o) for s, p, o in triples)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_record_says_what_pyld_makes_of_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = by_pyld(DOCUMENTS[name])
    kept = {str(term.value) for quad in expected for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    found = without_names(ours(DOCUMENTS[name], tmp_path, monkeypatch), kept)
    for graph in (expected, found):
        graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert {str(quad) for quad in found} == {str(quad) for quad in expected}


def test_the_same_record_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = ours(DOCUMENTS["lists"] + DOCUMENTS["nested"].removeprefix(VOCABULARY), tmp_path / "one", monkeypatch)
    second = ours(DOCUMENTS["lists"] + DOCUMENTS["nested"].removeprefix(VOCABULARY), tmp_path / "two", monkeypatch)
    assert [tuple(map(str, triple)) for triple in first] == [tuple(map(str, triple)) for triple in second]
