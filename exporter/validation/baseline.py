"""The baseline: a file of problems that a team has known about, so that only others count.

Each problem is held under a fingerprint that does not depend on line numbers; what else the file says of it is for people who read
its diff.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from exporter.errors import UsageError
from exporter.problems import Problem

_VERSION = 1


def read_baseline(path: str | Path) -> frozenset[str]:
    """Read the fingerprints of a baseline file; raises UsageError for a file that is none."""
    try:
        found = json.loads(Path(path).read_text("utf-8"))
        if found["version"] != _VERSION:
            raise UsageError(f"{path}: a baseline of version {found['version']}, and version {_VERSION} is read; write it anew")
        return frozenset(str(entry["fingerprint"]) for entry in found["problems"])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {reason}; write a baseline with --update-baseline") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: this is no baseline file ({error}); write it anew with --update-baseline") from None


def write_baseline(problems: Sequence[Problem], fingerprints: Sequence[str]) -> bytes:
    """Write a baseline of the problems, sorted, one a line, so that a diff shows what came and went."""
    entries = sorted((problem.location.path, problem.code, problem.key, name) for problem, name in zip(problems, fingerprints, strict=True))
    rows = [json.dumps({"path": p, "code": c, "key": k, "fingerprint": f}, ensure_ascii=False) for p, c, k, f in entries]
    listed = ",\n  ".join(rows)
    return f'{{"version": {_VERSION}, "problems": [\n  {listed}\n]}}\n'.encode() if rows else b'{"version": 1, "problems": []}\n'


def new_problems(problems: Sequence[Problem], fingerprints: Sequence[str], known: frozenset[str]) -> list[Problem]:
    """Give the problems that the baseline does not know.

    >>> from exporter.problems import Location
    >>> found = [Problem("X", Location("a.md"), "one"), Problem("Y", Location("a.md"), "two")]
    >>> [problem.code for problem in new_problems(found, ["f1", "f2"], frozenset({"f1"}))]
    ['Y']
    """
    return [problem for problem, name in zip(problems, fingerprints, strict=True) if name not in known]
