"""Templates: the one place where Jinja2 runs. Every text is escaped, and nothing that does not show gets into a page.

Templates of a site's own come before ours. They run in a sandbox, and can't turn the escaping off: a record's text is never markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
from jinja2 import nodes, sandbox
from markupsafe import Markup

from exporter.errors import UsageError
from exporter.text import quote


class _Escaping(jinja2.Environment):
    """An environment in which `autoescape` can't be set."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        for node in template.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
            raise jinja2.TemplateSyntaxError("autoescape can't be turned off", node.lineno, name, filename)
        return template


class _Sandboxed(_Escaping, sandbox.ImmutableSandboxedEnvironment):
    """The same in a sandbox, for templates that are not ours."""


class Templates:
    r"""The templates of some folders, the first that has one of a name; `sandboxed` where not all are ours.

    >>> Templates([Path("exporter/generate/pages")]).render("word.html.jinja", {"word": "<b>\u202e"})
    '&lt;b&gt;\ufffd\n'
    """

    def __init__(self, folders: Sequence[Path], *, sandboxed: bool = False) -> None:
        environment = _Sandboxed if sandboxed else _Escaping  # a sandbox looks at every attribute: twice the time
        self._environment = environment(
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=jinja2.FileSystemLoader(folders, encoding="utf-8"),
        )
        del self._environment.filters["safe"]
        self._environment.filters["spans"] = _spans

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """Fill a template; raises UsageError for one that can't be filled, with its place."""
        try:
            return self._environment.get_template(template).render(values).strip() + "\n"
        except jinja2.TemplateSyntaxError as error:
            raise UsageError(f"{error.filename or error.name}:{error.lineno}: this template can't be read: {error.message}") from error
        except (jinja2.TemplateError, jinja2.exceptions.SecurityError, TypeError, ValueError, ArithmeticError) as error:
            raise UsageError(f"the template {quote(template)} can't be filled: {error}") from error


def _spans(text: str) -> list[tuple[str, bool]]:
    """Part a text at its backticks, as people write code in comments: each part, and whether it is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its pair
        return [(text, False)]
    return [(part, bool(number % 2)) for number, part in enumerate(parts) if part]


def markup(text: str) -> object:
    """Say that a text is markup of ours, which is not escaped."""
    return Markup(text)  # noqa: S704 - what stands in a template's folder


_SEEN = re.compile("[\n\t\u00ad\u200c\u200d\u2060]")
"""Characters that Python does not print, and that writing needs: joiners of Persian and of emoji, breaks of lines and words."""


def _shown(value: object) -> object:
    """Replace what turns the direction of writing, or does not show at all, so that a page reads as it was typed."""
    if type(value) is not str or value.isprintable():  # what is markup already is ours
        return value
    return "".join(character if _shows(character) else "\ufffd" for character in value)


def _shows(character: str) -> bool:
    return character.isprintable() or (character.isspace() and character not in _BREAKS) or _SEEN.match(character) is not None


_BREAKS = "\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
