"""The process that `apart` starts: it reads what to run from stdin, and writes the results to stdout, both pickled."""

from __future__ import annotations

import pickle
import sys

from exporter.undoing import ignore_endings
from exporter.validation.engines.model import EngineError
from exporter.validation.engines.pyshacl import ReferenceEngine
from exporter.validation.results import Result


def main() -> None:
    """Serve one run."""
    ignore_endings()
    data, shapes, advanced, pattern_seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    answer: tuple[Result, ...] | EngineError
    try:
        answer = ReferenceEngine(pattern_seconds).run(data, shapes, advanced=advanced)
    except EngineError as error:
        answer = error
    sys.stdout.buffer.write(pickle.dumps(answer))
