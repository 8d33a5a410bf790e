"""Fetch the public data that tests read, each at a pinned commit, into a folder that git ignores: `make test-data`.

A commit's name is the hash of all that it holds, and git checks it, object by object, when it receives them. `TEST_DATA_HOST` names
another host or folder of mirrors than GitHub.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.data import FETCHED

HOST = "https://github.com"


@dataclass(frozen=True, slots=True)
class Source:
    """Folders of a public repository at a commit, and the folder that they go to; `strip` is the part of their names that stays behind."""

    repository: str
    commit: str
    folders: tuple[str, ...]
    target: str
    strip: str = ""


SOURCES = (
    Source(
        "w3c/data-shapes",
        "ff9edb9c85375498b49391fb65ef3ff6525ebe08",
        ("data-shapes-test-suite/tests",),
        "suites/data-shapes",
        "data-shapes-test-suite",
    ),
    Source("OBOFoundry/OBOFoundry.github.io", "b7c0ecd46d5d641f077144eeb8f59162e9876e78", ("ontology", "registry"), "corpora/obofoundry"),
    Source("GSA/digitalgov.gov", "4979583206d90ff1707b097454a9b169ca9e95e4", ("content",), "corpora/digitalgov"),
)


def fetch(source: Source, host: str, into: Path) -> bool:
    """Put a source's folders in place, all or none; False if they are there at this commit already.

    Raises subprocess.CalledProcessError where git can't, and ValueError where it got another commit than the pinned one.
    """
    target = into / source.target
    stamp = target / ".commit"
    if stamp.exists() and stamp.read_text("utf-8").strip() == source.commit:
        return False
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        tree = Path(scratch, "tree")
        tree.mkdir()
        _git(tree, "init", "--quiet")
        _git(tree, "remote", "add", "origin", f"{host}/{source.repository}")
        _git(tree, "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--depth", "1", "--filter=blob:none", "origin", source.commit)
        received = _git(tree, "rev-parse", "FETCH_HEAD").strip()
        if received != source.commit:
            raise ValueError(f"{source.repository}: expected the commit {source.commit}, received {received}")
        _git(tree, "-c", "core.autocrlf=false", "checkout", "--quiet", source.commit, "--", *source.folders)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for folder in source.folders:
            shutil.move(tree / folder, target / Path(folder).relative_to(source.strip))
        stamp.write_text(source.commit + "\n", "utf-8")
    return True


def _git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def main(sources: Sequence[Source] = SOURCES) -> int:
    """Fetch what is absent, and say so."""
    host = os.environ.get("TEST_DATA_HOST", HOST)
    failed = 0
    for source in sources:
        try:
            new = fetch(source, host, FETCHED)
        except (subprocess.CalledProcessError, ValueError) as error:
            failed += 1
            said = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
            sys.stderr.write(f"{source.repository} can't be fetched from {host}: {said}\n")
        else:
            sys.stdout.write(f"{source.target}: {source.repository} {source.commit[:12]}{'' if new else ', there already'}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
