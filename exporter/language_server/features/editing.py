"""Changing texts: renames, and the fixes of problems."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from exporter.language_server.features import protocol
from exporter.language_server.server import OwltypeServer

_FIX_ALL = "source.fixAll.owltype"


def add_edits(server: OwltypeServer) -> None:
    """Let it change texts."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        from exporter.language_server.renaming import RenameError, find_named

        try:
            found = server.asked(params.text_document.uri, params.position, find_named)
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        return types.PrepareRenamePlaceholder(protocol.to_range(found[1].span(found[0].place)), found[0].name) if found else None

    @feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        from exporter.language_server.renaming import RenameError, rename

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
    from exporter.language_server.acting import find_actions, fix_all

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
