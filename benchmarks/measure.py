"""Measure a command as a whole process: wall time, processor time and peak memory, its workers included.

The kernel's own account (`wait4`) gives the times and the largest process; the sum over the processes is sampled from `/proc`, so this runs
on Linux only. Workers that were forked share pages with their parent: the sum counts those pages once for each, so it is an upper bound.
"""

from __future__ import annotations

import os
import resource
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.02
PAGE_MB = os.sysconf("SC_PAGESIZE") / 1e6


class CommandFailedError(Exception):
    """A measured command ended with an exit status that nobody expected."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run: seconds of wall and processor time, megabytes (10⁶ bytes) of the largest process and of all together at their peak."""

    wall: float
    cpu: float
    largest_mb: float
    sum_mb: float


def measure(
    command: Sequence[str], environment: Mapping[str, str] | None = None, expected: Sequence[int] = (0,), folder: Path | None = None
) -> Measurement:
    """Run a command to its end, in a folder, and measure it; its output is thrown away.

    Raises:
        CommandFailedError: its exit status is not an expected one; the error holds what it wrote to stderr.

    >>> measure(["true"]).wall < 60
    True
    """
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, stdin=subprocess.DEVNULL, env=_environment(environment), cwd=folder
        )
        sum_mb, status, usage = _watch(process.pid)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in expected:
            errors.seek(0)
            raise CommandFailedError(
                f"{' '.join(command)}: exit status {process.returncode}\n{errors.read().decode(errors='replace')[-2000:]}"
            )
    largest = usage.ru_maxrss * 1024 / 1e6
    return Measurement(wall, usage.ru_utime + usage.ru_stime, largest, max(sum_mb, largest))


def median_run(runs: Sequence[Measurement]) -> Measurement:
    """The median run by wall time, with the highest memory of all.

    >>> median_run([Measurement(3, 3, 10, 10), Measurement(1, 1, 12, 12), Measurement(2, 2, 11, 11)])
    Measurement(wall=2, cpu=2, largest_mb=12, sum_mb=12)
    """
    middle = sorted(runs, key=lambda run: run.wall)[len(runs) // 2]
    return Measurement(middle.wall, middle.cpu, max(run.largest_mb for run in runs), max(run.sum_mb for run in runs))


def fastest_run(runs: Sequence[Measurement]) -> Measurement:
    """The least time of wall and processor, each by itself, with the highest memory of all: others that use the machine only add to it.

    >>> fastest_run([Measurement(3, 1, 10, 10), Measurement(1, 2, 12, 12)])
    Measurement(wall=1, cpu=1, largest_mb=12, sum_mb=12)
    """
    return Measurement(
        min(run.wall for run in runs),
        min(run.cpu for run in runs),
        max(run.largest_mb for run in runs),
        max(run.sum_mb for run in runs),
    )


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(extra or {})}


def _watch(pid: int) -> tuple[float, int, resource.struct_rusage]:
    """Wait for a process, sampling the memory of its family: the largest sum, exit status and resource usage."""
    peak = 0.0
    handle = os.pidfd_open(pid)
    try:
        while not select.select([handle], [], [], SAMPLE_SECONDS)[0]:
            peak = max(peak, _family_mb(pid))
    finally:
        os.close(handle)
    _, status, usage = os.wait4(pid, 0)
    return peak, status, usage


def _family_mb(pid: int) -> float:
    """Resident memory of a process and all its descendants now; one that has just ended counts nothing."""
    folder = Path("/proc", str(pid))
    try:
        own = int((folder / "statm").read_text().split()[1]) * PAGE_MB
        children = [child for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    except (OSError, IndexError):
        return 0.0
    return own + sum(_family_mb(int(child)) for child in children)
