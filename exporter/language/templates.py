"""IRI and text templates: RFC 6570 up to level 2, over key paths, with `|slug`.

`{name}` percent-encodes everything outside the unreserved characters (RFC 6570, section 3.2.2), `{+name}` keeps the
reserved ones (3.2.3), `{name|slug}` makes a slug first. Reserved names: `file.path`, `file.stem`, `file.parent`, `const.NAME` and
`record.KEY`, which is a key of the record where the template stands on a nested map.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from exporter.language.keypaths import parse_mapped_key
from exporter.language.slugs import slug
from exporter.problems import KeyPath

Scope = Literal["map", "file", "const", "record"]

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
_RESERVED_OK = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_RESERVED = ":/?#[]@!$&'()*+,;="
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DOT_SEGMENT = re.compile(r"(?:^|[/\\])(?:\.|%2e){1,2}(?:[/\\]|$)", re.IGNORECASE)  # %2e is a dot to those who normalise
_FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
FILE_NAMES = ("path", "stem", "parent")


class VariableError(ValueError):
    """A variable's text can't stand in an IRI; the sentence says why, and `help` what to do."""

    def __init__(self, message: str, help_: str = "write the value as it stands in the address") -> None:
        super().__init__(message)
        self.help = help_


@dataclass(frozen=True, slots=True)
class Variable:
    """One `{…}` of a template."""

    name: str
    scope: Scope
    path: KeyPath
    reserved: bool
    slugged: bool

    def expand(self, text: str) -> str:
        """Encode `text` for its place in an IRI; raises VariableError where that would mean something else."""
        if self.slugged:
            text = slug(text)
            if not text:
                raise VariableError(
                    "has no letter and no digit that a slug could be made of", "add a letter or a digit, or make the IRI of another key"
                )
        if _UNRESERVED.fullmatch(text):
            if text in (".", ".."):
                raise VariableError("is a dot segment, which would climb out of the IRI", "write a name")
            return text
        if "%" in text and _BAD_PERCENT.search(text):
            raise VariableError("has a % that is not followed by two hexadecimal digits", "write %25 for a percent sign")
        if not self.reserved and _FOREIGN.match(text):
            raise VariableError("is a whole address where a part of one is expected", "write only the part that stands in the address")
        if ("." in text or "%" in text) and _DOT_SEGMENT.search(text):
            raise VariableError("has a dot segment (./ or ../), which would climb out of the IRI", "write the path without it")
        text = unicodedata.normalize("NFC", text)
        if not self.reserved:
            return quote(text, safe="")
        if _RESERVED_OK.fullmatch(text):
            return text
        return "".join(
            part if _RESERVED_OK.fullmatch(part) else quote(part, safe=_RESERVED) for part in re.split(r"(%[0-9A-Fa-f]{2})", text) if part
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template: literal texts and variables in turn, constants already filled in."""

    text: str
    parts: tuple[str | Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in their order."""
        return tuple(part for part in self.parts if isinstance(part, Variable))

    @property
    def single_variable(self) -> Variable | None:
        """The one variable that a scalar can fill, if there is just one name."""
        variables = self.variables
        return variables[0] if variables and len({v.name for v in variables}) == 1 else None


def parse_template(text: str, constants: Mapping[str, str], *, encoded: bool = True) -> Template:
    """Read a template and fill in the constants, percent-encoded unless it makes a text; raises ValueError with a sentence.

    >>> [v.name for v in parse_template("https://e.org/{scheme|slug}/{+label}/", {}).variables]
    ['scheme', 'label']
    """
    parts: list[str | Variable] = []
    position = 0
    for match in _EXPRESSION.finditer(text):
        parts.append(text[position : match.start()])
        variable = _parse_variable(match[1], text)
        if variable.scope == "const":
            name = str(variable.path[0])
            if name not in constants:
                raise ValueError(
                    f"the template {text!r} uses the constant {name!r}, which neither the ontology (map:constant) nor the settings define"
                )
            parts.append(variable.expand(constants[name]) if encoded and not variable.reserved else constants[name])
        else:
            parts.append(variable)
        position = match.end()
    parts.append(text[position:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise ValueError(f"the template {text!r} has a brace without its pair")
    return Template(text, _joined(parts))


def _joined(parts: list[str | Variable]) -> tuple[str | Variable, ...]:
    joined: list[str | Variable] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part != "":
            joined.append(part)
    return tuple(joined)


def _parse_variable(expression: str, template: str) -> Variable:
    name, bar, modifier = expression.partition("|")
    reserved = name.startswith("+")
    name = name.removeprefix("+").strip()
    if bar and modifier.strip() != "slug":
        raise ValueError(f"the template {template!r} has {{{expression}}}: the only modifier is |slug")
    try:
        path = parse_mapped_key(name)
    except ValueError:
        raise ValueError(f"the template {template!r} has {{{expression}}}, which is not a key path") from None
    if path[0] == "file" and len(path) > 1:
        if path[1] not in FILE_NAMES:
            raise ValueError(f"the template {template!r} has {{{expression}}}: a file has {', '.join('file.' + n for n in FILE_NAMES)}")
        return Variable(name, "file", path[1:], reserved, bool(bar))
    if path[0] in ("const", "record") and len(path) > 1:
        return Variable(name, path[0], path[1:], reserved, bool(bar))  # type: ignore[arg-type]  # narrowed by the test
    return Variable(name, "map", path, reserved, bool(bar))
