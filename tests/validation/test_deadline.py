"""A regular expression that takes unbounded time is given up, with the shape named, whatever thread it runs in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from exporter.validation.engines import EngineError
from exporter.validation.engines.pyshacl import ReferenceEngine
from exporter.validation.loading import read_shapes
from exporter.validation.results import Result
from exporter.validation.shapes import ShapesGraph

TEXT = b'<urn:x> <urn:p> "' + b"a" * 40 + b'" .\n'


def _shapes(pattern: str) -> ShapesGraph:
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> ."
    text = f'{prefix}\n<urn:s> sh:targetNode <urn:x> ; sh:property <urn:q> .\n<urn:q> sh:path <urn:p> ; sh:pattern "{pattern}" .'
    return read_shapes("s.ttl", text.encode())


def _run(pattern: str) -> tuple[Result, ...]:
    return ReferenceEngine(pattern_seconds=0.3).run(TEXT, _shapes(pattern))


def test_slow_match_is_given_up_in_the_main_thread() -> None:
    with pytest.raises(EngineError, match="takes unbounded time with a value of 40 characters") as caught:
        _run("^(a+)+b")
    assert caught.value.shape == "urn:q"


def test_slow_match_is_given_up_in_another_thread() -> None:
    with ThreadPoolExecutor() as pool:
        with pytest.raises(EngineError, match="takes unbounded time with a value of 40 characters") as caught:
            pool.submit(_run, "^(a+)+b").result(timeout=60)
        assert caught.value.shape == "urn:q"


def test_results_are_the_same_in_another_thread() -> None:
    with ThreadPoolExecutor() as pool:
        assert pool.submit(_run, "^b").result(timeout=60) == _run("^b") != ()
