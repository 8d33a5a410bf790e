"""Run `owltype` as a user does: a process of its own, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEDIGY = ROOT / "ontology" / "medigy.ttl"
OWLTYPE = (sys.executable, "-m", "exporter")
PATIENCE = 120  # seconds; a run that hangs fails its test


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that has ended."""

    status: int
    stdout: str
    stderr: str


def owltype(*arguments: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> Finished:
    """Run `owltype` with these arguments; it may fail, but not crash."""
    process = subprocess.run(
        [*OWLTYPE, *map(str, arguments)],
        cwd=cwd,
        env=clean_environment(environment or {}),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    finished = Finished(process.returncode, process.stdout.decode(), process.stderr.decode())
    assert "Traceback" not in finished.stderr, finished.stderr
    assert "internal error" not in finished.stderr, finished.stderr
    return finished


def clean_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without settings of ours, and this tree's package."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OWLTYPE_")}
    return {**inherited, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **extra}
