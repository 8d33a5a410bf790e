"""`infer`: from records to a start that works, and the questions that a person should look at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from exporter.generate.suggestions import own_namespace
from exporter.inference.building import Builder
from exporter.inference.classes import ClassDraft, decide_classes, with_data
from exporter.inference.data_files import EntryFile, read_data_files
from exporter.inference.facts import Place
from exporter.inference.growing.known import MappedRecords, read_known
from exporter.inference.growing.proposing import Growing
from exporter.inference.model import InferredModel, Question
from exporter.inference.observing import Observation, observe
from exporter.inference.writing.ontology import write_ontology
from exporter.inference.writing.proposing import StartFile, start_files
from exporter.inference.writing.settings import write_settings
from exporter.inference.writing.shapes import write_shapes
from exporter.language.slugs import slug
from exporter.paths import Paths
from exporter.problems import Problem
from exporter.project import Project, make_project
from exporter.records.reading import Reader
from exporter.settings.model import Settings
from exporter.sites.site import Site, recognise_site

QUESTIONS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Inference:
    """A start for a folder of records: the files to write, why the classes are what they are, and what is uncertain.

    `site` says which tool's folder it is, and where its pages will stand. Where there is an ontology already, `files` are those with
    additions, and `notes` say what could not be added.
    """

    root: str
    files: tuple[StartFile, ...]
    records: int
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]
    site: Site
    model: InferredModel = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The least certain guesses, the least certain first."""
        return self.model.questions


def infer(
    content: Paths = (),
    *,
    profile: str = "auto",
    project: Project | None = None,
    answers: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Inference:
    """Look at the records below `content` and make an ontology, shapes and settings of what they hold; nothing is written.

    `profile` names the tool that makes a site of the folder; by default its own configuration says so. `answers` are choices for
    `questions`, by their names. Raises UsageError where there is nothing to read, and for a profile that there is not.

    >>> from exporter import infer
    >>> start = infer("examples/medigy/content")
    >>> [file.path for file in start.files if file.is_changed], start.records  # the ontology that is there lacks nothing
    ([], 13)
    """
    return Inferring(project or make_project(content, settings=Settings()), profile).infer(answers or {}, progress)


class Inferring:
    """One look at some records, from which a start is made as often as there are other answers."""

    def __init__(self, project: Project, profile: str) -> None:
        self.site = recognise_site(project, profile)
        self.project = self.site.project(project)
        self._seen: Observation | None = None
        self._data: tuple[EntryFile, ...] = ()
        self._known: MappedRecords | None = None
        self._reader: Reader = self.project.reader()

    def infer(self, answers: Mapping[str, str], progress: Callable[[int], None] | None = None) -> Inference:
        """Make the start, with answers in place of guesses; for an ontology that is there already, what it lacks."""
        if self._seen is None:
            self._seen = observe(self.project, self.site.profile.body, progress, self.site.profile.apart)
            self._data = read_data_files(self.project, self.site.data_files(self.project))
            self._known = read_known(self._of_all()) if self.project.ontology else None
        seen, root = self._seen, self.project.root
        model, drafts = self._model(seen, answers)
        if self._known is None:
            texts = {
                "owltype.toml": write_settings(model.settings, model.title),
                f"ontology/{model.name}.ttl": write_ontology(model),
                f"shapes/{model.name}.ttl": write_shapes(model),
            }
            return Inference(root, start_files(root, texts), model.records, seen.skipped, seen.problems, self.site, model)
        growing = Growing(self.project, self._known, model, drafts, answers)
        files = start_files(root, growing.texts())
        questions = tuple(growing.missing.questions[:QUESTIONS_AT_MOST])
        model = replace(model, questions=questions)
        return Inference(root, files, model.records, seen.skipped, seen.problems, self.site, model, tuple(growing.missing.notes))

    def _of_all(self) -> Project:
        """Give the project with its data files, too, as the settings that are written name them."""
        places = [self.project.tree.place(each.path) for each in self._data]
        return self.project.with_paths([*self.project.paths, *places])

    def _model(self, seen: Observation, answers: Mapping[str, str]) -> tuple[InferredModel, tuple[ClassDraft, ...]]:
        site = self.site
        roots = [self.project.tree.project_path(path) for path in self.project.required_paths]
        classes = with_data(decide_classes(seen, roots, site.grouping), self._data)
        built = Builder(classes, site, self._locate, answers).build()
        address, is_known = self._address()
        questions = sorted(built.questions, key=lambda question: (-question.doubt, question.name))
        model = InferredModel(
            slug(site.name) or "site",
            own_namespace(self._known.plan) if self._known else address + "/ns#",
            site.title,
            address,
            is_known,
            classes.type_key,
            classes.reason,
            seen.count + sum(each.group.count for each in self._data),
            built.classes,
            tuple(questions[:QUESTIONS_AT_MOST]),
            _spelled_as(self._known.ontology.prefixes.values() if self._known else ()),
            site.settings(self.project, [each.path for each in self._data]),
        )
        return model, classes.drafts

    def _address(self) -> tuple[str, bool]:
        """Give the site's address, and whether it is more than a placeholder; an ontology that is there may say it, or need none."""
        site = self.site
        said = self._known.ontology.constants.get("site", "").rstrip("/") if self._known else ""
        if site.is_known or not self._known:
            return site.address, site.is_known
        return said or site.address, said != site.address

    def _locate(self, place: Place) -> str:
        path, key_path = place
        record = self._reader.read(path).record
        line = record.locate(key_path).line if record else 1
        return f"{path}:{line}"


def _spelled_as(namespaces: Collection[str]) -> Mapping[str, str]:
    """Give the prefix of schema.org as an ontology spells its namespace: both spellings are one vocabulary, and a graph has one."""
    plain = "http://schema.org/"
    return {"schema": plain} if plain in namespaces else {}
