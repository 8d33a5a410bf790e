"""Restoring: a graph that was edited elsewhere comes back into the records that it was made of.

What the graph gives back of each record, as the records say it now and as the graph says it, is compared key by key; the differences
become edits at their places. The edited records are mapped again before anything is written: what then differs from the graph can't come
back, and is refused by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from exporter.edits.editing import Edit, EditedFile, edit_file
from exporter.edits.outline import EditError
from exporter.edits.writing import check_edited, write_edited
from exporter.errors import OutputError, UsageError
from exporter.language.keypaths import is_special
from exporter.paths import Paths
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import Location, Problem
from exporter.project import Project, choose_project
from exporter.rdf.terms import RDF_TYPE, Statement
from exporter.recovery.canonical import ComparedGraph, Key, show, with_known_notation
from exporter.recovery.changing import find_changes, whole_changes
from exporter.recovery.graph import GraphIndex, read_graph
from exporter.recovery.inverses import NoInverseError
from exporter.recovery.mapped_site import MappedSite, SiteRecord
from exporter.recovery.new_files import NewFileError, check_place, new_path, write_record
from exporter.recovery.remaking import Remaker
from exporter.text import plural, quote
from exporter.writers.files import AtomicFile

if TYPE_CHECKING:
    from exporter.rdf.interchange import RdflibGraph

REFUSED = "RESTORE-REFUSED"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a graph changes: edited files, new ones by their project path, and what is refused; where something is, nothing is written.

    `declared` counts the statements that declare terms for OWL, which no record says.
    """

    edited: tuple[EditedFile, ...]
    new: tuple[EditedFile, ...]
    problems: tuple[Problem, ...]
    unchanged: int
    declared: int

    def write(self, project: Project, folder: str | Path) -> None:
        """Write all files, each whole or not at all; nothing where one of them can't be written or has changed. Raises OutputError."""
        tree = project.tree
        if self.problems:
            raise OutputError("nothing is written, because a part of the graph can't come back")
        try:
            places = [check_place(tree, file.path, str(folder)) for file in self.new]
            for file in self.edited:
                check_edited(tree, file)
            for file in self.edited:
                write_edited(tree, file)
        except (EditError, NewFileError) as error:
            raise OutputError(str(error)) from None
        for file, place in zip(self.new, places, strict=True):
            place.parent.mkdir(parents=True, exist_ok=True)
            with AtomicFile(place) as target:
                target.write(file.after)


def restore(
    graph: str | Path | RdflibGraph | Store | Iterable[Statement],
    folder: str | Path,
    *,
    project: Project | None = None,
    ontology: Paths | None = None,
) -> Restoration:
    """Find the edits of the records below a folder after which they say what a graph says; new records go below it.

    `graph` is an RDF file, or a graph in memory as `export` fills it. Nothing is written before `Restoration.write`, and nothing at all
    where there are problems. Raises OntologyError, and UsageError for a file that can't be read as RDF, or a graph of
    other records.

    >>> from exporter import export
    >>> triples = []
    >>> _ = export("examples/medigy/content", triples, ontology="medigy")
    >>> restore(triples, "examples/medigy/content", ontology="medigy").unchanged
    13
    """
    project = choose_project(project, str(folder), ontology=ontology)
    shown = str(graph) if isinstance(graph, (str, Path)) else "the graph"
    said = read_graph(graph)
    plan = project.plan()
    site = MappedSite(project, plan)
    restoring = _Restoring(project, plan, site, ComparedGraph(said), str(folder), shown)
    restoring.find()
    return restoring.close(declared=sum(map(ComparedGraph.leaves_out, said)))


class _Restoring:
    """One comparison of a graph with the records of a project."""

    def __init__(self, project: Project, plan: Plan, site: MappedSite, wanted: ComparedGraph, folder: str, shown: str) -> None:
        records = site.map({})
        known = [statement for record in records for statement in record.statements]
        before = ComparedGraph(known)
        self._project = project
        self._tree = project.tree
        self._plan = plan
        self._site = site
        self._records = records
        self._before = before
        self._wanted = wanted
        self._folder = folder
        self._shown = shown
        index = GraphIndex(with_known_notation(wanted, before))
        self._old, self._new = Remaker(plan, GraphIndex(known)), Remaker(plan, index)
        self._stated = {str(subject) for subject in index.subjects()}
        self._of_graph = index
        self._values = {value for _, _, value in wanted.said}
        self._renamed: dict[str, NamedNode] = {}
        self._files: dict[str, EditedFile] = {}
        self._made: dict[str, EditedFile] = {}
        self._problems: list[Problem] = []
        self._places: dict[str, SiteRecord] = {}
        self._files_of: dict[str, set[str]] = {}
        for record in records:
            for subject in {str(s) for s, _, _ in record.statements}:
                self._places.setdefault(subject, record)
                self._files_of.setdefault(subject, set()).add(record.path)
        self._named: set[str] = set()  # resources of which it is said already why they can't come back

    def find(self) -> None:
        """Find edits and new files, hold what they would say against the graph, and say what can't come back."""
        if self._before.said.keys() == self._wanted.said.keys():
            return
        added = self._added()
        self._pair_renamed(added)
        if self._records and not self._renamed and not any(str(record.iri) in self._stated for record in self._records):
            raise UsageError(f"{self._shown} says nothing of any record below {self._folder}: it is not a graph that was made of them")
        for record in self._records:
            self._edit(record, whole=False)
        for node, of in added.items():
            self._make(node, of)
        self._refuse_unread()
        differing = self._differing()
        if differing and not self._problems:
            differing = self._try_whole(differing)
        self._refuse(differing)

    def _try_whole(self, differing: Sequence[Key]) -> list[Key]:
        """Put whole values in place of what differs, and keep the files in which less differs then."""
        smallest, left = dict(self._files), self._count_by_file(differing)
        for path in left:
            self._files.pop(path, None)
        for record in self._records:
            if record.path in left:
                self._edit(record, whole=True)
        still = self._count_by_file(self._differing())
        for path, count in left.items():
            if still[path] >= count:
                self._files.pop(path, None)
                self._files |= {path: smallest[path]} if path in smallest else {}
        return self._differing()

    def _count_by_file(self, differing: Sequence[Key]) -> Counter[str]:
        """Count the statements that differ, by the files that say something of their subjects."""
        counts = Counter[str]()
        for key in differing:
            counts.update(self._files_of.get(str(key[0]), ()))
        return counts

    def _added(self) -> dict[NamedNode, ClassPlan]:
        """Find the records of the graph that have no file yet."""
        known = {str(key[0]) for key in self._before.said}
        found: dict[NamedNode, ClassPlan] = {}
        for subject in self._of_graph.subjects():
            if isinstance(subject, NamedNode) and str(subject) not in known and (of := self._new.class_of(subject)) is not None:
                found[subject] = of
        return found

    def _pair_renamed(self, added: dict[NamedNode, ClassPlan]) -> None:
        """Tell records that have another IRI from those that are gone, and from new ones: they say mostly the same."""
        contents = {node: _content(self._wanted, node) for node in added}
        for record in self._records:
            if str(record.iri) in self._stated:
                continue
            said = _content(self._before, record.iri)
            alike = {node: len(said & contents[node]) for node in added}
            node = max(alike, key=lambda each: (alike[each], each.value), default=None)
            if node is not None and alike[node] * 2 >= len(said):
                self._renamed[record.iri.value] = node
                del added[node]
            else:
                message = f"the graph says nothing of <{record.iri.value}> any more, and no record is removed"
                self._named.add(str(record.iri))
                self._problems.append(Problem(REFUSED, record.record.extent(), message, help="remove it by hand"))

    def _edit(self, record: SiteRecord, *, whole: bool) -> None:
        node = self._renamed.get(record.iri.value, record.iri)
        was, of = self._old.class_of(record.iri), self._new.class_of(node)
        if was is None or of is None:
            return
        read = record.record.front_matter
        try:
            before, after = self._old.front_matter(record.iri, was, read), self._new.front_matter(node, of, read)
        except NoInverseError:
            return
        changes = [*(whole_changes if whole else find_changes)(read, before, after)]
        if changes:
            self._apply(record, changes, said=not whole)

    def _apply(self, record: SiteRecord, changes: Sequence[Edit], *, said: bool) -> None:
        known = self._files.get(record.path)
        try:
            made = edit_file(self._site.reader, record.path, changes, item=record.number, data=known.after if known else None)
        except EditError as error:
            if said:
                self._problems.append(Problem(REFUSED, record.record.locate(changes[0].path), str(error), help="edit it by hand"))
                self._named.add(str(record.iri))
            return
        self._files[record.path] = EditedFile(record.path, known.before if known else made.before, made.after)

    def _make(self, node: NamedNode, of: ClassPlan) -> None:
        """Make the file of a record that has none."""
        try:
            front_matter = self._new.front_matter(node, of)
            path = new_path(of, node.value, front_matter)
            check_place(self._tree, path, self._folder, taken=self._made)
            data = write_record(path, front_matter, self._new.body(node, of))
        except (NewFileError, NoInverseError) as error:
            message = f"the record <{node.value}> can't be made: {error}"
            self._named.add(str(node))
            self._problems.append(Problem(REFUSED, Location(self._shown), message, help="write its file by hand, or change map:newFile"))
            return
        self._made[path] = EditedFile(path, b"", data)

    def _refuse_unread(self) -> None:
        """Refuse new files that no run over the folder would read."""
        if not self._made:
            return
        tree = replace(self._tree, overlays={**self._tree.overlays, **{path: file.after for path, file in self._made.items()}})
        read = set(replace(self._project, tree=tree).files(self._plan))
        for path in sorted(self._made.keys() - read):
            message = f"map:newFile makes the path {quote(path)}, which is not read: git ignores it, or include and exclude leave it out"
            self._problems.append(Problem(REFUSED, Location(self._shown), message, help="change map:newFile or the settings"))

    def _differing(self) -> list[Key]:
        """Give the statements that only the graph has, or only the records once they are edited."""
        instead = {path: file.after for path, file in (*self._files.items(), *self._made.items())}
        self._after = ComparedGraph(statement for record in self._site.map(instead) for statement in record.statements)
        return [key for key in (*self._wanted.said, *self._after.said) if (key in self._wanted.said) != (key in self._after.said)]

    def _refuse(self, differing: Sequence[Key]) -> None:
        """Name each statement that can't come back."""
        self._refuse_renamed({key[0] for key in differing})
        told = Counter[str]()
        for key in differing:
            subject = str(key[0])
            if subject in self._named:
                continue
            told[subject] += 1
            if told[subject] > _SHOWN:
                continue
            record, wanted = self._places.get(subject), key in self._wanted.said
            text = show((self._wanted if wanted else self._after).said[key], self._plan.prefixes)
            still = "still" if key in self._before.said else "also"
            message = f"no edit of the records says {text}" if wanted else f"the records would {still} say {text}"
            place = self._place(record, key) if record else Location(self._shown)
            self._problems.append(Problem(REFUSED, place, message, help=self._advice(key, record, wanted=wanted)))
        for subject, count in told.items():
            if count > _SHOWN:
                message = f"{plural(count - _SHOWN, 'further statement')} of {subject} can't come back"
                self._problems.append(Problem(REFUSED, Location(self._shown), message))

    def _refuse_renamed(self, differing: set[object]) -> None:
        """Say of records that have another IRI in the graph that no key makes it."""
        for record in self._records:
            node = self._renamed.get(record.iri.value)
            if node is None or differing.isdisjoint({str(node), str(record.iri)}):
                continue
            of = self._new.class_of(node)
            of_file = of is not None and of.template is not None and any(each.scope == "file" for each in of.template.variables)
            why = "its address is made of the path of its file" if of_file else "no edit of its keys makes that address"
            message = f"<{record.iri.value}> is <{node.value}> in the graph, and {why}"
            self._problems.append(Problem(REFUSED, record.record.extent(), message, help="rename it by hand, and restore again"))
            self._named |= {str(node), str(record.iri)}

    def _place(self, record: SiteRecord, key: Key) -> Location:
        """Give the place of the key that says a statement of a record, or should; the record where there is none."""
        of = self._old.class_of(record.iri) if str(record.iri) == key[0] else None
        read = [step.sources[0] for step in (of.steps if of else ()) if step.predicate.value == key[1] and step.sources]
        return record.record.locate(read[0]) if read and not is_special(read[0]) else record.record.extent()

    def _advice(self, key: Key, record: SiteRecord | None, *, wanted: bool) -> str:
        """Say what to do about a statement that can't come back."""
        is_record = record is not None and str(record.iri) == key[0]
        if wanted and not is_record and key in self._before.said and key[0] not in self._values:
            return "nothing in the graph names this resource any more; remove what is said of it, too"
        if record is None and wanted:
            return "no record says anything of it; give it a type whose class has map:newFile, or remove it from the graph"
        return "`owltype export --verify` says which keys come back; edit the record by hand, or take the change out of the graph"

    def close(self, declared: int) -> Restoration:
        """Give what was found."""
        edited = [file for _, file in sorted(self._files.items()) if file.after != file.before]
        new = [file for _, file in sorted(self._made.items())]
        unchanged = len(self._records) - len(edited)
        return Restoration(tuple(edited), tuple(new), tuple(self._problems), unchanged, declared)


def _content(graph: ComparedGraph, node: NamedNode) -> set[object]:
    """Give what a graph says of a resource, but for its classes."""
    return {(predicate, value) for _, predicate, value in graph.about.get(str(node), ()) if predicate != RDF_TYPE.value}
