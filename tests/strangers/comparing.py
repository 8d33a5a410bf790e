"""What `owltype init` makes of a site, held against the pages that the site's own tool wrote and the references that a person sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from exporter.outcomes.making import FileTask
from exporter.project import Project
from exporter.sites.site import UNKNOWN_SITE

_EDGE = re.compile(r"^(\S+) <[^>]*> (<[^>]*>|_:\S+) \.$", re.MULTILINE)
_NAMED = re.compile(r'\{\{[<%]\s*(?:rel)?ref\s+"([^"]+)"')
"""What a reference of Hugo's names: this, and not the code around it, is what is said of one that leads nowhere."""
_WITHIN = 3
"""How many steps within a record's own resources a reference may stand below it."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a site: the address of each file's page, None where it has none, and the references as they are in the file.

    `other_files` are the addresses at which the site has files that are not pages.
    """

    addresses: Mapping[str, str | None]
    references: Sequence[Mapping[str, Any]]
    other_files: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Graph:
    """What an export says: the IRIs of each file's records, where each node leads to, and all that was said on the way."""

    iris: Mapping[str, Sequence[str]]
    edges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    said: str = ""

    def reaches(self, path: str, target: str) -> bool:
        """Say whether a record of a file refers to a record of another, itself or in a resource of its own."""
        wanted = {f"<{iri}>" for iri in self.iris.get(target, ())}
        return any(not wanted.isdisjoint(self._near(f"<{iri}>")) for iri in self.iris.get(path, ()))

    def tells(self, path: str, typed: str) -> bool:
        """Say whether a value of a file is in what was said of it, or of a value that is told once for all files."""
        return any(typed in line and (line.startswith(f"{path}:") or " more)" in line) for line in self.said.splitlines())

    def _near(self, start: str) -> frozenset[str]:
        seen: set[str] = set()
        layer = {start}
        for _ in range(_WITHIN):
            found = {other for node in layer for other in self.edges.get(node, ())} - seen
            seen |= found
            layer = {node for node in found if node.startswith(("_:", start[:-1]))}
        return frozenset(seen)


def read_truth(file: Path) -> Truth:
    """Read `truth.json`; a page's address is compared without percent-encoding, as tools differ in it."""
    truth = json.loads(file.read_text("utf-8"))
    files = {path: said for path, said in truth["files"].items() if not said.get("unstable")}
    site = str(truth["site"] or UNKNOWN_SITE).rstrip("/")
    others = {path: [site + url for url in urls] for path, urls in truth.get("other_files", {}).items()}
    return Truth({path: _address(said, truth["site"]) for path, said in files.items()}, truth["references"], others)


def _address(said: Mapping[str, Any], site: object) -> str | None:
    written = said.get("permalink") or said.get("iri")
    if written is None and said.get("url") and isinstance(site, str):
        written = site.rstrip("/") + said["url"]
    return unquote(written) if written else None


def read_graph(project: Project, triples: str, said: str) -> Graph:
    """Read what was exported: its N-Triples, and once more which file each record came from."""
    task = FileTask(project, "nt")
    outcomes = [task.make(path, text=False) for path in project.files()]
    edges: dict[str, set[str]] = {}
    for subject, target in _EDGE.findall(triples):
        edges.setdefault(subject, set()).add(target)
    return Graph(
        {outcome.path: [record.iri for record in outcome.records if record.iri is not None] for outcome in outcomes},
        {subject: frozenset(targets) for subject, targets in edges.items()},
        said,
    )


def differences(truth: Truth, graph: Graph) -> Iterator[str]:
    """Yield a line for each address that is another one, and each reference that is neither found nor reported."""
    graph = replace(graph, iris={**truth.other_files, **graph.iris})
    for path, address in truth.addresses.items():
        iris = [unquote(iri) for iri in graph.iris.get(path, ())]
        if address is not None and address not in iris:
            yield f"address of {path}: {address}, not {', '.join(iris) or 'read'}"
    for reference in truth.references:
        path, target, typed = reference["file"].partition("#")[0], reference["to"], str(reference["value"])
        if target is not None and graph.reaches(path, target.partition("#")[0]):
            continue
        named = _NAMED.search(typed)
        if not graph.tells(path, re.sub(r'[\[\]{}<>%"]', "", named[1] if named else typed).strip()[:18]):
            yield f"reference of {path}: {reference.get('key', 'body')} {typed!r} to {target or 'nothing'}"
