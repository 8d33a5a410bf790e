"""The files of this folder that a page of documentation is made of, and what its security policy lets run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from exporter.generate.templating import Templates

_FOLDER = Path(__file__).parent


@cache
def _templates() -> Templates:
    return Templates([_FOLDER])


def render(template: str, values: Mapping[str, object]) -> str:
    r"""Fill a template of this folder; a name that it uses and that is not given is an error of ours.

    >>> render("word.html.jinja", {"word": "<b>\u202e"})
    '&lt;b&gt;�\n'
    """
    return _templates().render(template, values)


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
