"""The W3C suite through each engine behind our interface, every result compared with the expected report."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import ShapesError
from exporter.validation.engines import Engine, EngineError, choose, make_engine
from exporter.validation.shapes.checking import CheckOptions, check_shapes
from tests.data import W3C_SHACL as SUITE
from tests.data import needs
from tests.validation.w3c import Case, Row, find_cases, read_case, rows

CASES = [*find_cases("core"), *find_cases("sparql")]
EXCEPTIONS = {
    ("shacl", "sparql/pre-binding/unsupported-sparql-004"): "runs a nested SELECT that does not give $this instead of refusing it",
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "has no $shapesGraph",
}
"""Engine and test: why it fails. An entry that no longer fails fails the suite."""

needs_suite = needs(SUITE)


@pytest.fixture(scope="module", params=["shacl", "pyshacl"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return make_engine(request.param)


def _got(engine: Engine, case: Case) -> dict[Row, int] | None:
    try:
        return rows(engine.run(case.data, case.shapes), case.with_messages)
    except EngineError:
        return None


@needs_suite
def test_the_whole_suite_is_here() -> None:
    assert (len(find_cases("core")), len(find_cases("sparql"))) == (98, 23)


@needs_suite
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(SUITE).with_suffix("").as_posix())
def test_engine_gives_the_expected_report(engine: Engine, path: Path) -> None:
    case = read_case(path)
    right = _got(engine, case) == case.expected
    assert right != ((engine.name, case.name) in EXCEPTIONS), EXCEPTIONS.get((engine.name, case.name))


@needs_suite
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(SUITE).with_suffix("").as_posix())
def test_auto_is_never_the_engine_that_is_wrong(path: Path) -> None:
    case = read_case(path)
    try:
        check_shapes(case.shapes, CheckOptions())
    except ShapesError:
        return  # no engine sees them
    (chosen,) = choose("auto", case.shapes, lambda: [case.data])
    assert (chosen, case.name) not in EXCEPTIONS
