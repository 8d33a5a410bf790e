"""The same records give the same bytes: whatever the hash seed, the workers, the order of the files, or the folder one stands in."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from benchmarks.records import make_records
from tests.running import MEDIGY, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

EXTENSIONS = ("ttl", "nt", "nq", "trig", "jsonld", "jsonldl", "rdf")
EACH = [extension if extension in {"ttl", "jsonld"} else pytest.param(extension, marks=pytest.mark.slow) for extension in EXTENSIONS]
NUMBER = 300  # more than the few that are not worth a second process


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of the seed's kind, some with a fault, so that problems are reported too."""
    return _make(tmp_path_factory.mktemp("given") / "content", range(NUMBER))


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one worker makes of them."""
    return {extension: _export(folder, tmp_path_factory.mktemp("plain") / f"graph.{extension}", "-j", "1") for extension in EXTENSIONS}


@pytest.mark.parametrize("extension", EACH)
@pytest.mark.parametrize("seed", ["1", "4242"])
def test_any_hash_seed(folder: Path, plain: dict[str, bytes], tmp_path: Path, extension: str, seed: str) -> None:
    assert _export(folder, tmp_path / f"graph.{extension}", "-j", "1", seed=seed) == plain[extension]


@pytest.mark.parametrize("extension", EACH)
def test_two_workers(folder: Path, plain: dict[str, bytes], tmp_path: Path, extension: str) -> None:
    assert _export(folder, tmp_path / f"graph.{extension}", "-j", "2") == plain[extension]


def test_more_workers_than_processors(folder: Path, plain: dict[str, bytes], tmp_path: Path) -> None:
    assert _export(folder, tmp_path / "graph.ttl", "-j", "5") == plain["ttl"]


@pytest.mark.parametrize("extension", EACH)
def test_any_order_of_making_the_files(plain: dict[str, bytes], tmp_path: Path, extension: str) -> None:
    order = list(range(NUMBER))
    random.Random(7).shuffle(order)  # an order, not a secret
    shuffled = _make(tmp_path / "content", order)
    assert _export(shuffled, tmp_path / f"graph.{extension}", "-j", "2") == plain[extension]


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_any_working_directory(folder: Path, plain: dict[str, bytes], tmp_path: Path, extension: str) -> None:
    output = tmp_path / f"graph.{extension}"
    finished = owltype("export", ".", "-o", output, "--ontology", MEDIGY, "-j", "1", cwd=folder)
    assert finished.status in {0, 1}, finished.stderr
    assert output.read_bytes() == plain[extension]


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_a_folder_or_its_subfolders_one_by_one(folder: Path, plain: dict[str, bytes], tmp_path: Path, extension: str) -> None:
    subfolders = sorted(folder.iterdir())
    output = tmp_path / f"graph.{extension}"
    finished = owltype("export", *subfolders, "-o", output, "--ontology", MEDIGY, "-j", "2")
    assert finished.status in {0, 1}, finished.stderr
    assert output.read_bytes() == plain[extension]


@pytest.mark.slow
@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_compressed_output_is_the_same_at_any_time(folder: Path, tmp_path: Path, compression: str) -> None:
    first, second = (_export(folder, tmp_path / f"{name}.ttl.{compression}", "-j", "1") for name in ("a", "b"))
    assert first == second


def test_standard_output_is_the_file(folder: Path, plain: dict[str, bytes]) -> None:
    finished = owltype("export", folder, "-o", "-", "--ontology", MEDIGY, "-j", "2")
    assert finished.stdout.encode() == plain["ttl"]


def test_problems_come_in_the_same_order(folder: Path, tmp_path: Path) -> None:
    runs = [
        owltype(
            "export", folder, "-o", tmp_path / f"{jobs}-{seed}.ttl", "--ontology", MEDIGY, "-j", jobs, environment={"PYTHONHASHSEED": seed}
        )
        for jobs, seed in (("1", "0"), ("2", "0"), ("2", "99"))
    ]
    outputs = {run.stderr.replace(f"{jobs}-{seed}.ttl", "graph.ttl") for run, jobs, seed in zip(runs, "122", ("0", "0", "99"), strict=True)}
    assert len(outputs) == 1
    assert {run.status for run in runs} == {runs[0].status}


def test_a_second_export_over_the_first_changes_no_byte(folder: Path, plain: dict[str, bytes], tmp_path: Path) -> None:
    output = tmp_path / "graph.ttl"
    shutil.copyfile(_write(tmp_path / "first.ttl", plain["ttl"]), output)
    os.utime(output, (0, 0))
    assert _export(folder, output, "-j", "2") == plain["ttl"]


def _make(folder: Path, order: range | list[int]) -> Path:
    made = list(make_records(NUMBER, seed=3, faults=0.2))
    for index in order:
        path = folder / made[index].path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[index].text, encoding="utf-8")
    return folder


def _export(folder: Path, output: Path, *options: str, seed: str = "0") -> bytes:
    finished = owltype("export", folder, "-o", output, "--ontology", MEDIGY, *options, environment={"PYTHONHASHSEED": seed})
    assert finished.status in {0, 1}, finished.stderr
    return output.read_bytes()


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
