"""Handlers for the metadata of other tools, by the names that the setting `handlers` takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from exporter.records.faults import Readout
from exporter.records.formats.lines import READERS, compose_lines
from exporter.records.framing import Frame
from exporter.records.handlers import ClosingFenceHandler, FrontMatterHandler, Handler
from exporter.records.nodes import Map, Node, Scalar, Sequence
from exporter.records.values import Value
from exporter.records.yaml.blocks import scan_block


class LinesHandler(FrontMatterHandler):
    """Metadata with a line for each key, without fences."""

    opening = re.compile(r"(?!)")

    def detect(self, text: str) -> bool:
        """Say whether the text starts with a key."""
        return READERS[self.syntax](text, 0) is not None

    def frame(self, text: str) -> Frame:
        """Find where the metadata ends."""
        found = READERS[self.syntax](text, 0)
        assert found is not None  # `detect` said so
        return Frame(0, found.end, found.body)

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read what the lines say; all values are texts."""
        return Readout(_value(compose_lines(self.syntax, text, start, end)))


def _value(node: Node) -> Value:
    if isinstance(node, Map):
        return {entry.key.text: _value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


class PelicanHandler(LinesHandler):
    """Pelican's metadata in Markdown: `Title: …` up to a blank line."""

    syntax = "pelican"


class NikolaHandler(LinesHandler):
    """Nikola's metadata: `.. title: …`, in a comment or not."""

    syntax = "nikola"


class PandocHandler(LinesHandler):
    """Pandoc's title block: `% title`, `% authors`, `% date`."""

    syntax = "pandoc"


class LogseqHandler(LinesHandler):
    """Logseq's page properties: `title:: …`."""

    syntax = "logseq"


class OrgHandler(LinesHandler):
    """Org's keywords: `#+title: …`."""

    syntax = "org"


class HexoHandler(ClosingFenceHandler):
    """Hexo's front matter with a closing fence alone, whatever its keys are, without a remark."""

    def detect(self, text: str) -> bool:
        """Say whether the text starts with keys, and a line `---` ends them."""
        return scan_block(text, 0, self._closing) is not None

    def frame(self, text: str) -> Frame:
        """Find the closing fence."""
        block = scan_block(text, 0, self._closing)
        assert block is not None  # `detect` said so
        return Frame(0, block.end, block.after)


FORMATS: Mapping[str, Callable[[], Handler]] = {
    "hexo": HexoHandler,
    "pelican": PelicanHandler,
    "nikola": NikolaHandler,
    "pandoc": PandocHandler,
    "logseq": LogseqHandler,
    "org": OrgHandler,
}
"""Each tool's handler, by the name that the setting `handlers` takes."""
