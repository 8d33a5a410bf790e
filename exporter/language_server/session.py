"""What is open in one editor: its buffers, and the projects that they are of, loaded when the first of their files is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from exporter.errors import ExporterError
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Opened, Workspace
from exporter.policy.ending import FinishedRun, Policy
from exporter.problems import Problem, Severity
from exporter.project import Project
from exporter.records.reading import Reader
from exporter.settings.loading import find_settings
from exporter.tree import Tree

MakeProject = Callable[[str | None], tuple[Project, Policy]]
"""Makes the project of a settings file, or without one that of the folder where the server runs. Raises ExporterError."""

_SETTINGS = ("owltype.toml", "pyproject.toml", ".gitignore")
_RDF = (".ttl", ".rdf", ".owl", ".trig", ".nt", ".jsonld")


class EditorSession:
    """Serves the buffers of an editor. Files are those of this machine, texts are counted in the units of `encoding`."""

    def __init__(self, make: MakeProject, say: Callable[[str], None], encoding: str = "utf-16") -> None:
        self._make, self._say, self.encoding = make, say, encoding
        self._workspaces: dict[str, Workspace | None] = {}
        self._texts: dict[str, BufferText] = {}
        self._opened: dict[str, Opened] = {}
        self._failures: dict[str, tuple[Problem, ...]] = {}

    def workspace(self, file: str) -> Workspace | None:
        """Give the project that a file is of; None where it can't be loaded, which is said once."""
        found = find_settings(Path(file).parent)
        config = str(found) if found is not None and found.parent != Path.cwd() else ""
        if config not in self._workspaces:
            self._workspaces[config] = self._load(config)
        return self._workspaces[config]

    def _load(self, config: str) -> Workspace | None:
        self._failures.pop(config, None)
        try:
            project, policy = self._make(config or None)
            workspace = Workspace(project, policy)
        except (ExporterError, OSError) as error:
            self._failures[config] = tuple(getattr(error, "problems", ()))
            self._say(f"records are read, but not mapped: {error}")
            return None
        for file, opened in self._opened.items():
            workspace.buffers[workspace.project_path(file)] = replace(opened, path=workspace.project_path(file))
        return workspace

    @property
    def workspaces(self) -> list[Workspace]:
        """Those that are loaded."""
        return [workspace for workspace in self._workspaces.values() if workspace is not None]

    @property
    def failures(self) -> list[Problem]:
        """What keeps projects from being loaded, where that has a place."""
        return [problem for problems in self._failures.values() for problem in problems]

    def decides(self, file: str) -> bool:
        """Say whether what records mean, or which files are records, may be said in a file: settings, ontology, shapes."""
        if file.endswith(_SETTINGS):
            return True
        places = [place for workspace in self.workspaces for place in workspace.deciding]
        known = any(file == place or file.startswith(f"{place}/") for place in places)
        return file.endswith(_RDF) and (known or len(self.workspaces) < len(self._workspaces))

    def reload(self) -> None:
        """Load the projects anew, because what records mean may have changed."""
        for workspace in self.workspaces:
            workspace.close()
        self._workspaces.clear()

    def open(self, file: str, text: str, version: int | None) -> None:
        """Take what stands in the editor, from now on in the place of the file."""
        text = text.removeprefix("\ufeff")
        self._texts[file] = BufferText(text, self.encoding)
        self._opened[file] = Opened(file, text, version or 0)
        workspace = self.workspace(file)
        if workspace is not None:
            path = workspace.project_path(file)
            workspace.buffers[path] = Opened(path, text, version or 0)

    def close(self, file: str) -> None:
        """Let the file count again."""
        self._texts.pop(file, None)
        self._opened.pop(file, None)
        workspace = self.workspace(file)
        if workspace is not None:
            path = workspace.project_path(file)
            workspace.buffers.pop(path, None)
            if workspace.is_record(path):
                self._follow(workspace, path, file)

    def follow(self, file: str) -> None:
        """Look at a file again that was changed, made or deleted elsewhere."""
        workspace = self.workspace(file)
        if workspace is not None and file not in self._texts and workspace.is_record(path := workspace.project_path(file)):
            self._follow(workspace, path, file)

    def _follow(self, workspace: Workspace, path: str, file: str) -> None:
        if Path(file).is_file():
            workspace.update(path, saved=True)
        else:
            workspace.remove(path)

    @property
    def opened(self) -> list[str]:
        """The files that are open."""
        return list(self._texts)

    def version(self, file: str) -> int | None:
        """Give the version of a buffer; None for a file that is not open."""
        return self._opened[file].version if file in self._opened else None

    def text(self, file: str) -> BufferText:
        """Give a text as it stands in the editor, or else in its file."""
        if file in self._texts:
            return self._texts[file]
        try:
            return BufferText(Path(file).read_text("utf-8-sig", errors="replace"), self.encoding)
        except OSError:
            return BufferText("", self.encoding)

    def diagnose(self, file: str, *, saved: bool = False) -> tuple[list[Problem], bool]:
        """Give the problems of a buffer as it stands, and whether other records may have others now."""
        workspace = self.workspace(file)
        if workspace is None:
            path = Path(file).name
            return list(Reader(Tree("/", "/")).read(path, self._opened[file].data).problems), False
        from exporter.language_server.acting import misspelt  # seldom the first thing that is asked

        path = workspace.project_path(file)
        if not workspace.is_record(path):
            return [], False
        found = workspace.update(path, saved=saved)
        hints = [replace(problem, severity=Severity.INFO) for problem in misspelt(workspace, path)]
        known = {(problem.code, problem.key_path) for problem in found.problems}
        return [*found.problems, *(hint for hint in hints if (hint.code, hint.key_path) not in known)], found.changed

    def take(self, workspace: Workspace, problems: Iterable[Problem]) -> Iterator[tuple[str, list[Problem]]]:
        """Take what a whole validation found, and yield the files that are not open with their problems."""
        by_path: dict[str, list[Problem]] = {}
        for problem in problems:
            by_path.setdefault(problem.location.path, []).append(problem)
        workspace.known = {path: tuple(found) for path, found in by_path.items()}
        workspace.habits.clear()
        everything = [problem for found in by_path.values() for problem in found]
        settled = workspace.policy.settle(everything, FinishedRun(tuple(by_path), reader=workspace.reader))
        files: dict[str, list[Problem]] = {}
        for problem in settled.problems:
            files.setdefault(workspace.place(problem.location.path), []).append(problem)
        yield from ((file, found) for file, found in files.items() if file not in self._texts)

    def end(self) -> None:
        """Let go of everything."""
        for workspace in self.workspaces:
            workspace.close()
