"""The settings as TOML: what is read, and what maps it."""

from __future__ import annotations

import json
from collections.abc import Mapping

_WIDTH = 120
_REASONS = {
    "paths": "what is read where a command names nothing",
    "exclude": "no records, though they look like some",
    "include": "further files that are read",
    "endings": "further endings: such files are read as .md files are",
    "key-case": "the site's tool does not tell `Title` from `title`",
    "without-front-matter": "pages without front matter are pages all the same",
    "without-front-matter: empty": "pages whose front matter is empty are pages all the same",
    "file-addresses": "where the site has the files of a folder that are not records",
    "ambiguous-references": "of several notes that a link names, the nearest is meant",
}


def write_settings(settings: Mapping[str, object], title: str) -> str:
    """Write a settings file, each setting with its reason.

    >>> write_settings({"paths": ["content"]}, "A site").splitlines()[-2:]
    ['# what is read where a command names nothing', 'paths = ["content"]']
    """
    lines = [f"# Settings of owltype for {title}; `docs/settings.md` has them all.", ""]
    tables = {name: value for name, value in settings.items() if isinstance(value, Mapping)}
    for name, value in settings.items():
        if name in tables:
            continue
        reason = _REASONS.get(f"{name}: {value}", _REASONS.get(name))
        lines += [f"# {reason}"] if reason else []
        lines += _assigned(name, value)
    for name, table in ((name, table) for name, table in tables.items() if table):  # last: what follows a table's header is in it
        lines += ["", f"# {_REASONS[name]}", f"[{name}]", *(f"{_toml(key)} = {_toml(value)}" for key, value in table.items())]
    return "\n".join([*lines, ""])


def _assigned(name: str, value: object) -> list[str]:
    """Write a setting on one line, or a list that is long on several."""
    line = f"{name} = {_toml(value)}"
    if len(line) <= _WIDTH or not isinstance(value, (list, tuple)):
        return [line]
    return [f"{name} = [", *(f"    {_toml(item)}," for item in value), "]"]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
