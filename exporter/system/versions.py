"""Which version of a package is installed: owltype itself, and those that can change what it makes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.metadata import version as installed_version
from pathlib import Path

from exporter.digests import checksum


def version_of(package: str) -> str:
    """Give the version of an installed package, nothing where it is not installed."""
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return ""


def version() -> str:
    """Give the version of owltype; a work tree that was never installed has none."""
    return version_of("owltype") or "not installed"


@cache
def build() -> str:
    """Give the version of owltype with a digest of its code: a version stays while code changes, in a work tree and from commit to commit.

    The code is what the installed package's RECORD lists by its hashes; in a work tree, which lists nothing, the times of its files.
    """
    package = Path(__file__).parents[1]
    if (package.parent / "pyproject.toml").exists():
        code = repr(sorted(_written(str(package))))
    else:
        try:
            code = distribution("owltype").read_text("RECORD") or ""
        except PackageNotFoundError:
            code = ""
    return f"{version()}+{checksum(code.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _written(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _written(entry.path)
            elif not entry.name.endswith(".md"):  # what problems mean: half of the files, and no run reads them
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns
