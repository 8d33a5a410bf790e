"""Front-matter formats, as python-frontmatter handlers that are strict.

They work in `frontmatter.load(…, handler=YamlHandler())` too; python-frontmatter's own handlers and a user's plug in here the same way.
python-frontmatter takes a ValueError from `split` for "no front matter"; ours raise `ReadingError`, which is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler

from exporter.problems import Severity
from exporter.records import framing
from exporter.records.faults import Fault, ReadingError, Readout
from exporter.records.framing import Frame
from exporter.records.json.values import find_end, read_json, read_members
from exporter.records.toml.values import read_toml
from exporter.records.values import DuplicateKeys, Value
from exporter.records.yaml.blocks import KeyLines, scan_block
from exporter.records.yaml.fast import read_yaml
from exporter.records.yaml.slips import find_slip

Handler = BaseHandler
"""What python-frontmatter calls a handler: `detect`, `split`, `load`, `export`."""


class FrontMatterHandler(BaseHandler):
    """A handler that also says where it found what: `frame` and `read` work with offsets of the whole text."""

    syntax: str
    opening: re.Pattern[str]
    closings: tuple[str, ...] = ("---",)
    FM_BOUNDARY = re.compile(r"(?!)")  # unused: a boundary that is one pattern for both fences is what loses records

    def __init__(self, duplicate_keys: DuplicateKeys = "reject") -> None:
        super().__init__()
        self.duplicate_keys = duplicate_keys

    def detect(self, text: str) -> bool:
        """Say whether the text starts with this format's fence."""
        return self.opening.match(text) is not None

    def frame(self, text: str) -> Frame:
        """Find the front matter of a text that `detect` accepted; a fence of equals signs or semicolons is closed as it was opened."""
        match = self.opening.match(text)
        same = match is not None and match["fence"][0] in "=;"
        return framing.fenced(text, self.opening, (match["fence"], *self.closings[1:]) if match and same else self.closings)

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read the front matter at `text[start:end]`."""
        raise NotImplementedError

    def split(self, text: str) -> tuple[str, str]:
        """Split a text into front matter and body, as python-frontmatter asks."""
        frame = self.frame(text)
        return text[frame.start : frame.end], text[frame.body :]

    def load(self, fm: str) -> dict[str, Any]:
        """Read front matter that `split` gave, as python-frontmatter asks."""
        value = self.read(fm, 0, len(fm)).value
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ReadingError(not_a_map(value, fm, 0, len(fm)))
        return dict(value)


class YamlHandler(FrontMatterHandler):
    """YAML between `---` and `---` or `...`, or between two lines `= yaml =`."""

    syntax = "yaml"
    opening = re.compile(r"(?P<fence>---(?:[ \t]*+ya?ml)?|= yaml =)[ \t]*+\r?(?:\n|\Z)")
    closings = ("---", "...")
    START_DELIMITER = END_DELIMITER = "---"

    def frame(self, text: str) -> Frame:
        """Find the front matter, and remark on a body that goes on with YAML."""
        frame = super().frame(text)
        if framing.goes_on(text, frame.body):
            closing = (frame.end, frame.end + len(text[frame.end : frame.body].rstrip()))
            message = "the front matter ends here, but YAML-looking lines follow; they are read as body"
            advice = "indent the line if it belongs to the value above, or put a blank line below the fence"
            return frame._replace(remarks=(Fault("READ-CUT-OFF", message, *closing, help=advice),))
        return frame

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read YAML 1.2 core."""
        return read_yaml(text, start, end, self.duplicate_keys)

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Write YAML."""
        return yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, **kwargs).strip()  # type: ignore[call-overload, no-any-return]


class ClosingFenceHandler(YamlHandler):
    """YAML that a line `---` closes and none opens, as Hexo reads it: read, with a remark, since few other tools see it.

    One line above `---` is a heading in Markdown: it counts as front matter only where it has a key that front matter usually has.
    """

    _closing = re.compile(r"---[ \t]*+(?:\r?\n|\Z)")

    def detect(self, text: str) -> bool:
        """Say whether the text starts with keys, and a line `---` ends them."""
        return self._block(text) is not None

    def _block(self, text: str) -> KeyLines | None:
        block = scan_block(text, 0, self._closing)
        if block is None or not block.usual:
            return None
        is_heading = block.keys == 1 and text[:1].isupper()
        is_prose = block.blank and block.usual < max(block.keys, 2)
        return None if is_heading or is_prose else block

    def frame(self, text: str) -> Frame:
        """Find the closing fence, and remark on the missing one."""
        block = self._block(text)
        assert block is not None  # `detect` said so
        message = "the opening fence is missing; the front matter is read up to the line ---"
        first = len(text[: block.end].partition("\n")[0].rstrip())
        remark = Fault("READ-NO-OPENING", message, 0, first, "add the line --- above it", severity=Severity.WARNING)
        return Frame(0, block.end, block.after, (remark,))


class TomlHandler(FrontMatterHandler):
    """TOML between two `+++` or two `= toml =`, between `---toml` and `---`, or in a block of code that starts the file."""

    syntax = "toml"
    opening = re.compile(r"(?P<fence>\+\+\+|---[ \t]*+toml|= toml =)[ \t]*+\r?(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "+++"
    _code = re.compile(
        r"(?P<fence>(?P<ticks>`{3,}+|~{3,}+)[ \t]*+(?i:toml))[ \t]*+\r?\n"
        r"(?=(?:[ \t]*+(?:#[^\n]*+|\r)?+\n)*+[ \t]*+(?:\[\[?+[ \t]*+[\w\".-]|[\w\".-]++[ \t]*+=))"
    )
    """A block of code as in RustSec's advisories; one that shows front matter, or no TOML, is not a record."""

    def detect(self, text: str) -> bool:
        """Say whether the text starts with a fence of TOML, or with a block of code in TOML."""
        return super().detect(text) or self._code.match(text) is not None

    def frame(self, text: str) -> Frame:
        """Find the front matter; it is closed as it was opened."""
        if text[0] in "`~":
            return framing.fenced_code(text, self._code)
        return super().frame(text) if text[0] == "=" else framing.fenced(text, self.opening, ("+++" if text[0] == "+" else "---",))

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read TOML 1.0, which forbids a second key of one name whatever its value."""
        return Readout(read_toml(text, start, end))

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Refuse to write TOML: the standard library only reads it."""
        raise NotImplementedError("TOML front matter can't be written")


class JsonHandler(FrontMatterHandler):
    """A JSON object that starts the file, or between `---json` and `---` or two `= json =`, or its members up to a line `;;;`."""

    syntax = "json"
    opening = re.compile(r"(?P<fence>---[ \t]*+json|= json =|;;;(?=[ \t]*+\r?\n\s*+[\"{}]))[ \t]*+\r?(?:\n|\Z)")
    _members = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"[ \t]*+:")
    _bare = re.compile(r"\{(?:\s*[\"}]|[ \t]*\r?\n)")  # not `{{< shortcode >}}`, not `{% include %}`
    START_DELIMITER = END_DELIMITER = ""

    def detect(self, text: str) -> bool:
        """Say whether the text starts with a JSON object or with a fence of JSON, or a line `;;;` ends members of one."""
        return self._bare.match(text) is not None or super().detect(text) or self._closing(text) is not None

    def _closing(self, text: str) -> tuple[int, int] | None:
        return framing.find_line(text, ";;;", 1, len(text)) if self._members.match(text) else None

    def frame(self, text: str) -> Frame:
        """Find the end of the object with a JSON decoder: a line that is `}` may be anywhere in it."""
        if text[0] in "-=;":
            return super().frame(text)
        if closing := self._closing(text):
            return Frame(0, *closing)
        end, body = find_end(text)
        return Frame(0, end, body)

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read JSON (RFC 8259); up to a line `;;;` it may do without its braces."""
        return (read_members if text.startswith(";;;", end) else read_json)(text, start, end, self.duplicate_keys)

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Write JSON."""
        return json.dumps(metadata, **{"indent": 2, "ensure_ascii": False, **kwargs})  # type: ignore[arg-type]


def not_a_map(value: Value, text: str, start: int, end: int, syntax: str = "yaml") -> Fault:
    """Word the fault of front matter that holds no keys, with advice in its syntax; a whole file has no fences."""
    kind = "a list" if isinstance(value, list) else "a single value"
    inner = text[start:end]
    first = start + len(inner) - len(inner.lstrip())
    line_end = text.find("\n", first, end)
    slip = find_slip(text, first, first, 0) if isinstance(value, str) and syntax == "yaml" else None
    if slip is not None:
        return slip
    last = end if line_end < 0 else line_end
    is_file = end - start == len(text)
    advice = f"{_PAIRS[syntax]} at the top; if the file is not a record, exclude it" if is_file else _PAIRS[syntax]
    if not is_file and syntax == "yaml":
        if _TOML_PAIR.match(text, first, last):
            advice = "write +++ instead of --- in both fences: this is TOML"
        elif isinstance(value, str):
            advice = "write key: value lines; if the --- is a rule and not a fence, write ***"
    return Fault("READ-NOT-A-MAP", f"the front matter is {kind}, expected keys with values", first, last, advice)


_TOML_PAIR = re.compile(r"[\w.-]++[ \t]*+=[ \t]*+(?:[\"'\[{\d]|true|false)")
_PAIRS = {"yaml": "write key: value lines", "toml": "write key = value lines", "json": 'write an object, {"key": "value"},'}


YAML, TOML, JSON = YamlHandler(), TomlHandler(), JsonHandler()
DEFAULT: tuple[Handler, ...] = (YAML, TOML, JSON, ClosingFenceHandler())
WHOLE_FILE: Mapping[str, FrontMatterHandler] = {
    suffix: handler for suffix, syntax in framing.WHOLE_FILE_SUFFIXES.items() for handler in (YAML, TOML, JSON) if handler.syntax == syntax
}
