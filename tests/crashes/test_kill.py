"""A kill at any moment leaves the old file or the new one; `python -m tests.crashes.kill --times 200` does it more often."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crashes.kill import kill_often, prepare, strays


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path, jobs: int) -> None:
    scene = prepare(tmp_path, records=300, jobs=jobs)
    counts = kill_often(scene, times=8, seed=jobs)
    assert counts.total() == 8
    assert counts["torn"] == 0
    assert strays(scene) == []
