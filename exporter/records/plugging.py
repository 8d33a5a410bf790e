"""Which handlers a run has: those that settings name, those of installed packages, and ours."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from frontmatter.default_handlers import BaseHandler

from exporter.errors import UsageError
from exporter.records.handlers import DEFAULT, TOML, Handler, JsonHandler, YamlHandler
from exporter.records.values import DuplicateKeys
from exporter.text import enumerate_names, nearest, quote

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


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
    """Give the handlers that settings name, as `module:Class` or by the tool, before those of installed packages and ours.

    A module has to be installed or on `PYTHONPATH`: a project's folder is not searched, so that no code runs because a folder was read.
    Python's own modules are not imported at all: none has a handler, and some do things when they are imported (`antigravity` opens a
    browser). Raises `UsageError` for a name that gives no handler; nothing is called that is not a handler class.

    >>> load_handlers(["frontmatter.default_handlers:YAMLHandler"])[1:] == installed_handlers()
    True
    """
    return (*map(_load_handler, names), *installed_handlers(duplicate_keys))


def _load_handler(name: str) -> Handler:
    if ":" not in name:
        return _of_tool(name)
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


def _of_tool(name: str) -> Handler:
    """Give our handler for the metadata of another tool."""
    from exporter.records.formats.handlers import FORMATS  # few projects name one, and it imports this module

    known = FORMATS.get(name)
    if known is None:
        near = nearest(name, FORMATS)
        hint = f"did you mean {quote(near)}?" if near else f"there are {enumerate_names(FORMATS, 'and')}, and your own as module:Class"
        raise UsageError(f"no handler is called {quote(name)}; {hint}")
    return known()


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
