"""Pages from templates: the one place where Jinja2 runs. Every text is escaped, and nothing that does not show gets into a page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

import jinja2

_FOLDER = Path(__file__).parent


def render(template: str, values: Mapping[str, object]) -> str:
    r"""Fill a template of this folder; a name that it uses and that is not given is an error of ours.

    >>> render("word.html.jinja", {"word": "<b>\u202e"})
    '&lt;b&gt;�\n'
    """
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(_FOLDER, encoding="utf-8"),
    )
    environment.filters["spans"] = _spans
    return environment.get_template(template).render(values).strip() + "\n"


def _spans(text: str) -> list[tuple[str, bool]]:
    """Part a text at its backticks, as people write code in comments: each part, and whether it is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its pair
        return [(text, False)]
    return [(part, bool(number % 2)) for number, part in enumerate(parts) if part]


def read_part(name: str) -> str:
    """Give a file that stands in a page as it is: a style, a script."""
    return (_FOLDER / name).read_text("utf-8")


def policy(style: str, script: str) -> str:
    """Write a content security policy that lets these alone run (https://www.w3.org/TR/CSP3/#grammardef-hash-source).

    A text from a record could do nothing, even if it got out of its place.
    """
    return f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _shown(value: object) -> object:
    """Replace what turns the direction of writing, or does not show at all, so that a page reads as it was typed."""
    if type(value) is not str:  # what is markup already is ours
        return value
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in value)
