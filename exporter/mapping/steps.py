"""Steps: what one class reads from its map, property by property."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pyoxigraph import Literal, NamedNode

from exporter.digests import short_digest
from exporter.mapping.list_positions import ListPositions
from exporter.mapping.lookups import Find, finder
from exporter.mapping.model import Origin, RecordMapping, Source
from exporter.mapping.seeking import Seeker
from exporter.mapping.unmapped import uncovered
from exporter.mapping.values import Make, ResourceMaker, first_that_fits, iri, literal_maker, of_entry, reference
from exporter.plan.keytree import read_of
from exporter.plan.model import ClassPlan, Step, ValuePlan
from exporter.problems import KeyPath
from exporter.rdf.terms import Block, Term, make_list
from exporter.records.values import Value

Line = tuple[str | None, bool, NamedNode, Make, Find, Step]
"""A step made ready: its one key if its value needs nothing done, whether any text is a literal of its range; its predicate; what makes a
term of a value; what finds its values."""

_SCALARS = frozenset({str, int, bool})


class ClassMapper:
    """Runs the steps of classes over their maps. One mapper serves many records, and keeps what they share."""

    def __init__(self) -> None:
        self._resources = ResourceMaker(self.describe)
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._seekers: dict[int, Seeker] = {}

    def describe(self, of: ClassPlan, source: Source, node: NamedNode, run: RecordMapping) -> None:
        """Make the block of a resource: its class, then the steps in the plan's order."""
        block = run.open_block(node, of, shared=source.shared)
        if block is None:
            return
        block.pairs.extend(of.type_pairs)
        lines = self._lines.get(id(of)) or self._ready(of)
        (self._trace_all if run.traced else self._read)(lines, source, block, run)
        if of.adds_up:
            _say_once(block, run)
        if source.shared:
            run.close_shared(block, of)

    def _read(self, lines: Sequence[Line], source: Source, block: Block, run: RecordMapping) -> None:
        """Run the steps of a class."""
        get, add, path = source.map.get, block.pairs.append, None if source.paths else source.path
        for line in lines:
            key, takes_text, predicate, make, _, _ = line
            if key is None:
                self._find(line, source, block, run)
                continue
            # Most steps read one key that holds a scalar: what `_find` does is done here for these in a fifth of the time.
            value = get(key)
            kind = type(value)
            if kind not in _SCALARS:
                if value is not None:
                    self._find(line, source, block, run)
            elif takes_text and kind is str:
                if value:
                    add((predicate, Literal(value)))  # type: ignore[arg-type]  # a text, by its type
            elif value != "":
                add((predicate, make(value, source.path_of(key) if path is None else (*path, key), source, run)))

    def _find(self, line: Line, source: Source, block: Block, run: RecordMapping) -> None:
        """Run a step over all that it finds; equal values count once."""
        _, _, predicate, make, find, step = line
        if step.ordered or step.looks_up:
            self._trace(line, source, block, run)
            return
        values = find(source, run)
        if len(values) == 1:
            value, path, _ = values[0]
            block.pairs.append((predicate, make(value, path, source, run)))
        elif values:
            terms = [make(value, path, source, run) for value, path, _ in values]
            block.pairs.extend([(predicate, term) for term in dict.fromkeys(terms)])

    def _ready(self, of: ClassPlan) -> tuple[Line, ...]:
        lines = tuple(self._line(step) for step in of.steps)
        self._lines[id(of)] = lines
        return lines

    def _line(self, step: Step) -> Line:
        makers = [self._maker_of(plan, step) for plan in step.values]
        if step.looks_up:
            others = [make for make, plan in zip(makers, step.values, strict=True) if plan.kind != "reference" and not plan.file]
            self._seekers[id(step)] = Seeker(step, others)
        make = makers[0] if len(makers) == 1 else partial(first_that_fits, makers)
        make = partial(of_entry, step, make) if step.entries else make
        return (step.only_key if step.plain and step.takes_lists else None, step.takes_text, step.predicate, make, finder(step), step)

    def _maker_of(self, plan: ValuePlan, step: Step) -> Make:
        if plan.kind == "literal":
            return literal_maker(plan)
        if plan.kind == "iri":
            return iri
        assert plan.of is not None
        if step.each and plan.kind == "resource":
            return ListPositions(step, plan.of, self._resources).maker
        make: Make = partial(reference, plan.of) if plan.kind == "reference" else self._resources.maker(plan.of)
        return partial(_unfolded, read_of(plan), make) if step.conversions else make

    def _trace_all(self, lines: Sequence[Line], source: Source, block: Block, run: RecordMapping) -> None:
        run.origins_of(block).extend([Origin(source.path)] * len(block.pairs))
        for line in lines:
            self._trace(line, source, block, run)

    def _trace(self, line: Line, source: Source, block: Block, run: RecordMapping) -> None:
        """Run a step and note the origins of what it adds, or make a list of it, which may hold one term twice."""
        _, _, predicate, make, find, step = line
        if step.looks_up:
            self._seekers[id(step)].add(find, source, block, run)
            return
        terms = [(make(value, path, source, run), Origin(path, span)) for value, path, span in find(source, run)]
        if step.ordered:
            self._list(step, terms, block, run)
            return
        first: dict[Term, Origin] = {}
        for term, origin in terms:
            first.setdefault(term, origin)
        block.pairs.extend((predicate, term) for term in first)
        run.origins_of(block).extend(first.values())

    def _list(self, step: Step, terms: Sequence[tuple[Term, Origin]], block: Block, run: RecordMapping) -> None:
        if not terms:
            return
        content = " ".join([str(block.subject), str(step.predicate), *(str(term) for term, _ in terms)])
        name = short_digest(content).hex()
        head, cells = make_list([term for term, _ in terms], name)
        block.pairs.append((step.predicate, head))
        if run.traced:
            run.origins_of(block).append(_list_origin(terms[0][1]))
        for cell, (_, origin) in zip(cells, terms, strict=True):
            if run.add_cell(cell, beside=block) and run.traced:
                run.origins_of(cell).extend((origin, origin))


def _say_once(block: Block, run: RecordMapping) -> None:
    """Leave out what two steps of one property have both said."""
    if run.traced:
        first = dict(reversed(list(zip(block.pairs, run.origins_of(block), strict=True))))
        run.origins_of(block)[:] = [first[pair] for pair in dict.fromkeys(block.pairs)]
    block.pairs[:] = list(dict.fromkeys(block.pairs))


def _unfolded(of: ClassPlan, make: Make, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
    """Make a resource of a map that a conversion made, whose keys nobody has looked at yet."""
    if isinstance(value, dict):
        uncovered(of.keys, value, path, run.unmapped)
    return make(value, path, source, run)


def _list_origin(origin: Origin) -> Origin:
    """The whole list that an item stands in."""
    path = origin.key_path
    return Origin(path[:-1] if path and isinstance(path[-1], int) else path)
