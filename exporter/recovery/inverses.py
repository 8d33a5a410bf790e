"""Inverses: from what a conversion, a template or a pattern made back to a text that it makes this of.

Some of them lose characters (a slug, a date in other words). Their inverse gives a text of which the same is made again, which may not be
the one that was typed; `GIVES_BACK` are the conversions that lose nothing but blanks and the notation of lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from exporter.language.conversions import (
    BUILT_IN,
    FILE_NAME,
    Conversion,
    ConversionOptions,
    concept,
    day_of,
    decimal_comma,
    encode_iri,
    from_json,
    lower_case,
    relative_iri,
    split,
    timestamp,
    to_slug,
    trim,
    words,
)
from exporter.language.datatypes import json_text, lexical_form
from exporter.language.filters import VariableError
from exporter.language.patterns import Pattern
from exporter.language.regex import Char, Choice, Concatenation, Empty, Group, Node, Repeat, UnknownPartError, parse
from exporter.language.templates import Template, Variable
from exporter.rdf.terms import MAP
from exporter.records.values import Value

Inverse = Callable[[Value, ConversionOptions], Value]
"""Takes what a conversion made, and gives a value that it makes this of."""


class NoInverseError(ValueError):
    """Nothing is known that makes this; the text says of what."""


def invert(conversions: tuple[Conversion, ...], value: Value, options: ConversionOptions) -> Value:
    """Undo conversions, the last one first; raises NoInverseError where that can't be done, or would make something else.

    >>> invert((from_json,), ["a", "b"], ConversionOptions())
    '["a","b"]'
    >>> invert((relative_iri,), "https://e.org/news/", ConversionOptions(base="https://e.org/"))
    '/news/'
    """
    made = value
    for conversion in reversed(conversions):
        if isinstance(made, list) and conversion not in _OF_LISTS:
            made = [_undone(conversion, item, options) for item in made]
        else:
            made = _undone(conversion, made, options)
    return made


def _undone(conversion: Conversion, value: Value, options: ConversionOptions) -> Value:
    inverse = INVERSES.get(conversion)
    if inverse is None:
        raise NoInverseError("a conversion without an inverse")
    found = inverse(value, options)
    try:
        again = conversion(lexical_form(found), options) if isinstance(found, (str, int)) else None
    except ValueError:
        return found  # a text that the conversion refuses stays what it is
    if again != value and not (conversion in _OF_LISTS and again == [value]):
        raise NoInverseError("a value that the conversion does not make")
    return found


def _to_json(value: Value, _options: ConversionOptions) -> Value:
    return json_text(value)


def _join(value: Value, options: ConversionOptions) -> Value:
    separator = options.separator + " " if options.separator in {",", ";"} else options.separator
    return _joined(value, separator, options.separator)


def _join_words(value: Value, _options: ConversionOptions) -> Value:
    if any(not text.strip() or len(text.split()) > 1 for text in _texts(value)):
        raise NoInverseError("a text with blanks, which would be several words")
    return " ".join(_texts(value))


def _joined(value: Value, separator: str, unwanted: str) -> str:
    texts = _texts(value)
    if any(unwanted in text or text != text.strip() or not text for text in texts):
        raise NoInverseError(f"a text that holds the separator {unwanted!r}")
    return separator.join(texts)


def _texts(value: Value) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if any(item is None or isinstance(item, (dict, list)) for item in items):
        raise NoInverseError("a map or a list in a list")
    return [lexical_form(item) for item in items if item is not None and not isinstance(item, (dict, list))]


def _relative(value: Value, options: ConversionOptions) -> Value:
    """Write a file beside the page by its name, an address of the base's site from its root, the record as `#`, and any other whole."""
    text = _texts(value)[0]
    if text == options.record:
        return "#"
    base = options.base or options.record
    folder = base[: base.rfind("/") + 1] if base.count("/") > 2 else base
    site = "/".join(base.split("/", 3)[:3])
    names = [text[len(folder) :]] if text.startswith(folder) and FILE_NAME.fullmatch(text[len(folder) :]) else []
    paths = [text[len(site) :]] if text.startswith(f"{site}/") else []
    return next((short for short in (*names, *paths) if relative_iri(short, options) == text), text)


def _comma(value: Value, _options: ConversionOptions) -> Value:
    return _texts(value)[0].replace(".", ",")


def _label(value: Value, options: ConversionOptions) -> Value:
    found = options.labels.get(_texts(value)[0])
    if found is None:
        raise NoInverseError("a concept without a label in the ontology")
    return found


def _as_it_is(value: Value, _options: ConversionOptions) -> Value:
    return value


INVERSES: Mapping[Conversion, Inverse] = {
    from_json: _to_json,
    split: _join,
    words: _join_words,
    relative_iri: _relative,
    encode_iri: _as_it_is,
    to_slug: _as_it_is,
    lower_case: _as_it_is,
    trim: _as_it_is,
    timestamp: _as_it_is,
    day_of: _as_it_is,
    decimal_comma: _comma,
    concept: _label,
}
"""What each conversion is undone with. Mark-up that was dropped has none, and neither have conversions that are plugged in."""

_OF_LISTS = frozenset({from_json, split, words})
GIVES_BACK = frozenset({from_json, split, words, relative_iri, trim, decimal_comma})
"""Conversions whose inverse gives the characters that were typed, where they were typed in the usual notation."""


def read_template(template: Template, text: str, *, encoded: bool = True) -> Mapping[Variable, str] | None:
    """Give what each variable of an IRI, or of a text that is not `encoded`, was filled with; None where the template does not make it.

    What a filter has made of a text stays: a slug is the text of its variable. A path before a name ends at its last slash.

    >>> from exporter.language.templates import parse_template
    >>> [*read_template(parse_template("https://e.org/{a}/{b|slug}/", {}), "https://e.org/x%20y/z/").values()]
    ['x y', 'z']
    """
    for alternative in template.alternatives:
        for ends in (True, False):
            if (found := _read_alternative(alternative, text, encoded=encoded, ends=ends)) is not None:
                return found
    return None


def _read_alternative(template: Template, text: str, *, encoded: bool, ends: bool) -> Mapping[Variable, str] | None:
    names: dict[Variable, str] = {}
    pattern, ways = "", 0
    for part, following in zip(template.parts, (*template.parts[1:], ""), strict=True):
        if isinstance(part, str):
            pattern += re.escape(part)
        elif part.segments:
            return None  # how many texts there were can't be told
        elif part in names:
            pattern += f"(?P={names[part]})"
        else:
            names[part] = f"v{len(names)}"
            whole = part.reserved or "path" in part.filters
            reads = _READS_TEXT if not encoded else _READS_ALL if whole else _READS_ONE
            pattern += f"(?P<{names[part]}>{reads}{'/' if ends and whole and isinstance(following, Variable) else ''})"
            ways += reads != _READS_ONE or isinstance(following, Variable) or _ENDS_ONE.isdisjoint(following)
    if ways > 1 and len(text) > (_LONG if ways == 2 else _SHORT):
        return None  # where one ends and the next begins would be tried everywhere
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    found = {variable: match[name] if variable.reserved or not encoded else unquote(match[name]) for variable, name in names.items()}
    try:
        faithful = all(v.filters or not encoded or v.expand(found[v]) == match[name] for v, name in names.items())
    except VariableError:
        return None
    return found if faithful else None


_LONG, _SHORT = 4_000, 300
_READS_TEXT = r"(?s:.+)"
_READS_ALL, _READS_ONE = r"[^\s<>\"]+", r"[^\s<>\"/?#\[\]@!$&'()*+,;=:]+"
_ENDS_ONE = frozenset("/?#[]@!$&'()*+,;=:")
_LONG, _SHORT = 4_000, 600


def write_pattern(pattern: Pattern, groups: Mapping[str, str]) -> list[str]:
    """Write texts in which a pattern captures these groups and no others, the usual one first; none where none is found.

    >>> from exporter.language.patterns import parse_pattern
    >>> write_pattern(parse_pattern("(?P<scheme>[^:]+): (?P<label>.+)"), {"scheme": "Health", "label": "Diabetes"})
    ['Health: Diabetes']
    """
    try:
        texts = _write(parse(pattern.text), groups)
    except (UnknownPartError, NoInverseError):
        return []
    return [text for text in dict.fromkeys(texts) if captures(pattern, text) == dict(groups)]


def captures(pattern: Pattern, text: str) -> Mapping[str, str] | None:
    """Give the groups that took part in a match, by name; None where a text does not match."""
    match = pattern.match(text)
    return {name: found for name, found in match.groupdict().items() if found is not None} if match else None


_CHOICES_AT_MOST = 64


def _write(node: Node, groups: Mapping[str, str]) -> list[str]:
    """Give texts that a part of a pattern may stand for; raises NoInverseError where it stands for too many."""
    match node:
        case Group(name=name) if name:
            return [groups[name]] if name in groups else [""]
        case Group(part=part):
            return _write(part, groups)
        case Concatenation(parts=parts):
            texts = [""]
            for part in parts:
                texts = [text + more for text in texts for more in _write(part, groups)][:_CHOICES_AT_MOST]
            return texts
        case Choice(parts=parts):
            return [text for part in parts for text in _writable(part, groups)][:_CHOICES_AT_MOST]
        case Repeat(part=part, low=low):
            once = _writable(part, groups)
            written = [text * low for text in once] if low else [*once, ""] if once == [" "] else ["", *once]
            return written or _none(part)
        case Empty():
            return [""]
        case Char(text=text):
            return [text[-1]] if len(text) == 1 or (len(text) == 2 and text[0] == "\\" and not text[1].isalnum()) else _none(node)
    return _none(node)


def _writable(node: Node, groups: Mapping[str, str]) -> list[str]:
    try:
        return _write(node, groups)
    except NoInverseError:
        return []


def _none(node: object) -> list[str]:
    raise NoInverseError(f"a part of a pattern that stands for several texts: {node}")


def conversion_name(conversion: Conversion) -> str:
    """Give what an ontology calls a conversion.

    >>> conversion_name(to_slug)
    'map:slug'
    """
    iri = next((name for name, known in BUILT_IN.items() if known is conversion), None)
    return "map:" + iri.removeprefix(MAP) if iri else getattr(conversion, "__name__", "of a plug-in")
