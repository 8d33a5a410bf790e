"""References by name (`map:match`): what a person types for another record, which record that is, and what a run makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lookups:
    """How many values were looked up among the records of a run, and how many of them no record answers to, or several do."""

    looked_up: int = 0
    dangling: int = 0
    ambiguous: int = 0
