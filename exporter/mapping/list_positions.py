"""Positions: the resources that `map:each` makes of lists that are walked together, one for each position."""

from __future__ import annotations

from pyoxigraph import NamedNode

from exporter.mapping.lookups import list_name
from exporter.mapping.model import REMEMBERED, Home, RecordMapping, Source
from exporter.mapping.resources import nested_iri
from exporter.mapping.values import Make, ResourceMaker
from exporter.plan.model import ClassPlan, Step
from exporter.problems import KeyPath
from exporter.rdf.terms import Block, KeptPairs, Term
from exporter.records.values import Value, look_up


class ListPositions:
    """The positions of one step. What is said of a position of plain texts is kept: the trails of a site begin alike."""

    def __init__(self, step: Step, of: ClassPlan, resources: ResourceMaker) -> None:
        self._of = of
        self._resources = resources
        self._lists = [(list_name(path), path) for path in step.sources]
        self._relative = {list_name(path) for step in of.steps if step.relative_to_record for path in step.sources}
        self._kept: dict[tuple[object, ...], KeptPairs] = {}

    @property
    def maker(self) -> Make:
        """What makes the resource of one position."""
        return self._made_once if self._of.flat else self._made

    def _made(self, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
        """Make a resource; `value` holds the lists' items by the key path of the list."""
        index = path[-1]
        assert isinstance(value, dict)
        assert isinstance(index, int)
        paths: dict[str, KeyPath] = {}
        for name, list_ in self._lists:
            at = (*source.path, *list_)
            paths[name] = (*at, index) if isinstance(look_up(source.map, list_), list) else at
        made = source.below(value, path, paths=paths)
        made.index = index + 1
        term = self._resources.from_source(self._of, made, value, path, run)
        if isinstance(term, NamedNode):
            for name, list_ in self._lists:
                if paths[name][-1] == index:
                    run.homes[paths[name]] = Home(self._of, term, made.shared, list_)
        return term

    def _made_once(self, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
        assert isinstance(value, dict)
        if run.traced or source.shared or not self._is_everyones(value):
            return self._made(value, path, source, run)
        key = (run.site, path[-1], *value.items())
        pairs = self._kept.get(key)
        if pairs is None:
            blocks, known, remarks = run.blocks, len(run.blocks), run.remarks
            term = self._made(value, path, source, run)
            if len(blocks) == known + 1 and run.remarks == remarks:
                if len(self._kept) >= REMEMBERED:
                    self._kept.clear()
                pairs = self._kept[key] = KeptPairs(blocks[-1].pairs)
                blocks[-1] = Block(blocks[-1].subject, pairs)
            return term
        node = nested_iri(source, path)
        run.take_block(Block(node, pairs), self._of)
        return node

    def _is_everyones(self, value: dict[str, Value]) -> bool:
        """Whether all is text that means the same in each record of the site: an address that starts with `/` does, `#` does not."""
        for name, text in value.items():  # noqa: SIM110 - `all(…)` takes twice as long
            if type(text) is not str or (name in self._relative and text[:1] != "/"):
                return False
        return True
