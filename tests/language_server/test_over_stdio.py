"""The server as an editor talks to it: over standard input and output, every feature."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

pytestmark = pytest.mark.slow

SITE = Path(__file__).parent / "site"
COMMAND = [sys.executable, "-m", "exporter", "lsp"]


class Editor:
    """A client in a copy of the site, with its buffers."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.texts: dict[str, str] = {}
        self._version = 1

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    async def open(self, path: str, text: str | None = None) -> list[types.Diagnostic]:
        text = (self.root / path).read_text("utf-8") if text is None else text
        self.texts[path] = text
        document = types.TextDocumentItem(self.uri(path), "markdown", self._version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return await self.diagnostics(path, self._version)

    async def type(self, path: str, text: str) -> list[types.Diagnostic]:
        self._version += 1
        self.texts[path] = text
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(path), version=self._version)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(document, [types.TextDocumentContentChangeWholeDocument(text)])
        )
        return await self.diagnostics(path, self._version)

    async def diagnostics(self, path: str, version: int) -> list[types.Diagnostic]:
        """Wait for the problems of a version of a buffer."""
        while True:
            for shown in reversed(self.published.get(self.uri(path), [])):
                if shown.version is None or shown.version >= version:
                    return list(shown.diagnostics)
            await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    @property
    def published(self) -> dict[str, list[types.PublishDiagnosticsParams]]:
        return getattr(self.client, "published")  # noqa: B009 - set by the fixture

    def at(self, path: str, text: str, more: int = 0) -> types.Position:
        offset = self.texts[path].index(text) + more
        before = self.texts[path][:offset]
        return types.Position(before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))


def _client() -> LanguageClient:
    client = pytest_lsp.make_test_lsp_client()
    published: dict[str, list[types.PublishDiagnosticsParams]] = {}
    setattr(client, "published", published)  # noqa: B010 - as above

    def remember(params: types.PublishDiagnosticsParams) -> None:
        published.setdefault(params.uri, []).append(params)

    client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(remember)
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda _params: None)
    return client


@pytest_lsp.fixture(config=ClientServerConfig(server_command=COMMAND, client_factory=_client))
async def client(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    shutil.copytree(SITE, tmp_path / "site")
    capabilities = client_capabilities("visual-studio-code")
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities, root_uri=(tmp_path / "site").as_uri()))
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client: LanguageClient, tmp_path: Path) -> Editor:
    return Editor(client, tmp_path / "site")


@pytest.mark.asyncio
async def test_problems_follow_the_text(editor: Editor) -> None:
    assert await editor.open("notes/compost.md") == []
    text = editor.texts["notes/compost.md"]
    found = await editor.type("notes/compost.md", text.replace("evergreen", "evergren").replace("mira-sand", "mira-send"))
    assert [(each.code, each.range.start.line) for each in found] == [("SH-IN", 4), ("MAP-REFERENCE", 6)]
    assert await editor.type("notes/compost.md", text) == []


async def _labels(editor: Editor, path: str, position: types.Position) -> list[str]:
    found: Any = await editor.client.text_document_completion_async(types.CompletionParams(editor.document(path), position))
    return [item.label for item in found.items]


@pytest.mark.asyncio
async def test_completion_hover_and_definition(editor: Editor) -> None:
    await editor.open("notes/new.md", "---\nowlType: Note\nrelated: \n---\n")
    position = types.Position(2, 9)
    assert await _labels(editor, "notes/new.md", position) == ["Compost heap", "First beans", "Four beds", "Garlic in", "Slugs at night"]
    await editor.open("notes/compost.md")
    at = editor.at("notes/compost.md", "mira-sand", 3)
    hover = await editor.client.text_document_hover_async(types.HoverParams(editor.document("notes/compost.md"), at))
    assert hover is not None
    assert "Mira Sand" in str(hover.contents)
    places: Any = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document("notes/compost.md"), at))
    assert [(Path(place.uri).name, place.range.start.line) for place in places] == [("mira.md", 3)]
