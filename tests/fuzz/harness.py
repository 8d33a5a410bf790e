"""What a fuzzer gets and gives: rounds with their own chance, and findings. The fuzzers are found here, too."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
_SMOKE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: `what` in one line, the same for the same fault; `detail` is the input, or whatever helps to see it."""

    what: str
    detail: str = ""


class Rounds:
    """The rounds of one run: iterating gives each its own `random.Random`, until the time or the number of rounds is used up."""

    def __init__(
        self, name: str, folder: Path, *, seed: int, seconds: float | None = None, times: int | None = None, first: int = 1
    ) -> None:
        self.folder = folder
        self.seed = seed
        self.number = first - 1
        self._name = name
        self._last = None if times is None else self.number + times
        self._first = first
        self._end = None if seconds is None else time.monotonic() + seconds

    def __iter__(self) -> Iterator[random.Random]:
        """Give each round its chance, which depends on fuzzer, seed and number alone."""
        while not self._is_over():
            self.number += 1
            yield random.Random(f"{self._name}/{self.seed}/{self.number}")

    def _is_over(self) -> bool:
        return self.number == self._last or (self._end is not None and time.monotonic() >= self._end)

    @property
    def done(self) -> int:
        """How many rounds were begun."""
        return self.number - self._first + 1


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """A module `fuzz_NAME`."""

    name: str
    fuzz: Callable[[Rounds], Iterator[Finding]]
    smoke: int


def fuzzers(folder: Path = HERE) -> list[Fuzzer]:
    """Find every fuzzer; it is an error that there is none."""
    found = [_load(path.stem) for path in sorted(folder.glob("fuzz_*.py"))]
    if not found:
        raise ValueError(f"no fuzzer in {folder}: a fuzzer is a module fuzz_NAME.py there")
    return found


def _load(module_name: str) -> Fuzzer:
    module = import_module(f"tests.fuzz.{module_name}")
    return Fuzzer(module_name.removeprefix("fuzz_"), module.fuzz, getattr(module, "SMOKE", _SMOKE))
