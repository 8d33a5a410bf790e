"""A comparison as text, as Markdown for a pull request, as JSON, and as an RDF Patch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from html import escape

from exporter.comparing.model import RecordChange, StateComparison
from exporter.text import plural, shorten

MOST = 65_000
"""Characters of Markdown: a comment on GitHub may have 65,536."""
_LONGEST = 200
_STYLE = (
    "<style>:root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}</style>"
)
_SIGNS = {"added": "+", "removed": "-", "renamed": ">", "changed": "~"}


def as_text(found: StateComparison) -> Iterator[str]:
    """Yield the lines for a terminal."""
    for change in found.records:
        yield f"{_SIGNS[change.kind]} {_named(change)}"
        yield from (f"    {line}" for line in _values(change))
    if found.shared:
        yield "shared:"
        for change in found.shared:
            yield f"  {_SIGNS[change.kind]} {_named(change)}"
            yield from (f"      {line}" for line in _values(change))
    for title, lines in _sections(found):
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)
    yield summary(found)


def as_markdown(found: StateComparison) -> str:
    """Write it for a pull request; what is too long is cut, and how much that is is said."""
    parts = [f"### {summary(found)}\n"]
    parts += [_markdown(change) for change in found.records]
    if found.shared:
        parts.append("\n#### Shared resources\n")
        parts += [_markdown(change) for change in found.shared]
    for title, lines in _sections(found):
        parts.append(f"\n#### {title}\n")
        parts += [f"- {_escaped(line)}\n" for line in lines]
    written, size = [], 0
    for number, part in enumerate(parts):
        if size + len(part) > MOST:
            written.append(f"\n… and {plural(len(parts) - number, 'more line')}: `owltype diff` shows them all.\n")
            break
        written.append(part)
        size += len(part)
    return "".join(written)


def as_html(found: StateComparison) -> str:
    """Write it as a page that needs nothing else."""
    parts = [f"<h1>{escape(summary(found))}</h1>", "<ul>", *map(_html, found.records), "</ul>"]
    if found.shared:
        parts += ["<h2>Shared resources</h2>", "<ul>", *map(_html, found.shared), "</ul>"]
    for title, lines in _sections(found):
        parts += [f"<h2>{escape(title)}</h2>", "<ul>", *(f"<li>{escape(line)}</li>" for line in lines), "</ul>"]
    head = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    return f"{head}<title>Differences</title>\n{_STYLE}\n" + "\n".join(parts) + "\n</html>\n"


def _html(change: RecordChange) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in _values(change))
    return f"<li><b>{change.kind}</b> {escape(_named(change))}" + (f"<ul>{lines}</ul>" if lines else "") + "</li>"


def as_json(found: StateComparison) -> str:
    """Write it for programs."""
    document = asdict(found)
    del document["removed"], document["added"]
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_patch(found: StateComparison) -> Iterator[str]:
    """Yield the lines of an RDF Patch (https://afs.github.io/rdf-patch/): the statements to delete, then those to add."""
    yield "TX ."
    yield from (f"D {line}" for line in found.removed)
    yield from (f"A {line}" for line in found.added)
    yield "TC ."


def summary(found: StateComparison) -> str:
    """Count the changes in a sentence."""
    if found.is_empty:
        return "no difference"
    counts = Counter(change.kind for change in found.records)
    said = [f"{plural(counts[kind], 'record')} {kind}" for kind in _SIGNS if counts[kind]]
    said += [f"{plural(len(found.shared), 'shared resource')} different"] if found.shared else []
    said += [plural(len(found.new_problems), "new problem")] if found.new_problems else []
    said += [f"{plural(len(found.gone_problems), 'problem')} gone"] if found.gone_problems else []
    return ", ".join(said) or "the ontology differs"


def _sections(found: StateComparison) -> Iterator[tuple[str, tuple[str, ...]]]:
    sections = (
        ("New problems", found.new_problems),
        ("Problems that are gone", found.gone_problems),
        ("What the ontology's change does by itself", found.by_ontology),
    )
    return (section for section in sections if section[1])


def _named(change: RecordChange) -> str:
    name = f"{change.label} <{change.iri}>" if change.label else f"<{change.iri}>"
    file = f" ({change.path})" if change.path else ""
    return f"{name}{file}, was <{change.was}>" if change.was else name + file


def _values(change: RecordChange) -> Iterator[str]:
    for value in change.values:
        old, new = (", ".join(shorten(text, _LONGEST) for text in texts) for texts in (value.old, value.new))
        yield f"{value.key}: {old} → {new}" if old and new else f"{value.key}: + {new}" if new else f"{value.key}: - {old}"


def _markdown(change: RecordChange) -> str:
    lines = "".join(f"  - {_escaped(line)}\n" for line in _values(change))
    return f"- **{change.kind}** {_escaped(_named(change))}\n{lines}"


def _escaped(text: str) -> str:
    r"""Have Markdown show a text as it is.

    >>> _escaped("a *b* <script> @me #1\n")
    'a \\*b\\* &lt;script&gt; &#64;me &#35;1 '
    """
    text = " ".join(text.split("\n")).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("#", "&#35;").replace("@", "&#64;")
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]|~!" else sign for sign in text)
