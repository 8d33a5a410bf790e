"""What queries run on: every syntax, records, stores; what can't be loaded is told, and nothing is answered from old data in silence."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.dataset.index import locate_iri
from exporter.dataset.sources import DatasetSources
from exporter.errors import QueryError
from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.rdf.json_depth import is_deeper
from exporter.settings import Settings
from exporter.sparql.limits import Powers
from exporter.sparql.opening import gather_input, make_store, open_dataset, open_store
from exporter.sparql.processes.query_pool import QueryPool
from exporter.writers.formats import FORMATS
from tests.data import HOSTILE, needs

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ROOT = Path(__file__).parent.parent.parent
MEDIGY = ROOT / "examples" / "medigy" / "content"
PAGES = "SELECT ?page { ?page schema:headline ?h } ORDER BY ?page"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MEDIGY, tmp_path / "content"))


def code_of(caught: pytest.ExceptionInfo[QueryError]) -> str:
    return caught.value.problems[0].code


@pytest.mark.parametrize("format_", [row.name for row in FORMATS])
@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_every_exported_syntax_is_the_same_dataset(format_: str, compression: str, tmp_path: Path) -> None:
    extension = next(row.extensions[0] for row in FORMATS if row.name == format_)
    path = tmp_path / f"graph{extension}{compression}"
    export(MEDIGY, path, jobs=1)
    query = "PREFIX schema: <https://schema.org/> " + PAGES
    with open_dataset(MEDIGY) as records, open_dataset(path) as file:
        assert file.triples == records.triples
        assert file.query(query).rows == records.query(query).rows


def test_records_and_rdf_files_are_one_graph() -> None:
    with open_dataset([MEDIGY, ROOT / "ontology" / "medigy.ttl"]) as dataset:
        assert dataset.query("ASK { ?page a / rdfs:subClassOf* ?class . ?class a owl:Class }").value is True


def test_prefixes_of_a_file_are_known_without_an_ontology(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix ex: <https://e.org/> . ex:a ex:b ex:c .")
    with open_dataset(path) as dataset:
        assert dataset.query("ASK { ex:a ex:b ?o }").value is True


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.ttl", b"@prefix ex: <https://e.org/> .\nex:a ex:b .\n", 2),
        ("a.nt", b"<https://e.org/a> <https://e.org/b> <c d> .\n", 1),
        ("a.jsonld", b'{"@id": "https://e.org/a",\n "https://e.org/b": }', 2),
        ("a.rdf", b"<rdf:RDF", 1),
        ("a.ttl.gz", b"no gzip", 1),
        ("a.jsonldl", b'{"@id": "https://e.org/a"}\n{"@id": }\n', 2),
        ("missing.ttl", None, 1),
    ],
)
def test_file_that_cant_be_loaded_is_told_with_its_line(name: str, data: bytes | None, line: int, tmp_path: Path) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(QueryError) as caught:
        open_dataset(path)
    [problem] = caught.value.problems
    assert (problem.code, problem.location.path, problem.location.line) == ("QUERY-DATA", str(path), line)


def test_deep_json_ld_is_refused_before_a_parser_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonld"
    path.write_text('{"@id": "https://e.org/a", "https://e.org/b": ' * 50_000 + "1" + "}" * 50_000)
    with pytest.raises(QueryError, match="nested more than 200 levels deep"):
        open_dataset(path)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_keeper_that_dies_of_a_file_leaves_its_name(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "slow.nt"
    os.mkfifo(path)
    sources = DatasetSources(files=(str(path),))
    with QueryPool(sources) as pool:
        os.kill(pool.process, number)
        with pytest.raises(QueryError, match="the file is nested too deeply") as caught:
            pool.wait()
    assert caught.value.problems[0].location.path in {str(path), "-"}


@needs(HOSTILE)
def test_shared_deep_json_ld_is_told() -> None:
    with pytest.raises(QueryError) as caught:
        open_dataset(HOSTILE / "ontology" / "e07_deep.jsonld")
    assert code_of(caught) == "QUERY-DATA"


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "xxe.rdf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e.org/">'
        '<rdf:Description rdf:about="https://e.org/a"><e:b>&x;</e:b></rdf:Description></rdf:RDF>'
    )
    with pytest.raises(QueryError) as caught:
        open_dataset(path)
    assert code_of(caught) == "QUERY-DATA"


def test_store_answers_as_the_records_do(content: Path, tmp_path: Path) -> None:
    with open_dataset(content) as records, open_dataset(content, store=tmp_path / "store") as store:
        assert not store.problems
        assert store.triples == records.triples
        assert store.query(PAGES).rows == records.query(PAGES).rows
        iri = str(store.query(PAGES).rows[0][0])[1:-1]
        assert locate_iri(iri, store.index) == locate_iri(iri, records.index) is not None


def test_store_is_made_once_and_asked_without_its_records(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    before = (tmp_path / "store" / "owltype-store.json").stat().st_mtime_ns
    with open_dataset(store=tmp_path / "store") as dataset:
        assert dataset.query(PAGES)
    assert (tmp_path / "store" / "owltype-store.json").stat().st_mtime_ns == before


def test_store_that_is_older_than_its_records_says_so(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    first, second, third = sorted(content.rglob("*.md"))[:3]
    first.write_text(first.read_text() + "\nmore")
    second.unlink()
    shutil.copy(third, third.with_name("new.md"))
    for paths in ([content], []):
        with open_dataset(paths, store=tmp_path / "store") as dataset:
            [problem] = dataset.problems
        assert problem.code == "QUERY-STALE"
        assert "1 file changed" in problem.message
        assert "1 file removed" in problem.message
        assert ("1 file added" in problem.message) is bool(paths)


def test_touched_file_with_the_same_content_is_not_stale(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    for path in content.rglob("*.md"):
        os.utime(path, (1, 1))
    with open_dataset(content, store=tmp_path / "store") as dataset:
        assert not dataset.problems


def test_refresh_makes_the_store_again(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    source = gather_input(make_project(content, settings=Settings()))
    min(content.rglob("*.md")).unlink()
    with open_store(tmp_path / "store", source, Powers(), refresh=True) as dataset:
        assert not dataset.problems
        pages = len(dataset.query(PAGES))
    with open_dataset(content) as records:
        assert len(records.query(PAGES)) == pages


@pytest.mark.slow
def test_many_readers_at_once(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    counts: list[int] = []

    def read() -> None:
        with open_dataset(store=tmp_path / "store") as dataset:
            counts.append(len(dataset.query(PAGES)))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 6
    assert len(set(counts)) == 1


def test_store_in_use_is_not_replaced(content: Path, tmp_path: Path) -> None:
    with open_dataset(content, store=tmp_path / "store") as dataset:
        with pytest.raises(QueryError, match="another process is reading or writing"):
            make_store(tmp_path / "store", gather_input(make_project(content, settings=Settings())))
        assert dataset.query(PAGES)


def test_store_that_a_server_writes_is_told(content: Path, tmp_path: Path) -> None:
    open_dataset(content, store=tmp_path / "store").close()
    graph = str(tmp_path / "store" / "graph")
    script = f"import pyoxigraph, time; store = pyoxigraph.Store({graph!r}); print('open', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        with pytest.raises(QueryError, match="open for writing"):
            open_dataset(store=tmp_path / "store")
        server.kill()


def test_folder_that_is_no_store_is_left_alone(content: Path) -> None:
    with pytest.raises(QueryError, match="something other than a store"):
        open_dataset(content, store=content)
    with pytest.raises(QueryError, match="no store"):
        open_dataset(store=content / "nowhere")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_store_survives_a_rebuild_that_is_killed(content: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    open_dataset(content, store=folder).close()
    with open_dataset(store=folder) as dataset:
        expected = dataset.query(PAGES).rows
    script = (
        "from pathlib import Path; from exporter.sparql.opening import gather_input, make_store\n"
        f"while True: make_store(Path({str(folder)!r}), gather_input([{str(content)!r}], ()))"
    )
    for delay in (0.4, 0.45, 0.5, 0.55, 0.6):
        with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as builder:
            time.sleep(delay)
            builder.send_signal(signal.SIGKILL)
        with open_dataset(content, store=folder) as dataset:
            assert dataset.query(PAGES).rows == expected


def test_literals_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text('<https://e.org/a> <https://e.org/b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')
    with open_dataset(path) as dataset:
        [[cell]] = dataset.query("SELECT ?o { ?s ?p ?o }").rows
    assert isinstance(cell, ox.Literal)
    assert cell.value == "01"


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    if sys.platform == "linux":
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        assert not children


@pytest.mark.slow
def test_compressed_bomb_is_read_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "spaces.nt.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(16):
            file.write(b"\n" * 1_000_000)
    with open_dataset(path) as dataset:
        assert dataset.triples == 0


@given(depth=st.integers(0, 6), texts=st.lists(st.text(alphabet='[]{}"\\a', max_size=8), max_size=6), chunk=st.integers(1, 7))
def test_depth_is_that_of_the_parsed_value(depth: int, texts: list[str], chunk: int) -> None:
    value: object = texts
    for _ in range(depth):
        value = {"k[": value}

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, chunk))

    data = json.dumps(value).encode()
    assert not is_deeper(Slow(data), depth + 1)
    assert is_deeper(Slow(data), depth)
