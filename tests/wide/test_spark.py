"""`--runner spark` on this machine, with Spark itself; `make test-spark` runs it, in an environment that has pyspark."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.records import write_records
from exporter import validate
from exporter.errors import ExporterError
from exporter.wide import chunks
from exporter.wide.exporting import ClusterOptions, export_over_cluster
from exporter.wide.spark import Cluster, open_cluster
from tests.benchmarks.test_rivals import DIFFERENT
from tests.running import MEDIGY, OWLTYPE, ROOT, clean_environment, owltype
from tests.wide.killing import ONCE
from tests.wide.sites import SITES, lines_of, plain_export, same_account, write_posts

HAS_SPARK = find_spec("pyspark") is not None
with_spark = pytest.mark.skipif(not HAS_SPARK, reason="needs pyspark: `make test-spark` runs it")
pytestmark = pytest.mark.filterwarnings("ignore")  # of pyspark's own


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One session for all tests of the module, which a run finds as that of its program."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(ROOT))
        patched.setenv(ONCE, str(tmp_path_factory.mktemp("killed") / "once"))
        with open_cluster("local[2,4]", 0) as opened:
            yield opened


@with_spark
@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("site", SITES)
def test_parts_of_executors_are_the_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setattr(chunks, "_STEP", 7)
    project = SITES[site](tmp_path)
    plain, lines = plain_export(project, tmp_path)
    wide = export_over_cluster(project, str(tmp_path / "graph"), "nt")
    assert lines_of(tmp_path / "graph") == lines
    same_account(wide, plain)


@with_spark
@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("site", SITES)
def test_a_validation_whose_records_executors_map_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setattr(chunks, "_STEP", 7)
    project = SITES[site](tmp_path)
    plain = validate(project=project)
    wide = validate(project=project, cluster=ClusterOptions())
    assert wide.problems == plain.problems
    assert wide.results == plain.results
    assert (wide.checked, wide.files, dict(wide.skipped), wide.idle) == (plain.checked, plain.files, dict(plain.skipped), plain.idle)
    assert not list(Path(project.root).glob(".owltype-parts*"))


@with_spark
@pytest.mark.usefixtures("cluster")
def test_the_command_reports_and_ends_as_without_a_cluster(tmp_path: Path) -> None:
    write_records(tmp_path / "content", 60, faults=0.5)
    runs = [
        owltype(
            "validate", "content", "--ontology", MEDIGY, "-s", "medigy", "--output-format", "jsonl", "--no-cache", *runner, cwd=tmp_path
        )
        for runner in ((), ("--runner", "spark", "--spark-master", "local[2]"))
    ]
    assert runs[0].status == runs[1].status == 1
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("SH-") > 10


@with_spark
@pytest.mark.usefixtures("cluster")
def test_an_executor_that_is_killed_leaves_nothing_double_and_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_STEP", 7)
    project = write_posts(tmp_path)
    plain, lines = plain_export(project, tmp_path)
    killing = replace(project, handlers=("tests.wide.killing:KillOnce",))
    wide = export_over_cluster(killing, str(tmp_path / "graph"), "nt")
    assert Path(os.environ[ONCE]).exists()
    assert lines_of(tmp_path / "graph") == lines
    assert not [path for path in (tmp_path / "graph").iterdir() if path.name.startswith(".")]
    same_account(wide, plain)


@with_spark
@pytest.mark.usefixtures("cluster")
def test_executors_that_are_killed_always_end_the_run_in_a_sentence(
    tmp_path: Path,
) -> None:
    project = write_posts(tmp_path)
    export_over_cluster(project, str(tmp_path / "graph"), "nt")
    before = {path.name: path.read_bytes() for path in (tmp_path / "graph").iterdir()}
    with pytest.raises(ExporterError, match=r"^executors were ended from outside again and again at one part \(out of memory\?\)"):
        export_over_cluster(replace(project, handlers=("tests.wide.killing:KillAlways",)), str(tmp_path / "graph"), "nt")
    assert {path.name: path.read_bytes() for path in (tmp_path / "graph").iterdir()} == before
    assert not list(tmp_path.glob(".*"))


@with_spark
@pytest.mark.usefixtures("cluster")
def test_what_an_executor_says_comes_back_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exporter.wide.exporting.plan_digest", lambda _: "another")
    with pytest.raises(ExporterError, match=r"^the executor on \S+ has another plan than the driver: the ontology's files, a handler or"):
        export_over_cluster(write_posts(tmp_path), str(tmp_path / "graph"), "nt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "ontology"]


@with_spark
def test_the_command_says_what_it_says_without_spark(tmp_path: Path) -> None:
    write_posts(tmp_path)
    shutil.copytree(tmp_path / "content", tmp_path / "content" / "more")
    (tmp_path / "json.py").write_text("raise SystemExit('the current folder was searched')")
    plain = owltype("export", "content", "-o", "graph.nt", "-j", "2", "--no-cache", cwd=tmp_path)
    wide = owltype("export", "content", "-o", "graph", "--runner", "spark", "-j", "2", cwd=tmp_path)
    assert (wide.status, wide.stdout) == (plain.status, plain.stdout)
    assert wide.stderr == plain.stderr.replace("-> graph.nt", "-> graph")
    assert lines_of(tmp_path / "graph") == sorted((tmp_path / "graph.nt").read_text("utf-8").splitlines(keepends=True))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@with_spark
def test_the_program_that_a_user_would_write_makes_our_graph(tmp_path: Path) -> None:
    write_records(tmp_path / "content", 40)
    environment = {**clean_environment({}), "PYSPARK_PYTHON": sys.executable}
    command = [sys.executable, "-m", "benchmarks.rivals.spark_script", "content", "theirs"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert owltype("export", "content", "-o", "ours.nt", "--ontology", MEDIGY, "--no-cache", cwd=tmp_path).status == 0
    theirs = {line for part in (tmp_path / "theirs").glob("part-*") for line in part.read_text("utf-8").splitlines()}
    ours = set((tmp_path / "ours.nt").read_text("utf-8").splitlines())
    assert len(theirs) == len(ours)
    assert {line.split(" ")[1] for line in theirs ^ ours} == DIFFERENT


@with_spark
def test_a_signal_leaves_no_folder_and_no_java(tmp_path: Path) -> None:
    write_posts(tmp_path, 2000)
    command = [*OWLTYPE, "export", "content", "-o", "graph", "--runner", "spark"]
    process = subprocess.Popen(command, cwd=tmp_path, env=clean_environment({"TMPDIR": str(tmp_path)}), stderr=subprocess.PIPE, text=True)
    java: list[int] = []
    while not (java := [*_children(process.pid)]) or not list(tmp_path.glob(".graph.*/part-*")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1] == "owltype: terminated\n"
    assert process.returncode == 128 + signal.SIGTERM
    while any(Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text() for pid in java):
        time.sleep(0.05)
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("hsperfdata")) == ["content", "ontology"]


def _children(pid: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (tasks / "children").read_text().split())


@with_spark
def test_without_java_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    write_posts(tmp_path)
    environment = {"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path)}
    said = owltype("export", "content", "-o", "graph", "--runner", "spark", cwd=tmp_path, environment=environment)
    assert (said.status, said.stderr.count("\n")) == (2, 1)
    assert said.stderr.startswith("owltype: Spark needs Java 17 or newer: install it")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "ontology"]


@with_spark
def test_a_master_that_is_not_there_is_said(tmp_path: Path) -> None:
    write_posts(tmp_path)
    said = owltype("export", "content", "-o", "graph", "--runner", "spark", "--spark-master", "nowhere", cwd=tmp_path)
    assert (said.status, said.stderr.count("\n")) == (2, 1), said.stderr
    assert said.stderr.startswith("owltype: Spark could not go on: "), said.stderr
    assert "nowhere" in said.stderr


@pytest.mark.skipif(HAS_SPARK, reason="pyspark is installed: `make test` runs it without")
def test_without_pyspark_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    write_posts(tmp_path)
    said = owltype("export", "content", "-o", "graph", "--runner", "spark", cwd=tmp_path)
    assert (said.status, said.stderr) == (
        2,
        'owltype: --runner spark needs the package pyspark: pip install "owltype[spark]", and Java 17\n',
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "ontology"]


OTHERS = {
    "standard output": (["-o", "-"], "--runner spark writes a folder of parts; name it with -o"),
    "check": (["-o", "graph", "--check"], "--runner spark writes a folder of parts; it does not go with --check"),
    "split": (["-o", "graph", "--split", "class"], "--runner spark writes a folder of parts; it does not go with --split"),
    "store": (["--store", "graph"], "--runner spark writes a folder of parts; it does not go with --store"),
    "a master alone": (["-o", "graph", "--runner", "processes", "--spark-master", "local"], "--spark-master is for --runner spark"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_go_with_it_is_refused(tmp_path: Path, name: str) -> None:
    arguments, sentence = OTHERS[name]
    write_posts(tmp_path)
    said = owltype("export", "content", "--runner", "spark", *arguments, cwd=tmp_path)
    assert (said.status, said.stderr) == (2, f"owltype: {sentence}\n")
