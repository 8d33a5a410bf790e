"""A bound on one regular expression match, for the engine that runs Python's backtracking `re`.

`re` looks for signals while it matches, so a timer's handler sees the frame that waits for a match. Where the same match is seen
twice it is given up, with the name of the shape. Signals reach the main thread only, so other threads run the engine `apart`. Where there
are no POSIX timers (Windows) nothing is bounded: there the `shacl` engine, whose matching is linear, is the one for shapes of others.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def has_timers() -> bool:
    """Say whether this machine has the timers that bound a match."""
    return hasattr(signal, "setitimer")


def can_watch() -> bool:
    """Say whether a match that runs in this thread can be bounded."""
    return has_timers() and threading.current_thread() is threading.main_thread()


class SlowPatternError(Exception):
    """A regular expression took too long with one value; `shape` is the IRI of the shape that has it."""

    def __init__(self, pattern: str, shape: str, value: str) -> None:
        super().__init__(f"the regular expression {pattern} takes unbounded time with a value of {len(value)} characters")
        self.shape = shape


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Raise `SlowPatternError` in the block where one match is still running after `seconds`, at the latest after twice that."""
    if not can_watch():
        yield
        return
    watch = _Watch()
    before = signal.signal(signal.SIGALRM, watch.tick)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Watch:
    """Remembers which match was running at the last tick."""

    def __init__(self) -> None:
        self.last: tuple[int, int] | None = None

    def tick(self, _signal: int, frame: FrameType | None) -> None:
        """Look for pySHACL's frame that matches; the same value of the same call twice in a row is too long."""
        match = frame
        while match is not None and match.f_code.co_name != "_evaluate_string_rule":
            match = match.f_back
        if match is None or "re_matcher" not in match.f_locals or "v_string" not in match.f_locals:
            self.last = None
            return
        names = match.f_locals
        current = (id(match), id(names["v_string"]))
        if current == self.last:
            raise SlowPatternError(names["re_matcher"].pattern, str(names["self"].shape.node), names["v_string"])
        self.last = current
