"""Write requirements for one end of the bounds in pyproject.toml: `lowest` (each of them at its lower bound) or `newest`.

Packages that we don't use ourselves come as new as they fit. A resolver's own notion of "lowest" would take theirs from the year that
they began in, which tests nothing of ours.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ("mypy", "ruff", "types-")
"""What checks the source and runs nothing."""


def requirements(end: str) -> list[str]:
    """Give the lines; tools for tests are as new as they come at both ends."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    ours = [*project["dependencies"], *extras["zstd"]]
    tests = [line for line in extras["test"] if not line.startswith(("owltype", *TOOLS))]
    build = [line for line in (ROOT / "requirements" / "build.in").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [*(map(lowest, ours) if end == "lowest" else ours), *tests, *build]


def lowest(line: str) -> str:
    """Pin a requirement to its lower bound."""
    return re.sub(r">=([0-9.]+).*", r"==\1", line)


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in requirements(sys.argv[1])))
