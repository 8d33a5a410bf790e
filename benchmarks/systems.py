"""What is measured: the commands, and the formats and sizes that each is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RIVALS = ROOT / "benchmarks" / "rivals"
ONTOLOGY = ROOT / "ontology" / "medigy.ttl"
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "CI": "1"}
"""Our package is run from this tree; `CI` keeps progress bars away, as a pipe does."""


@dataclass(frozen=True, slots=True)
class System:
    """A way to export a folder: a command that is followed by the folder and the output, unless they have places of their own."""

    name: str
    command: tuple[str, ...]
    formats: tuple[str, ...] = ("ttl", "nt")
    up_to: int | None = None

    def call(self, folder: Path, output: Path) -> list[str]:
        """Fill in the folder and the output.

        >>> System("copy", ("cp", "-r", "{folder}", "{output}")).call(Path("a"), Path("b"))
        ['cp', '-r', 'a', 'b']
        """
        return [part.format(folder=folder, output=output) for part in self.command]


def systems(morph_python: Path | None, rivals_up_to: int) -> Sequence[System]:
    """List the systems, the rival that ratios are taken against first."""
    export = (*owltype("export"), "{folder}", "-o", "{output}", "--ontology", str(ONTOLOGY), "-q")
    script = System("script", (sys.executable, str(RIVALS / "script.py"), "{folder}", "{output}"), up_to=rivals_up_to)
    ours = [System("owltype, 1 worker", (*export, "-j", "1")), System("owltype, 2 workers", (*export, "-j", "2"))]
    if morph_python is None:
        return [script, *ours]
    return [
        script,
        System("morph-kgc", (str(morph_python), str(RIVALS / "morph.py"), "{folder}", "{output}"), ("nt",), rivals_up_to),
        *ours,
    ]


def owltype(*arguments: str) -> tuple[str, ...]:
    """Our command, run from this tree by the Python that runs the benchmarks."""
    return (sys.executable, "-m", "exporter", *arguments)


def find_morph_python() -> Path | None:
    """Find the environment that `make bench` makes for morph-kgc, which needs an older pyoxigraph than ours."""
    python = Path(os.environ.get("MORPH_PYTHON", ROOT / ".venv-morph" / "bin" / "python"))
    return python if python.exists() else None
