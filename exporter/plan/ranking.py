"""One order for the properties of all classes, which shared resources and formats sort by."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from itertools import pairwise


def one_order(blocks: Sequence[Sequence[str]], first: Mapping[str, int]) -> list[str]:
    """Merge the orders of blocks into one in which each of them holds, where there is one; what is free goes by `first`.

    Where two blocks contradict each other, the property that comes first by `first` goes first.

    >>> one_order([["name", "url"], ["id", "name"]], {"name": 1, "url": 2, "id": 3})
    ['id', 'name', 'url']
    """
    after: dict[str, set[str]] = {name: set() for name in first}
    waits = dict.fromkeys(first, 0)
    for one, other in (pair for block in blocks for pair in pairwise(block)):
        if other not in after[one]:
            after[one].add(other)
            waits[other] += 1
    free = [(first[name], name) for name, number in waits.items() if not number]
    heapq.heapify(free)
    waiting = sorted((place, name) for name, place in first.items())
    order: dict[str, None] = {}
    for _ in waiting:
        _, name = heapq.heappop(free) if free else next(pair for pair in waiting if pair[1] not in order)
        order[name] = None
        for other in after[name] - order.keys():
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(free, (first[other], other))
    return list(order)
