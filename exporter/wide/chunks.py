"""The files of a run in parts, in their order, and small: what is held of a million paths is some megabytes.

How many files a part has depends on their number alone, so that the same records give the same parts whatever the cluster.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from exporter.digests import short_digest

_STEP = 1_000
"""Files in a part of a small run; paths that follow each other are compressed to a tenth."""
_PARTS = 1_000
_STEPS = 20
"""A part of a large run is so many times as large: beyond 20 million files there are more than a thousand parts."""
_BUCKET_OF_PARTS = 4

Item = TypeVar("Item")


class FileRange(NamedTuple):
    """Files that follow each other: the number of the part, that of the first file in the run, and the paths."""

    number: int
    first: int
    packed: tuple[bytes, ...]

    def paths(self) -> list[str]:
        """Give the paths in their order."""
        return [path for packed in self.packed for path in zlib.decompress(packed).decode("utf-8", "surrogatepass").split("\0")]

    def path(self, number: int) -> str:
        """Give the path of a file by its number in the run."""
        step, rest = divmod(number - self.first, _STEP)
        return zlib.decompress(self.packed[step]).decode("utf-8", "surrogatepass").split("\0")[rest]


def cut(paths: Iterable[str]) -> list[FileRange]:
    """Cut the files of a run into parts.

    >>> [chunk.first for chunk in cut(f"{number}.md" for number in range(2500))]
    [0, 1000, 2000]
    """
    paths = iter(paths)
    steps: list[bytes] = []
    while step := list(islice(paths, _STEP)):
        steps.append(zlib.compress("\0".join(step).encode("utf-8", "surrogatepass"), 1))
    size = min(_STEPS, -(-len(steps) // _PARTS)) or 1
    return [FileRange(at // size, at * _STEP, tuple(steps[at : at + size])) for at in range(0, len(steps), size)]


def chunk_of(chunks: Sequence[FileRange], number: int) -> FileRange:
    """Find the part that a file is in, by its number in the run."""
    size = len(chunks[0].packed) * _STEP
    return chunks[number // size]


def count_buckets(chunks: int) -> int:
    """Say in how many buckets the resources of a run are settled: for this, too, the size of the run alone counts."""
    return max(1, -(-chunks // _BUCKET_OF_PARTS))


def deal(items: Iterable[Item], key: Callable[[Item], str | bytes], buckets: int) -> list[list[Item]]:
    """Deal items to buckets, by an IRI or another text, or by the digest of an IRI.

    >>> deal(["a", "b", "c", "d"], str, 2)
    [['c', 'd'], ['a', 'b']]
    """
    dealt: list[list[Item]] = [[] for _ in range(buckets)]
    for item in items:
        text = key(item)
        digest = short_digest(text) if isinstance(text, str) else text
        dealt[int.from_bytes(digest[:4], "big") % buckets].append(item)
    return dealt
