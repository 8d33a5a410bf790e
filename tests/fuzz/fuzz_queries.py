"""Random literals: they come back as written, match themselves alone, and compare, sort and add up as SPARQL says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from pyoxigraph import Literal, NamedNode

from exporter.sparql.asking import Dataset
from exporter.sparql.opening import open_dataset
from tests.fuzz.harness import Finding, Rounds

SMOKE = 2
XSD = "http://www.w3.org/2001/XMLSchema#"
_P = "<urn:p>"
_INTEGERS = ("integer", "int", "long", "positiveInteger", "unsignedByte", "nonNegativeInteger")


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make a graph a round, and hold what queries answer against what Python counts."""
    for chance in rounds:
        literals = [*dict.fromkeys(_literal(chance) for _ in range(chance.randint(2, 12)))]
        path = rounds.folder / f"data.{chance.choice(['nt', 'ttl', 'nq', 'trig'])}"
        path.write_text("".join(f"<urn:s{n}> {_P} {literal} .\n" for n, literal in enumerate(literals)), "utf-8")
        with open_dataset(path) as dataset:
            for what in (_exact, _matching, _comparing, _sorting, _extremes, _sum):
                for fault in what(dataset, literals, chance):
                    yield Finding(f"{what.__name__.strip('_')}: {fault}", path.read_text("utf-8"))


def _literal(chance: random.Random) -> Literal:
    kind = chance.choice(["whole", "decimal", "double", "text", "date", "boolean", "tagged"])
    if kind == "whole":
        digits = str(chance.choice([0, 3, 7, 10, 2**63 - 1, 2**63, chance.randrange(10 ** chance.randint(1, 25))]))
        sign = chance.choice(["", "", "-", "+"])
        return _typed(sign + chance.choice(["", "", "0"]) + digits, chance.choice(_INTEGERS))
    if kind == "decimal":
        whole, fraction = chance.randrange(1000), str(chance.randrange(10 ** chance.randint(1, 17)))
        return _typed(f"{chance.choice(['', '-', '+'])}{whole}.{fraction}{chance.choice(['', '0'])}", "decimal")
    if kind == "double":
        return _typed(chance.choice(["1.0e6", "1E0", "3", "2.50", "-0.5e-3", "INF", "1e300"]), "double")
    if kind == "text":
        return Literal(chance.choice(["2", "10", "5 mg", "x", "", 'say "03"', "é"]))
    if kind == "tagged":
        return Literal(chance.choice(["2", "hi"]), language=chance.choice(["en", "de-at"]))
    if kind == "date":
        return _typed(chance.choice(["2026-01-02", "2025-12-31", "10026-01-01", "-0044-03-15", "2026-01-02Z"]), "date")
    return _typed(chance.choice(["true", "1", "false", "0"]), "boolean")


def _typed(lexical: str, name: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + name))


def _number(literal: Literal) -> Fraction | float | None:
    name = literal.datatype.value.removeprefix(XSD)
    if name in _INTEGERS:
        return Fraction(int(literal.value))
    if name == "decimal":
        return Fraction(Decimal(literal.value))
    return float(literal.value) if name == "double" else None


def _column(dataset: Dataset, query: str) -> list[Literal]:
    return [row[0] for row in dataset.query(query).rows if isinstance(row[0], Literal)]


def _exact(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:  # noqa: ARG001 - one signature for all
    if sorted(map(str, _column(dataset, f"SELECT ?o {{ ?s {_P} ?o }}"))) != sorted(map(str, literals)):
        yield "literals come back changed"


def _matching(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:
    wanted = chance.choice([*literals, _literal(chance)])
    for query in (f"SELECT ?s {{ ?s {_P} {wanted} }}", f"SELECT ?s {{ ?s {_P} ?o FILTER(sameTerm(?o, {wanted})) }}"):
        if len(dataset.query(query).rows) != literals.count(wanted):
            yield f"a pattern matches other terms than its own ({'sameTerm' if 'same' in query else 'pattern'})"


def _comparing(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:
    limit = chance.choice([0, 3, 8, 10**6])
    for sign, holds in (("<", float.__lt__), (">=", float.__ge__), ("=", float.__eq__)):
        found = set(map(str, _column(dataset, f"SELECT ?o {{ ?s {_P} ?o FILTER(isNumeric(?o) && ?o {sign} {limit}) }}")))
        right = {str(x) for x in literals if (number := _number(x)) is not None and holds(float(number), float(limit))}
        if found != right:
            yield f"{sign} on numbers"


def _sorting(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:
    down = chance.random() < 0.5
    rows = _column(dataset, f"SELECT ?o {{ ?s {_P} ?o }} ORDER BY {'DESC(?o)' if down else '?o'}")
    numbers = [float(number) for row in rows if (number := _number(row)) is not None]
    if numbers != sorted(numbers, reverse=down):
        yield "numbers are not in order"
    texts = [row.value for row in rows if row.datatype.value == XSD + "string"]
    if texts != sorted(texts, reverse=down):
        yield "texts are not in order"
    if len(rows) != len(literals):
        yield "ORDER BY loses rows"


def _extremes(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:  # noqa: ARG001 - as above
    numbers = [number for literal in literals if (number := _number(literal)) is not None]
    if not numbers:
        return
    row = dataset.query(f"SELECT (MIN(?o) AS ?a) (MAX(?o) AS ?b) {{ ?s {_P} ?o FILTER(isNumeric(?o)) }}").rows[0]
    found = [_number(cell) for cell in row if isinstance(cell, Literal)]
    if found != [min(numbers), max(numbers)]:
        yield "MIN or MAX of numbers"
    least = dataset.query(f"SELECT (MIN(?o) AS ?a) {{ ?s {_P} ?o }}").rows[0][0]
    if not isinstance(least, Literal) or _number(least) != min(numbers):
        yield "MIN beside texts"


def _sum(dataset: Dataset, literals: Sequence[Literal], chance: random.Random) -> Iterator[str]:  # noqa: ARG001 - as above
    small = [number for literal in literals if isinstance(number := _number(literal), Fraction) and abs(number) < 10**6]
    query = f"SELECT (SUM(?o) AS ?n) {{ ?s {_P} ?o FILTER(isNumeric(?o) && DATATYPE(?o) != <{XSD}double> && ABS(?o) < 1000000) }}"
    [[total]] = dataset.query(query).rows
    if not isinstance(total, Literal) or abs(Fraction(Decimal(total.value)) - sum(small)) > Fraction(1, 10**12):
        yield "SUM of small numbers"
