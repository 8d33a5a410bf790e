"""What is served after edits is what would be served if all were read anew."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.project import make_project
from exporter.publishing.leaving_out import PublishOptions
from exporter.server.live import Live, ServeOptions, State, shown_everything
from exporter.sparql.processes.reply import Request
from exporter.sparql.queries.text import UNNAMED
from tests.publishing.sites import ONTOLOGY, make_site, note

OPTIONS = ServeOptions(pages=shown_everything(PublishOptions()))
WITH_LISTS = ONTOLOGY.replace(
    '[ map:property schema:url ; map:key "url"',
    '[ map:property schema:step ; map:key "steps" ; map:ordered true ; map:range xsd:string ] ,\n'
    '        [ map:property schema:size ; map:key "size" ; map:range xsd:integer ] ,\n'
    '        [ map:property schema:url ; map:key "url"',
)
STEPS = 8
pytestmark = pytest.mark.slow


def pages(state: State) -> dict[str, bytes]:
    """Make every page of a state, as bytes."""
    files = list(state.pages.view.addresses.pages.values())
    files += [file.replace(".html", ".ttl") for file in files]
    files += [f"_/class/{name}.html" for name in ("Note", "Topic", "Author")]
    files += [f"_/{name}.html" for name in ("index", "search", "about", "query")] + ["_/data/names.js", "_/data/graph.nt", "404.html"]
    return {file: page.content for file in files if (page := state.pages.find(file)) is not None}


def triples(state: State) -> list[str]:
    """Give what queries are asked of, with names of blank nodes that say what they are."""
    with state.answers.dataset.ask(Request("CONSTRUCT WHERE { ?s ?p ?o }", path=UNNAMED)) as reply:
        dataset = ox.Dataset(ox.parse(reply.read(), format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


def make_live() -> Live:
    return Live(lambda: make_project("content", ontology="ontology", jobs=1), OPTIONS)


def check(live: Live) -> None:
    """Compare what is served with what a server would serve that starts now."""
    with live.using() as state, closing(State(make_project("content", ontology="ontology", jobs=1), OPTIONS, live.shown)) as fresh:
        assert triples(state) == triples(fresh)
        assert state.triples == fresh.triples
        assert state.account.exported == fresh.account.exported
        assert pages(state) == pages(fresh)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site of thirty records: topics that are shared, lists, numbers as typed, names that are equal but for case."""
    lines = ["topics: [{}, Care]", "date: 2026-0{}-01", "steps: [one, two, one, '{}']", "size: 0{}"]
    records = {f"n{i:02}.md": note(f"n{i}", f"Note {i}", *(line.format(i % 7 + 1) for line in lines)) for i in range(30)}
    folder = make_site(tmp_path, {**records, "upper.md": note("N1", "Upper"), "again.md": note("n2", "Note 2, again", "topics: [Again]")})
    (folder / "ontology/notes.ttl").write_text(WITH_LISTS, "utf-8")
    monkeypatch.chdir(folder)
    return folder


EDITS: dict[str, Callable[[Path, random.Random], object]] = {
    "title": lambda file, chance: _replace(file, "title: ", f"title: T{chance.randrange(9)} "),
    "number": lambda file, _: _replace(file, "size: 0", "size: "),
    "list": lambda file, chance: _replace(file, "[one, ", f"[one, x{chance.randrange(3)}, "),
    "no list": lambda file, _: _replace(file, "steps:", "unknown:"),
    "topic": lambda file, chance: _replace(file, "Care]", f"Care, New{chance.randrange(3)}]"),
    "no topic": lambda file, _: _replace(file, "topics:", "unknown:"),
    "author": lambda file, _: _replace(file, "size: ", "author: {name: Mira}\nsize: "),
    "slug": lambda file, chance: _replace(file, "slug: n", f"slug: m{chance.randrange(3)}"),
    "broken": lambda file, _: _replace(file, "title: ", "title: [ "),
    "gone": lambda file, _: file.unlink(),
    "new": lambda file, _: shutil.copy(file, file.with_name(f"a{file.name}")),
    "renamed": lambda file, _: file.rename(file.with_name(f"z{file.name}")),
}


def _replace(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("edit", EDITS)
def test_one_edit(site: Path, edit: str) -> None:
    with closing(make_live()) as live:
        before = live._state
        EDITS[edit](site / "content/n03.md", random.Random(7))
        live.reload()
        assert live._state is before, "all was read anew"
        check(live)


@pytest.mark.parametrize("seed", range(4))
def test_many_edits(site: Path, seed: int) -> None:
    chance = random.Random(seed)
    with closing(make_live()) as live:
        for _ in range(STEPS):
            for _ in range(chance.randrange(1, 4)):
                file = chance.choice(sorted((site / "content").iterdir()))
                EDITS[chance.choice(list(EDITS))](file, chance)
            live.reload()
            check(live)


def test_query_that_runs_goes_on_with_what_was(site: Path) -> None:
    with closing(make_live()) as live, live.using() as state:
        reply = state.answers.dataset.ask(Request("SELECT ?n { ?s <https://schema.org/name> ?n }", "csv"))
        _replace(site / "content/n03.md", "title: ", "title: Changed ")
        live.reload()
        assert b"Changed" not in reply.read()
        again = state.answers.dataset.ask(Request("SELECT ?n { ?s <https://schema.org/name> ?n }", "csv"))
        assert b"Changed" in again.read()


def test_other_ontology_is_read_anew(site: Path) -> None:
    with closing(make_live()) as live:
        before = live._state
        _replace(site / "ontology/notes.ttl", 'rdfs:label "Note"', 'rdfs:label "Remark"')
        live.reload()
        assert live._state is not before
        check(live)


def test_graph_that_is_worn_is_read_anew(site: Path) -> None:
    with closing(make_live()) as live:
        before = live._state
        for number in range(200):
            _replace(site / "content/n03.md", "title: ", f"title: {number} ")
            live.reload()
            if live._state is not before:
                break
        assert 20 < number < 199
        check(live)
