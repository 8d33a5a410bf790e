"""Run the fuzzers and say what they found: `make fuzz`, whose variables are the options here (see the package)."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.harness import Finding, Fuzzer, Rounds, fuzzers

_DETAIL = 2_000  # characters of a detail that are shown


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one fuzzer fared: rounds done, and of each kind of finding the first with its round and how many there were."""

    fuzzer: Fuzzer
    done: int
    kinds: dict[str, tuple[Finding, int, int]]

    @property
    def count(self) -> int:
        """All findings."""
        return sum(count for _, _, count in self.kinds.values())


def run(fuzzer: Fuzzer, rounds: Rounds) -> Outcome:
    """Run one fuzzer to the end of its rounds."""
    kinds: dict[str, tuple[Finding, int, int]] = {}
    for finding in _findings(fuzzer, rounds):
        first, number, count = kinds.get(finding.what, (finding, rounds.number, 0))
        kinds[finding.what] = (first, number, count + 1)
    return Outcome(fuzzer, rounds.done, kinds)


def _findings(fuzzer: Fuzzer, rounds: Rounds) -> Iterator[Finding]:
    try:
        yield from fuzzer.fuzz(rounds)
    except Exception as error:  # noqa: BLE001 - whatever leaves a fuzzer is a finding
        yield Finding(f"{type(error).__name__} ended the fuzzer: {error}".splitlines()[0], traceback.format_exc())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names, and print the table."""
    options = _parser().parse_args(arguments)
    chosen = _choose(options.only)
    outcomes = []
    for fuzzer in chosen:
        print(f"{fuzzer.name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="owltype-fuzz-") as folder:
            one = options.round is not None
            rounds = Rounds(
                fuzzer.name,
                Path(folder),
                seed=options.seed,
                seconds=None if one else options.seconds / len(chosen),
                times=1 if one else None,
                first=options.round or 1,
            )
            outcomes.append(run(fuzzer, rounds))
    _print(outcomes, options.seed)
    return int(any(outcome.kinds for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Look for faults, from a seed.")
    parser.add_argument("--seconds", type=float, default=600, help="how long in all; each fuzzer gets its part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--round", type=int, help="only this round")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="only these fuzzers")
    return parser


def _choose(names: Sequence[str]) -> list[Fuzzer]:
    found = fuzzers()
    known = {fuzzer.name for fuzzer in found}
    if unknown := sorted(set(names) - known):
        raise SystemExit(f"no fuzzer {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [fuzzer for fuzzer in found if not names or fuzzer.name in names]


def _print(outcomes: Sequence[Outcome], seed: int) -> None:
    for outcome in outcomes:
        for finding, number, count in outcome.kinds.values():
            print(f"\n{outcome.fuzzer.name}: {finding.what} ({count} times)")
            print(f"  again: make fuzz ONLY={outcome.fuzzer.name} SEED={seed} ROUND={number}")
            print("".join(f"    {line}\n" for line in finding.detail[:_DETAIL].splitlines()), end="")
    print(f"\n{'fuzzer':<16} {'executions':>12} {'findings':>9} {'kinds':>6} {'seed':>5}")
    for outcome in outcomes:
        print(f"{outcome.fuzzer.name:<16} {outcome.done:>12,} {outcome.count:>9,} {len(outcome.kinds):>6,} {seed:>5}")


if __name__ == "__main__":
    raise SystemExit(main())
