"""Our values as the protocol's: positions, diagnostics, completions, edits.

Its version 3.17 is described at https://microsoft.github.io/language-server-protocol/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from exporter.language_server.texts import BufferText, Position, Span
from exporter.problems import Location, Problem, Severity
from exporter.records.nodes import Range

if TYPE_CHECKING:
    from exporter.language_server.acting import Action
    from exporter.language_server.completing import Completion, CompletionKind, Completions
    from exporter.language_server.outlining import Symbol
    from exporter.language_server.renaming import Renaming

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_KINDS: dict[CompletionKind, types.CompletionItemKind] = {
    "key": types.CompletionItemKind.Property,
    "class": types.CompletionItemKind.Class,
    "value": types.CompletionItemKind.EnumMember,
    "concept": types.CompletionItemKind.EnumMember,
    "record": types.CompletionItemKind.Reference,
    "date": types.CompletionItemKind.Value,
}
_ANNOTATION = "rename"


def uri_of(place: str) -> str:
    """Give the URI of a file on this machine."""
    return uris.from_fs_path(place) or ""


def place_of(uri: str) -> str | None:
    """Give the file on this machine that a URI is of; None for what is not a file."""
    return uris.to_fs_path(uri)


def to_range(span: Span) -> types.Range:
    """Give a range."""
    return types.Range(types.Position(*span.start), types.Position(*span.end))


def position_of(position: types.Position) -> Position:
    """Give a position."""
    return Position(position.line, position.character)


def to_diagnostic(problem: Problem, buffer: BufferText, related: Iterable[tuple[str, types.Range]] = ()) -> types.Diagnostic:
    """Give a problem as the terminal says it: the sentence, and what to do; `related` are places as URIs and ranges."""
    message = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    information = [
        types.DiagnosticRelatedInformation(types.Location(uri, range_), "here, too" if problem.related else "") for uri, range_ in related
    ]
    return types.Diagnostic(
        range=to_range(buffer.span_of(problem.location)),
        message=message,
        severity=_SEVERITIES[problem.severity],
        code=problem.code,
        source="owltype",
        related_information=information or None,
    )


def to_completions(found: Completions, buffer: BufferText, *, markdown: bool) -> types.CompletionList:
    """Give completions, which stay in their order."""
    range_ = to_range(buffer.span(found.token))
    items = [_item(item, range_, number, markdown=markdown) for number, item in enumerate(found.items)]
    return types.CompletionList(is_incomplete=not found.complete, items=items)


def _item(item: Completion, range_: types.Range, number: int, *, markdown: bool) -> types.CompletionItem:
    documentation: types.MarkupContent | None = None
    if item.documentation:
        kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
        documentation = types.MarkupContent(kind, item.documentation)
    return types.CompletionItem(
        label=item.label,
        kind=_KINDS[item.kind],
        detail=item.detail or None,
        documentation=documentation,
        sort_text=f"{number:05}",
        filter_text=item.wanted or None,
        text_edit=types.TextEdit(range_, item.written),
    )


def to_location(place: Location, buffer: BufferText) -> types.Location:
    """Give a place of this machine, in the text that stands there."""
    return types.Location(uri_of(place.path), to_range(buffer.span_of(place)))


def to_edits(edits: Iterable[tuple[Range, str]], buffer: BufferText) -> list[types.TextEdit]:
    """Give edits of one text."""
    return [types.TextEdit(to_range(buffer.span(span)), new) for span, new in edits]


def to_symbols(symbols: Sequence[Symbol], buffer: BufferText) -> list[types.DocumentSymbol]:
    """Give the outline of a record."""
    return [
        types.DocumentSymbol(
            name=symbol.name,
            detail=symbol.detail or None,
            kind=types.SymbolKind.Object if symbol.is_map else types.SymbolKind.Property,
            range=to_range(buffer.span(symbol.extent)),
            selection_range=to_range(buffer.span(symbol.selection)),
            children=to_symbols(symbol.children, buffer),
        )
        for symbol in symbols
    ]


def to_action(action: Action, uri: str, buffer: BufferText, diagnostics: Sequence[types.Diagnostic], kind: str) -> types.CodeAction:
    """Give a fix; the one safe fix of a problem is what an editor prefers."""
    edit = types.WorkspaceEdit(changes={uri: to_edits(action.edits, buffer)})
    preferred = action.safe if kind == types.CodeActionKind.QuickFix else None
    return types.CodeAction(action.title, kind, list(diagnostics) or None, is_preferred=preferred, edit=edit)


def to_workspace_edit(made: Renaming, buffers: dict[str, tuple[BufferText, int | None]], *, annotated: bool) -> types.WorkspaceEdit:
    """Give a rename, whose edits a client shows first where it can do that (`annotated`); files are renamed after their texts."""
    note = _ANNOTATION if annotated else None
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for place, edits in made.edits.items():
        buffer, version = buffers[place]
        texts = [types.AnnotatedTextEdit(note, e.range, e.new_text) if note else e for e in to_edits(edits, buffer)]
        document = types.OptionalVersionedTextDocumentIdentifier(uri=uri_of(place), version=version)
        changes.append(types.TextDocumentEdit(document, list(texts)))
    changes += [types.RenameFile(uri_of(old), uri_of(new), annotation_id=note) for old, new in made.moves]
    annotations = {_ANNOTATION: types.ChangeAnnotation(made.title, needs_confirmation=True)} if annotated else None
    return types.WorkspaceEdit(document_changes=changes, change_annotations=annotations)
