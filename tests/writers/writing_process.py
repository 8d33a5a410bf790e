"""A process that forks writers of one file and kills each at a random moment; says what it found. Run by `test_files.py`."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from exporter.writers.files import AtomicFile

SIZE = 400_000


def content(number: int) -> bytes:
    """What one writer writes: one number, over and over."""
    return b"%08d\n" % number * (SIZE // 9)


def main(target: Path, kills: int) -> None:
    """Fork, kill, look; the line that is printed counts what stood there afterwards."""
    chance = random.Random(7)  # moments, not secrets
    target.write_bytes(content(0))
    standing = 0
    counts = {"old": 0, "new": 0}
    whole = _time_of_writing(target)
    for number in range(1, kills + 1):
        child = os.fork()
        if child == 0:
            write(target, number)
        time.sleep(chance.uniform(0, 2 * whole))
        os.kill(child, chance.choice([signal.SIGKILL, signal.SIGTERM]))
        os.waitpid(child, 0)
        found = int(target.read_bytes()[:8])
        if found not in {standing, number} or target.read_bytes() != content(found):
            raise SystemExit(f"torn after kill {number}")
        counts["new" if found == number else "old"] += 1
        standing = found
    with AtomicFile(target) as file:
        file.write(content(0))
    print(counts["old"], counts["new"], sorted(path.name for path in target.parent.iterdir()))  # noqa: T201  # read by the test


def _time_of_writing(target: Path) -> float:
    """Time writers that nobody kills, forked as the others are: how long they take depends on what else the machine does."""
    start = time.monotonic()
    for _ in range(5):
        child = os.fork()
        if child == 0:
            write(target, 0)
        os.waitpid(child, 0)
    return (time.monotonic() - start) / 5


def write(target: Path, number: int) -> None:
    """Write in pieces, as an export does."""
    data = content(number)
    with AtomicFile(target) as file:
        for start in range(0, len(data), 10_000):
            file.write(data[start : start + 10_000])
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
