"""What the parts of a run add to its account, and how two of these become one: small, however many records there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import islice
from typing import NamedTuple

from exporter.pipeline.ledger import LedgerPart, join_once
from exporter.problems import Problem, Severity
from exporter.references import Lookups

LISTED_PROBLEMS = 100_000
"""How many problems of a run are held, the first by path; of the others their number is, by severity."""
LISTED_KEYS = 10_000
"""How many unmapped keys of a run are held, the most frequent."""


class WrittenPart(NamedTuple):
    """A file that was written: its name while the run goes on, its name then, its size, and its triples."""

    written: str
    name: str
    size: int
    triples: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a part of a run adds to the account.

    `unlisted` counts the problems that are not in it by severity, `unlisted_keys` the unmapped keys. `prints` has, by the number of a
    part, a digest of the IRIs of its records.
    """

    ledger: LedgerPart = field(default_factory=LedgerPart)
    parts: tuple[WrittenPart, ...] = ()
    prints: Mapping[int, bytes] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    unlisted: Mapping[Severity, int] = field(default_factory=dict)
    unlisted_keys: int = 0


def add_accounts(one: Account, other: Account) -> Account:
    """Add two accounts; whichever comes first, the sum is the same."""
    a, b = one.ledger, other.ledger
    once = dict(a.once)
    join_once(once, b.once)
    problems, unlisted = _listed([a.problems, b.problems])
    unmapped = {**a.unmapped, **b.unmapped}  # a key is counted in one bucket
    listed = dict(sorted(unmapped.items(), key=lambda item: (-item[1][0], item[0]))[:LISTED_KEYS])
    ledger = LedgerPart(
        files=a.files + b.files,
        exported=a.exported + b.exported,
        rejected=a.rejected + b.rejected,
        triples=a.triples + b.triples,
        skipped=Counter(a.skipped) + Counter(b.skipped),
        problems=problems,
        once=once,
        unmapped=listed,
    )
    return Account(
        ledger,
        tuple(sorted((*one.parts, *other.parts), key=lambda part: part.name)),
        {**one.prints, **other.prints},
        Lookups(
            one.lookups.looked_up + other.lookups.looked_up,
            one.lookups.dangling + other.lookups.dangling,
            one.lookups.ambiguous + other.lookups.ambiguous,
        ),
        Counter(one.unlisted) + Counter(other.unlisted) + unlisted,
        one.unlisted_keys + other.unlisted_keys + len(unmapped) - len(listed),
    )


def make_account(ledger: LedgerPart, parts: Sequence[WrittenPart] = ()) -> Account:
    """Make the account of one part of a run; what is settled between parts is not in it."""
    problems, unlisted = _listed([ledger.problems])
    return Account(replace(ledger, problems=problems, records={}, references=()), tuple(parts), unlisted=unlisted)


def _listed(sorted_problems: Sequence[Sequence[Problem]]) -> tuple[Sequence[Problem], Counter[Severity]]:
    """Part the problems that are listed from the number of the others."""
    total = sum(map(len, sorted_problems))
    together = merge(*sorted_problems, key=lambda problem: problem.sort_key)
    listed = list(islice(together, LISTED_PROBLEMS))
    return listed, Counter(problem.severity for problem in together) if total > LISTED_PROBLEMS else Counter()
