"""The data of others that tests read: beside the project (`../shared`), or where `make test-data` puts what is public (`.test-data`).

A test says what it needs with `@needs(…)`. Where that is absent it is skipped by name and counted at the end; in CI it fails.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BESIDE = ROOT.parent / "shared"
FETCHED = ROOT / ".test-data"


def find(*parts: str) -> Path:
    """Give the path of a file or folder of the data: beside the project, else where it is fetched to."""
    fetched = FETCHED.joinpath(*parts)
    beside = BESIDE.joinpath(*parts)
    return fetched if fetched.exists() and not beside.exists() else beside


DIGITALGOV = find("corpora", "digitalgov")
OBOFOUNDRY = find("corpora", "obofoundry")
HOSTILE = find("hostile")
SEED = find("seed", "overcoming-challenges-for-the-future-of-telehealth.md")
W3C_SHACL = find("suites", "data-shapes", "tests")
CORPORA = (DIGITALGOV, OBOFOUNDRY)


def needs(*paths: Path) -> pytest.MarkDecorator:
    """Mark a test that can't do without these; `tests/conftest.py` heeds the mark."""
    return pytest.mark.needs_data(*paths)


def require(*paths: Path) -> None:
    """Skip the test that runs if one of these is absent; fail it in CI."""
    for path in paths:
        if not path.exists():
            message = f"for want of {name(path)}"
            if os.environ.get("CI"):
                pytest.fail(f"{message}: in CI nothing may be skipped for that", pytrace=False)
            pytest.skip(message)


def name(path: Path) -> str:
    """Name data without the folder that they are looked for in."""
    root = next(root for root in (BESIDE, FETCHED) if path.is_relative_to(root))
    public = {DIGITALGOV, OBOFOUNDRY, W3C_SHACL} & {path, *path.parents}
    return f"{path.relative_to(root).as_posix()} ({'make test-data fetches it' if public else 'beside the project only'})"
