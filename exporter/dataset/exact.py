"""Literals that the engine would rewrite, kept as they are written.

Oxigraph holds numbers, dates and booleans by their value: `"3"^^xsd:int` and `03` come back as the integer 3, and match it. Such a literal
is loaded with a datatype of ours instead (`exact#int`), which the engine leaves alone, and gets its own datatype back in the answer. In the
expressions of a query `value` gives what the engine calculates with. SPARQL matches terms and not values (section 12.3.1 of
<https://www.w3.org/TR/sparql11-query/>), so this is also what makes a pattern right.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import IO, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

T = TypeVar("T", bound=NamedNode | BlankNode | Literal | Triple)

XSD = "http://www.w3.org/2001/XMLSchema#"
EXACT = "https://w3id.org/owltype/exact#"

_SIGNED = ("integer", "long", "int", "short", "byte", "nonPositiveInteger", "negativeInteger")
_UNSIGNED = ("nonNegativeInteger", "positiveInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")
_FIRST = "-+0123456789NnIiFTtf.P"
"""What a spelling of a number, a boolean or a date begins with; the engine leaves others alone, whatever their type."""
INTEGERS = frozenset((*_SIGNED, *_UNSIGNED))
_ZONE = r"(?:Z|[+-](?!00:00)[0-9]{2}:[0-9]{2})?"
_DATE = r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{0,8}[1-9])?"
_KEPT = {
    "integer": r"0|-?[1-9][0-9]{0,17}",
    "decimal": r"(?!-0$)-?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{0,17}[1-9])?",
    "double": r"(?!-0$)-?(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{0,5}[1-9])?|NaN|-?INF",
    "float": r"(?!-0$)-?(?:0|[1-9][0-9]{0,3})(?:\.[0-9]?[1-9])?|NaN|-?INF",
    "boolean": "true|false",
    "date": _DATE + _ZONE,
    "dateTime": _DATE + "T" + _TIME + _ZONE,
    "time": _TIME + _ZONE,
    "gYear": "(?!0000)[0-9]{4}" + _ZONE,
    "gYearMonth": "(?!0000)[0-9]{4}-[0-9]{2}" + _ZONE,
    "gMonthDay": "--[0-9]{2}-[0-9]{2}" + _ZONE,
    "gMonth": "--[0-9]{2}" + _ZONE,
    "gDay": "---[0-9]{2}" + _ZONE,
}
"""Spellings that the engine gives back as they are, of each type whose values it holds; others are kept by us, which costs only time."""

_PATTERNS = {name: re.compile(pattern) for name, pattern in _KEPT.items()}
_REWRITTEN = INTEGERS | _PATTERNS.keys() | {"duration", "yearMonthDuration", "dayTimeDuration", "dateTimeStamp"}
_LARGEST_INTEGER = 2**63
_LARGEST_DECIMAL = Decimal(10) ** 20
_FRACTION = 18
_WHOLE = re.compile(r"[+-]?[0-9]+")
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_EVEN)
_CHUNK = 1 << 18
_MAX_DIGITS = 4_000  # Python refuses to read longer integers


@dataclass(slots=True)
class Census:
    """What loading met: literals that are kept by us, those that are numbers beyond the engine's, and language tags with capitals."""

    kept: int = 0
    beyond: int = 0
    tags: dict[str, str] = field(default_factory=dict)


def is_kept(lexical: str, name: str) -> bool:
    """Say whether the engine would rewrite a literal of the XSD type `name`.

    >>> is_kept("3", "int"), is_kept("03", "integer"), is_kept("3", "integer"), is_kept("x", "token")
    (True, True, False, False)
    """
    if name not in _REWRITTEN or not lexical or lexical[0] not in _FIRST:
        return False
    pattern = _PATTERNS.get(name)
    return pattern is None or pattern.fullmatch(lexical) is None


def keep(term: T, census: Census | None = None) -> T | Literal | Triple:
    """Give a term as it is loaded.

    >>> print(keep(Literal("03", datatype=NamedNode(XSD + "integer"))))
    "03"^^<https://w3id.org/owltype/exact#integer>
    """
    if isinstance(term, Triple):
        return Triple(keep(term.subject, census), term.predicate, keep(term.object, census))  # type: ignore[arg-type]  # a subject stays one
    if not isinstance(term, Literal) or term.language is not None:
        return term
    datatype = term.datatype.value
    name = datatype.removeprefix(XSD)
    if name is datatype or name == datatype or not is_kept(term.value, name):
        return term
    if census is not None:
        count(term.value, name, census)
    return Literal(term.value, datatype=NamedNode(EXACT + name))


def count(lexical: str, name: str, census: Census) -> None:
    """Note a literal that is kept."""
    census.kept += 1
    census.beyond += is_beyond(lexical, name)


def is_beyond(lexical: str, name: str) -> bool:
    """Say whether a number is larger or longer than the engine's.

    >>> is_beyond("9223372036854775808", "integer"), is_beyond("0.10", "decimal"), is_beyond("0.1234567890123456789", "decimal")
    (True, False, True)
    """
    if name in INTEGERS:
        if _WHOLE.fullmatch(lexical) is None:
            return False
        return len(lexical) > _MAX_DIGITS or not -_LARGEST_INTEGER <= int(lexical) < _LARGEST_INTEGER
    if name != "decimal":
        return False
    whole, _, fraction = lexical.strip().lstrip("+-").partition(".")
    return len(fraction.rstrip("0")) > _FRACTION or len(whole.lstrip("0")) > _FRACTION + 2


def keep_quads(quads: Iterable[Quad], census: Census) -> Iterator[Quad]:
    """Give quads as they are loaded."""
    for quad in quads:
        old = quad.object
        if isinstance(old, (Literal, Triple)) and (new := keep(old, census)) is not old:
            yield Quad(quad.subject, quad.predicate, new, quad.graph_name)
        else:
            yield quad


def restore(term: T) -> T | Literal | Triple:
    """Give a term of an answer as it was written.

    >>> print(restore(Literal("03", datatype=NamedNode(EXACT + "integer"))))
    "03"^^<http://www.w3.org/2001/XMLSchema#integer>
    """
    if isinstance(term, Literal):
        name = term.datatype.value
        return Literal(term.value, datatype=NamedNode(XSD + name.removeprefix(EXACT))) if name.startswith(EXACT) else term
    if isinstance(term, Triple):
        return Triple(restore(term.subject), term.predicate, restore(term.object))  # type: ignore[arg-type]  # as in keep
    return term


def restore_triple(triple: Triple) -> Triple:
    """Give a triple of an answer as it was written."""
    return Triple(triple.subject, triple.predicate, restore(triple.object))


def value(term: T) -> T | Literal:
    """Give what the engine calculates with: a kept number that is beyond its integers as a decimal, and beyond those as a double.

    >>> print(value(Literal("03", datatype=NamedNode(EXACT + "int"))))
    "3"^^<http://www.w3.org/2001/XMLSchema#integer>
    >>> print(value(Literal("9223372036854775808", datatype=NamedNode(EXACT + "integer"))))
    "9223372036854775808"^^<http://www.w3.org/2001/XMLSchema#decimal>
    """
    if not isinstance(term, Literal):
        return term
    name = term.datatype.value
    if not name.startswith(EXACT):
        return term
    return _calculable(term.value, name.removeprefix(EXACT))


def _calculable(lexical: str, name: str) -> Literal:
    plain = Literal(lexical, datatype=NamedNode(XSD + name))
    if name in INTEGERS:
        if not _WHOLE.fullmatch(lexical):
            return plain
        if not is_beyond(lexical, name):
            return Literal(str(int(lexical)), datatype=NamedNode(XSD + "integer"))
    elif name != "decimal" or not is_beyond(lexical, name):
        return plain
    try:
        number = Decimal(lexical)
        if abs(number) < _LARGEST_DECIMAL:
            rounded = number.quantize(Decimal(1).scaleb(-_FRACTION), context=_ROUNDING)
            return Literal(f"{rounded.normalize(_ROUNDING):f}", datatype=NamedNode(XSD + "decimal"))
        return Literal(repr(float(number)), datatype=NamedNode(XSD + "double"))
    except (InvalidOperation, OverflowError):
        return plain


def datatype(term: T) -> NamedNode | None:
    """Give the datatype that a literal was written with; None, which is SPARQL's error, for other terms."""
    restored = restore(term)
    return restored.datatype if isinstance(restored, Literal) else None


_NAMES = "|".join(sorted(_REWRITTEN, key=len, reverse=True)).encode()
_USUAL = "|".join(rf'(?:{_KEPT[name]})"\^\^<{re.escape(XSD)}{name}>' for name in ("integer", "date", "dateTime", "decimal", "boolean"))
_BEGINS = rf"""(?=[{_FIRST}\\\\])"""
_TYPED = re.compile(
    rb'"' + f"{_BEGINS}(?!{_USUAL})".encode() + rb'((?:[^"\\\n]++|\\.)*+)"\^\^<' + re.escape(XSD).encode() + rb"(" + _NAMES + rb")>"
)
"""A typed literal; those in the usual spellings of the usual types are passed over without a look by Python."""
_TAG = re.compile(rb'"@([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})+)')


def keep_lines(lines: bytes, census: Census) -> bytes:
    r"""Give whole lines of N-Triples or N-Quads as they are loaded.

    >>> keep_lines(b'<urn:a> <urn:b> "03"^^<http://www.w3.org/2001/XMLSchema#integer> .\n', Census())
    b'<urn:a> <urn:b> "03"^^<https://w3id.org/owltype/exact#integer> .\n'
    """

    def replace(match: re.Match[bytes]) -> bytes:
        lexical, name = match[1].decode("utf-8", "replace"), match[2].decode()
        if not is_kept(lexical, name):
            return match[0]
        count(lexical, name, census)
        return b'"' + match[1] + b'"^^<' + (EXACT + name).encode() + b">"

    note_tags(_TAG.findall(lines), census)
    return _TYPED.sub(replace, lines) if b"XMLSchema#" in lines else lines


def note_tags(tags: Iterable[bytes], census: Census) -> None:
    """Note how language tags are written that the engine writes in small letters."""
    for tag in set(tags):
        text = tag.decode()
        if text != text.lower():
            census.tags.setdefault(text.lower(), text)


class KeptLines(io.RawIOBase):
    """A file of N-Triples or N-Quads, read as it is loaded: whole lines pass through `keep_lines`."""

    def __init__(self, file: IO[bytes], census: Census) -> None:
        self._file = file
        self._census = census
        self._rest = b""
        self._ready = b""

    def readable(self) -> bool:
        """Say that this file can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give some bytes; none at the end."""
        while not self._ready:
            chunk = self._file.read(_CHUNK)
            if not chunk:
                self._ready, self._rest = keep_lines(self._rest, self._census), b""
                break
            whole, newline, rest = chunk.rpartition(b"\n")
            if newline:
                self._ready, self._rest = keep_lines(self._rest + whole + newline, self._census), rest
            else:
                self._rest += chunk
        taken, self._ready = (self._ready, b"") if size < 0 else (self._ready[:size], self._ready[size:])
        return taken
