"""Front-matter formats, as python-frontmatter handlers that are strict.

They work in `frontmatter.load(…, handler=YamlHandler())` too; python-frontmatter's own handlers and a user's plug in here the same way.
python-frontmatter takes a ValueError from `split` for "no front matter"; ours raise `ReadingError`, which is none.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import yaml
from frontmatter.default_handlers import BaseHandler

from exporter.errors import UsageError
from exporter.records import framing
from exporter.records.faults import Fault, ReadingError, Readout
from exporter.records.framing import Frame
from exporter.records.json_values import find_end, read_json
from exporter.records.toml_values import read_toml
from exporter.records.values import DuplicateKeys, Value
from exporter.records.yaml_fast import read_yaml
from exporter.records.yaml_slips import find_slip
from exporter.text import quote

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

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
        """Find the front matter of a text that `detect` accepted."""
        return framing.fenced(text, self.opening, self.closings)

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
    """YAML between `---` and `---` or `...`."""

    syntax = "yaml"
    opening = re.compile(r"(?P<fence>---(?:[ \t]*ya?ml)?)[ \t]*\r?(?:\n|\Z)")
    closings = ("---", "...")
    START_DELIMITER = END_DELIMITER = "---"

    def frame(self, text: str) -> Frame:
        """Find the front matter, and remark on a body that goes on with YAML."""
        frame = super().frame(text)
        if framing.looks_like_yaml(text, frame.body):
            closing = (frame.end, frame.end + 3)
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


class TomlHandler(FrontMatterHandler):
    """TOML between `+++` and `+++`, or between `---toml` and `---`."""

    syntax = "toml"
    opening = re.compile(r"(?P<fence>\+\+\+|---[ \t]*toml)[ \t]*\r?(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "+++"

    def frame(self, text: str) -> Frame:
        """Find the front matter; it is closed as it was opened."""
        return framing.fenced(text, self.opening, ("+++" if text.startswith("+") else "---",))

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read TOML 1.0, which forbids a second key of one name whatever its value."""
        return Readout(read_toml(text, start, end))

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Refuse to write TOML: the standard library only reads it."""
        raise NotImplementedError("TOML front matter can't be written")


class JsonHandler(FrontMatterHandler):
    """A JSON object that starts the file, or stands between `---json` and `---`."""

    syntax = "json"
    opening = re.compile(r"(?P<fence>---[ \t]*json)[ \t]*\r?(?:\n|\Z)")
    _bare = re.compile(r"\{(?:\s*[\"}]|[ \t]*\r?\n)")  # not `{{< shortcode >}}`, not `{% include %}`
    START_DELIMITER = END_DELIMITER = ""

    def detect(self, text: str) -> bool:
        """Say whether the text starts with a JSON object or with `---json`."""
        return self._bare.match(text) is not None or super().detect(text)

    def frame(self, text: str) -> Frame:
        """Find the end of the object with a JSON decoder: a line that is `}` may be anywhere in it."""
        if text.startswith("-"):
            return super().frame(text)
        end, body = find_end(text)
        return Frame(0, end, body)

    def read(self, text: str, start: int, end: int) -> Readout:
        """Read JSON (RFC 8259)."""
        return read_json(text, start, end, self.duplicate_keys)

    def export(self, metadata: dict[str, object], **kwargs: object) -> str:
        """Write JSON."""
        return json.dumps(metadata, **{"indent": 2, "ensure_ascii": False, **kwargs})  # type: ignore[arg-type]


def not_a_map(value: Value, text: str, start: int, end: int) -> Fault:
    """Word the fault of front matter that holds no keys."""
    kind = "a list" if isinstance(value, list) else "a single value"
    inner = text[start:end]
    first = start + len(inner) - len(inner.lstrip())
    line_end = text.find("\n", first, end)
    slip = find_slip(text, first, first, 0) if isinstance(value, str) else None
    if slip is not None:
        return slip
    return Fault(
        "READ-NOT-A-MAP",
        f"the front matter is {kind}, expected keys with values",
        first,
        end if line_end < 0 else line_end,
        "write key: value lines between the fences",
    )


YAML, TOML, JSON = YamlHandler(), TomlHandler(), JsonHandler()
DEFAULT: tuple[Handler, ...] = (YAML, TOML, JSON)
WHOLE_FILE: Mapping[str, FrontMatterHandler] = {
    suffix: handler for suffix, syntax in framing.WHOLE_FILE_SUFFIXES.items() for handler in (YAML, TOML, JSON) if handler.syntax == syntax
}


def installed_handlers(duplicate_keys: DuplicateKeys = "reject") -> tuple[Handler, ...]:
    """Give the handlers of installed packages (entry points of the group `owltype.handlers`), then ours.

    `duplicate_keys` says what ours do with a key that stands twice in one map. Theirs
    come first, so that a package can read what we refuse. Raises `UsageError` for an entry point that gives no handler.
    """
    from importlib.metadata import entry_points

    entries = sorted(entry_points(group="owltype.handlers"), key=lambda entry: entry.name)
    return (*map(_load_entry, entries), *_own(duplicate_keys))


def _load_entry(entry: EntryPoint) -> Handler:
    shown = f"the entry point {entry.name} ({entry.value})"
    try:
        found: object = entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a module does while it is imported
        raise UsageError(f"{shown} can't be imported: {_said(error)}") from None
    return _made(found, shown)


def _own(duplicate_keys: DuplicateKeys) -> tuple[Handler, ...]:
    return DEFAULT if duplicate_keys == "reject" else (YamlHandler(duplicate_keys), TOML, JsonHandler(duplicate_keys))


def load_handlers(names: Sequence[str], duplicate_keys: DuplicateKeys = "reject") -> tuple[Handler, ...]:
    """Import the handlers that settings name as `module:Class`, and give them before those of installed packages and ours.

    A module has to be installed or on `PYTHONPATH`: a project's folder is not searched, so that no code runs because a folder was read.
    Python's own modules are not imported at all: none has a handler, and some do things when they are imported (`antigravity` opens a
    browser). Raises `UsageError` for a name that gives no handler; nothing is called that is not a handler class.

    >>> load_handlers(["frontmatter.default_handlers:YAMLHandler"])[1:] == installed_handlers()
    True
    """
    return (*map(_load_handler, names), *installed_handlers(duplicate_keys))


def _load_handler(name: str) -> Handler:
    module, _, attribute = name.partition(":")
    shown = f"the handler {quote(name)}"
    parts = module.split(".")
    if parts[0] in sys.stdlib_module_names or parts[-1] == "__main__":
        raise UsageError(_NO_HANDLER.format(shown))
    try:
        found: object = getattr(import_module(module), attribute)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a module does while it is imported
        raise UsageError(f"{shown} can't be imported: {_said(error)}; name it as module:Class, installed or on PYTHONPATH") from None
    return _made(found, shown)


_NO_HANDLER = "{} gives no python-frontmatter handler"


def _made(found: object, shown: str) -> Handler:
    """Make the handler of a class. Whether it is one is known before it is called: `subprocess:Popen` would run a program."""
    if isinstance(found, BaseHandler):
        return found
    if not (isinstance(found, type) and issubclass(found, BaseHandler)):
        raise UsageError(_NO_HANDLER.format(shown))
    try:
        return found()
    except Exception as error:  # noqa: BLE001 - whatever a user's class does
        raise UsageError(f"{shown} can't be made: {_said(error)}; it is called without arguments") from None


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
