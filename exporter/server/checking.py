"""Validation beside a server: in a process of its own, so that neither requests nor an edit wait for it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading

from exporter.errors import ExporterError
from exporter.problems import Problem
from exporter.problems.json import from_json, to_json
from exporter.project import Project
from exporter.sparql.processes.worker import die_with_parent
from exporter.system.processes import python_command
from exporter.system.undoing import forget, ignore_endings, started, uninterrupted

_CALM = 5
"""How much the process stands back behind those that answer (its niceness)."""


class Checker:
    """Finds the problems of a project, in another process; `end` ends that one, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def find_problems(self, project: Project) -> tuple[Problem, ...]:
        """Validate a project; raises ExporterError where that can't be done, or was ended."""
        with self._lock, uninterrupted():
            if self._ended:
                raise ExporterError("the validation was ended")
            process = self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                python_command("exporter.server.checking"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            undo = started(process)
        try:
            answer, _ = process.communicate(pickle.dumps(project))  # our own object, to our own code
        finally:
            with self._lock:
                self._process = None
            forget(undo)
        found = json.loads(answer) if answer else {"error": f"the validation ended with exit status {process.returncode}"}
        if "error" in found:
            raise ExporterError(found["error"])
        return tuple(map(from_json, found["problems"]))

    def end(self) -> None:
        """End the validation that runs, and begin no other."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()


def main() -> None:
    """Validate the project that comes on standard input, and write its problems as JSON."""
    ignore_endings()
    die_with_parent()
    if sys.platform != "win32":
        os.nice(_CALM)
    from exporter.policy.runs import validate  # what answers requests needs none of this

    try:
        found: dict[str, object] = {"problems": [*map(to_json, validate(project=pickle.load(sys.stdin.buffer)).problems)]}  # noqa: S301 - from our own parent
    except ExporterError as error:
        found = {"error": str(error)}
    sys.stdout.write(json.dumps(found))
