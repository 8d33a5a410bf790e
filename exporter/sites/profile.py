"""Profiles: what a site's tool takes for granted, as data (`profiles/NAME.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from exporter.errors import UsageError
from exporter.text import enumerate_names, nearest, quote

_FOLDER = Path(__file__).with_name("profiles")
AUTO, PLAIN = "auto", "plain"


@dataclass(frozen=True, slots=True)
class AddressRule:
    """How pages whose paths match `files` are addressed: templates in their order, without the site.

    `shared` are the templates instead where two paths have the same names for those, as two decisions with one number have. `names` are
    templates of what such a page is called, by which others refer to it.
    """

    files: str
    templates: tuple[str, ...]
    shared: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a tool takes for granted.

    `apart` are names of files, without their endings, that say what kind of record they hold. `by_key` are key paths whose values name a
    record by what that has at another key path, and by nothing else.
    """

    name: str
    title: str
    rank: int = 1
    marks: tuple[str, ...] = ()
    configuration: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    content_setting: tuple[str, ...] = ()
    base_setting: tuple[str, ...] = ()
    base_files: tuple[str, ...] = ()
    path_setting: tuple[str, ...] = ()
    title_setting: tuple[str, ...] = ()
    tries: tuple[str, ...] = ("key", "folder")
    kinds: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    address_keys: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, str] = field(default_factory=dict)
    value_paths: Mapping[str, str] = field(default_factory=dict)
    value_filter: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    body: tuple[str, ...] = ("@links", "@links.embedded")
    embeds_pages: bool = False
    match: tuple[str, ...] = ("@file.page",)
    called: tuple[str, ...] = ()
    reference: str = ""
    translation_key: str = ""
    by_key: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[AddressRule, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    engine: str = ""


@cache
def load_profiles() -> Mapping[str, Profile]:
    """Read all profiles, by name."""
    found = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        found[file.stem] = _profile(file.stem, table)
    return found


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    rules = tuple(AddressRule(rule["files"], tuple(rule["iri"]), tuple(rule.get("shared", ()))) for rule in table.get("rule", ()))
    said: dict[str, Any] = {
        key.replace("-", "_"): tuple(value) if isinstance(value, list) else value for key, value in table.items() if key != "rule"
    }
    return replace(Profile(name, said["title"], rules=rules), **said)


def find_profile(name: str) -> Profile:
    """Give a profile by its name; raises UsageError with the near name where there is none.

    >>> find_profile("hugo").title
    'Hugo'
    """
    profiles = load_profiles()
    if name not in profiles:
        near = nearest(name, profiles)
        known = f"did you mean {quote(near)}?" if near else f"there are {enumerate_names(profile_names(), 'and', limit=30)}"
        raise UsageError(f"no profile is called {quote(name)}; {known}")
    return profiles[name]


def profile_names() -> Sequence[str]:
    """Name the profiles, for people: `auto` first, the plain one last."""
    return [AUTO, *(name for name in load_profiles() if name != PLAIN), PLAIN]
