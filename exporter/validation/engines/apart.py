"""pySHACL in a process of its own, for a thread where no timer reaches a regular expression that takes unbounded time.

python -m exporter.validation.engines.apart      # reads what to run from stdin, and writes the results to stdout, both pickled
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from exporter.validation.engines.model import EngineError
from exporter.validation.results import Result
from exporter.validation.shapes import ShapesGraph

_PROGRAM = "exporter.validation.engines.child"


def run_apart(data: bytes | Path, shapes: ShapesGraph, *, advanced: bool, pattern_seconds: float) -> tuple[Result, ...]:
    """Run the reference engine in a new process: half a second more, and its main thread can be interrupted."""
    request = pickle.dumps((data, shapes, advanced, pattern_seconds))
    # Our own program, found where this process found it, and what comes back is our own, too.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", _PROGRAM]
    done = subprocess.run(command, input=request, capture_output=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise EngineError(f"the process that ran it ended with status {done.returncode}")
    answer: tuple[Result, ...] | EngineError = pickle.loads(done.stdout)  # noqa: S301 - as above
    if isinstance(answer, EngineError):
        raise answer
    return answer
