"""What writers have to know of a plan."""

from __future__ import annotations

from pyoxigraph import NamedNode

from exporter.plan.model import Plan
from exporter.rdf.terms import MAP
from exporter.writers.model import Property, Vocabulary


def vocabulary(plan: Plan) -> Vocabulary:
    """Give the plan's names, order and kinds as writers take them."""
    return Vocabulary(
        prefixes=plan.used_prefixes,
        properties=tuple(Property(p.iri, p.rank, p.kind, p.datatype, p.language, p.ordered) for p in plan.properties),
        classes=tuple(dict.fromkeys(type_ for of in plan.classes.values() for type_ in of.types)),
        individuals=tuple(NamedNode(iri) for iri in sorted(plan.ontology.individuals) if not iri.startswith(MAP)),
    )
