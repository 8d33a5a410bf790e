"""Names that one may have meant: of many thousands the few that share most pairs of letters are compared."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable

from exporter.references.comparing import folded

_COMPARED = 15
_GIVEN = 3
_LIKE = 0.65


class NearNames:
    """Finds near names among those of one class, each with a number of its own."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        self._names = list(dict.fromkeys(names))
        self._by_pair: dict[str, list[int]] = {}
        for at, (name, _) in enumerate(self._names):
            for pair in _pairs(name):
                self._by_pair.setdefault(pair, []).append(at)

    def near(self, text: str) -> list[tuple[str, int]]:
        """Give the nearest names, the nearest first, of each record one.

        >>> NearNames([("Jane Doe", 1), ("John Doe", 2), ("Rome", 3)]).near("jane do")
        [('Jane Doe', 1), ('John Doe', 2)]
        """
        shared: Counter[int] = Counter()
        for pair in _pairs(text):
            shared.update(self._by_pair.get(pair, ()))
        likely = sorted(shared, key=lambda at: (-shared[at], len(self._names[at][0]), at))[:_COMPARED]
        matcher = difflib.SequenceMatcher(None, b=folded(text))  # which prepares its second text alone
        likeness: dict[int, float] = {}
        for at in likely:
            matcher.set_seq1(folded(self._names[at][0]))
            likeness[at] = matcher.ratio() if matcher.quick_ratio() >= _LIKE else 0
        found: dict[int, str] = {}
        for at in sorted(likely, key=lambda at: (-likeness[at], self._names[at])):
            name, number = self._names[at]
            if likeness[at] >= _LIKE and number not in found and len(found) < _GIVEN:
                found[number] = name
        return [(name, number) for number, name in found.items()]


def _pairs(text: str) -> set[str]:
    padded = f" {folded(text)} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}
