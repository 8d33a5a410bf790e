"""`infer`: from records to a start that works, and the questions that a person should look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exporter.inference.building import Builder
from exporter.inference.classes import decide_classes, with_data
from exporter.inference.data_files import EntryFile, read_data_files
from exporter.inference.facts import Place
from exporter.inference.model import InferredModel, Question
from exporter.inference.naming import PREFIX
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
_NAMESPACE = re.compile(rf"^@prefix {PREFIX}: <([^<>\s]+)>", re.MULTILINE)
_ADDRESS = re.compile(r'^[ \t]*map:constant "site=([^"\\\s]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Inference:
    """A start for a folder of records: the files to write, why the classes are what they are, and what is uncertain.

    `site` says which tool's folder it is, and where its pages will stand.
    """

    root: str
    files: tuple[StartFile, ...]
    records: int
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]
    site: Site
    model: InferredModel = field(repr=False)

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
    >>> [file.path for file in start.files], start.records
    (['owltype.toml', 'ontology/medigy.ttl', 'shapes/medigy.ttl'], 13)
    """
    return Inferring(project or make_project(content, settings=Settings()), profile).infer(answers or {}, progress)


class Inferring:
    """One look at some records, from which a start is made as often as there are other answers."""

    def __init__(self, project: Project, profile: str) -> None:
        self.site = recognise_site(project, profile)
        self.project = self.site.project(project)
        self._seen: Observation | None = None
        self._data: tuple[EntryFile, ...] = ()
        self._reader: Reader = self.project.reader()

    def infer(self, answers: Mapping[str, str], progress: Callable[[int], None] | None = None) -> Inference:
        """Make the start, with answers in place of guesses."""
        if self._seen is None:
            self._seen = observe(self.project, self.site.profile.body, progress, self.site.profile.apart)
            self._data = read_data_files(self.project, self.site.data_files(self.project))
        seen, site = self._seen, self.site
        model = self._model(seen, answers)
        texts = {
            "owltype.toml": write_settings(model.settings, model.title),
            f"ontology/{model.name}.ttl": write_ontology(model),
            f"shapes/{model.name}.ttl": write_shapes(model),
        }
        root = self.project.root
        return Inference(root, start_files(root, texts), model.records, seen.skipped, seen.problems, site, model)

    def _model(self, seen: Observation, answers: Mapping[str, str]) -> InferredModel:
        site = self.site
        roots = [self.project.tree.project_path(path) for path in self.project.required_paths]
        classes = with_data(decide_classes(seen, roots, site.grouping), self._data)
        built = Builder(classes, site, self._locate, answers).build()
        name = slug(site.name) or "site"
        address, namespace = self._said_before(f"ontology/{name}.ttl")
        questions = sorted(built.questions, key=lambda question: (-question.doubt, question.name))
        return InferredModel(
            name,
            namespace or address + "/ns#",
            site.title,
            address,
            site.is_known or address != site.address,
            classes.type_key,
            classes.reason,
            seen.count + sum(each.group.count for each in self._data),
            built.classes,
            tuple(questions[:QUESTIONS_AT_MOST]),
            {},
            site.settings(self.project, [each.path for each in self._data]),
        )

    def _said_before(self, path: str) -> tuple[str, str | None]:
        """Give the site's address, and the namespace of its terms if an ontology is there already; it may say the address, too."""
        site = self.site
        try:
            text = Path(self.project.root, path).read_text("utf-8", "replace")
        except OSError:
            return site.address, None
        namespace, address = _NAMESPACE.search(text), _ADDRESS.search(text)
        said = address[1].rstrip("/") if address and not site.is_known else site.address
        return said, namespace[1] if namespace else None

    def _locate(self, place: Place) -> str:
        path, key_path = place
        record = self._reader.read(path).record
        line = record.locate(key_path).line if record else 1
        return f"{path}:{line}"
