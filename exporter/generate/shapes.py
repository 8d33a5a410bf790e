"""Default shapes from the ontology: what its axioms say about datatypes, classes and counts, as SHACL in Turtle.

They are used beside the shapes that a team writes. An axiom is read as a rule for data: a range must hold, a functional property has
one value, `owl:minCardinality` wants so many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from exporter.ontology.cardinalities import Cardinalities, Cardinality
from exporter.plan.model import ClassPlan, Plan, Step, ValuePlan
from exporter.rdf.prefixes import Prefixes
from exporter.rdf.terms import RDF, RDF_TYPE, RDFS, SH, XSD

_HEADER = """# Default shapes, generated from the ontology by `owltype gen shapes`. Change the ontology, and generate them again."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Writes IRIs with the ontology's prefixes, and remembers which are used."""

    prefixes: Prefixes
    used: set[str] = field(default_factory=set)

    def short(self, iri: str) -> str:
        """Write an IRI as Turtle does."""
        found = self.prefixes.split(iri)
        if found is None:
            return str(NamedNode(iri))
        self.used.add(found[0])
        return ":".join(found)


def generate_shapes(plan: Plan, *, closed: bool = True) -> str:
    """Write a node shape for each class that the plan makes; of records of which nothing is read, it says that they have an IRI.

    With `closed` a second one warns of properties that the ontology does not give the class. Classes with individuals in the ontology
    have none, because there the ontology itself says more.

    >>> from exporter.plan.compiling import load_plan
    >>> "sh:targetClass" in generate_shapes(load_plan(["tests/validation/faults/ontology.ttl"]))
    True
    """
    names = _Names(Prefixes({"sh": SH, "rdf": RDF}, plan.prefixes, {"xsd": XSD}))
    names.used.update({"sh"} | ({"rdf"} if closed else set()))
    counts = Cardinalities(plan.ontology)
    described = {o for s, p, o in plan.ontology.statements if p == RDF_TYPE}
    made = [of for of in plan.classes.values() if of.steps or of.makes_records]
    others = {of.iri.value: [*_subclasses(plan, of), *_beside(plan, of)] for of in made}
    shapes = ["\n".join(_node_shape(of, others[of.iri.value], counts, names)) for of in made]
    if closed:
        shapes += ["\n".join(_closed_shape(of, others[of.iri.value], names)) for of in made if of.iri not in described]
    prefixes = [f"@prefix {prefix}: <{space}> ." for prefix, space in names.prefixes.bound if prefix in names.used]
    return "\n".join([_HEADER, "", *prefixes, "", "\n\n".join(shapes), ""])


def _subclasses(plan: Plan, of: ClassPlan) -> list[ClassPlan]:
    """Give the classes whose resources a shape of this class targets, too: those below it, and those that are written with its type."""
    lineage = ((other, {iri for type_ in other.types for iri in plan.ontology.ancestors(type_.value)}) for other in plan.classes.values())
    return [other for other, classes in lineage if other is not of and of.iri.value in classes]


def _beside(plan: Plan, of: ClassPlan) -> list[ClassPlan]:
    """Give the classes that a record can be of together with this one: both are claimed by labels, of which a record may have several."""
    claimed = {each.iri.value: each for each in plan.labels.values()}
    lineages = {iri: {iri, *each.superclasses} for iri, each in claimed.items()}
    own = {iri for iri, lineage in lineages.items() if of.iri.value in lineage}
    if not own:
        return []
    return [each for iri, each in claimed.items() if iri not in own and any(iri not in lineages[mine] for mine in own)]


def _closed_shape(of: ClassPlan, others: list[ClassPlan], names: _Names) -> Iterator[str]:
    known = dict.fromkeys(predicate for each in (of, *others) for predicate in _by_predicate(each))
    yield f"{names.short(of.iri.value + 'ClosedShape')} a sh:NodeShape ;"
    yield f"    sh:targetClass {names.short(of.iri.value)} ;"
    yield "    sh:severity sh:Warning ;"
    yield "    sh:closed true ;"
    yield f"    sh:ignoredProperties ( {' '.join(['rdf:type', *map(names.short, known)])} ) ."


def _node_shape(of: ClassPlan, others: list[ClassPlan], counts: Cardinalities, names: _Names) -> Iterator[str]:
    """Write what holds for each property; of one that another class of a record reads in another way, what holds for either."""
    yield f"{names.short(of.iri.value + 'DefaultShape')} a sh:NodeShape ;"
    yield f"    sh:targetClass {names.short(of.iri.value)} ;"
    stated = counts.of_class(of.iri.value)
    steps = _by_predicate(of)
    for predicate, read in steps.items():
        read += [step for other in others for step in other.steps if step.predicate.value == predicate]
    lines = [line for predicate, read in steps.items() for line in _properties(predicate, read, stated, names)]
    if not lines:
        yield "    sh:nodeKind sh:IRI ."
    for number, line in enumerate(lines, 1):
        yield f"    sh:property [ {line} ]" + (" ;" if number < len(lines) else " .")


def _by_predicate(of: ClassPlan) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for step in of.steps:
        found.setdefault(step.predicate.value, []).append(step)
    return found


def _properties(predicate: str, steps: list[Step], stated: list[Cardinality], names: _Names) -> Iterator[str]:
    path = f"sh:path {names.short(predicate)}"
    mine = [found for found in stated if found.property == predicate]
    parts = [path, *_ranges(steps, names), *_counts([found for found in mine if found.of is None])]
    yield " ; ".join(parts)
    for found in mine:
        if found.of is not None:
            kind = "sh:datatype" if found.of_datatype else "sh:class"
            bounds = (("Min", found.least), ("Max", found.most))
            counted = [f"sh:qualified{word}Count {number}" for word, number in bounds if number is not None]
            yield " ; ".join([path, f"sh:qualifiedValueShape [ {kind} {names.short(found.of)} ]", *counted])


def _ranges(steps: list[Step], names: _Names) -> list[str]:
    """What every value must be; an ordered property's value is a list, of which SHACL says nothing so simply."""
    if any(step.ordered for step in steps):
        return []
    ranges = list(dict.fromkeys(range_ for step in steps for value in step.values for range_ in _range(value, names)))
    return ranges if len(ranges) < 2 else ["sh:or ( " + " ".join(f"[ {one} ]" for one in ranges) + " )"]


def _range(value: ValuePlan, names: _Names) -> list[str]:
    """What one value may be; a text whose language a record may leave out is plain there."""
    if value.kind == "literal":
        datatype = RDF + "langString" if value.language else value.datatype.iri if value.datatype else XSD + "string"
        datatypes = [RDF + "langString", XSD + "string"] if value.languages and datatype != RDFS + "Literal" else [datatype]
        return [f"sh:datatype {names.short(one)}" for one in datatypes if one != RDFS + "Literal"]
    return ["sh:nodeKind sh:IRI" if value.of is None else f"sh:class {names.short(value.of.iri.value)}"]


def _counts(stated: list[Cardinality]) -> list[str]:
    """The narrowest of the counts."""
    least = max((found.least or 0 for found in stated), default=0)
    most = min((found.most for found in stated if found.most is not None), default=None)
    return ([f"sh:minCount {least}"] if least else []) + ([f"sh:maxCount {most}"] if most is not None else [])
