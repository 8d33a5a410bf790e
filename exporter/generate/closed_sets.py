"""Closed sets (`sh:in`, `owl:oneOf`) as authors type them: the texts of which mapping makes just these values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.generate.schemas.datatype_schemas import Json
from exporter.language.conversions import concept
from exporter.language.filters import VariableError
from exporter.language.templates import Template, Variable
from exporter.ontology.graph import OntologyGraph
from exporter.plan.model import ClassPlan, Plan, Step, ValuePlan
from exporter.rdf.terms import OWL, RDFS, SKOS, Subject, Term

_NAMES = (SKOS + "prefLabel", SKOS + "notation", SKOS + "altLabel", SKOS + "hiddenLabel", RDFS + "label")


class ClosedSets:
    """The closed sets of an ontology, and what its individuals are called."""

    def __init__(self, plan: Plan) -> None:
        graph = OntologyGraph(plan.ontology.statements)
        self._members = dict(_enumerations(graph))
        self._labels: dict[str, tuple[str, ...]] = {}
        for subject, said in graph.by_subject.items():
            if isinstance(subject, NamedNode) and not said.keys().isdisjoint(_NAMES):
                texts = [text for name in _NAMES for text in graph.texts(subject, name)]
                self._labels[subject.value] = tuple(dict.fromkeys(texts))

    def of(self, range_: str) -> tuple[Term, ...] | None:
        """Give the values of a range that the ontology enumerates."""
        return self._members.get(range_)

    def typed(self, allowed: Sequence[Term] | None, step: Step, value: ValuePlan) -> list[Json] | None:
        """Give what an author may type so that the value is one of `allowed`, or any concept; None where nobody can list it.

        Of a concept with several labels the first is given.
        """
        if concept in step.conversions:
            known = set(step.options.concepts.values())
            wanted = sorted(known) if allowed is None else [term.value for term in allowed if isinstance(term, NamedNode)]
            return [step.options.labels[iri] for iri in wanted if iri in known]
        if allowed is None or step.conversions:
            return None
        if value.kind == "literal":
            return [form for term in allowed if isinstance(term, Literal) for form in _forms(term.value)]
        iris = [term.value for term in allowed if isinstance(term, NamedNode)]
        if value.of is None:
            return list(iris)
        typed = [self._text_for(iri, value.of) for iri in iris]
        return None if None in typed else list(typed)

    def _text_for(self, iri: str, of: ClassPlan) -> str | None:
        candidates = [*self._labels.get(iri, ()), *_inverted(iri, of.template)]
        return next((text for text in candidates if made_of(text, of) == iri), None)


def made_of(text: str, of: ClassPlan) -> str | None:
    """Give the IRI that a class makes of a text; None where it makes none, or needs more than the text."""
    match = of.pattern.match(text) if of.pattern is not None else None
    if of.template is None or (of.pattern is not None and match is None):
        return None
    single = of.template.single
    for template in of.template.by_value.alternatives:
        by_name: dict[str, str | None] = {variable.name: text for variable in template.variables} if template is single else {}
        filled = _filled(template, match.groupdict() if match else by_name)
        if filled is not None:
            return filled
    return None


def _filled(template: Template, texts: Mapping[str, str | None]) -> str | None:
    """Fill a template; None where a text is missing, or can't stand there."""
    filled = ""
    for part in template.parts:
        if isinstance(part, str):
            filled += part
            continue
        text = texts.get(part.name)
        if not text:
            return None
        try:
            filled += part.expand(text)
        except VariableError:
            return None
    return filled


def _inverted(iri: str, template: Template | None) -> Iterator[str]:
    """Read a text out of the IRI that was made with it."""
    if template is None or len(template.variables) != 1:
        return
    at = next(i for i, part in enumerate(template.parts) if isinstance(part, Variable))
    before = "".join(str(part) for part in template.parts[:at])
    after = "".join(str(part) for part in template.parts[at + 1 :])
    if iri.startswith(before) and iri.endswith(after) and len(iri) > len(before) + len(after):
        yield unquote(iri[len(before) : len(iri) - len(after)])


def _enumerations(graph: OntologyGraph) -> Iterator[tuple[str, tuple[Term, ...]]]:
    """Yield the classes and datatypes that an ontology enumerates (OWL 2, sections 7.4 and 8.1.4)."""
    for subject in graph.by_subject:
        if isinstance(subject, NamedNode):
            homes: list[Subject] = [
                subject,
                *(term for term in graph.objects(subject, OWL + "equivalentClass") if isinstance(term, BlankNode)),
            ]
            heads = [head for home in homes for head in graph.objects(home, OWL + "oneOf")]
            if heads:
                yield subject.value, tuple(graph.items(heads[0]))


def _forms(text: str) -> Iterator[Json]:
    """Yield a literal as JSON has it: in quotes, and without where it is a number or a boolean."""
    yield text
    if text in ("true", "false"):
        yield text == "true"
    elif text.lstrip("-").isdigit() and text.isascii() and str(int(text)) == text:
        yield int(text)
    else:
        try:
            number = float(text)
        except ValueError:
            return
        if text[-1:].isdigit() and text[:1] in "-.0123456789" and number - number == 0:
            yield number
