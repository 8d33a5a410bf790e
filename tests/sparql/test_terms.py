"""Terms are matched, compared, sorted and shown as SPARQL 1.1 says: each case is data, a query, and the rows that are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.sparql.opening import open_dataset
from exporter.sparql.processes.reply import Request
from tests.cases import discover
from tests.cli.test_nothing_looked_at import ONTOLOGY
from tests.running import owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


@discover(__file__, below="cases/terms")
def test_rows_are_right(case: Path, tmp_path: Path) -> None:
    [data] = case.glob("data.*")
    query, expected = (case / "query.rq").read_text("utf-8"), (case / "expected.tsv").read_text("utf-8")
    with open_dataset(data) as dataset, dataset.ask(Request(query, "tsv")) as reply:
        assert reply.read().decode() == expected
        assert reply.outcome is not None
        assert not [problem for problem in reply.outcome.problems if problem.code in {"QUERY-TERM", "QUERY-NUMBERS"}]
    with open_dataset(data, store=tmp_path / "store") as dataset, dataset.ask(Request(query, "tsv")) as reply:
        assert reply.read().decode() == expected


@pytest.mark.slow
def test_numbers_that_no_query_can_calculate_with_are_told(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<urn:a> <urn:b> 12345678901234567890 , 0.1234567890123456789 , 5 .\n")
    for arguments in (("-d", "data.ttl"), ("--store", "store", "-d", "data.ttl"), ("--store", "store")):
        done = owltype("query", *arguments, "ASK { ?s ?p 5 }", cwd=tmp_path)
        assert (done.status, done.stdout) == (0, "true\n")
        assert "QUERY-NUMBERS 2 values are beyond" in done.stderr


def test_nothing_untrue_is_said_of_a_datatype(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text('<urn:a> <urn:b> "3"^^<http://www.w3.org/2001/XMLSchema#int> , "x"^^<urn:type> .\n')
    for query in ("ASK { ?s ?p ?o FILTER(DATATYPE(?o) = xsd:byte) }", "ASK { ?s ?p ?o FILTER(DATATYPE(?o) = <urn:type> && ?o = 1) }"):
        declared = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> {query}"
        done = owltype("query", "-d", "data.ttl", declared, cwd=tmp_path)
        assert (done.status, done.stdout) == (0, "false\n")
        assert "nowhere" not in done.stderr
        assert "neither" not in done.stderr


def test_a_quoted_triple_of_rdf_star_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "old.nt").write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> << <urn:a> <urn:b> <urn:c> >> .\n")
    done = owltype("query", "-d", "old.nt", "ASK {}", cwd=tmp_path)
    assert done.status == 2
    assert done.stderr.startswith("old.nt:2:17: error QUERY-DATA a quoted triple")


@pytest.mark.slow
def test_records_keep_what_the_ontology_says_of_them(tmp_path: Path) -> None:
    language = 'rdfs:range <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> ; map:language "en-GB"'
    count = 'ex:count a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:nonNegativeInteger ; map:key "count" .\n'
    (tmp_path / "site.ttl").write_text(ONTOLOGY.replace("rdfs:range xsd:string", language) + count)
    (tmp_path / "a.md").write_text("---\nowlType: Page\ntitle: A\ncount: 3\n---\n")
    for query in ('ASK { ?s ex:title ?t FILTER(LANG(?t) = "en-GB") }', 'ASK { ?s ex:count "3"^^xsd:nonNegativeInteger FILTER(3 = 3) }'):
        for source in (("-d", "a.md"), ("--store", "store", "-d", "a.md"), ("--store", "store")):
            done = owltype("query", *source, "--ontology", "site.ttl", query, cwd=tmp_path)
            assert (done.status, done.stdout, done.stderr) == (0, "true\n", ""), source
