"""The server: what pygls is asked, answered from a session. A request that fails is one request; the next is answered."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from exporter.errors import ExporterError
from exporter.language_server import protocol
from exporter.language_server.acting import find_actions, fix_all
from exporter.language_server.completing import complete
from exporter.language_server.hovering import hover
from exporter.language_server.navigating import find_definitions, find_references
from exporter.language_server.outlining import find_hints, outline
from exporter.language_server.renaming import RenameError, find_named, rename
from exporter.language_server.session import DECIDING, MakeProject, Session
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.problems import Location, Problem
from exporter.server.checking import Checker
from exporter.system.versions import version

T = TypeVar("T")
_FIX_ALL = "source.fixAll.owltype"
_TRIGGERS = [" ", "[", '"', "'", "{", ","]
_PAUSE = 0.3
"""So many seconds after a file was saved everything is validated: several are often saved at once."""


class OwltypeServer(LanguageServer):
    """What an editor talks to; `trusts` says of its options whether code that the settings name may be loaded."""

    def __init__(self, make: Callable[[bool], MakeProject], *, trusts: bool) -> None:
        super().__init__("owltype", version(), types.TextDocumentSyncKind.Full, max_workers=2)
        self._make, self._trusts = make, trusts
        self.session = Session(make(trusts), self.say)
        self._dirty: dict[str, bool] = {}
        self._shown: dict[str, list[Problem]] = {}
        self._published: set[str] = set()
        self._checkers: dict[int, Checker] = {}
        self._waiting: asyncio.TimerHandle | None = None

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
        self.session = Session(self._make(trusts), self.say, str(getattr(encoding, "value", encoding)))

    def load(self) -> None:
        """Load the records of the folder that is open, while the editor goes on, and validate them."""
        workspace = self.session.workspace(str(Path.cwd() / "x"))
        if workspace is not None:
            threading.Thread(target=lambda: workspace.index, daemon=True).start()
        self.check_soon()

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
            if file not in self.session.opened:
                continue
            problems, changed = self.session.diagnose(file, saved=saved)
            self.publish(file, problems)
            if changed:
                for other in self.session.opened:
                    if other not in waiting:
                        self.publish(other, self.session.diagnose(other)[0])

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
        except ExporterError:  # it was ended, or says what loading the project said
            return
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._take, workspace, found)

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
        self.session.reload()
        self.load()
        for file in self.session.opened:
            self.diagnose_soon(file)

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


def make_server(make: Callable[[bool], MakeProject], *, trusts: bool = False) -> OwltypeServer:
    """Make the server with everything that it answers."""
    server = OwltypeServer(make, trusts=trusts)
    _add_buffers(server)
    _add_files(server)
    _add_answers(server)
    _add_edits(server)
    return server


def _add_buffers(server: OwltypeServer) -> None:
    """Let it follow buffers."""
    feature = server.feature

    @feature(types.INITIALIZE)
    def begun(params: types.InitializeParams) -> None:
        server.begin(params)

    @feature(types.INITIALIZED)
    def ready(_params: types.InitializedParams) -> None:
        _follow_files(server)
        server.load()

    @feature(types.SHUTDOWN)
    def ended(_params: None) -> None:
        server.end()

    @feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.change(document.uri, document.text, document.version)

    @feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.change(params.text_document.uri, params.content_changes[-1].text, params.text_document.version)


def _add_files(server: OwltypeServer) -> None:
    """Let it follow files that are saved, closed, or changed elsewhere."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        file = protocol.place_of(params.text_document.uri)
        if file is not None and file.endswith(DECIDING):
            server.reload()
        elif file is not None:
            server.diagnose_soon(file, saved=True)
            server.check_soon()

    @feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        file = protocol.place_of(params.text_document.uri)
        if file is not None:
            server.session.close(file)
            server.check_soon()

    @feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def moved(params: types.DidChangeWatchedFilesParams) -> None:
        files = [file for change in params.changes if (file := protocol.place_of(change.uri)) is not None]
        if any(file.endswith(DECIDING) for file in files):
            server.reload()
            return
        for file in files:
            server.session.follow(file)
        server.check_soon()


def _follow_files(server: OwltypeServer) -> None:
    """Ask to be told of files that change, where the client can do that."""
    watching = server.client_capabilities.workspace
    told = watching.did_change_watched_files if watching is not None else None
    if told is not None and told.dynamic_registration:
        watchers = [types.FileSystemWatcher("**/*")]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        asked = types.Registration("owltype-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        server.client_register_capability(types.RegistrationParams([asked]))


def _add_answers(server: OwltypeServer) -> None:
    """Let it say what stands where."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))
    def completed(params: types.CompletionParams) -> types.CompletionList | None:
        found = server.asked(params.text_document.uri, params.position, complete)
        if found is None or found[0] is None:
            return None
        return protocol.to_completions(found[0], found[1], markdown=_takes_markdown(server))

    @feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        found = server.asked(params.text_document.uri, params.position, hover)
        if found is None or found[0] is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found[0].markdown)
        return types.Hover(content, protocol.to_range(found[1].span(found[0].place)))

    @feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location] | None:
        found = server.asked(params.text_document.uri, params.position, find_definitions)
        return server.locations(found[0]) if found is not None else None

    @feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location] | None:
        ask = partial(find_references, declaration=params.context.include_declaration)
        found = server.asked(params.text_document.uri, params.position, ask)
        return server.locations(found[0]) if found is not None else None

    @feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        found = server.asked(params.text_document.uri, types.Position(0, 0), lambda workspace, path, _: outline(workspace, path))
        return protocol.to_symbols(found[0], found[1]) if found is not None else None

    @feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        end = server.asked(params.text_document.uri, params.range.end, lambda _workspace, _path, offset: offset)
        found = server.asked(
            params.text_document.uri,
            params.range.start,
            lambda workspace, path, start: [*find_hints(workspace, path, (start, end[0] if end else start))],
        )
        if found is None:
            return None
        return [
            types.InlayHint(types.Position(*found[1].position(hint.offset)), hint.text, padding_left=True, tooltip=hint.path)
            for hint in found[0]
        ]


def _takes_markdown(server: OwltypeServer) -> bool:
    document = server.client_capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    return item is not None and types.MarkupKind.Markdown in (item.documentation_format or ())


def _add_edits(server: OwltypeServer) -> None:
    """Let it change texts."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        try:
            found = server.asked(params.text_document.uri, params.position, find_named)
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        return types.PrepareRenamePlaceholder(protocol.to_range(found[1].span(found[0].place)), found[0].name) if found else None

    @feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        try:
            ask = partial(rename, new=params.new_name)
            found = server.asked(params.text_document.uri, params.position, ask)
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        if found is None:
            return None
        if found[0].moves and "rename" not in _operations(server):
            raise JsonRpcInvalidParams("this editor can't rename files: the reference names a record by its file")
        buffers = {place: (server.session.text(place), server.session.version(place)) for place in found[0].edits}
        return protocol.to_workspace_edit(found[0], buffers, annotated=_annotates(server))

    options = types.CodeActionOptions([types.CodeActionKind.QuickFix, _FIX_ALL])

    @feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def acted(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        return _actions(server, params)


def _actions(server: OwltypeServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    file, uri = protocol.place_of(params.text_document.uri), params.text_document.uri
    workspace = server.session.workspace(file) if file is not None else None
    if file is None or workspace is None:
        return None
    buffer, path = server.session.text(file), workspace.project_path(file)
    wanted = params.context.only
    found: list[types.CodeAction] = []
    if wanted is None or any(types.CodeActionKind.QuickFix.startswith(kind) for kind in wanted):
        near = [problem for problem in server.shown(file) if _meets(protocol.to_range(buffer.span_of(problem.location)), params.range)]
        for action in find_actions(workspace, path, near):
            shown = [protocol.to_diagnostic(action.problem, buffer)]
            found.append(protocol.to_action(action, uri, buffer, shown, types.CodeActionKind.QuickFix))
    if wanted is not None and any(_FIX_ALL.startswith(kind) for kind in wanted):
        every = fix_all(workspace, path, server.shown(file))
        found += [protocol.to_action(every, uri, buffer, (), _FIX_ALL)] if every is not None else []
    return found


def _meets(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def _operations(server: OwltypeServer) -> Sequence[str]:
    workspace = server.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace is not None else None
    return [str(getattr(each, "value", each)) for each in (edits.resource_operations or ())] if edits is not None else []


def _annotates(server: OwltypeServer) -> bool:
    workspace = server.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace is not None else None
    return edits is not None and edits.change_annotation_support is not None


def run_server(make: Callable[[bool], MakeProject], *, trusts: bool) -> None:
    """Answer on standard input and output until the client ends it. What else is printed meanwhile goes to standard error."""
    server = make_server(make, trusts=trusts)
    with os.fdopen(os.dup(0), "rb") as messages, os.fdopen(os.dup(1), "wb") as answers, redirect_stdout(sys.stderr):
        server.start_io(messages, answers)
