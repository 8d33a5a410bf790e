"""Shapes and data made at random, checked in batches and all at once: each result of one is a result of the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from exporter.validation.batches.running import Batching, Parts
from exporter.validation.data.data_file import DataFile
from exporter.validation.engines import Engine, EngineError, make_engine
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.metashapes import check_form
from tests.fuzz.fuzz_engines import LITERALS, NODES, PATHS, PROPERTIES, Maker, read_made
from tests.fuzz.harness import Finding, Rounds

SMOKE = 150
SIZES = (1, 2, 5)
FORWARD = (
    *PROPERTIES, *PROPERTIES, "( :p :q )", "( :p :q :r )", "( :q :q )", "[ sh:alternativePath ( :p ( :q :r ) ) ]",
    "[ sh:zeroOrOnePath :p ]", "( [ sh:zeroOrOnePath :p ] :q )", "( :r rdf:type )",
)  # fmt: skip
NAMED = tuple(node for node in NODES if not node.startswith("_:"))


class _Forward(Maker):
    """Makes shapes that look ahead, and data in which much leads on: most are local."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self.pick = self._choose

    def _choose(self, choices: Sequence[str]) -> str:
        if choices is NODES or (choices is LITERALS and self.chance.random() < 0.5):
            return self.chance.choice(NAMED if self.chance.random() < 0.97 else NODES)
        return self.chance.choice(FORWARD if choices is PATHS else choices)

    def query(self, queries: tuple[str, ...]) -> str:  # noqa: ARG002 - as in the class above
        """Ask no query."""
        return ""


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make shapes and data, and compare runs in batches with one over everything."""
    engine = make_engine("shacl")
    for chance in rounds:
        maker = chance.choice((Maker, _Forward))(chance)
        shapes, data = maker.shapes(), "\n".join(maker.data() for _ in range(chance.randint(1, 3)))
        graph, triples = read_made(shapes, data)
        if any(check_form(graph)):
            continue
        expected = _check(engine, graph, triples, Batching(whole=True))
        for size in SIZES:
            found = _check(engine, graph, triples, Batching(size=size, least=0))
            if found != expected:
                yield Finding(_kind(expected, found), f"size {size}\n{shapes}\n# data\n{data}")
                break


def _check(engine: Engine, shapes: ShapesGraph, triples: bytes, batching: Batching) -> tuple[ValidationResult, ...] | str:
    """Give the results, or say why an engine can't run the shapes."""
    with DataFile() as data:
        data.append(triples)
        with Parts(data, shapes, batching) as parts:
            try:
                return parts.check(engine, 1)
            except EngineError as error:
                return str(error)


def _kind(expected: tuple[ValidationResult, ...] | str, found: tuple[ValidationResult, ...] | str) -> str:
    if isinstance(expected, str) or isinstance(found, str):
        return f"only one of the two can't be run: {expected if isinstance(expected, str) else found}"
    lost, more = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    some = next(iter((*lost, *more)), None)
    what = "lost" if lost else "too much" if more else "in another order"
    return f"{what}: {some.component.rpartition('#')[2] if some else ''}"
