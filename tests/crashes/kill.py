"""Kill `owltype export` at random moments, and see what stands in the output's place.

    python -m tests.crashes.kill --times 200

Each run starts over an older output and is killed (SIGKILL: no handler runs, no buffer is flushed) after a random part of the time that a
whole run takes. What stands there must be the old file or the new one, byte for byte; workers must end by themselves; and the next
run must leave no temporary file.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import write_records
from tests.running import MEDIGY, OWLTYPE, ROOT, clean_environment

GRACE = 10  # seconds that workers have to notice that their parent is gone


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder of records, an output that stands, and what a whole run makes of it."""

    folder: Path
    output: Path
    old: bytes
    new: bytes
    seconds: float
    jobs: int


def prepare(work: Path, records: int, jobs: int) -> Scene:
    """Make records, export them whole once, and time it."""
    folder = work / "records"
    output = work / "out" / "graph.ttl"
    output.parent.mkdir()
    write_records(folder, records)
    start = time.monotonic()
    subprocess.run(_command(folder, output, jobs), env=clean_environment({}), cwd=ROOT, check=True)
    return Scene(folder, output, b"# an older export\n", output.read_bytes(), time.monotonic() - start, jobs)


def kill_once(scene: Scene, moment: float) -> str:
    """Start an export, kill it after `moment` seconds, and say what stands: `old`, `new` or `torn`."""
    scene.output.write_bytes(scene.old)
    process = subprocess.Popen(
        _command(scene.folder, scene.output, scene.jobs), env=clean_environment({}), cwd=ROOT, start_new_session=True
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
    process.wait()
    _await_workers(process.pid)
    return {scene.old: "old", scene.new: "new"}.get(scene.output.read_bytes(), "torn")


def kill_often(scene: Scene, times: int, seed: int = 1) -> Counter[str]:
    """Kill an export at `times` random moments and count what stood each time."""
    chance = random.Random(seed)  # moments, not secrets
    return Counter(kill_once(scene, chance.uniform(0, scene.seconds * 1.05)) for _ in range(times))


def strays(scene: Scene) -> list[str]:
    """Export once more, whole, and list what stands beside the output."""
    subprocess.run(_command(scene.folder, scene.output, scene.jobs), env=clean_environment({}), cwd=ROOT, check=True)
    return sorted(path.name for path in scene.output.parent.iterdir() if path != scene.output)


def _command(folder: Path, output: Path, jobs: int) -> list[str]:
    return [*OWLTYPE, "export", str(folder), "-o", str(output), "--ontology", str(MEDIGY), "-j", str(jobs), "-q"]


def _await_workers(session: int) -> None:
    """Wait until no process of the session is left.

    Raises:
        AssertionError: a worker outlives its parent.
    """
    end = time.monotonic() + GRACE
    while True:
        if not living(session):
            return
        if time.monotonic() > end:
            os.killpg(session, signal.SIGKILL)
            raise AssertionError(f"a worker is still there {GRACE} s after its parent was killed")
        time.sleep(0.02)


def living(session: int) -> list[int]:
    """The processes of a session that run; one that ended and that nobody has waited for is none."""
    living = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of_session) == session and state != "Z":
            living.append(int(folder.name))
    return living


def main() -> int:
    """Kill as often as the command line asks, and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes.kill", description="Kill exports at random moments.")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scene = prepare(Path(name), options.records, options.jobs)
        counts = kill_often(scene, options.times, options.seed)
        left = strays(scene)
    stood = ", ".join(f"{counts[what]} {what}" for what in ("old", "new", "torn"))
    print(f"{options.times} kills within {scene.seconds:.2f} s: {stood}; temporary files left by the next run: {left or 'none'}")  # noqa: T201  # a script
    return 1 if counts["torn"] or left else 0


if __name__ == "__main__":
    raise SystemExit(main())
