"""What a step finds in a record's body: its first heading, tags, inline fields, shortcodes and links, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.language.keypaths import FIELDS, SHORTCODES
from exporter.mapping.model import RecordMapping, Unmapped
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath
from exporter.records.body.content import Link
from exporter.records.values import Value, look_up

LINKS = "@links"
"""What the key paths of all links begin with."""

ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]++:)?//|(?:mailto|tel|sms|fax|data|javascript|urn|doi|xmpp|magnet|news|about):", re.IGNORECASE
)
"""What addresses begin with. A note may be called `Meeting: budget`, so those without `//` are listed."""


def find_in_body(path: KeyPath, run: RecordMapping, *, whole: bool) -> Iterator[tuple[Value, KeyPath]]:
    """Yield what stands at a special key, with the key path that says where; a link is its target, unless the `whole` is asked for.

    Links are numbered as they stand in the body, whatever kinds are among them.
    """
    content, key, below = run.body_content(), path[0], path[1:]
    if key == "@title":
        if content.title is not None:
            yield content.title.text, path
    elif key == "@tags":
        for number, tag in enumerate(content.tags):
            yield tag.text, (*path, number)
    elif key == FIELDS:
        yield look_up(content.field_values, below), path
    elif key == SHORTCODES:
        yield look_up(content.shortcode_values, below), path
    else:
        for number, link in enumerate(content.links):
            if _kind(link, run.site) == key:
                part = str(below[0]) if below else "target"
                said = _with_scheme(link, run.site)
                at: KeyPath = (LINKS, number) if whole and not below else (LINKS, number, part)
                yield said if whole and not below else said.get(part), at


def unread_fields(of: ClassPlan, run: RecordMapping) -> list[Unmapped]:
    """Give the inline fields that nothing reads, of a class that reads some of them: they are keys as those of the front matter are."""
    content = run.content
    paths = [path for step in of.steps for path in step.sources if path[0] == FIELDS] if content and content.fields else []
    if content is None or not paths or any(len(path) == 1 for path in paths):
        return []
    ignored = of.keys.children.get(FIELDS)
    read = {path[1] for path in paths} | (ignored.children.keys() if ignored else set())
    return [Unmapped((FIELDS, key), value) for key, value in content.field_values.items() if key not in read]


def _with_scheme(link: Link, site: str) -> dict[str, Value]:
    """Give what a link says; an address that leaves out its scheme has that of the page (RFC 3986, section 4.2)."""
    if not link.target.startswith("//"):
        return link.value
    return {**link.value, "target": f"{site.partition('//')[0] or 'https:'}{link.target}"}


def _kind(link: Link, site: str) -> str:
    """Say which key a link is of: an address with a scheme or a host that is not the site's leads to no record."""
    if link.embedded:
        return "@links.embedded"
    scheme = ADDRESS.match(link.target)
    if scheme is None or (site and f"{link.target}/".startswith(f"{site}/")):
        return "@links"
    if scheme["scheme"] is None and site and f"{link.target}/".startswith(f"//{site.partition('://')[2]}/"):
        return "@links"
    return "@links.external"
