"""Steps: what one class reads from its map, property by property."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.mapping.found import Memo, found, list_name
from exporter.mapping.model import Finding, Origin, Run, Source
from exporter.mapping.resources import look_up, nested_iri
from exporter.mapping.unmapped import uncovered
from exporter.mapping.values import ResourceMaker, iri, literal, reference
from exporter.plan.model import ClassPlan, Step, ValuePlan
from exporter.problems import KeyPath
from exporter.records.values import Value
from exporter.terms import RDF_FIRST, RDF_NIL, RDF_REST, Block, Term

Make = Callable[[Value, KeyPath, Source, Run], Term]
Line = tuple[str | None, NamedNode, int, Make, Step]
"""A step made ready: its one key (None where it reads more), its predicate, the way its values go, and what makes a term of one."""

_TEXT, _PLAIN, _MORE = range(3)

_NUMBERS = (int, bool)
_REMEMBERED = 20_000


class ClassMapper:
    """Runs the steps of classes over their maps. One mapper serves many records, and keeps what they share."""

    def __init__(self) -> None:
        self._resources = ResourceMaker(self.describe)
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._converted: Memo = {}
        self._positions: dict[tuple[int, int, str, tuple[tuple[str, Value], ...]], list[tuple[NamedNode, Term]]] = {}

    def describe(self, of: ClassPlan, source: Source, node: NamedNode, run: Run) -> None:
        """Make the block of a resource: its class, then the steps in the plan's order."""
        block = run.open_block(node, of, shared=source.shared)
        if block is None:
            return
        pairs = block.pairs
        pairs.extend(of.type_pairs)
        lines = self._lines.get(id(of)) or self._ready(of)
        if run.traced:
            origins = run.origins_of(block)
            origins += [Origin(source.path)] * len(pairs)
            for line in lines:
                self._found(line, source, block, run)
            run.close_block(block, of, shared=source.shared)
            return
        get, add = source.map.get, pairs.append
        for line in lines:
            key, predicate, way, make, _ = line
            if key is None:
                self._found(line, source, block, run)
                continue
            value = get(key)
            kind = type(value)
            if not value and kind not in _NUMBERS:
                continue
            if way == _TEXT and kind is str:
                add((predicate, Literal(value)))  # type: ignore[arg-type]  # a text, by its type
            elif way == _MORE or kind is list or kind is dict:
                self._found(line, source, block, run)
            else:
                add((predicate, make(value, source.path_of(key), source, run)))
        run.close_block(block, of, shared=source.shared)

    def _ready(self, of: ClassPlan) -> tuple[Line, ...]:
        lines = tuple(
            (step.only_key if step.takes_lists else None, step.predicate, _way(step), self._maker(step), step) for step in of.steps
        )
        self._lines[id(of)] = lines
        return lines

    def _maker(self, step: Step) -> Make:
        """Resolve what makes a term of one value."""
        makers = [self._maker_of(plan, step) for plan in step.values]
        return makers[0] if len(makers) == 1 else partial(_first_that_fits, makers)

    def _maker_of(self, plan: ValuePlan, step: Step) -> Make:
        if plan.kind == "literal":
            return partial(literal, plan)
        if plan.kind == "iri":
            return iri
        assert plan.of is not None
        if plan.kind == "reference":
            return partial(reference, plan.of)
        if step.each:
            return (
                partial(self._kept_position, _relative_to_record(plan.of), step, plan.of)
                if plan.of.flat
                else partial(self._position, step, plan.of)
            )
        if step.conversions:
            return partial(self._unfolded, plan.of)
        return partial(self._resources.resource, plan.of)

    def _unfolded(self, of: ClassPlan, value: Value, path: KeyPath, source: Source, run: Run) -> Term:
        """Make a resource of a map that a conversion made, whose keys nobody has looked at yet."""
        if isinstance(value, dict):
            uncovered(of.keys, value, path, run.unmapped)
        return self._resources.resource(of, value, path, source, run)

    def _position(self, step: Step, of: ClassPlan, value: Value, path: KeyPath, source: Source, run: Run) -> Term:
        """Make the resource of one position of parallel lists; `value` holds the lists' items by the key path of the list."""
        index = path[-1]
        assert isinstance(value, dict)
        assert isinstance(index, int)
        at = source.path
        lists = {p: isinstance(look_up(source.map, p), list) for p in step.sources}
        paths: dict[str, KeyPath] = {list_name(p): (*at, *p, index) if is_list else (*at, *p) for p, is_list in lists.items()}
        made = source.below(value, path, paths=paths)
        made.index = index + 1
        return self._resources.from_source(of, made, value, path, run)

    def _kept_position(
        self, relative: tuple[str, ...], step: Step, of: ClassPlan, value: Value, path: KeyPath, source: Source, run: Run
    ) -> Term:
        """Make the resource of one position, whose statements are kept: trails begin alike."""
        assert isinstance(value, dict)
        index = path[-1]
        if run.traced or not isinstance(index, int) or any(type(v) is not str or v.strip() == "#" for v in value.values()):
            return self._position(step, of, value, path, source, run)
        origin = ""
        if relative:
            if not all(str(value.get(name, "/")).startswith("/") for name in relative):
                return self._position(step, of, value, path, source, run)
            origin = run.iri[: run.iri.find("/", len("https://"))]  # all that an absolute path takes from the record's address
        key = (id(of), index, origin, tuple(value.items()))
        pairs = self._positions.get(key)
        if pairs is None:
            known = len(run.findings)
            term = self._position(step, of, value, path, source, run)
            made = next((block for block in reversed(run.shared if source.shared else run.blocks) if block.subject == term), None)
            if made is not None and len(run.findings) == known:
                if len(self._positions) >= _REMEMBERED:
                    self._positions.clear()
                self._positions[key] = made.pairs
            return term
        node = nested_iri(source, path)
        run.take_block(Block(node, pairs), of, shared=source.shared)
        return node

    def _found(self, line: Line, source: Source, block: Block, run: Run) -> None:
        """Run a step over all that it finds; equal values count once, but for lists that keep their order."""
        _, predicate, _, make, step = line
        values = found(step, source, run, self._converted)
        if run.traced or step.ordered:
            self._traced(line, [(make(value, path, source, run), Origin(path, span)) for value, path, span in values], block, run)
            return
        terms = [make(value, path, source, run) for value, path, _ in values]
        if len(terms) > 1:
            terms = list(dict.fromkeys(terms))
        for term in terms:
            block.pairs.append((predicate, term))

    def _traced(self, line: Line, terms: list[tuple[Term, Origin]], block: Block, run: Run) -> None:
        """Add terms with their origins, or as a list; a list may hold one term twice."""
        if line[-1].ordered:
            self._list(line[-1], terms, block, run)
            return
        first: dict[Term, Origin] = {}
        for term, origin in terms:
            first.setdefault(term, origin)
        block.pairs.extend((line[1], term) for term in first)
        run.origins_of(block).extend(first.values())

    def _list(self, step: Step, terms: Sequence[tuple[Term, Origin]], block: Block, run: Run) -> None:
        if not terms:
            return
        name = blake2b(f"{block.subject}{step.predicate}".encode(), digest_size=8).hexdigest()
        cells = [BlankNode(f"l{name}x{i}") for i in range(len(terms))]
        block.pairs.append((step.predicate, cells[0]))
        if run.traced:
            run.origins_of(block).append(_list_origin(terms[0][1]))
        for i, (term, origin) in enumerate(terms):
            rest: Term = cells[i + 1] if i + 1 < len(cells) else RDF_NIL
            cell = run.add_cell(Block(cells[i], [(RDF_FIRST, term), (RDF_REST, rest)]), beside=block)
            if run.traced:
                run.origins_of(cell).extend((origin, origin))


def _way(step: Step) -> int:
    if not step.plain:
        return _MORE
    return _TEXT if step.takes_text else _PLAIN


def _first_that_fits(makers: Sequence[Make], value: Value, path: KeyPath, source: Source, run: Run) -> Term:
    """Take the first of several ranges that a value fits; where it fits none, the first one's findings stand."""
    known = len(run.findings)
    unfit: list[tuple[Term, list[Finding]]] = []
    for make in makers:
        term = make(value, path, source, run)
        if len(run.findings) == known:
            return term
        unfit.append((term, run.findings[known:]))
        del run.findings[known:]
    term, findings = unfit[0]
    run.findings += findings
    return term


def _list_origin(origin: Origin) -> Origin:
    """The whole list that an item stands in."""
    path = origin.key_path
    return Origin(path[:-1] if path and isinstance(path[-1], int) else path)


def _relative_to_record(of: ClassPlan) -> tuple[str, ...]:
    """The keys of a position's map that are resolved against the record's address."""
    return tuple(list_name(path) for step in of.steps if step.relative_to_record and not step.options.base for path in step.sources)
