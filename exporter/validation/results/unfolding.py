"""From "does not conform to its shape" to the leaf causes.

A result of `sh:node`, `sh:and`, `sh:or`, `sh:xone` or `sh:qualifiedMinCount` names a value and says that nested shapes fail, not
why. So the same engine is asked again, with each nested shape aimed at just that value: once for each level of nesting and for all
results together. Results of `sh:node` and `sh:and` give way to their causes; the others keep theirs as `details`.
A result that only repeats another one gives way too: what is of the wrong datatype can't be compared to begin with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse
from pyoxigraph import RdfFormat as Format

from exporter.rdf.terms import SH, Term
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.model import ValidationResult, ordered
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph
from exporter.validation.shapes.targets import is_target

MAX_DEPTH = 8
MAX_UNFOLDED = 10_000
"""How many results are unfolded in one run; the rest stays as the engine gave it."""

Runner = Callable[[ShapesGraph, Sequence[str]], tuple[ValidationResult, ...]]
"""Runs an engine on the data of this run with other shapes, which are aimed at the nodes that are given."""

_COPY = "urn:owltype:unfold:"
_REPLACED = frozenset({SH + "NodeConstraintComponent", SH + "AndConstraintComponent"})
_LISTS = {SH + name.title() + "ConstraintComponent": name for name in ("and", "or", "xone")}
_QUALIFIED = SH + "QualifiedMinCountConstraintComponent"
_DATATYPE = SH + "DatatypeConstraintComponent"
_COMPARING = frozenset(
    SH + name + "ConstraintComponent"
    for name in ("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive", "LessThan", "LessThanOrEquals")
)


@dataclass(frozen=True, slots=True)
class NestedQuestion:
    """Why does `node` not conform to `shape`? With a path: why do the values at `path` of `node` not?"""

    node: str
    shape: Term
    path: Term | None = None


Known = dict[NestedQuestion, tuple[ValidationResult, ...]]
"""What an engine answered."""


def unfold(
    results: Sequence[ValidationResult], shapes: ShapesGraph, run: Runner, known: Known | None = None, depth: int = MAX_DEPTH
) -> tuple[ValidationResult, ...]:
    """Give the results with their leaf causes; `run` is the engine and the data that gave them.

    What is `known` is not asked for, and what is asked for is known from then on.
    """
    known = {} if known is None else known
    results = _counted(results)
    nested = ((result, questions) for result in results if (questions := _questions(result, shapes)))
    asked = dict(islice(nested, MAX_UNFOLDED))
    if not asked or depth == 0:
        return ordered(list(results))
    distinct = list(dict.fromkeys(question for questions in asked.values() for question in questions))
    causes = _causes(distinct, shapes, run, known, depth)
    found: dict[tuple[ValidationResult, ValidationResult | None], ValidationResult] = {}
    for result in results:
        for leaf in _unfolded(result, [causes[question] for question in asked.get(result, ())]):
            # A literal has no place of its own: two of them are the same only in the same value.
            found.setdefault((leaf, leaf.within if leaf.focus_node.startswith('"') else None), leaf)
    return ordered(list(found.values()))


def _counted(results: Sequence[ValidationResult]) -> list[ValidationResult]:
    """Take equal results for one that says how many there are: each language that stands twice gives the same one."""
    times = Counter(results)
    return [replace(result, times=times[result]) for result in dict.fromkeys(results)]


def _questions(result: ValidationResult, shapes: ShapesGraph) -> list[NestedQuestion]:
    shape = shape_term(result.source_shape)
    if result.component == _QUALIFIED:
        inner, path = shapes.value(shape, "qualifiedValueShape"), shapes.value(shape, "path")
        return (
            [] if inner is None or path is None or result.focus_node.startswith("_:") else [NestedQuestion(result.focus_node, inner, path)]
        )
    if result.value is None or result.value.startswith("_:"):
        return []
    if result.component == SH + "NodeConstraintComponent":
        return [NestedQuestion(result.value, inner) for inner in shapes.values(shape, "node")]
    name = _LISTS.get(result.component)
    heads = shapes.values(shape, name) if name else []
    return [NestedQuestion(result.value, member) for head in heads for member in shapes.items(head)]


def _unfolded(result: ValidationResult, causes: list[tuple[ValidationResult, ...]]) -> Iterable[ValidationResult]:
    if not any(causes):
        return (result,)
    if result.component not in _REPLACED:
        details = tuple(tuple(replace(leaf, within=_inside(leaf.within, result)) for leaf in group) for group in causes)
        return (replace(result, details=details),)
    return (replace(leaf, severity=result.severity, within=_inside(leaf.within, result)) for group in causes for leaf in group)


def _inside(within: ValidationResult | None, outer: ValidationResult) -> ValidationResult:
    return outer if within is None else replace(within, within=_inside(within.within, outer))


def _causes(
    questions: list[NestedQuestion], shapes: ShapesGraph, run: Runner, known: Known, depth: int
) -> dict[NestedQuestion, tuple[ValidationResult, ...]]:
    """Ask all questions in one run: each gets its own copy of the shape, so that every answer says which question it is for."""
    asked = [question for question in questions if question not in known]
    if asked:
        triples = [triple for triple in shapes.triples if not is_target(shapes, triple)]
        for number, question in enumerate(asked):
            triples += _aimed(question, number, shapes)
        answers: dict[int, list[ValidationResult]] = {number: [] for number in range(len(asked))}
        for result in run(ShapesGraph(triples, shapes.prefixes, shapes.files), [question.node for question in asked]):
            copy, _, shape = result.source_shape.removeprefix(_COPY).partition(":")
            answers[int(copy)].append(replace(result, source_shape=shape))
        known.update((question, tuple(answers[number])) for number, question in enumerate(asked))
    return {question: _finished(question, known[question], shapes, run, known, depth) for question in questions}


def _finished(
    question: NestedQuestion, answers: Sequence[ValidationResult], shapes: ShapesGraph, run: Runner, known: Known, depth: int
) -> tuple[ValidationResult, ...]:
    if question.path is None or depth == 1:
        return unfold(answers, shapes, run, known, depth - 1)
    values = {
        answer: NestedQuestion(answer.value, question.shape) for answer in answers if answer.value and not answer.value.startswith("_:")
    }
    causes = _causes(list(values.values()), shapes, run, known, depth - 1) if values else {}
    return tuple(replace(leaf, within=_inside(leaf.within, answer)) for answer, inner in values.items() for leaf in causes[inner])


def _aimed(question: NestedQuestion, number: int, shapes: ShapesGraph) -> list[PlacedTriple]:
    """Copy the question's shape, with the property shapes that it holds, and aim the copy at the node."""
    if question.path is None:
        copied = _copied(question.shape, number, shapes)
        top: Term = _copy_name(question.shape, number)
    else:
        # A property shape of our own: its one constraint is that every value conforms to the shape.
        top = NamedNode(f"{_COPY}{number}:{_COPY}")
        copied = [_like(shapes, top, "path", question.path), _like(shapes, top, "node", question.shape)]
    return [*copied, _like(shapes, top, "targetNode", parse_term(question.node))]


def _copied(shape: Term, number: int, shapes: ShapesGraph) -> list[PlacedTriple]:
    family = [shape]
    for member in family:
        family.extend(inner for inner in shapes.values(member, "property") if inner not in family)
    names = {member: _copy_name(member, number) for member in family}
    return [
        PlacedTriple(
            names[member], t.predicate, names.get(t.object, t.object) if t.predicate.value == SH + "property" else t.object, *t[3:]
        )
        for member in family
        for t in shapes.about(member)
        if not is_target(shapes, t)
    ]


def _copy_name(shape: Term, number: int) -> NamedNode:
    return NamedNode(f"{_COPY}{number}:{shape.value}")


def _like(shapes: ShapesGraph, subject: Term, name: str, value: Term) -> PlacedTriple:
    place = shapes.location(subject)
    assert not isinstance(subject, Literal)
    return PlacedTriple(subject, NamedNode(SH + name), value, place, place, place)


def parse_term(text: str) -> Term:
    """Read a term from N-Triples syntax.

    >>> parse_term('"a"@en').value, parse_term("_:x")
    ('a', <BlankNode value=x>)
    """
    if text.startswith("_:"):
        return BlankNode(text[2:])
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    term: Term | Triple = next(iter(parse(f"<urn:s> <urn:p> {text} .", format=Format.N_TRIPLES))).object
    assert not isinstance(term, Triple)
    return term


def without_cascades(results: Sequence[ValidationResult]) -> list[ValidationResult]:
    """Leave out comparisons of a value that another result says is of the wrong datatype; the value is reported once, as that."""
    ill_typed = {_value_of(result) for result in results if result.component == _DATATYPE}
    return [result for result in results if result.component not in _COMPARING or _value_of(result) not in ill_typed]


def _value_of(result: ValidationResult) -> tuple[str, str | None, str | None]:
    return result.focus_node, result.path, result.value
