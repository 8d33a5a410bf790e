"""The server as an editor talks to it: over standard input and output, every feature."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.modules import ROOT

pytestmark = pytest.mark.slow

SITE = Path(__file__).parent / "site"
COMMAND = [sys.executable, "-m", "exporter", "lsp"]
PLANTED = Path(tempfile.gettempdir()) / f"owltype-planted-{os.getpid()}"
ENVIRONMENT = {**os.environ, "PLANTED": str(PLANTED), "PYTHONPATH": os.pathsep.join((str(SITE.parent / "planted"), str(ROOT)))}


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
            await self.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    async def told(self, method: str) -> Any:  # noqa: ANN401 - whatever the notification has
        """Wait for the next notification of a kind; it comes within a minute, or never."""
        return await asyncio.wait_for(self.client.wait_for_notification(method), 60)

    @property
    def published(self) -> dict[str, list[types.PublishDiagnosticsParams]]:
        found: dict[str, list[types.PublishDiagnosticsParams]] = getattr(self.client, "published")  # noqa: B009 - set by the fixture
        return found

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


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # pytest-lsp has no types
    config=ClientServerConfig(server_command=COMMAND, client_factory=_client, server_env=ENVIRONMENT)
)
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
    path = "notes/compost.md"
    await editor.open(path)
    at = editor.at(path, "mira-sand", 3)
    hover = await editor.client.text_document_hover_async(types.HoverParams(editor.document(path), at))
    assert hover is not None
    assert "Mira Sand" in str(hover.contents)
    places: Any = await editor.client.text_document_definition_async(types.DefinitionParams(editor.document(path), at))
    assert [(Path(place.uri).name, place.range.start.line) for place in places] == [("mira.md", 3)]


@pytest.mark.asyncio
async def test_references_symbols_and_hints(editor: Editor) -> None:
    path = "notes/compost.md"
    await editor.open(path)
    context = types.ReferenceContext(include_declaration=False)
    params = types.ReferenceParams(context, editor.document(path), editor.at(path, "[[Four", 4))
    places: Any = await editor.client.text_document_references_async(params)
    assert sorted((Path(place.uri).name, place.range.start.line) for place in places) == [
        ("compost.md", 8),
        ("compost.md", 17),
        ("garlic.md", 5),
    ]
    symbols: Any = await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(editor.document(path)))
    assert [symbol.name for symbol in symbols][:2] == ["owlType", "title"]
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints: Any = await editor.client.text_document_inlay_hint_async(types.InlayHintParams(editor.document(path), everything))
    assert [(hint.label, hint.position.line) for hint in hints] == [("Slugs at night", 9)]


@pytest.mark.asyncio
async def test_a_rename_is_an_edit_of_all_files(editor: Editor) -> None:
    path = "notes/compost.md"
    await editor.open(path)
    at = editor.at(path, "Compost heap", 2)
    prepared: Any = await editor.client.text_document_prepare_rename_async(types.PrepareRenameParams(editor.document(path), at))
    assert prepared.placeholder == "Compost heap"
    made: Any = await editor.client.text_document_rename_async(types.RenameParams(editor.document(path), at, "Heap"))
    files = {Path(change.text_document.uri).name: [edit.new_text for edit in change.edits] for change in made.document_changes}
    assert files == {"compost.md": ["Heap"], "four-beds.md": ["Heap#turning"], "slugs.md": ['"[[Heap]]"']}
    assert [note.needs_confirmation for note in made.change_annotations.values()] == [True]
    at = editor.at(path, "[[slugs|", 4)
    made = await editor.client.text_document_rename_async(types.RenameParams(editor.document(path), at, "snails"))
    last = made.document_changes[-1]
    assert (Path(last.old_uri).name, Path(last.new_uri).name) == ("slugs.md", "snails.md")


@pytest.mark.asyncio
async def test_a_refusal_is_a_sentence_and_the_next_request_is_answered(editor: Editor) -> None:
    path = "notes/compost.md"
    await editor.open(path)
    with pytest.raises(JsonRpcException, match="the ontology names the keys"):
        await editor.client.text_document_rename_async(types.RenameParams(editor.document(path), editor.at(path, "title"), "x"))
    with pytest.raises(JsonRpcException):
        await editor.client.protocol.send_request_async("owltype/nothing", {})  # type: ignore[no-untyped-call]  # as above
    far = types.HoverParams(types.TextDocumentIdentifier("untitled:one"), types.Position(2**31 - 1, 2**31 - 1))
    assert await editor.client.text_document_hover_async(far) is None
    assert await _labels(editor, path, editor.at(path, "evergreen")) == ["seedling", "budding", "evergreen"]


@pytest.mark.asyncio
async def test_a_fix_ends_its_problem(editor: Editor) -> None:
    path = "notes/four-beds.md"
    text = (editor.root / path).read_text("utf-8")
    (problem,) = await editor.open(path, text.replace("budding", "Budding"))
    context = types.CodeActionContext([problem])
    params = types.CodeActionParams(editor.document(path), problem.range, context)
    actions: Any = await editor.client.text_document_code_action_async(params)
    (action,) = actions
    assert (action.title, action.is_preferred) == ('Write "budding"', True)
    ((edit,),) = action.edit.changes.values()
    assert edit.range == problem.range
    assert edit.new_text == "budding"
    assert await editor.type(path, text) == []
    await editor.type(path, text.replace("budding", "Budding").replace("Fall", "Fal"))
    params = types.CodeActionParams(editor.document(path), problem.range, types.CodeActionContext([], only=["source.fixAll"]))
    actions = await editor.client.text_document_code_action_async(params)
    (every,) = actions
    assert sorted(edit.new_text for edit in next(iter(every.edit.changes.values()))) == ["Fall", "budding"]


@pytest.mark.asyncio
async def test_what_is_typed_in_one_buffer_counts_in_another(editor: Editor) -> None:
    one, other = "notes/slugs.md", "notes/compost.md"
    await editor.open(other)
    (dangling,) = await editor.open(one, "---\nowlType: Note\ntitle: S\nrelated: '[[Snails by day]]'\n---\n")
    assert dangling.code == "REF-DANGLING"
    seen = len(editor.published[editor.uri(one)])
    await editor.type(other, editor.texts[other].replace("Compost heap", "Snails by day"))
    while len(editor.published[editor.uri(one)]) == seen:
        await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert list(editor.published[editor.uri(one)][-1].diagnostics) == []


@pytest.mark.asyncio
async def test_saving_validates_everything(editor: Editor) -> None:
    path = "people/mira.md"
    text = (editor.root / path).read_text("utf-8").replace("slug: mira-sand", "slug: mira")
    assert await editor.open(path, text) == []
    (editor.root / path).write_text(text, "utf-8")
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(path)))
    closed = editor.uri("notes/four-beds.md")
    while not any(shown.diagnostics for shown in editor.published.get(closed, [])):
        await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    while not editor.published[editor.uri(path)][-1].diagnostics:
        await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert [each.code for each in editor.published[editor.uri(path)][-1].diagnostics] == ["SH-MIN-COUNT"]
    assert [each.code for each in editor.published[closed][-1].diagnostics] == ["MAP-REFERENCE"]


@pytest.mark.asyncio
async def test_an_ontology_that_changes_is_read_anew(editor: Editor) -> None:
    path = "notes/four-beds.md"
    await editor.open(path)
    ontology = editor.root / "ontology/site.ttl"
    ontology.write_text(ontology.read_text("utf-8").replace('map:key "stage"', 'map:key "stadium"'), "utf-8")
    change = types.FileEvent(ontology.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    position = editor.at(path, "stage: b")
    assert "stadium" in await _labels(editor, path, position)
    ontology.write_text("no Turtle", "utf-8")
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    message = await editor.told(types.WINDOW_SHOW_MESSAGE)
    assert "ontology/site.ttl" in message.message
    while not editor.published.get(ontology.as_uri()):
        await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert [each.code for each in editor.published[ontology.as_uri()][-1].diagnostics] == ["ONT-SYNTAX"]
    assert [each.code for each in await editor.type(path, '---\ntitle: "open\n---\n')] == ["YAML-SYNTAX"]


async def _with_planted_handler(editor: Editor) -> None:
    PLANTED.unlink(missing_ok=True)
    settings = editor.root / "owltype.toml"
    settings.write_text(settings.read_text("utf-8") + 'handlers = ["planted_handler:Handler"]\n', "utf-8")
    change = types.FileEvent(settings.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await editor.open("notes/four-beds.md")
    assert await _labels(editor, "notes/four-beds.md", editor.at("notes/four-beds.md", "budding")) == ["seedling", "budding", "evergreen"]


@pytest.mark.asyncio
async def test_shapes_that_can_not_be_loaded_are_said(editor: Editor) -> None:
    shapes = editor.root / "shapes/site.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("sh:minCount 1", "sh:minCount ", 1), "utf-8")
    change = types.FileEvent(shapes.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    message = await editor.told(types.WINDOW_SHOW_MESSAGE)
    assert "shapes are not checked: shapes/site.ttl:7:" in message.message
    text = (editor.root / "notes/four-beds.md").read_text("utf-8").replace("[[Compost]]", "[[Kompost]]")
    assert [each.code for each in await editor.open("notes/four-beds.md", text)] == ["REF-DANGLING"]


@pytest.mark.asyncio
async def test_a_file_that_is_closed_counts_as_it_was_saved(editor: Editor) -> None:
    path = "notes/four-beds.md"
    assert await editor.open(path, (editor.root / path).read_text("utf-8").replace("budding", "wilting"))
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(editor.document(path)))
    while editor.published[editor.uri(path)][-1].diagnostics:
        await editor.told(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    await editor.open("notes/slugs.md", (editor.root / "notes/slugs.md").read_text("utf-8"))
    assert list(editor.published[editor.uri("notes/slugs.md")][-1].diagnostics) == []


@pytest.mark.asyncio
async def test_code_that_settings_name_is_not_loaded_without_trust(editor: Editor) -> None:
    await _with_planted_handler(editor)
    assert not PLANTED.exists()


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # as above
    config=ClientServerConfig(server_command=COMMAND, client_factory=_client, server_env=ENVIRONMENT)
)
async def trusting(lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    shutil.copytree(SITE, tmp_path / "site")
    capabilities = client_capabilities("visual-studio-code")
    root = (tmp_path / "site").as_uri()
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, root_uri=root, initialization_options={"trusted": True})
    )
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_it_is_loaded_where_the_editor_trusts(trusting: LanguageClient, tmp_path: Path) -> None:
    await _with_planted_handler(Editor(trusting, tmp_path / "site"))
    assert PLANTED.exists()
    PLANTED.unlink()


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]  # as above
    config=ClientServerConfig(server_command=COMMAND, client_factory=_client, server_env=ENVIRONMENT), params=["utf-8", "utf-16", "utf-32"]
)
async def encoded(request: pytest.FixtureRequest, lsp_client: LanguageClient, tmp_path: Path) -> AsyncIterator[None]:
    shutil.copytree(SITE, tmp_path / "site")
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.general is not None
    capabilities.general.position_encodings = [types.PositionEncodingKind(request.param)]
    await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities, root_uri=(tmp_path / "site").as_uri()))
    setattr(lsp_client, "units", request.param)  # noqa: B010 - as above
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_positions_are_counted_as_the_client_counts(encoded: LanguageClient, tmp_path: Path) -> None:
    editor = Editor(encoded, tmp_path / "site")
    line = 'related: ["[[Four beds]]", "😀 Käse", "[[Nobody]]"]'
    first, second = await editor.open("notes/new.md", f"---\nowlType: Note\ntitle: 😀\n{line}\n---\n")
    widths = {"utf-8": lambda text: len(text.encode()), "utf-16": lambda text: len(text.encode("utf-16-le")) // 2, "utf-32": len}
    width = widths[getattr(encoded, "units")]  # noqa: B009 - as above
    for problem, text in ((first, '"😀 Käse"'), (second, '"[[Nobody]]"')):
        start = line.index(text)
        assert (problem.range.start.character, problem.range.end.character) == (width(line[:start]), width(line[: start + len(text)]))
    at = types.Position(3, width(line[: line.index("Four") + 2]))
    hover = await encoded.text_document_hover_async(types.HoverParams(editor.document("notes/new.md"), at))
    assert hover is not None
    assert "**Four beds**" in str(hover.contents)
