"""What every test runs under."""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import partial

import pytest
from hypothesis import settings

from tests.cases import Snapshot, compare
from tests.data import require

# on a desk new examples each time find new faults; in CI a change is held against the same ones as the change before
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose data are absent; fail it in CI."""
    for mark in item.iter_markers("needs_data"):
        require(*mark.args)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with how many tests were skipped, for want of what."""
    reasons = Counter(_reason(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        terminalreporter.write_line(f"skipped {count}: {reason}")


def _reason(longrepr: object) -> str:
    """Take the reason out of what pytest keeps of a skip: path, line, and a sentence."""
    return str(longrepr[-1]).removeprefix("Skipped: ") if isinstance(longrepr, tuple) else str(longrepr)


def pytest_configure() -> None:
    """Let the programs that tests start be interrupted, even where this run was started with signals ignored (`nohup`, `&` in a script)."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes what cases are expected to give."""
    parser.addoption("--update", action="store_true", help="write the expected files of cases anew; read the diff before you commit it")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Hold texts against the files of a case."""
    return partial(compare, update=bool(request.config.getoption("--update")))
