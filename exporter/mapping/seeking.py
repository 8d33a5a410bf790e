"""Values that are looked up among the records of a run (`map:match`): what one record can say of them, and what it answers to itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pyoxigraph import Literal, NamedNode

from exporter.language.datatypes import lexical_form
from exporter.language.templates import Template
from exporter.mapping.bodies import ADDRESS, LINKS
from exporter.mapping.holes import fold_holes
from exporter.mapping.lookups import Find, finder
from exporter.mapping.model import REMEMBERED, Answers, Held, Hole, Made, Origin, RecordMapping, Sought, Source, Span, Unfit
from exporter.mapping.resources import MissingVariableError, UnfitVariableError, complete_template, fill_text
from exporter.mapping.values import Make, as_text, captured, first_that_fits, iri, referred
from exporter.plan.model import ClassPlan, MatchKey, Step
from exporter.problems import KeyPath
from exporter.rdf.terms import RDF_TYPE, Block, Term, hole_node
from exporter.records.values import Value


class Seeker:
    """Makes the holes of one step. `others` make the terms of those of its ranges that are not looked up."""

    def __init__(self, step: Step, others: Sequence[Make]) -> None:
        self._step = step
        self._ranges = tuple([value.of for value in step.values if value.of is not None and value.kind == "reference"])
        self._fillers = tuple(map(_Filler, self._ranges))
        self._captures = any(of.pattern is not None for of in self._ranges)
        self._names = tuple([of.iri.value for of in self._ranges])
        self._files = any(value.file for value in step.values)
        self._other = others[0] if len(others) == 1 else partial(first_that_fits, others) if others else None

    def add(self, find: Find, source: Source, block: Block, run: RecordMapping) -> None:
        """Add the hole of what the step finds to a block, where it finds something."""
        held = tuple([self._held(*found, source, run) for found in find(source, run)])
        if held:
            assert isinstance(block.subject, NamedNode)
            block.pairs.append((self._step.predicate, hole_node(len(run.holes), ordered=self._step.ordered)))
            if run.traced:
                run.origins_of(block).append(Origin(held[0].key_path, held[0].span))
            run.holes.append(Hole(block.subject, self._step.predicate, held, self._step.ordered))

    def _held(self, value: Value, path: KeyPath, span: Span | None, source: Source, run: RecordMapping) -> Held:
        linked = path[:1] == (LINKS,)
        typed = value.get("target") if linked and isinstance(value, dict) else value  # a class among the ranges reads the whole link
        text = as_text(typed)
        iris = tuple([filler.fill(typed, path, source, run) for filler in self._fillers])
        otherwise, fits, made = self._otherwise(value, text, path, source, run)
        parts = tuple([filler.parts(text) for filler in self._fillers]) if self._captures and not isinstance(typed, (dict, list)) else ()
        code = run.content.links[path[1]].code if linked and run.content and isinstance(path[1], int) else ""
        return Held(Sought(code or text, self._names, iris, otherwise, fits, linked, made, parts, self._files), path, span)

    def _otherwise(self, value: Value, text: str, path: KeyPath, source: Source, run: RecordMapping) -> tuple[Term, bool, Made | None]:
        """Make what stays of a value that no record answers to: what the other ranges make of it, or its text."""
        if self._files and ADDRESS.match(text):
            address = iri(text, path, source, run)
            return address, isinstance(address, NamedNode), None
        if self._other is None:
            return Literal(text), type(value) is Unfit, None
        apart = run.apart()
        apart.findings, apart.references, apart.holes, apart.unmapped, apart.homes = [], [], [], [], {}
        term = self._other(value, path, source, apart)
        if apart.findings:
            return Literal(text), False, None
        run.unmapped += apart.unmapped
        fold_holes((*apart.blocks, *apart.shared), apart.holes, None)
        made = Made(tuple(apart.blocks), tuple(apart.shared), tuple(apart.holes)) if apart.blocks or apart.shared else None
        return term, True, made


class _Filler:
    """Makes of values what they are in the template of a class; those of texts that mean the same in each record are kept."""

    def __init__(self, of: ClassPlan) -> None:
        self._of = of
        variables = of.template.variables if of.template is not None else ()
        self._takes_maps = any(variable.scope == "map" for variable in variables)
        of_text = all(variable.scope == "map" or variable.path == ("@value",) for variable in variables)
        self._keeps = of_text or [variable.scope for variable in variables] == ["file"]  # which the text spells out
        self._kept: dict[str, str] = {}

    def fill(self, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> str:
        """Give the IRI that a value makes, '' where it makes none; no record may have it, so nobody is told."""
        if self._of.template is None or (isinstance(value, dict) and not self._takes_maps):
            return ""
        if type(value) is not str or not self._keeps:
            return self._filled(value, path, source, run)
        made = self._kept.get(value)
        if made is None:
            if len(self._kept) >= REMEMBERED:
                self._kept.clear()
            made = self._kept[value] = self._filled(value, path, source, run)
        return made

    def parts(self, text: str) -> tuple[str, ...]:
        """Give what the class's pattern captures of a text for each key of its `map:match`: the group of the key's name."""
        groups = captured(self._of, text)
        return tuple(["" if isinstance(key, Template) else groups.get(str(key[-1]), "") for key in self._of.match]) if groups else ()

    def _filled(self, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> str:
        quiet = run.apart()
        quiet.findings = []
        made = referred(self._of, value, path, source, quiet)
        return "" if made is None else made.value


class AnswerKeys:
    """What records of a class answer to: the texts at the keys of `map:match`, of each class that they are of."""

    def __init__(self, of: ClassPlan) -> None:
        self._ranges = [(range_, [_texts_of(key) for key in keys]) for range_, keys in of.answers]

    def answers(self, source: Source, run: RecordMapping) -> tuple[Answers, ...]:
        """Give what a record answers to."""
        return tuple([Answers(range_, tuple([find(source, run) for find in finds])) for range_, finds in self._ranges])


def _texts_of(key: MatchKey) -> Callable[[Source, RecordMapping], tuple[str, ...]]:
    return partial(_filled, key) if isinstance(key, Template) else partial(_texts, finder(Step(RDF_TYPE, (key,), ())))


def _filled(template: Template, source: Source, run: RecordMapping) -> tuple[str, ...]:
    """Fill a template with the first alternative that is complete; what can't be filled answers to nothing."""
    complete = complete_template(template, source, run)
    if complete is None:
        return ()
    try:
        return (fill_text(complete, source, run),)
    except (MissingVariableError, UnfitVariableError):
        return ()


def _texts(find: Find, source: Source, run: RecordMapping) -> tuple[str, ...]:
    values = [value for value, _, _ in find(source, run) if value is not None and not isinstance(value, (dict, list))]
    return tuple(dict.fromkeys([lexical_form(value) for value in values]))
