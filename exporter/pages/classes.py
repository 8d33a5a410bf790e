"""The pages of a class: its instances as a table of their names and of the properties that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.digests import content_digest
from exporter.pages.layout import SiteLayout, SitePage
from exporter.pages.values import Presenter, Shown
from exporter.pages.view import Statements, View
from exporter.plan.model import Plan
from exporter.rdf.terms import LABELS, Term
from exporter.writers.split import safe_file_name

_ROWS = 500
"""How many instances of a class are on one page."""
_COLUMNS = 4
_IN_CELL = 3
_SHORT = 80
_SEEN_IN = 0.2
"""A property has a column if so large a part of the instances has it."""
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class TableCell:
    """The values of a property in a table: `sort` is what it is sorted by, where that is not its text; `more` counts those not shown."""

    values: tuple[Shown, ...] = ()
    sort: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance of a class in its table."""

    label: str
    href: str
    cells: tuple[TableCell, ...]


def class_file(iri: str, number: int = 0) -> str:
    """Give the file of a class, and of the further pages of a large one."""
    name = safe_file_name(iri)
    return f"_/class/{name}.html" if number == 0 else f"_/class/{name}/{number + 1}.html"


class ClassPages:
    """Makes the pages of classes."""

    def __init__(self, layout: SiteLayout, plan: Plan | None = None) -> None:
        self._layout = layout
        self._view = layout.view
        self._classes = plan.ontology.classes if plan is not None else {}

    def key(self, iri: str) -> bytes:
        """Give a digest of all that the pages of a class depend on, besides the site as a whole."""
        graph, view = self._view.graph, self._view
        content = graph.class_content(iri)
        addresses = [view.address(str(row[0])) for rows in content for row in rows]
        return content_digest(repr((class_file(iri), content, addresses)).encode("utf-8", "surrogatepass"))

    def files(self, iri: str) -> Iterator[SitePage]:
        """Make the pages of a class."""
        view = self._view
        instances = sorted(view.graph.instances(iri), key=lambda each: (view.label(each).casefold(), each))
        columns = _choose_columns(view, instances)
        heads = [{"predicate": predicate, "label": view.term_label(predicate)} for predicate in columns]
        parts = [instances[at : at + _ROWS] for at in range(0, len(instances), _ROWS)]
        pages = [{"file": class_file(iri, number), "name": _range(view, part)} for number, part in enumerate(parts)]
        comment = self._classes[iri].comment if iri in self._classes else None
        for number, part in enumerate(parts):
            file = class_file(iri, number)
            presenter = self._layout.presenter(file)
            values = {
                "iri": iri,
                "comment": comment,
                "total": len(instances),
                "columns": heads,
                "rows": [self._row(instance, columns, presenter) for instance in part],
                "pages": pages,
            }
            yield self._layout.page("class.html.jinja", file, view.term_label(iri), values)

    def _row(self, iri: str, columns: Sequence[str], presenter: Presenter) -> InstanceRow:
        said = {of.predicate: of for of in self._view.statements(iri)}
        link = presenter.link(iri)
        return InstanceRow(link.text, link.href, tuple(_cell(said.get(predicate), presenter) for predicate in columns))


def _cell(of: Statements | None, presenter: Presenter) -> TableCell:
    if of is None:
        return TableCell()
    shown = tuple(map(presenter.show, of.values[:_IN_CELL]))
    sort = shown[0].href if shown[0].kind == "time" else ""
    return TableCell(shown, sort, len(of.values) - len(shown))


def _range(view: View, part: Sequence[str]) -> str:
    first, last = view.label(part[0])[:12], view.label(part[-1])[:12]
    return f"{first} – {last}"


def _choose_columns(view: View, instances: Sequence[str]) -> list[str]:
    """Choose the properties that tell instances apart: that many have, with short values that differ; in the plan's order."""
    step = max(1, len(instances) // _SAMPLE)
    sample = instances[::step]
    counts: Counter[str] = Counter()
    different: dict[str, set[object]] = {}
    order: dict[str, int] = {}
    for iri in sample:
        for of in view.statements(iri):
            if of.predicate in LABELS or not all(map(_is_short, of.values)):
                continue
            counts[of.predicate] += 1
            order.setdefault(of.predicate, len(order))
            different.setdefault(of.predicate, set()).add(of.values)
    tells = [
        predicate
        for predicate, count in counts.items()
        if count >= _SEEN_IN * len(sample) and (len(different[predicate]) > 1 or len(sample) == 1)
    ]
    best = sorted(tells, key=lambda predicate: (-counts[predicate], order[predicate]))[:_COLUMNS]
    return sorted(best, key=order.__getitem__)


def _is_short(value: Term | tuple[Term, ...]) -> bool:
    if isinstance(value, Literal):
        return len(value.value) <= _SHORT and "\n" not in value.value and not value.datatype.value.endswith("#JSON")
    return isinstance(value, NamedNode) and "#" not in value.value
