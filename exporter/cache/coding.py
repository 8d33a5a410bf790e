"""Outcomes as bytes: MessagePack (https://msgpack.org), decoded into exactly the types that an outcome is made of.

Nothing in it names a type or a program: what an array means follows from where it stands, and one of another length, or with a value of
another type, is refused. Terms are made by pyoxigraph, which refuses an IRI or a language tag that is not valid. A length that is
beyond the end of the data is refused before memory is taken for it, and depth is bounded by the interpreter's limit.

A record without problems and holes, as nearly all are, is encoded as it is. Problems, terms and holes become rows first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast
from typing import Literal as OneOf

import msgspec
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode

from exporter.errors import CacheError
from exporter.mapping.model import Answers, Held, Hole, Made, Named, Reference, Sought
from exporter.outcomes.outcome import Contribution, Outcome, RecordOutcome, SharedText, Text
from exporter.problems import KeyPath, Location, Problem, Severity, ShaclDetail
from exporter.rdf.terms import Block, Subject, Term
from exporter.writers.gaps import Gap

_T = TypeVar("_T")
_Place: TypeAlias = tuple[str, int, int, int | None, int | None]
_Detail: TypeAlias = tuple[str, str, str | None, str | None, str | None, _Place | None]
_Finding: TypeAlias = tuple[str, _Place, str, OneOf["error", "warning", "info"], str | None, KeyPath, tuple[_Place, ...], _Detail | None]
_Kind: TypeAlias = OneOf["i", "b", "s", "d", "l", "ltr", "rtl"]
_TermRow: TypeAlias = tuple[_Kind, str, str]
"""An IRI, a blank node, a string, a literal and its datatype, or one with its language, and perhaps a direction."""
_BlockRow: TypeAlias = tuple[_TermRow, tuple[tuple[str, _TermRow], ...]]
_Part: TypeAlias = bytes | tuple[int, str, int]
_TextRow: TypeAlias = tuple[bytes, tuple[SharedText, ...], int, tuple[_Finding, ...], tuple[_Part, ...]]


class _Row(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """An array with these items, and no others: a class, because holes hold holes."""


class _HoleRow(_Row):
    subject: str
    predicate: str
    values: tuple[_HeldRow, ...]
    ordered: bool


class _HeldRow(_Row):
    term: _TermRow | None
    sought: _SoughtRow | None
    key_path: KeyPath
    span: tuple[int, int] | None


class _SoughtRow(_Row):
    text: str
    ranges: tuple[str, ...]
    iris: tuple[str, ...]
    otherwise: _TermRow
    fits: bool
    linked: bool
    made: _MadeRow | None
    parts: tuple[tuple[str, ...], ...]
    file: bool


class _MadeRow(_Row):
    blocks: tuple[_BlockRow, ...]
    shared: tuple[_BlockRow, ...]
    holes: tuple[_HoleRow, ...]


_RecordRow: TypeAlias = tuple[
    str | None,
    str,
    str | None,
    tuple[Reference, ...],
    tuple[Contribution, ...],
    tuple[KeyPath, ...],
    tuple[Named, ...],
    tuple[_Finding, ...],
    _TextRow | None,
    tuple[Answers, ...],
    tuple[_HoleRow, ...],
]
_OutcomeRow: TypeAlias = tuple[str, tuple[_RecordRow, ...], tuple[_Finding, ...]]

_PLAIN, _ESCAPED = b"\0", b"\1"
"""How the texts are written. Half characters, which stand for the bytes of a path that is not UTF-8, are not UTF-8 either."""


def encode_outcome(outcome: Outcome) -> bytes:
    """Give the bytes of an outcome.

    >>> outcome = Outcome("a.md", (RecordOutcome("https://example.org/a", "Note"), RecordOutcome(skipped="draft")))
    >>> decode_outcome(encode_outcome(outcome)) == outcome
    True
    """
    row = _outcome_row(outcome)
    try:
        return _PLAIN + _encoder().encode(row)
    except UnicodeEncodeError:
        return _ESCAPED + _encoder().encode(_each_text(row, _escape))


def decode_outcome(data: bytes | memoryview) -> Outcome:
    """Make an outcome of its bytes; raises CacheError for anything that `encode_outcome` does not give."""
    view = memoryview(data)
    try:
        if view[:1] == _ESCAPED:
            row = msgspec.convert(_each_text(msgspec.msgpack.decode(view[1:]), _unescape), _OutcomeRow)
        elif view[:1] == _PLAIN:
            row = _decoder().decode(view[1:])
        else:
            raise CacheError("not an outcome")
        path, records, problems = row
        return Outcome(path, tuple([_record(record) for record in records]), _problems(problems))
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:  # not a ValueError in msgspec 0.19
        raise CacheError(f"not an outcome: {error}") from None


def encode_problems(problems: Sequence[Problem]) -> bytes:
    """Give the bytes of problems that are not an outcome's.

    >>> problem = Problem("ONT-BASE", Location("ontology.ttl"), "is relative")
    >>> decode_problems(encode_problems([problem])) == (problem,)
    True
    """
    return encode_outcome(Outcome("", (), tuple(problems)))


def decode_problems(data: bytes | memoryview) -> tuple[Problem, ...]:
    """Make problems of their bytes; raises CacheError for anything that `encode_problems` does not give."""
    return decode_outcome(data).problems


class ResultRow(_Row):
    """A result of SHACL: its causes are rows, too, a tuple for each alternative."""

    focus_node: str
    path: str | None
    value: str | None
    component: str
    severity: str
    source_shape: str
    messages: tuple[str, ...]
    details: tuple[tuple[ResultRow, ...], ...] = ()


def encode_results(rows: Sequence[ResultRow]) -> bytes:
    """Give the bytes of results.

    >>> row = ResultRow("<urn:n>", None, None, "urn:c", "urn:s", "urn:shape", ("wrong",))
    >>> decode_results(encode_results([row])) == (row,)
    True
    """
    return _encoder().encode(rows)


def decode_results(data: bytes) -> tuple[ResultRow, ...]:
    """Make results of their bytes; raises CacheError for anything that `encode_results` does not give."""
    try:
        return _result_decoder().decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise CacheError(f"not results: {error}") from None


@cache
def _result_decoder() -> msgspec.msgpack.Decoder[tuple[ResultRow, ...]]:
    return msgspec.msgpack.Decoder(tuple[ResultRow, ...])


def encode_value(value: object) -> bytes | None:
    """Give the bytes of a value of tuples, texts, numbers and sets; None where a text is not Unicode, as a path that is not UTF-8."""
    try:
        return _encoder().encode(value)
    except UnicodeEncodeError:
        return None


def decode_value(data: bytes | memoryview, kind: type[_T]) -> _T:
    """Make a value of just this type of its bytes; raises CacheError for anything else.

    >>> decode_value(encode_value(("a", 1)), tuple[str, int])
    ('a', 1)
    """
    try:
        return cast("_T", _typed_decoder(cast("Hashable", kind)).decode(data))
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise CacheError(f"not such a value: {error}") from None


@cache
def _typed_decoder(kind: Hashable) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(cast("type", kind))


@cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()


@cache
def _decoder() -> msgspec.msgpack.Decoder[_OutcomeRow]:
    return msgspec.msgpack.Decoder(_OutcomeRow)


def _each_text(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    return tuple([_each_text(inner, change) for inner in value]) if isinstance(value, (tuple, list)) else value


def _escape(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _unescape(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogatepass")


def _outcome_row(outcome: Outcome) -> tuple[object, ...]:
    if not outcome.problems and all(map(_is_plain, outcome.records)):
        return outcome[:3]
    return (outcome.path, [_record_row(record) for record in outcome.records], _finding_rows(outcome.problems))


def _is_plain(record: RecordOutcome) -> bool:
    return not (record.problems or record.holes or (record.text is not None and record.text.problems))


def _record_row(record: RecordOutcome) -> tuple[object, ...]:
    if _is_plain(record):
        return record
    text = record.text and (*record.text[:3], _finding_rows(record.text.problems), record.text.parts)
    return (*record[:7], _finding_rows(record.problems), text, record.answers, _hole_rows(record.holes))


def _record(row: _RecordRow) -> RecordOutcome:
    iri, class_name, skipped, references, contributions, unmapped, named, problems, text, answers, holes = row
    return RecordOutcome(
        iri,
        class_name,
        skipped,
        references,
        contributions,
        unmapped,
        named,
        _problems(problems),
        None if text is None else _text(text),
        answers,
        _holes(holes),
    )


def _text(row: _TextRow) -> Text:
    record, shared, triples, problems, parts = row
    return Text(record, shared, triples, _problems(problems), tuple([part if type(part) is bytes else Gap(*part) for part in parts]))


def _finding_rows(problems: Sequence[Problem]) -> list[_Finding]:
    return [
        (
            problem.code,
            _place_row(problem.location),
            problem.message,
            problem.severity.value,
            problem.help,
            problem.key_path,
            tuple(map(_place_row, problem.related)),
            _detail_row(problem.shacl) if problem.shacl else None,
        )
        for problem in problems
    ]


def _problems(rows: Sequence[_Finding]) -> tuple[Problem, ...]:
    if not rows:
        return ()
    return tuple(
        [
            Problem(
                code, Location(*place), message, Severity(severity), help_, path, tuple([Location(*p) for p in related]), _detail(shacl)
            )
            for code, place, message, severity, help_, path, related, shacl in rows
        ]
    )


def _place_row(place: Location) -> _Place:
    return (place.path, place.line, place.column, place.end_line, place.end_column)


def _detail_row(detail: ShaclDetail) -> _Detail:
    place = detail.shape_location
    return (detail.focus_node, detail.component, detail.path, detail.value, detail.shape, _place_row(place) if place else None)


def _detail(row: _Detail | None) -> ShaclDetail | None:
    return None if row is None else ShaclDetail(*row[:5], Location(*row[5]) if row[5] else None)


def _term_row(term: Term) -> _TermRow:
    if isinstance(term, Literal):
        if term.language is None:
            datatype = term.datatype.value
            return ("s", term.value, "") if datatype == _STRING else ("d", term.value, datatype)
        return ("l" if term.direction is None else cast("_Kind", str(term.direction)), term.value, term.language)
    return ("i" if isinstance(term, NamedNode) else "b", term.value, "")


_STRING = Literal("").datatype.value
_DIRECTIONS = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL, "l": None}


def _term(row: _TermRow) -> Term:
    kind, value, more = row
    if kind == "i":
        return NamedNode(value)
    if kind == "b":
        return BlankNode(value)
    if kind == "s":
        return Literal(value)
    return Literal(value, datatype=NamedNode(more)) if kind == "d" else Literal(value, language=more, direction=_DIRECTIONS[kind])


def _block_rows(blocks: Iterable[Block]) -> list[_BlockRow]:
    return [(_term_row(subject), tuple([(predicate.value, _term_row(value)) for predicate, value in pairs])) for subject, pairs in blocks]


def _blocks(rows: Iterable[_BlockRow]) -> tuple[Block, ...]:
    return tuple([Block(_subject(subject), [(NamedNode(p), _term(value)) for p, value in pairs]) for subject, pairs in rows])


def _subject(row: _TermRow) -> Subject:
    term = _term(row)
    if isinstance(term, Literal):
        raise CacheError("a literal as a subject")
    return term


def _hole_rows(holes: Iterable[Hole]) -> list[tuple[object, ...]]:
    return [(hole.subject.value, hole.predicate.value, [_held_row(held) for held in hole.values], hole.ordered) for hole in holes]


def _held_row(held: Held) -> tuple[object, ...]:
    value = held.value
    if not isinstance(value, Sought):
        return (_term_row(value), None, held.key_path, held.span)
    made = value.made and (_block_rows(value.made.blocks), _block_rows(value.made.shared), _hole_rows(value.made.holes))
    sought = (value.text, value.ranges, value.iris, _term_row(value.otherwise), value.fits, value.linked, made, value.parts, value.file)
    return (None, sought, held.key_path, held.span)


def _holes(rows: Sequence[_HoleRow]) -> tuple[Hole, ...]:
    if not rows:
        return ()
    return tuple([Hole(NamedNode(r.subject), NamedNode(r.predicate), tuple([_held(held) for held in r.values]), r.ordered) for r in rows])


def _held(row: _HeldRow) -> Held:
    if (row.term is None) == (row.sought is None):
        raise CacheError("a value that is a term and is looked up, or neither")
    return Held(_sought(row.sought) if row.term is None else _term(row.term), row.key_path, row.span)


def _sought(row: _SoughtRow | None) -> Sought:
    assert row is not None
    made = None if row.made is None else Made(_blocks(row.made.blocks), _blocks(row.made.shared), _holes(row.made.holes))
    return Sought(row.text, row.ranges, row.iris, _term(row.otherwise), row.fits, row.linked, made, row.parts, row.file)
