"""The server: what it holds for an editor, when it looks for problems, and how it tells them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from exporter.errors import ExporterError
from exporter.language_server.features import protocol
from exporter.language_server.session import EditorSession, MakeProject
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.problems import Location, Problem
from exporter.system.versions import version

if TYPE_CHECKING:  # each answer imports what it needs, so that the first does not wait for the others
    from exporter.server.checking import Checker

T = TypeVar("T")
_PAUSE = 0.3
"""So many seconds after a file was saved everything is validated: several are often saved at once."""
_CALM = 0.1
"""So many seconds records wait to be loaded after the first buffer was opened: what is asked then is answered before."""


class OwltypeServer(LanguageServer):
    """What an editor talks to; `trusts` says of its options whether code that the settings name may be loaded."""

    def __init__(self, make: Callable[[bool], MakeProject], *, trusts: bool) -> None:
        super().__init__("owltype", version(), types.TextDocumentSyncKind.Full, max_workers=2)
        self._make, self._trusts = make, trusts
        self.session = EditorSession(make(trusts), self.say)
        self._dirty: dict[str, bool] = {}
        self._shown: dict[str, list[Problem]] = {}
        self._published: set[str] = set()
        self._loading: set[int] = set()
        self._checkers: dict[int, Checker] = {}
        self._waiting: asyncio.TimerHandle | None = None
        self._said: set[str] = set()

    def say(self, sentence: str) -> None:
        """Tell the user something, in the editor's own way."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"owltype: {sentence}"))

    def begin(self, params: types.InitializeParams) -> None:
        """Stand in the folder that is open, and note what the client can do and whom it trusts."""
        folder = protocol.place_of(params.root_uri) if params.root_uri else params.root_path
        folders = params.workspace_folders or ()
        folder = folder or next(iter(filter(None, (protocol.place_of(each.uri) for each in folders))), None)
        if folder and Path(folder).is_dir():
            os.chdir(folder)
        options = params.initialization_options
        trusted = options.get("trusted") if isinstance(options, dict) else getattr(options, "trusted", None)
        encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        trusts = self._trusts if trusted is None else bool(trusted)
        self.session = EditorSession(self._make(trusts), self.say, str(getattr(encoding, "value", encoding)))

    def load(self) -> None:
        """Load the records of the folder that is open, while the editor goes on, and validate them."""
        self.session.workspace(str(Path.cwd() / "x"))
        failed = {str(Path(problem.location.path).absolute()) for problem in self.session.failures}
        for file in failed:
            self.publish(file, [each for each in self.session.failures if str(Path(each.location.path).absolute()) == file])
        self._published |= failed
        self.check_soon()

    def _load_records(self, loop: asyncio.AbstractEventLoop, workspace: Workspace) -> None:
        """Load the records of a project beside what the editor asks, and look for the problems of its buffers then."""

        def loaded() -> None:
            for file in self.session.opened:
                self.diagnose_soon(file)

        try:
            _ = workspace.index
        except (ExporterError, OSError) as error:
            loop.call_soon_threadsafe(self.say, f"the records can't be read: {error}")
            return
        if not loop.is_closed():
            loop.call_soon_threadsafe(loaded)

    def change(self, uri: str, text: str, version_: int | None) -> None:
        """Take the text of a buffer, and look for its problems as soon as nothing else waits."""
        file = protocol.place_of(uri)
        if file is not None:
            self.session.open(file, text, version_)
            self.diagnose_soon(file)

    def diagnose_soon(self, file: str, *, saved: bool = False) -> None:
        """Look for the problems of a buffer before long, however often it is changed until then."""
        if not self._dirty:
            asyncio.get_running_loop().call_soon(self._diagnose)
        self._dirty[file] = saved or self._dirty.get(file, False)

    def _diagnose(self) -> None:
        waiting, self._dirty = self._dirty, {}
        for file, saved in waiting.items():
            if file not in self.session.opened or not self._is_loaded(file):
                continue
            problems, changed = self.session.diagnose(file, saved=saved)
            self.publish(file, problems)
            if changed:
                for other in self.session.opened:
                    if other not in waiting:
                        self.publish(other, self.session.diagnose(other)[0])

    def _is_loaded(self, file: str) -> bool:
        """Say whether the records are there that a buffer is looked at with; else let them be loaded."""
        workspace = self.session.workspace(file)
        if workspace is None or workspace.is_loaded:
            return True
        if id(workspace) not in self._loading:
            self._loading.add(id(workspace))
            loop = asyncio.get_running_loop()
            reading = threading.Thread(target=self._load_records, args=(loop, workspace), daemon=True)
            loop.call_later(_CALM, reading.start)
        return False

    def publish(self, file: str, problems: Sequence[Problem]) -> None:
        """Show the problems of a file."""
        self._shown[file] = list(problems)
        workspace, buffer = self.session.workspace(file), self.session.text(file)
        diagnostics = [protocol.to_diagnostic(problem, buffer, self._related(problem, workspace)) for problem in problems]
        params = types.PublishDiagnosticsParams(protocol.uri_of(file), diagnostics, self.session.version(file))
        self.text_document_publish_diagnostics(params)

    def _related(self, problem: Problem, workspace: Workspace | None) -> list[tuple[str, types.Range]]:
        found = []
        for place in problem.related if workspace is not None else ():
            file = workspace.place(place.path) if workspace is not None else place.path
            found.append((protocol.uri_of(file), protocol.to_range(self.session.text(file).span_of(place))))
        return found

    def check_soon(self) -> None:
        """Validate everything before long."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(_PAUSE, self._check)

    def _check(self) -> None:
        from exporter.server.checking import Checker

        loop = asyncio.get_running_loop()
        for workspace in self.session.workspaces:
            known = self._checkers.pop(id(workspace), None)
            if known is not None:
                known.end()
            checker = self._checkers[id(workspace)] = Checker()
            threading.Thread(target=self._validate, args=(loop, workspace, checker), daemon=True).start()

    def _validate(self, loop: asyncio.AbstractEventLoop, workspace: Workspace, checker: Checker) -> None:
        try:
            found = checker.find_problems(workspace.project)
        except ExporterError as error:
            if self._checkers.get(id(workspace)) is checker and not loop.is_closed():  # else it was ended for another one
                loop.call_soon_threadsafe(self._tell, f"shapes are not checked: {error}")
            return
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._take, workspace, found)

    def _tell(self, sentence: str) -> None:
        """Say what keeps everything from being validated, once."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.say(sentence)

    def _take(self, workspace: Workspace, found: Sequence[Problem]) -> None:
        """Show what a whole validation found: of files that are open beside what is found while one types."""
        if workspace not in self.session.workspaces:
            return
        elsewhere = dict(self.session.take(workspace, found))
        for file in self._published - elsewhere.keys():
            if file not in self.session.opened:
                self.publish(file, ())
        for file, problems in elsewhere.items():
            self.publish(file, problems)
        self._published = set(elsewhere)
        for file in self.session.opened:
            self.diagnose_soon(file)

    def reload(self) -> None:
        """Read everything anew: what records mean may have changed."""
        for checker in self._checkers.values():
            checker.end()
        self._checkers.clear()
        self._loading.clear()
        self._said.clear()
        self.session.reload()
        self.load()
        for file in self.session.opened:
            self.diagnose_soon(file)

    def close(self, file: str) -> None:
        """Let a file count again; what is wrong with it as it was saved is shown after the next validation."""
        self.session.close(file)
        self.publish(file, ())
        self.check_soon()

    def shown(self, file: str) -> list[Problem]:
        """Give the problems of a file that are shown."""
        return self._shown.get(file, [])

    def asked(self, uri: str, position: types.Position, ask: Callable[[Workspace, str, int], T]) -> tuple[T, BufferText] | None:
        """Ask something about a place of a record; None where the file is not one of a project that is loaded."""
        file = protocol.place_of(uri)
        workspace = self.session.workspace(file) if file is not None else None
        if file is None or workspace is None:
            return None
        buffer = self.session.text(file)
        path = workspace.project_path(file)
        return (ask(workspace, path, buffer.offset(protocol.position_of(position))), buffer) if workspace.is_record(path) else None

    def locations(self, places: Sequence[Location]) -> list[types.Location]:
        """Give places of this machine."""
        return [protocol.to_location(place, self.session.text(place.path)) for place in places]

    def end(self) -> None:
        """End what runs beside."""
        for checker in self._checkers.values():
            checker.end()
        self.session.end()
