"""Which class of a model stands for which class of an ontology: by its records, by what reads the same key, by its name."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence

from exporter.inference.classes import ClassDraft
from exporter.inference.growing.known import MappedRecords
from exporter.inference.model import InferredClass, InferredModel, RowDraft
from exporter.inference.naming import PREFIX


class Matching:
    """The classes of a model and those of an ontology: `of` gives the IRI for a name, `names` the names for an IRI, the best first."""

    def __init__(self, model: InferredModel, drafts: Sequence[ClassDraft], known: MappedRecords) -> None:
        self._known = known
        self._namespace = model.namespace
        self.classes: Mapping[str, InferredClass] = {each.name: each for each in model.classes}
        self.of: dict[str, str] = {}
        self.names: dict[str, list[str]] = {}
        self.unclaimed: dict[str, int] = {}
        self._by_records(drafts)
        self._by_name(each.name for each in model.classes if each.name not in self.unclaimed)
        self._by_rows()
        self._by_subclasses()

    def rows(self, name: str) -> list[RowDraft]:
        """Give the rows of a class, and those of the class above it."""
        above = self.classes.get(self.classes[name].parent or "")
        return [*(above.rows if above else ()), *self.classes[name].rows]

    def _pair(self, name: str, iri: str) -> bool:
        names = self.names.setdefault(iri, [])
        is_new = name not in names
        if is_new:
            names.append(name)
        self.of.setdefault(name, iri)
        return is_new

    def _by_records(self, drafts: Sequence[ClassDraft]) -> None:
        """Pair classes by the records that are of both; a class whose records are mostly of none is one that the ontology lacks."""
        shared: Counter[tuple[str, str]] = Counter()
        for draft in drafts:
            found = sum((self._known.classes.get(path, Counter()) for path in dict.fromkeys(draft.group.paths)), Counter[str | None]())
            claimed = {iri: count for iri, count in found.items() if iri is not None}
            if found[None] > sum(claimed.values()):
                self.unclaimed[draft.name] = found[None]
            elif claimed:
                shared.update({(draft.name, iri): count for iri, count in claimed.items()})
        for (name, iri), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            self._pair(name, iri)

    def _by_name(self, names: Iterator[str]) -> None:
        for name in names:
            iri = self._namespace + name
            if name not in self.of and iri in self._known.ontology.classes and iri not in self.names:
                self._pair(name, iri)

    def _by_rows(self) -> None:
        """Pair what two classes read under one key."""
        queue = deque((name, iri) for iri, names in self.names.items() for name in names)
        while queue:
            name, iri = queue.popleft()
            for row in self.rows(name):
                inner = [own for range_ in row.ranges if (own := own_name(range_)) in self.classes and own not in self.of]
                for found in (found for key in row.keys for found in self._known.rows_of(iri, key)) if inner else ():
                    ranges = [range_ for range_ in found.ranges if range_ in self._known.ontology.classes]
                    queue.extend((own, range_) for own in inner for range_ in ranges[:1] if self._pair(own, range_))

    def _by_subclasses(self) -> None:
        """Pair what is above: a class of the ontology that says where the pages of the others stand."""
        ontology = self._known.ontology
        for name in list(self.of):
            parent = self.classes[name].parent
            if parent is not None and parent not in self.of:
                above = [
                    iri for iri in ontology.ancestors(self.of[name])[1:] if iri in ontology.classes and ontology.classes[iri].templates
                ]
                if above:
                    self._pair(parent, above[0])


def own_name(range_: str) -> str:
    """Give the name of a class of the site's own, empty for what is not one.

    >>> own_name("site:Author"), own_name("xsd:date")
    ('Author', '')
    """
    return range_.removeprefix(f"{PREFIX}:") if range_.startswith(f"{PREFIX}:") else ""
