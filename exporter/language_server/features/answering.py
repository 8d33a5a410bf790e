"""Saying what stands where: completion, hover, definitions, references, outline and titles."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from exporter.language_server.completing import complete
from exporter.language_server.features import protocol
from exporter.language_server.server import OwltypeServer

_TRIGGERS = [" ", "[", '"', "'", "{", ","]
"""After these an editor asks for completions by itself."""


def add_answers(server: OwltypeServer) -> None:
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
        from exporter.language_server.hovering import hover

        found = server.asked(params.text_document.uri, params.position, hover)
        if found is None or found[0] is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, found[0].markdown)
        return types.Hover(content, protocol.to_range(found[1].span(found[0].place)))

    @feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location] | None:
        from exporter.language_server.navigating import find_definitions

        found = server.asked(params.text_document.uri, params.position, find_definitions)
        return server.locations(found[0]) if found is not None else None

    @feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location] | None:
        from exporter.language_server.navigating import find_references

        ask = partial(find_references, declaration=params.context.include_declaration)
        found = server.asked(params.text_document.uri, params.position, ask)
        return server.locations(found[0]) if found is not None else None


def add_views(server: OwltypeServer) -> None:
    """Let it show the outline of a record, and titles beside what names them."""
    feature = server.feature

    @feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        from exporter.language_server.outlining import outline

        found = server.asked(params.text_document.uri, types.Position(0, 0), lambda workspace, path, _: outline(workspace, path))
        return protocol.to_symbols(found[0], found[1]) if found is not None else None

    @feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        from exporter.language_server.outlining import find_hints

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
