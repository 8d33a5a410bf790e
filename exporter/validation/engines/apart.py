"""pySHACL in a process of its own, for a thread where no timer reaches a regular expression that takes unbounded time."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path

from exporter.processes import python_command
from exporter.undoing import forget, started, uninterrupted
from exporter.validation.engines.model import EngineError
from exporter.validation.results import Result
from exporter.validation.shapes import ShapesGraph

_PROGRAM = "exporter.validation.engines.child"


def run_apart(data: bytes | Path, shapes: ShapesGraph, *, advanced: bool, pattern_seconds: float) -> tuple[Result, ...]:
    """Run the reference engine in a new process: half a second more, and its main thread can be interrupted."""
    request = pickle.dumps((data, shapes, advanced, pattern_seconds))
    # Our own program, and what comes back is our own, too.
    with uninterrupted():
        process = subprocess.Popen(  # noqa: S603
            python_command(_PROGRAM), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        undo = started(process)
    with process:
        output, _ = process.communicate(request)
    forget(undo)
    if process.returncode:
        raise EngineError(f"the process that ran it ended with status {process.returncode}")
    answer: tuple[Result, ...] | EngineError = pickle.loads(output)  # noqa: S301 - as above
    if isinstance(answer, EngineError):
        raise answer
    return answer
