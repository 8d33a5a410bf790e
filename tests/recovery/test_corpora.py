"""One value of each record of real sites is changed, removed or added in the graph, all at once, and comes back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.rdf.terms import KEY, XSD, Statement
from exporter.records.values import is_same
from exporter.recovery.restoring import restore
from tests.data import DIGITALGOV, OBOFOUNDRY, needs
from tests.running import ROOT

pytestmark = pytest.mark.slow  # thousands of records are mapped four times each

SITES = {
    "digitalgov": (DIGITALGOV / "content", ROOT / "examples" / "digitalgov" / "ontology.ttl", 2_000),
    "obofoundry": (OBOFOUNDRY / "ontology", ROOT / "examples" / "obofoundry" / "ontology.ttl", 260),
}
DERIVED = frozenset({"http://www.w3.org/ns/dcat#accessURL", "http://www.w3.org/2000/01/rdf-schema#label"})
"""Properties that a template makes: no key says them."""
BOOLEAN = XSD + "boolean"
INSTEAD = {XSD + "date": "2024-02-03", XSD + "dateTime": "2024-02-03T04:05:06Z", XSD + "integer": "77"}


def edited(graph: list[Statement], records: set[NamedNode]) -> tuple[list[Statement], int]:
    """Edit one literal of each record, and give the graph with the number of edits."""
    choose = random.Random(7)
    of: dict[NamedNode, list[int]] = {}
    for number, (s, p, o) in enumerate(graph):
        if isinstance(s, NamedNode) and s in records and isinstance(o, Literal) and p.value not in DERIVED:
            of.setdefault(s, []).append(number)
    left: list[Statement | None] = [*graph]
    for numbers in of.values():
        number = choose.choice(numbers)
        s, p, o = graph[number]
        assert isinstance(o, Literal)
        text = (
            "false"
            if o.value == "true"
            else "true"
            if o.datatype.value == BOOLEAN
            else INSTEAD.get(o.datatype.value, o.value[::-1] + ': "x" # y')
        )
        new = (s, p, Literal(text, datatype=o.datatype) if o.datatype.value.startswith(XSD) else o)
        kind = choose.choice(["change", "remove", "add"])
        if kind == "remove":
            left[number] = None
        elif kind == "change" or p.value.startswith(KEY) or o.datatype.value != XSD + "string":
            left[number] = new
        else:
            left.append(new)
    return [statement for statement in left if statement is not None], len(of)


@needs(DIGITALGOV, OBOFOUNDRY)
@pytest.mark.parametrize("name", SITES)
def test_edits_of_all_records_come_back_and_touch_one_key_each(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, ontology, least = SITES[name]
    shutil.copytree(content, tmp_path / content.name)
    monkeypatch.chdir(tmp_path)
    project = make_project(content.name, ontology=ontology, cache=False)
    graph: list[Statement] = []
    export(project=project, output=graph)
    reader = project.reader(project.plan())
    types = {s for s, p, o in graph if isinstance(s, NamedNode) and p.value.endswith("#type") and "#" not in s.value.partition("//")[2]}
    wanted, number = edited(graph, types)
    assert number >= least
    found = restore(wanted, content.name, project=project)
    assert not [each.message for each in found.problems]
    for file in found.edited:
        before, after = (reader.read(file.path, data).record for data in (file.before, file.after))
        assert before
        assert after
        assert before.body == after.body
        if name == "digitalgov":  # its records make no resources but themselves, so that each was edited once
            keys = before.front_matter.keys() | after.front_matter.keys()
            assert sum(not is_same(before.front_matter.get(key), after.front_matter.get(key)) for key in keys) == 1
    found.write(project, content.name)
    again: list[Statement] = []
    export(project=project, output=again)
    assert set(again) == set(wanted)
