"""IRI and text templates: RFC 6570 up to level 2, over key paths, with filters such as `|slug`.

`{name}` percent-encodes everything outside the unreserved characters (RFC 6570, section 3.2.2), `{+name}` keeps the
reserved ones (3.2.3), `{name|slug}` makes a slug first. Reserved names: `file.NAME` (`exporter.language.file_names`, or a group of
`map:filePattern`), `const.NAME`, `record.KEY`, which is a key of the record where the template stands on a nested map, and the special
keys, such as `@value`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Literal
from urllib.parse import quote

from exporter.language.filters import NO_OPTIONS, RESOLVED, FilterOptions, VariableError, apply_filters, check_filter, is_guard, takes_dates
from exporter.language.keypaths import FILE_KEY, is_special, parse_mapped_key
from exporter.problems import KeyPath

Segments = Literal["", "one", "each", "each word"]
Scope = Literal["map", "file", "const", "record", "special"]

WORDS = "words"
"""The filter that makes several texts of one; only where there may be several."""
OR = "??"
"""What stands between names of which the first that says something is taken."""
_CHOICES_AT_MOST = 64
_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
_RESERVED_OK = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_RESERVED = ":/?#[]@!$&'()*+,;="
_IN_SEGMENTS = "!$&'()*+,;=:@"
_ENCODED = re.compile(r"(%[0-9A-Fa-f]{2})")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DOT_SEGMENT = re.compile(r"(?:^|[/\\])(?:\.|%2e){1,2}(?:[/\\]|$)", re.IGNORECASE)  # %2e is a dot to those who normalise
_FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Variable:
    """One `{…}` of a template. `segments` is set for a path segment that may be missing, `{/key}`, or as many as a list has, `{/key*}`."""

    name: str
    scope: Scope
    path: KeyPath
    reserved: bool
    filters: tuple[str, ...] = ()
    options: FilterOptions = NO_OPTIONS
    segments: Segments = ""

    @property
    def is_of_its_place(self) -> bool:
        """Whether it says what a record is called where it stands: by its file, or by its key or number in a data file."""
        return self.scope == "file" or (self.scope == "special" and self.path != ("@value",))

    @property
    def takes_dates(self) -> bool:
        """Whether a filter reads the text as a date."""
        return any(map(takes_dates, self.filters))

    @property
    def is_guarded(self) -> bool:
        """Whether a filter takes some texts alone, and the next template of a list is for the others."""
        return self.takes_dates or any(map(is_guard, self.filters))

    def filtered(self, text: str) -> str:
        """Apply the filters; raises VariableError for a text that one of them can't take."""
        return apply_filters(self.filters, text, self.options) if self.filters else text

    def expand(self, text: str) -> str:
        """Filter and encode `text` for its place in an IRI; raises VariableError where that would mean something else."""
        text = self.filtered(text)
        if self.reserved and self.scope == "file" and not self.filters:
            text = _encoded_path(text)
        if _UNRESERVED.fullmatch(text):
            if text in (".", "..") and RESOLVED not in self.filters:
                raise VariableError("is a dot segment, which would climb out of the IRI", "write a name")
            return text
        if "%" in text and _BAD_PERCENT.search(text):
            raise VariableError("has a % that is not followed by two hexadecimal digits", "write %25 for a percent sign")
        if not self.reserved and _FOREIGN.match(text):
            raise VariableError("is a whole address where a part of one is expected", "write only the part that stands in the address")
        if ("." in text or "%" in text) and RESOLVED not in self.filters and _DOT_SEGMENT.search(text):
            raise VariableError("has a dot segment (./ or ../), which would climb out of the IRI", "write the path without it")
        text = unicodedata.normalize("NFC", text)
        if "path" in self.filters and not self.reserved:
            return "".join(part if part[:1] == "%" else quote(part, safe="") for part in _ENCODED.split(text))
        if not self.reserved:
            return quote(text, safe=_IN_SEGMENTS if self.segments else "")
        if _RESERVED_OK.fullmatch(text):
            return text
        return "".join(part if _RESERVED_OK.fullmatch(part) else quote(part, safe=_RESERVED) for part in _ENCODED.split(text) if part)


def _encoded_path(text: str) -> str:
    """Encode what a file's path has and an address's can't: it has neither a query nor a fragment, and a % is a character like others."""
    return text.replace("%", "%25").replace("?", "%3F").replace("#", "%23")


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template: literal texts and variables in turn, constants already filled in.

    `otherwise` stands in where a variable of this one is missing.
    """

    text: str
    parts: tuple[str | Variable, ...]
    otherwise: Template | None = None

    @property
    def alternatives(self) -> tuple[Template, ...]:
        """The template and those that stand in for it, in their order."""
        return (self, *(self.otherwise.alternatives if self.otherwise else ()))

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in their order, those of all alternatives."""
        return tuple(part for template in self.alternatives for part in template.parts if isinstance(part, Variable))

    def with_date_forms(self, forms: Callable[[Variable], tuple[str, ...]]) -> Template:
        """The template with what `forms` gives for each variable that takes dates."""
        parts = tuple(
            replace(part, options=part.options._replace(date_forms=forms(part)))
            if isinstance(part, Variable) and part.takes_dates
            else part
            for part in self.parts
        )
        return replace(self, parts=parts, otherwise=self.otherwise and self.otherwise.with_date_forms(forms))

    @property
    def by_value(self) -> Template:
        """The template as a value fills it that names another record: without the alternatives that take the file's name."""
        if self.otherwise is None:
            return self
        placed = [any(isinstance(part, Variable) and part.is_of_its_place for part in each.parts) for each in self.alternatives]
        return _in_turn([each for each, is_placed in zip(self.alternatives, placed, strict=True) if not is_placed]) or self

    @property
    def single(self) -> Template | None:
        """The template that a scalar can fill, because there is just one name in it: the first of the alternatives that is so."""
        for template in self.alternatives:
            if len({part.name for part in template.parts if isinstance(part, Variable)}) == 1:
                return template
        return None

    @property
    def single_variable(self) -> Variable | None:
        """The one variable that a scalar can fill."""
        return self.single.variables[0] if self.single else None


def parse_template(text: str, constants: Mapping[str, str], *, encoded: bool = True, options: FilterOptions = NO_OPTIONS) -> Template:
    """Read a template and fill in the constants, percent-encoded unless it makes a text; raises ValueError with a sentence.

    >>> [v.name for v in parse_template("https://e.org/{scheme|slug}/{+label}/", {}).variables]
    ['scheme', 'label']
    """
    parts: list[str | Variable] = []
    position = 0
    for match in _EXPRESSION.finditer(text):
        parts.append(text[position : match.start()])
        variable = _parse_variable(match[1], text, options)
        if variable.scope == "const":
            name = str(variable.path[0])
            if name not in constants:
                raise ValueError(
                    f"the template {text!r} uses the constant {name!r}, which neither the ontology (map:constant) nor the settings define"
                )
            parts.append(_constant(variable, constants[name], text, encoded=encoded))
        else:
            parts.append(variable)
        position = match.end()
    parts.append(text[position:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise ValueError(f"the template {text!r} has a brace without its pair")
    return Template(text, _joined(parts))


def is_template(text: str) -> bool:
    """Say whether a text that may be a key path is a template: it has a variable, and is not a key in quotes.

    >>> is_template("{file.folder}/{id}"), is_template("a.b"), is_template('"{a}".b')
    (True, False, False)
    """
    return not text.startswith('"') and _EXPRESSION.search(text) is not None


def parse_templates(texts: Sequence[str], constants: Mapping[str, str], options: FilterOptions = NO_OPTIONS) -> Template | None:
    """Read templates of which the first that is complete is taken; None where there are none.

    `{a ?? b}` is the first of several names that says something: a short way to write two templates.

    >>> [each.text for each in parse_templates(["/{a ?? b|slug}/"], {}).alternatives]
    ['/{a|slug}/', '/{b|slug}/']
    """
    return _in_turn([parse_template(each, constants, options=options) for text in texts for each in _spelled_out(text)])


def _spelled_out(text: str) -> list[str]:
    """Write a template with `??` as one for each choice; where the same names stand again, the same one is meant."""
    choices = {names: names.split(OR) for names in (_names(match[1]) for match in _EXPRESSION.finditer(text)) if OR in names}
    if prod(map(len, choices.values())) > _CHOICES_AT_MOST:
        raise ValueError(f"the template {text!r} stands for more than {_CHOICES_AT_MOST} templates; write fewer names with ??")
    written = []
    for chosen in product(*choices.values()):
        of = dict(zip(choices, (name.strip() for name in chosen), strict=True))
        written.append(_EXPRESSION.sub(lambda match: match[0].replace(names := _names(match[1]), of.get(names, names)), text))  # noqa: B023 - used at once
    return written


def _names(expression: str) -> str:
    return expression.partition("|")[0].lstrip("+/").removesuffix("*").strip()


def _in_turn(templates: Sequence[Template]) -> Template | None:
    found: Template | None = None
    for template in reversed(templates):
        found = replace(template, otherwise=found)
    return found


def _joined(parts: list[str | Variable]) -> tuple[str | Variable, ...]:
    joined: list[str | Variable] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part != "":
            joined.append(part)
    return tuple(joined)


def _constant(variable: Variable, value: str, template: str, *, encoded: bool) -> str:
    try:
        return variable.expand(value) if encoded and not variable.reserved else variable.filtered(value)
    except VariableError as error:
        raise ValueError(f"the template {template!r} uses the constant {variable.path[0]!r}, which {error}") from None


def _parse_variable(expression: str, template: str, options: FilterOptions) -> Variable:
    name, *filters = expression.split("|")
    if OR in name:
        raise ValueError(f"the template {template!r} has {{{expression}}}: names with ?? between them stand in map:iri alone")
    reserved = name.startswith("+")
    segments: Segments = "" if name[:1] != "/" else "each" if name.endswith("*") else "one"
    name = name.removeprefix("+").strip() if not segments else name.removeprefix("/").removesuffix("*").strip()
    names = tuple(filter_.strip() for filter_ in filters)
    if segments == "each" and names[:1] == (WORDS,):
        segments, names = "each word", names[1:]
    try:
        for filter_ in names:
            check_filter(filter_)
    except ValueError as error:
        raise ValueError(f"the template {template!r} has {{{expression}}}: {error}") from None
    try:
        path = parse_mapped_key(name)
    except ValueError:
        raise ValueError(f"the template {template!r} has {{{expression}}}, which is not a key path") from None
    if path[0] in ("file", FILE_KEY) and len(path) > 1:
        return Variable(name, "file", path[1:], reserved, names, options, segments)
    if path[0] in ("const", "record") and len(path) > 1:
        return Variable(name, path[0], path[1:], reserved, names, options, segments)  # type: ignore[arg-type]  # narrowed by the test
    return Variable(name, "special" if is_special(path) else "map", path, reserved, names, options, segments)
