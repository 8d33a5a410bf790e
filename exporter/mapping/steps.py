"""Steps: what one class reads from its map, property by property."""

from __future__ import annotations

from hashlib import blake2b

from pyoxigraph import BlankNode, NamedNode

from exporter.mapping.found import found
from exporter.mapping.model import Finding, Origin, Run, Source
from exporter.mapping.unmapped import uncovered
from exporter.mapping.values import ResourceMaker, iri, literal, reference
from exporter.plan.model import ClassPlan, Step, ValuePlan
from exporter.problems import KeyPath, format_key_path
from exporter.records.values import Value
from exporter.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Block, Term


class ClassMapper:
    """Runs the steps of classes over their maps. One mapper serves many records, and keeps what they share."""

    def __init__(self) -> None:
        self._resources = ResourceMaker(self.describe)

    def describe(self, of: ClassPlan, source: Source, node: NamedNode, run: Run) -> None:
        """Make the block of a resource: its class, then the steps in the plan's order."""
        opened = run.open_block(node, of.iri, shared=source.shared)
        if opened is None:
            return
        block, origins = opened
        pairs = block.pairs
        for type_ in of.types:
            pairs.append((RDF_TYPE, type_))
            if run.traced:
                origins.append(Origin(source.path))
        map_ = source.map
        for step in of.steps:
            if (key := step.only_key) is not None and not run.traced:
                # most of a record: one key, which is absent, empty or holds one text
                value = map_.get(key)
                if value is None or value == "":
                    continue
                if type(value) is str and step.only_literal is not None:
                    pairs.append((step.predicate, literal(step.only_literal, value, (*source.path, key), run)))
                    continue
            self._run(step, source, block, origins, run)

    def _run(self, step: Step, source: Source, block: Block, origins: list[Origin], run: Run) -> None:
        terms: dict[Term, Origin] = {}
        for value, path, span in found(step, source, run):
            term = self._each(step, value, path, source, run) if step.each else self._term(step, value, path, source, run)
            if term not in terms:
                terms[term] = Origin(path, span)
        if step.ordered:
            self._list(step, terms, block, origins, run)
            return
        for term, origin in terms.items():
            block.pairs.append((step.predicate, term))
            if run.traced:
                origins.append(origin)

    def _term(self, step: Step, value: Value, path: KeyPath, source: Source, run: Run) -> Term:
        if len(step.values) == 1:
            return self._as(step.values[0], step, value, path, source, run)
        first: tuple[Term, list[Finding]] | None = None
        known = len(run.findings)
        for plan in step.values:
            term = self._as(plan, step, value, path, source, run)
            if len(run.findings) == known:
                return term
            first = first or (term, run.findings[known:])
            del run.findings[known:]
        assert first is not None
        run.findings += first[1]
        return first[0]

    def _as(self, plan: ValuePlan, step: Step, value: Value, path: KeyPath, source: Source, run: Run) -> Term:
        if plan.kind == "literal":
            return literal(plan, value, path, run)
        if plan.kind == "iri":
            return iri(value, path, run)
        assert plan.of is not None
        if plan.kind == "reference":
            return reference(plan.of, value, path, source, run)
        if step.conversions and isinstance(value, dict):
            run.unmapped += uncovered(plan.of.keys, value, path)
        return self._resources.resource(plan.of, value, path, source, run)

    def _each(self, step: Step, value: Value, path: KeyPath, source: Source, run: Run) -> Term:
        """Make the resource of one position of parallel lists; `value` holds the lists' items by the key path of the list."""
        of, index = step.values[0].of, path[-1]
        assert of is not None
        assert isinstance(value, dict)
        assert isinstance(index, int)
        paths: dict[str, KeyPath] = {format_key_path(p): (*source.path, *p, index) for p in step.sources}
        made = source.below(value, path, paths=paths)
        made.index = index + 1
        return self._resources.from_source(of, made, value, path, run)

    def _list(self, step: Step, terms: dict[Term, Origin], block: Block, origins: list[Origin], run: Run) -> None:
        if not terms:
            return
        name = blake2b(f"{block.subject}{step.predicate}".encode(), digest_size=8).hexdigest()
        cells = [BlankNode(f"l{name}x{i}") for i in range(len(terms))]
        first = next(iter(terms.values()))
        block.pairs.append((step.predicate, cells[0]))
        if run.traced:
            origins.append(_list_origin(first))
        shared = any(other is block for other in run.shared)
        for i, (term, origin) in enumerate(terms.items()):
            rest: Term = cells[i + 1] if i + 1 < len(cells) else RDF_NIL
            (run.shared if shared else run.blocks).append(Block(cells[i], [(RDF_FIRST, term), (RDF_REST, rest)]))
            if run.traced:
                (run.shared_origins if shared else run.origins).append([origin, origin])


def _list_origin(origin: Origin) -> Origin:
    """The whole list that an item stands in."""
    path = origin.key_path
    return Origin(path[:-1] if path and isinstance(path[-1], int) else path)
