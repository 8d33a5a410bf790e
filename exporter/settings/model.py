"""The settings: their names, kinds, defaults and meanings, in one table that is also `docs/settings.md`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from exporter.errors import UsageError
from exporter.problems import Problem, Severity
from exporter.settings.kinds import (
    Endings,
    FileAddresses,
    Globs,
    Kind,
    Number,
    OutputPath,
    Path,
    Paths,
    PathTable,
    Reports,
    Switch,
    Table,
    TextKind,
    Texts,
    Vocabularies,
)
from exporter.settings.suppressions import Suppression, Suppressions

FAIL_ON = ("violation", "error", "warning", "info", "never")
UNMAPPED = ("keep", "drop", "fail")
DUPLICATE_KEYS = ("reject", "warn-if-equal")
AMBIGUOUS_REFERENCES = ("problem", "nearest")
DRAFTS = ("include", "skip")
WITHOUT_FRONT_MATTER = ("skip", "empty", "read")
KEY_CASE = ("exact", "ignore")
UNCLAIMED = ("reject", "skip")
SPLITS = ("record", "class")
CONTEXTS = ("schema.org",)
ENGINES = ("auto", "shacl", "pyshacl", "both")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as users see it."""

    name: str
    attribute: str
    kind: Kind
    default: object
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "OWLTYPE_" + self.attribute.upper()


def _setting(kind: Kind, default: object, meaning: str) -> Any:  # noqa: ANN401 - as dataclasses.field, of which it is a case
    return field(default=default, metadata={"kind": kind, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; see `ENTRIES` for the table.

    >>> Settings().unmapped, Settings(constants=(("openproject", "https://projects.example.org"),)).constant_map
    ('keep', {'openproject': 'https://projects.example.org'})
    """

    paths: tuple[str, ...] = _setting(Paths(), (), "The folders and records to read when the command line names none.")
    ontology: tuple[str, ...] = _setting(
        Vocabularies(vocabulary="ontology"),
        (),
        "The ontology's files, or folders of them. Without any, the folder `ontology/` at the root; `medigy` is the one that comes with "
        "owltype.",
    )
    shapes: tuple[str, ...] = _setting(
        Vocabularies(vocabulary="shapes"),
        (),
        "The files with SHACL shapes, or folders of them. Without any, the folder `shapes/` at the root, and without that the "
        "shapes that follow from the ontology; `medigy` are those that come with owltype.",
    )
    imports: tuple[tuple[str, str], ...] = _setting(
        PathTable(), (), "Files that stand for IRIs in the `owl:imports` of shapes: nothing is ever fetched."
    )
    output: str = _setting(
        OutputPath(),
        "-",
        "Where `owltype export` writes the graph; `-` is standard output. With `split`, a folder. "
        "A settings file may name only what lies below its own folder or the current one.",
    )
    format: str | None = _setting(
        TextKind(),
        None,
        "The graph's syntax: a name, an extension or a media type. Without it the output's extension decides, and else it is Turtle.",
    )
    unmapped: str = _setting(
        TextKind(UNMAPPED), "keep", "What becomes of keys that the ontology doesn't know: triples, nothing, or a problem."
    )
    split: str | None = _setting(TextKind(SPLITS), None, "Write a file per record or per class into a folder, instead of one graph.")
    context: str | None = _setting(
        TextKind(CONTEXTS),
        None,
        "Write a JSON-LD document for the page of each record in this context, as search engines read it. It needs `split` by record and "
        "the format `jsonld`.",
    )
    jobs: int = _setting(Number(), 0, "How many processes read and map records; 0 is as many as there are processors to use.")
    default_class: str | None = _setting(TextKind(), None, "The class of records that name none: a label of its `map:owlType`, or its IRI.")
    constants: tuple[tuple[str, str], ...] = _setting(
        Table(), (), "Values for `{const.NAME}` in the ontology's templates, in place of those in its `map:constant`."
    )
    include: tuple[str, ...] = _setting(
        Globs(),
        (),
        "Only files that match one of these are read from folders; a hidden file, or one with an ending that is not read, where a glob "
        "writes that out (`**/.net.yml`, `**/*.qmd`).",
    )
    exclude: tuple[str, ...] = _setting(Globs(), (), "Files that match one of these are not read from folders.")
    endings: tuple[str, ...] = _setting(
        Endings(),
        (),
        "Further endings of files that are read as `.md` files are: `.qmd`, `.Rmd`, `.njk`, `.rst`, `.adoc`.",
    )
    drafts: str = _setting(
        TextKind(DRAFTS),
        "include",
        "What becomes of drafts, which are records with `draft: true` or `published: false` (of Pelican, `Status: draft`) and those below "
        "a folder `_drafts`: they are records like others, or are skipped and counted. No date is compared with today.",
    )
    without_front_matter: str = _setting(
        TextKind(WITHOUT_FRONT_MATTER),
        "skip",
        "What becomes of a page without front matter: it is skipped and counted, or, where a class claims it by `map:files`, read as a "
        "record without keys; with `empty` that is a page whose front matter has no keys, as Jekyll wants it.",
    )
    json_ld: bool = _setting(
        Switch(),
        False,
        "Read records with `@context` as JSON-LD, beside what the ontology makes of them. Such records need no ontology.",
    )
    contexts: tuple[tuple[str, str], ...] = _setting(
        PathTable(),
        (),
        "Files that stand for the JSON-LD contexts that records name by IRI or by path: nothing is ever fetched.",
    )
    key_case: str = _setting(
        TextKind(KEY_CASE),
        "exact",
        "Whether `Title` is the key `title`: Hugo's keys ignore case. With `ignore`, two spellings of one key in one map are a duplicate.",
    )
    cache: bool = _setting(Switch(), True, "Keep between runs what became of each file, so that the next run does only what changed.")
    cache_dir: str | None = _setting(
        OutputPath(),
        None,
        "The folder of the cache, in place of `.owltype_cache/` at the root. "
        "A settings file may name only what lies below its own folder or the current one.",
    )
    cache_size: int = _setting(
        Number(1), 2000, "How many megabytes the cache may take; beyond that, what was used longest ago is removed from it."
    )
    follow_symlinks: bool = _setting(Switch(), False, "Go into folders that are symbolic links.")
    gitignore: bool = _setting(
        Switch(),
        True,
        "Leave out of folders what git ignores by `.gitignore` and `.git/info/exclude`. Files that are named, and those that git has in "
        "its index, are read.",
    )
    handlers: tuple[str, ...] = _setting(
        Texts("list of names, or `module:Class`"),
        (),
        "Further front-matter handlers: `pelican`, `nikola`, `pandoc`, `logseq`, `org` and `hexo` read the metadata of these tools, which "
        "is never guessed; `module:Class` is a subclass of python-frontmatter's `BaseHandler`, installed or on `PYTHONPATH`.",
    )
    duplicate_keys: str = _setting(
        TextKind(DUPLICATE_KEYS),
        "reject",
        "What becomes of a YAML or JSON record with a key that stands twice in one map: it is rejected, or where both values are equal it "
        "is read with a warning. Different values always reject it.",
    )
    unclaimed: str | None = _setting(
        TextKind(UNCLAIMED),
        None,
        "What becomes of a record that no class claims: it is rejected, with a problem, or skipped and counted. Without this setting it is "
        "rejected where a class of the ontology has a `map:owlType`, and skipped where paths alone (`map:files`) say what a record is.",
    )
    ambiguous_references: str = _setting(
        TextKind(AMBIGUOUS_REFERENCES),
        "problem",
        "What a reference is that several records answer to (`map:match`): a problem, or the nearest of them, which is the one in the "
        "file's own folder, and else the one with the shortest path, as in Obsidian.",
    )
    file_addresses: tuple[tuple[str, str], ...] = _setting(
        FileAddresses(),
        (),
        "The addresses of files that are not records, such as images, by their folder: `/` is where the site begins, which is the constant "
        "`site` of the ontology, or else the host of the record; a whole address counts as it stands; `page` is the address of the page "
        'whose `index` file is in the folder, or in one above. `"static" = "/"` and `"content" = "page"` are Hugo\'s. '
        "See `map:File`.",
    )
    fail_on: str = _setting(
        TextKind(FAIL_ON),
        "violation",
        "The least severity that makes the exit status 1; `violation` and `error` are one, `never` is always 0.",
    )
    output_format: str = _setting(TextKind(), "full", "How problems are written where the user sees them: the name of a report.")
    reports: tuple[str, ...] = _setting(
        Reports(),
        (),
        "Reports that are written beside it; the files count from where the user stands. "
        "A settings file may name only what lies below its own folder or the current one.",
    )
    max_problems: int | None = _setting(
        Number(1), None, "How many problems a report lists; the rest is counted. Without it each format decides."
    )
    engine: str = _setting(TextKind(ENGINES), "auto", "What runs the shapes; `both` runs the two and fails on any difference.")
    baseline: str | None = _setting(Path(), None, "The file of known problems: only others count.")
    suppressions: tuple[Suppression, ...] = _setting(
        Suppressions(), (), "Suppressed problems: the `code`, and the `reason`; `path` (a glob) and `key` narrow it."
    )
    queries: str = _setting(Path(), "queries", "The folder of saved queries.")
    store: str | None = _setting(Path(), None, "The folder of a persistent store (Oxigraph) that queries run on.")
    file: str | None = None
    warnings: tuple[Problem, ...] = ()
    """What was passed over: variables that are not a setting's."""

    @property
    def constant_map(self) -> Mapping[str, str]:
        """The constants by name."""
        return dict(self.constants)


ENTRIES: tuple[Setting, ...] = tuple(
    Setting(item.name.replace("_", "-"), item.name, item.metadata["kind"], item.default, item.metadata["meaning"])
    for item in fields(Settings)
    if item.metadata
)
"""Each setting, in the order of the docs."""


def fails(fail_on: str, severity: Severity) -> bool:
    """Say whether a problem of this severity makes the exit status 1.

    >>> fails("violation", Severity.ERROR), fails("violation", Severity.WARNING), fails("never", Severity.ERROR)
    (True, False, False)
    """
    if fail_on not in FAIL_ON:
        raise UsageError(f"no such severity: {fail_on}")
    if fail_on == "never":
        return False
    limit = Severity.ERROR if fail_on == "violation" else Severity(fail_on)
    return severity.rank <= limit.rank
