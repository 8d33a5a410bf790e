"""The plan: an ontology compiled to what mapping runs, with every look-up done beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from pyoxigraph import NamedNode

from exporter.globs import Glob
from exporter.language.conversions import Conversion, ConversionOptions
from exporter.language.datatypes import Datatype
from exporter.language.patterns import Pattern
from exporter.language.templates import Template, Variable
from exporter.ontology.model import Ontology
from exporter.problems import KeyPath
from exporter.rdf.terms import MAP, RDF, RDF_TYPE, XSD
from exporter.records.data.claims import Claim, ClaimedFiles
from exporter.records.rules import ReadingRules, Reshaping
from exporter.records.values import DuplicateKeys

ValueKind = OneOf["literal", "iri", "reference", "resource"]
UnmappedKeys = OneOf["keep", "drop", "fail"]
Ambiguous = OneOf["problem", "nearest"]
Unclaimed = OneOf["reject", "skip"]

BESIDE_PAGE = "page"
"""The address of files that stand beside the page of their folder, in the setting `file-addresses`."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What a project decides beside its ontology, as far as it changes what becomes of a file.

    `handlers` are further front-matter handlers as `module:Class`. `ambiguous` says what a reference is that several records answer to: it
    changes what the outcomes of a run are settled to, as `file_addresses` do, the addresses of folders with files that are not records.
    `unclaimed` is None where the ontology decides (`Plan.skips_unclaimed`).
    """

    unmapped: UnmappedKeys = "keep"
    duplicate_keys: DuplicateKeys = "reject"
    handlers: tuple[str, ...] = ()
    ambiguous: Ambiguous = "problem"
    reading: ReadingRules = field(default_factory=ReadingRules)
    unclaimed: Unclaimed | None = None
    file_addresses: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class ValuePlan:
    """How one value becomes a term: a literal of `datatype`, an IRI, or a resource of class `of`.

    A text has the one `language`, or the first of `languages` that is complete. A date is read by `date_forms` too. An IRI that is a
    `file` is that of a file which is not a record (`map:File`).
    """

    kind: ValueKind
    datatype: Datatype | None = None
    language: str | None = None
    of: ClassPlan | None = None
    languages: tuple[Template, ...] = ()
    date_forms: tuple[str, ...] = ()
    file: bool = False


@dataclass(slots=True)
class Step:
    """One property of one class: where its values come from and what they become.

    `sources` are key paths; with `each` they are lists walked together, with `entries` maps of which each entry is a value; `value` is
    a template over the map instead, and `default` one that stands in where there is no value. `values` are tried in their order, the
    first that fits is taken. `only_key` is the key of a step that reads just one; it is `plain` if the value needs nothing done,
    `looks_up` says that values are looked up among the records of a class, `takes_text` that every text is a literal of its range.
    """

    predicate: NamedNode
    sources: tuple[KeyPath, ...]
    values: tuple[ValuePlan, ...]
    each: bool = False
    entries: bool = False
    value: Template | None = None
    default: Template | None = None
    conversions: tuple[Conversion, ...] = ()
    options: ConversionOptions = field(default_factory=ConversionOptions)
    base: Template | None = None
    relative_to_record: bool = False
    ordered: bool = False

    only_key: str | None = None
    plain: bool = False
    looks_up: bool = False
    takes_text: bool = False
    takes_lists: bool = True

    @property
    def templates(self) -> tuple[Template, ...]:
        """The templates that are filled of the map that the step reads."""
        of_values = [template for value in self.values for template in value.languages]
        return tuple(template for template in (self.value, self.base, self.default, *of_values) if template is not None)

    def __post_init__(self) -> None:
        """Note the plain case once, so that mapping need not ask for it again and again."""
        if len(self.sources) == 1 and len(self.sources[0]) == 1 and not self.each and self.value is None:
            key = self.sources[0][0]
            self.only_key = key if isinstance(key, str) and not key.startswith("@") else None
        self.looks_up = any(value.file or (value.kind == "reference" and value.of and value.of.match) for value in self.values)
        needs_more = self.conversions or self.ordered or self.entries or self.default or self.looks_up
        self.plain = self.only_key is not None and not needs_more
        if len(self.values) == 1 and self.values[0].datatype is not None and self.values[0].language is None:
            self.takes_text = self.values[0].datatype.is_text and not self.values[0].languages
        self.takes_lists = not any(value.datatype is not None and value.datatype.is_json for value in self.values[:1])


@dataclass(slots=True)
class KeyNode:
    """The keys that some step reads or that are ignored: a tree that a map is held against to find the unmapped ones.

    At a `whole` node everything below is covered; `classes` read the map that stands there; `rest` is there for each key of an open map.
    `covered` are the keys of whole nodes,
    those of the classes among them: most keys of a map, and nothing more has to be asked of them. Of what is there `scalars` alone may
    be read: what a record is found by.
    """

    children: dict[str | int, KeyNode] = field(default_factory=dict)
    whole: bool = False
    scalars: bool = False
    ignored: bool = False
    classes: list[ClassPlan] = field(default_factory=list)
    covered: frozenset[str | int] = frozenset()
    rest: KeyNode | None = None


MatchKey = KeyPath | Template
"""A key of `map:match`: a key path, or a template of the text that records answer to."""


def key_paths(key: MatchKey) -> list[KeyPath]:
    """Give the keys of records that a key of `map:match` reads."""
    if isinstance(key, Template):
        return [variable.path for variable in key.variables if variable.scope == "map"]
    return [key]


@dataclass(slots=True)
class ClassPlan:
    """One class: how its resources get their IRI, the types that are written (itself first), and the steps in the order of the ontology.

    `match` are the keys by which values find its records (`map:match`), `answers` the same for each class that its records are of.
    `records` is where its data files hold their records, None where its files are records themselves.
    `borrows` are the keys of the record that a resource made of a scalar reads too; None if it depends on more of the record.
    """

    iri: NamedNode
    name: str
    types: tuple[NamedNode, ...] = ()
    template: Template | None = None
    pattern: Pattern | None = None
    file_pattern: Pattern | None = None
    records: KeyPath | None = None
    makes_records: bool = False
    match: tuple[MatchKey, ...] = ()
    answers: tuple[tuple[str, tuple[MatchKey, ...]], ...] = ()
    steps: tuple[Step, ...] = ()
    keys: KeyNode = field(default_factory=KeyNode)
    reads_scalar: bool = False
    borrows: tuple[Variable, ...] | None = None
    new_file: Template | None = None
    type_pairs: tuple[tuple[NamedNode, NamedNode], ...] = ()
    merges: bool = False
    groups: tuple[str, ...] = ()
    superclasses: frozenset[str] = frozenset()
    reads_type: bool = False
    """Whether the type key is read or ignored as a key like others, so that no label in it is left over."""
    adds_up: bool = False
    """Whether several steps have one property, so that equal values of two of them count once."""
    spells: bool = False
    """Whether an IRI of the class without a percent sign spells out all that is read of a text, so that no other text makes it."""

    @property
    def flat(self) -> bool:
        """Whether what is said of a resource depends on the scalars of its map alone, and makes no further resources."""
        flat_kinds = all(value.kind in ("literal", "iri") for step in self.steps for value in step.values)
        return self.template is None and flat_kinds and not any(step.templates or step.ordered or step.entries for step in self.steps)

    @property
    def kept(self) -> bool:
        """Whether a resource of this class can be made once for all records that name it by the same scalar, and lend it the same texts."""
        return self.borrows is not None and self.template is not None

    def __post_init__(self) -> None:
        """Make the statements that every resource of the class begins with, and see whether two texts may make one IRI of it."""
        variables = self.template.variables if self.template else ()
        self.merges = self.pattern is not None or len(variables) > 1 or any(v.filters or v.reserved for v in variables)
        self.type_pairs = tuple((RDF_TYPE, type_) for type_ in self.types)

    @property
    def takes_scalar(self) -> bool:
        """Whether a single value in place of its map is read."""
        variables = self.template.variables if self.template else ()
        return self.reads_scalar or any(variable.path == ("@value",) for variable in variables)

    @property
    def shared(self) -> bool:
        """Whether its resources have an IRI of their own, so that several records may name the same one."""
        return self.template is not None and not self.makes_records


def sought_classes(plan: ClassPlan) -> Mapping[str, ClassPlan]:
    """Give the classes among whose records values of a class are looked up: in a step that looks up, all ranges that records are of."""
    values = (value for step in plan.steps if step.looks_up for value in step.values)
    return {value.of.iri.value: value.of for value in values if value.kind == "reference" and value.of is not None}


@dataclass(frozen=True, slots=True)
class PlanProperty:
    """A property that the plan makes, for those who write, describe or check the graph; `rank` is its place in the plan."""

    iri: NamedNode
    rank: int
    kind: OneOf["literal", "iri", "resource"]
    datatype: str | None = None
    language: str | None = None
    ordered: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """A compiled ontology, and the policies of the project: all that decides what becomes of a file, besides its bytes and its path.

    `labels` select a record's class by the value at `type_path`, `files` by its path (the most specific glob first) where it has none.
    """

    ontology: Ontology
    type_path: KeyPath
    labels: Mapping[str, ClassPlan]
    files: tuple[tuple[Glob, ClassPlan], ...]
    classes: Mapping[str, ClassPlan]
    properties: tuple[PlanProperty, ...]
    default_class: ClassPlan | None = None
    policies: Policies = field(default_factory=Policies)

    def __repr__(self) -> str:
        files = [source.path for source in self.ontology.sources]
        return f"Plan(files={files}, classes={len(self.classes)}, properties={len(self.properties)})"

    @property
    def type_key(self) -> str:
        """The key path whose value is a record's label, as people write it."""
        return self.ontology.type_key

    @property
    def skips_unclaimed(self) -> bool:
        """Whether records that no class claims are left out: where paths alone say what a record is, unless the project says else."""
        return self.policies.unclaimed == "skip" or (self.policies.unclaimed is None and bool(self.files) and not self.labels)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that the ontology declares."""
        return self.ontology.prefixes

    @property
    def looks_up(self) -> bool:
        """Whether some values are looked up among all records: only then an outcome has holes."""
        return any(step.looks_up for of in self.classes.values() for step in of.steps)

    @property
    def used_prefixes(self) -> dict[str, str]:
        """The declared prefixes that an export can use; those that only the ontology's own statements need are left out."""
        names = [p.iri.value for p in self.properties] + [p.datatype for p in self.properties if p.datatype]
        names += [type_.value for of in self.classes.values() for type_ in of.types]
        names += [RDF, XSD, *(iri for iri in self.ontology.individuals if not iri.startswith(MAP))]
        return {name: space for name, space in self.prefixes.items() if any(iri.startswith(space) for iri in names)}

    @property
    def data_files(self) -> tuple[ClaimedFiles, ...]:
        """What the globs of classes say of data files, the most specific first; nothing where no class has any."""
        if not any(of.records is not None for _, of in self.files):
            return ()
        claims: dict[str, list[Claim]] = {}
        for glob, of in self.files:
            known = claims.setdefault(glob.text, [])
            if of.records is not None:
                known.append(Claim(of.records, of.iri.value))
        globs = {glob.text: glob for glob, _ in self.files}
        return tuple(ClaimedFiles(globs[text], tuple(known)) for text, known in claims.items())

    @property
    def reshaping(self) -> Reshaping:
        """What the rules of reading make of what this plan reads."""
        rules = self.policies.reading
        bare = tuple(glob for glob, of in self.files if of.records is None) if rules.without_front_matter != "skip" else ()
        spellings = self._spellings() if rules.key_case == "ignore" else {}
        return Reshaping(rules, spellings, bare, self.policies.duplicate_keys)

    def _spellings(self) -> dict[str, str]:
        """Give the keys that are read, by their lower case."""
        types = [key for key in self.type_path if isinstance(key, str)]
        matched = [path for of in self.classes.values() for match in of.match for path in key_paths(match)]
        keys = [*types, *(key for path in matched for key in path if isinstance(key, str))]
        queue = [of.keys for of in self.classes.values()]
        for node in queue:
            keys += [key for key in node.children if isinstance(key, str)]
            queue += node.children.values()
        found: dict[str, str] = {}
        for key in keys:
            found.setdefault(key.lower(), key)
        return found

    @property
    def record_classes(self) -> tuple[ClassPlan, ...]:
        """The classes that records are of, in the ontology's order."""
        return tuple(known for known in self.classes.values() if known.makes_records)
