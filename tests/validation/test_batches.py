"""Shapes checked in batches and over parts of the data give each result that a run over everything gives, and no other.

A case is a folder of `batches` with `shapes.ttl`, perhaps a `data.ttl` in place of the one that most share, and `split.txt`: how the shapes
are split, and how many results there are.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.validation.batches import cutting
from exporter.validation.batches.running import Batching, Parts
from exporter.validation.data.data_file import DataFile
from exporter.validation.engines import Engine, EngineError, make_engine
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes
from exporter.validation.validating import validate
from tests.cases import Snapshot, discover, find
from tests.data import DIGITALGOV, OBOFOUNDRY, needs
from tests.data import W3C_SHACL as SUITE
from tests.running import owltype
from tests.validation.w3c import find_cases, read_case

FOLDER = Path(__file__).parent / "batches"
SIZES = (1, 3, 100)


@pytest.fixture(scope="module")
def fast() -> Engine:
    return make_engine("shacl")


@pytest.fixture(scope="module")
def reference() -> Iterator[Engine]:
    engine = make_engine("pyshacl", 60)
    yield engine
    engine.close()


def _read(case: Path) -> tuple[ShapesGraph, bytes]:
    shapes = join_shapes([read_shapes("shapes.ttl", (case / "shapes.ttl").read_bytes())])
    file = case / "data.ttl"
    return shapes, _ntriples((file if file.exists() else FOLDER / "data.ttl").read_bytes())


def _ntriples(turtle: bytes) -> bytes:
    """Keep the order of the file, which says where batches begin."""
    return b"".join(f"{quad.triple} .\n".encode() for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))


@contextmanager
def _parts(shapes: ShapesGraph, data: bytes, batching: Batching) -> Iterator[Parts]:
    with DataFile() as file:
        file.append(data)
        with Parts(file, shapes, batching) as parts:
            yield parts


def check(engine: Engine, shapes: ShapesGraph, data: bytes, size: int) -> tuple[ValidationResult, ...]:
    """Give the results of a run in batches."""
    with _parts(shapes, data, Batching(size=size, least=0)) as parts:
        return parts.check(engine, 1)


def whole(engine: Engine, shapes: ShapesGraph, data: bytes) -> tuple[ValidationResult, ...]:
    """Give the results of a run over everything at once."""
    with _parts(shapes, data, Batching(whole=True)) as parts:
        return parts.check(engine, 1)


@discover(__file__, least=60, below="batches")
def test_batches_give_the_results_of_the_whole(case: Path, fast: Engine, snapshot: Snapshot) -> None:
    shapes, data = _read(case)
    expected = whole(fast, shapes, data)
    for size in SIZES:
        assert check(fast, shapes, data, size) == expected
    with _parts(shapes, data, Batching(size=1, least=0)) as parts:
        assert parts.split is not None
        lines = [*parts.split.lines(), f"{len(expected)} results", ""]
    snapshot({case / "split.txt": "\n".join(lines)})


def _cases() -> Sequence[Path]:
    return find(__file__, below="batches")


def test_most_cases_have_results(fast: Engine) -> None:
    assert sum(bool(whole(fast, *_read(case))) for case in _cases()) > 0.8 * len(_cases())


def test_batches_without_what_focus_nodes_lead_to_are_wrong(fast: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting._Cut, "_follow", lambda *_: None)
    wrong = [case.name for case in _cases() if check(fast, *_read(case), 1) != whole(fast, *_read(case))]
    assert len(wrong) > 15


@pytest.mark.slow
@discover(__file__, least=60, below="batches")
def test_batches_give_the_results_of_the_whole_in_the_other_engine(case: Path, reference: Engine) -> None:
    shapes, data = _read(case)
    assert check(reference, shapes, data, 3) == whole(reference, shapes, data)


@pytest.mark.slow
@needs(SUITE)
@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("path", [*find_cases("core"), *find_cases("sparql")], ids=lambda path: path.stem)
def test_batches_give_the_results_of_the_whole_for_the_suite_of_the_w3c(path: Path, size: int, fast: Engine) -> None:
    case = read_case(path)
    assert _found(lambda: check(fast, case.shapes, case.data, size)) == _found(lambda: whole(fast, case.shapes, case.data))


def _found(run: Callable[[], tuple[ValidationResult, ...]]) -> tuple[ValidationResult, ...] | str:
    try:
        return run()
    except EngineError as error:
        return str(error)


HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DIGITALGOV_EXAMPLE = ROOT / "examples" / "digitalgov"
PROJECTS: dict[str, tuple[Path, Path | str, Path | str]] = {
    "medigy": (ROOT / "examples" / "medigy" / "content", "medigy", "medigy"),
    "digitalgov": (DIGITALGOV / "content", DIGITALGOV_EXAMPLE / "ontology.ttl", DIGITALGOV_EXAMPLE / "shapes.ttl"),
    "obofoundry": (OBOFOUNDRY / "ontology", HERE / "obofoundry" / "ontology.ttl", HERE / "obofoundry" / "shapes.ttl"),
}


@pytest.mark.slow
@needs(DIGITALGOV, OBOFOUNDRY)
@pytest.mark.parametrize("name", PROJECTS)
def test_records_have_the_problems_of_a_run_over_everything(name: str) -> None:
    content, ontology, shapes = PROJECTS[name]
    expected = validate(content, ontology=ontology, shapes=shapes, batching=Batching(whole=True))
    for size in (20, 5_000):
        found = validate(content, ontology=ontology, shapes=shapes, batching=Batching(size=size, least=0), jobs=2)
        assert found.split is not None
        assert found.split.local
        assert (found.results, found.problems) == (expected.results, expected.problems)


@pytest.mark.parametrize("case", find(__file__, below="found"), ids=lambda case: case.name)
def test_batches_give_the_results_of_the_whole_for_shapes_of_other_tests(case: Path, fast: Engine) -> None:
    shapes, data = _read(case)
    assert check(fast, shapes, data, 1) == whole(fast, shapes, data)


def test_how_each_shape_is_checked_is_said(tmp_path: Path) -> None:
    for name in ("data.ttl", "inverse/shapes.ttl"):
        shutil.copy(FOLDER / name, tmp_path)
    ran = owltype("validate", tmp_path / "data.ttl", "-s", tmp_path / "shapes.ttl", "-v", "--whole")
    assert "  crossing: :S, because of sh:inversePath" in ran.stderr.splitlines()
