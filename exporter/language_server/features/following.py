"""Following buffers and files: what is open, what is saved, what changes elsewhere."""

from __future__ import annotations

from lsprotocol import types

from exporter.language_server.features import protocol
from exporter.language_server.server import OwltypeServer


def add_buffers(server: OwltypeServer) -> None:
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


def add_files(server: OwltypeServer) -> None:
    """Let it follow files that are saved, closed, or changed elsewhere."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        file = protocol.place_of(params.text_document.uri)
        if file is not None and server.session.decides(file):
            server.reload()
        elif file is not None:
            server.diagnose_soon(file, saved=True)
            server.check_soon()

    @feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        file = protocol.place_of(params.text_document.uri)
        if file is not None:
            server.close(file)

    @feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def moved(params: types.DidChangeWatchedFilesParams) -> None:
        files = [file for change in params.changes if (file := protocol.place_of(change.uri)) is not None]
        if any(map(server.session.decides, files)):
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
