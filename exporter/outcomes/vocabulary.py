"""What writers have to know of a plan."""

from __future__ import annotations

from pyoxigraph import NamedNode

from exporter.plan.model import Plan
from exporter.rdf.terms import MAP, RDF, XSD
from exporter.writers.model import Property, Vocabulary


def vocabulary(plan: Plan) -> Vocabulary:
    """Give the plan's names, order and kinds as writers take them."""
    return Vocabulary(
        prefixes=_used_prefixes(plan),
        properties=tuple(Property(p.iri, p.rank, p.kind, p.datatype, p.language, p.ordered) for p in plan.properties),
        classes=tuple(dict.fromkeys(type_ for of in plan.classes.values() for type_ in of.types)),
        individuals=tuple(NamedNode(iri) for iri in sorted(plan.ontology.individuals) if not iri.startswith(MAP)),
    )


def _used_prefixes(plan: Plan) -> dict[str, str]:
    """The declared prefixes that an export can use; those that only the ontology's own statements need are left out."""
    names = [p.iri.value for p in plan.properties] + [p.datatype for p in plan.properties if p.datatype]
    names += [type_.value for of in plan.classes.values() for type_ in of.types]
    names += [RDF, XSD, *(iri for iri in plan.ontology.individuals if not iri.startswith(MAP))]
    return {name: space for name, space in plan.prefixes.items() if any(iri.startswith(space) for iri in names)}
