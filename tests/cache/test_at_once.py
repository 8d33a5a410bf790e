"""Several runs at once, some of which are killed, never see half of what another writes."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from exporter.cache.folder import Cache
from exporter.cache.trust import distrust
from exporter.tree import CACHE_FOLDER

NAMES = ("index", "text-1", "text-2")
SIZE = 40_000


def work(folder: Path, seed: int, seconds: float) -> None:
    """Read and write, and now and then remove everything; what is read is whole, and all of one writing."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        cache = Cache(folder, limit=3 * SIZE)
        for _ in range(20):
            name = chance.choice(NAMES)
            if chance.random() < 0.5:
                number = bytes([chance.randrange(256)])
                cache.write(name, [number * (SIZE // 3), number * (SIZE // 3)])
            elif (found := cache.read(name)) is not None:
                assert len(set(bytes(found))) == 1
        if chance.random() < 0.1:
            cache.clear()
        wrong = [note.text for note in cache.notes if "is more than" not in note.text]
        assert not wrong, wrong


def fork(folder: Path, seed: int, seconds: float) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(folder, seed, seconds)
        except BaseException as error:  # noqa: BLE001 - the status says it
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return child


def test_runs_at_once_never_harm_each_other(tmp_path: Path) -> None:
    folder = tmp_path / CACHE_FOLDER
    children = [fork(folder, seed, 1.5) for seed in range(4)]
    doomed = [fork(folder, seed, 60.0) for seed in range(10, 13)]
    time.sleep(0.7)
    for child in doomed:
        os.kill(child, signal.SIGKILL)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in doomed] == [-signal.SIGKILL] * 3
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert distrust(folder, str(tmp_path)) is None
    last = Cache(folder, limit=10 * SIZE)
    assert last.write("index", [b"x"])
    assert not [path.name for path in folder.iterdir() if path.name.endswith(".owltype-tmp")]
