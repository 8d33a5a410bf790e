"""Turtle that pyoxigraph reads: the walk that knows the places finds the same triples, or says that it can't read the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyoxigraph as ox

from exporter.rdf.turtle_places import turtle_positions
from tests.fuzz.harness import Finding, Rounds
from tests.fuzz.mutating import mutate
from tests.running import ROOT

SMOKE = 300
_BASE = "https://example.org/base"
_LONG = 5_000


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Change a short Turtle text; where it is Turtle still, read it both ways."""
    texts = [text for path in sorted(ROOT.glob("tests/**/*.ttl")) if len(text := path.read_text("utf-8", errors="replace")) < _LONG]
    for chance in rounds:
        text = mutate(chance, chance.choice(texts), texts)
        try:
            parsed = list(ox.parse(text.encode("utf-8", "surrogatepass"), format=ox.RdfFormat.TURTLE, base_iri=_BASE))
        except (SyntaxError, ValueError):
            continue
        try:
            walked = turtle_positions(text, _BASE).statements
        except ValueError:
            if not _is_beyond(text):
                yield Finding("valid Turtle 1.1 is not walked", text)
            continue
        said, found = (Counter(_shape(t.predicate, t.object) for t in triples) for triples in (parsed, walked))
        if said != found:
            yield Finding("the walk finds other triples", f"missing {said - found}\nextra {found - said}\n{text}")


def _shape(predicate: ox.NamedNode, value: object) -> str:
    return f"{predicate} {'_:' if isinstance(value, ox.BlankNode) else value}"


def _is_beyond(text: str) -> bool:
    """Tell whether a text may hold RDF 1.2, or brackets in great depth."""
    return "~" in text or "<<" in text or "{|" in text or text.count("(") + text.count("[") > 100
