"""What writers have to know of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from exporter.plan.model import Plan
from exporter.rdf.terms import MAP, Block, Subject
from exporter.writers.model import Property, Vocabulary

if TYPE_CHECKING:
    from exporter.schema_org.documents import SchemaOrgTypes


def schema_org_types(plan: Plan) -> SchemaOrgTypes:
    """Say what schema.org calls the plan's classes, and give the resources that the ontology describes with words of schema.org."""
    from exporter.schema_org.documents import SchemaOrgTypes, known_types  # 10 ms with what it imports, and seldom needed
    from exporter.schema_org.terms import schema_name

    ontology = plan.ontology
    types = dict.fromkeys(type_ for of in plan.classes.values() for type_ in of.types)
    described: dict[Subject, Block] = {}
    for subject, predicate, value in ontology.statements:
        if isinstance(subject, NamedNode) and subject.value in ontology.individuals and not subject.value.startswith(MAP):
            described.setdefault(subject, Block(subject, [])).pairs.append((predicate, value))
    with_words = (block for block in described.values() if any(schema_name(predicate.value) for predicate, _ in block.pairs))
    return SchemaOrgTypes({type_: known_types(ontology.ancestors(type_.value)) for type_ in types}, tuple(with_words))


def vocabulary(plan: Plan) -> Vocabulary:
    """Give the plan's names, order and kinds as writers take them."""
    return Vocabulary(
        prefixes=plan.used_prefixes,
        properties=tuple(Property(p.iri, p.rank, p.kind, p.datatype, p.language, p.ordered) for p in plan.properties),
        classes=tuple(dict.fromkeys(type_ for of in plan.classes.values() for type_ in of.types)),
        individuals=tuple(NamedNode(iri) for iri in sorted(plan.ontology.individuals) if not iri.startswith(MAP)),
    )
