"""Many requests at once: what comes again is answered at once and never too long, and queries that never end hold nobody up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from exporter.sparql.processes.awaiting import QUICK, SLOW
from tests.publishing.sites import make_site, note
from tests.server.serving import Served, serving

pytestmark = pytest.mark.slow

NAMES = "SELECT ?n { ?s <https://schema.org/name> ?n } ORDER BY ?n"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " FILTER(?c0 != ?c1) }"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", {f"n{i}.md": note(f"n{i}", f"Note {i}", "topics: [Care, Data]") for i in range(20)})


@pytest.fixture
def served(site: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, "--timeout", "8", "--watch", "--no-validate", cwd=site) as server:
        yield server


def _ask(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_an_answer_that_comes_again_is_the_same(served: Served) -> None:
    with served.client() as client:
        replies = [_ask(client, NAMES, Accept="text/csv") for _ in range(5)]
        assert len({reply.content for reply in replies}) == 1
        heads = [{name: value for name, value in reply.headers.items() if name != "date"} for reply in replies]
        assert all(head == heads[0] for head in heads)
        assert _ask(client, NAMES, Accept="application/sparql-results+json").json()["results"]["bindings"]
        assert _ask(client, NAMES, Accept="image/png").status_code == 406
        assert _ask(client, NAMES, **{"Accept": "text/csv", "If-None-Match": replies[-1].headers["etag"]}).status_code == 304
        assert _ask(client, NAMES, Accept="text/csv", Host="evil.example").status_code == 421
        assert client.get("/metrics").text.count("owltype_answers_remembered_total 5") == 1


def test_what_is_another_answer_each_time_is_asked_each_time(served: Served) -> None:
    with served.client() as client:
        assert len({_ask(client, "SELECT (STRUUID() AS ?x) {}").text for _ in range(5)}) == 5


def test_an_answer_that_came_again_is_not_given_after_an_edit(served: Served, site: Path) -> None:
    with served.client() as client:
        assert {_ask(client, NAMES, Accept="text/csv").text.count("Note 7\r\n") for _ in range(5)} == {1}
        before = client.get("/health").json()["version"]
        (site / "content/n7.md").write_text(note("n7", "Another"), "utf-8")
        while client.get("/health").json()["version"] == before:
            pass
        text = _ask(client, NAMES, Accept="text/csv").text
        assert "Another" in text
        assert "Note 7\r\n" not in text


def test_queries_that_never_end_hold_nobody_up(served: Served) -> None:
    ended = []

    def run_away() -> None:
        with served.client() as client:
            ended.append(_ask(client, RUNAWAY).status_code)

    threads = [threading.Thread(target=run_away) for _ in range(QUICK + SLOW - 1)]
    for thread in threads:
        thread.start()
    with served.client() as client:
        for number in range(30):
            reply = _ask(client, f"{NAMES} LIMIT {number + 1}", Accept="text/csv")
            assert reply.status_code == 200, reply.text
            assert reply.text.count("Note") == min(number + 1, 20)
        assert not ended, "all of these were answered before the first of those was ended"
    for thread in threads:
        thread.join()
    assert set(ended) == {503}


def test_when_every_place_is_taken_a_client_is_told_so(served: Served) -> None:
    statuses = []

    def run_away() -> None:
        with served.client() as client:
            statuses.append(_ask(client, RUNAWAY).status_code)

    threads = [threading.Thread(target=run_away) for _ in range(3 * (QUICK + SLOW))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {503}
    with served.client() as client:
        assert _ask(client, NAMES, Accept="text/csv").text.count("Note") == 20
