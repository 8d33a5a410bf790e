"""How long a query may take, and how much it may answer."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query.

    `seconds` cover waiting for a free process, parsing, planning, running and serialising. `rows` (or triples) and `size`
    (bytes of the written result) cut the result, which is then marked. Memory is a limit of the pool, not of one query.

    >>> Limits(seconds=5, rows=100).size
    268435456
    """

    seconds: float = 60.0
    rows: int | None = None
    size: int = 256 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Powers:
    """What the processes of a dataset may do: how many there are, their memory beyond the dataset, and whether they use the network."""

    workers: int = 4
    memory: int = 1024 * MEGABYTE
    allow_remote: bool = False
