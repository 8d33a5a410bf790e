"""The harness finds every fuzzer, repeats a round, and each fuzzer runs; the long runs are `make fuzz`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.__main__ import main, run
from tests.fuzz.harness import Finding, Fuzzer, Rounds, fuzzers

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

START_PROCESSES = {"faults", "signals"}  # a process a round
FUZZERS = [pytest.param(one, marks=[pytest.mark.slow] if one.name in START_PROCESSES else [], id=one.name) for one in fuzzers()]


@pytest.mark.parametrize("fuzzer", FUZZERS)
def test_a_few_rounds_find_nothing(fuzzer: Fuzzer, tmp_path: Path) -> None:
    outcome = run(fuzzer, Rounds(fuzzer.name, tmp_path, seed=1, times=fuzzer.smoke))
    assert outcome.done == fuzzer.smoke, "a fuzzer that takes no rounds looks at nothing"
    assert not outcome.kinds, "\n".join(f"{number}: {f.what}\n{f.detail}" for f, number, _ in outcome.kinds.values())


def test_no_fuzzer_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no fuzzer"):
        fuzzers(tmp_path)


def test_a_round_is_repeated_by_its_number(tmp_path: Path) -> None:
    drawn = [chance.random() for chance in Rounds("x", tmp_path, seed=3, times=5)]
    assert len(set(drawn)) == 5
    assert [chance.random() for chance in Rounds("x", tmp_path, seed=3, times=1, first=4)] == [drawn[3]]


def test_what_a_fuzzer_finds_and_what_ends_it_are_told(tmp_path: Path) -> None:
    def fuzz(rounds: Rounds) -> Iterator[Finding]:
        for _ in rounds:
            if rounds.number in {2, 3}:
                yield Finding("odd", str(rounds.number))
            if rounds.number == 4:
                raise ZeroDivisionError("by zero")

    outcome = run(Fuzzer("x", fuzz, 5), Rounds("x", tmp_path, seed=1, times=10))
    assert (outcome.done, outcome.count) == (4, 3)
    assert outcome.kinds["odd"] == (Finding("odd", "2"), 2, 2)
    assert "ZeroDivisionError ended the fuzzer: by zero" in outcome.kinds


def test_an_unknown_fuzzer_is_an_error() -> None:
    with pytest.raises(SystemExit, match="no fuzzer nothing"):
        main(["--only", "nothing"])
