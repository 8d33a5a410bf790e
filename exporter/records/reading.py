"""One file to a `Reading`: whatever the file holds, nothing is raised for it."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from exporter.problems import Location, Problem, Severity
from exporter.records import framing
from exporter.records.data.claims import EMPTY_FILE, Claim, ClaimedFiles, find_claims
from exporter.records.data.items import read_items, read_rows
from exporter.records.decoding import MAX_FILE_BYTES, decode, decode_leniently
from exporter.records.external_handlers import read_foreign
from exporter.records.faults import Fault, Lines, ReadingError, Readout, to_problem
from exporter.records.framing import Frame
from exporter.records.handlers import DEFAULT, WHOLE_FILE, FrontMatterHandler, Handler, not_a_map
from exporter.records.other_metadata import INLINE_FIELDS, name_metadata
from exporter.records.record import Reading, Record
from exporter.records.rules import Reshaping
from exporter.tree import Tree

MAX_FRONT_MATTER = 2 * 1024 * 1024
"""Characters; what a record needs for its keys stays far below, and no parser is fed without bound."""

NO_FRONT_MATTER, EMPTY_FRONT_MATTER = "no front matter", "the front matter is empty"
"""Why a page without keys is skipped."""
_BARE = {"read": frozenset({NO_FRONT_MATTER, EMPTY_FRONT_MATTER, INLINE_FIELDS}), "empty": frozenset({EMPTY_FRONT_MATTER})}
"""Why a page would be skipped that is a record all the same, by the setting `without-front-matter`."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the records of a tree by their project paths."""

    tree: Tree
    handlers: tuple[Handler, ...] = DEFAULT
    data_files: tuple[ClaimedFiles, ...] = ()
    reshaping: Reshaping = field(default_factory=Reshaping)

    def data(self, path: str) -> bytes:
        """Give the bytes of a file, or what stands in their place; raises OSError where it can't be read."""
        held = self.tree.data(path) if self.tree.overlays else None
        return _read_bytes(self.tree.place(path)) if held is None else held

    def read(self, path: str, data: bytes | None = None) -> Reading:
        """Read a file, or `data` in its stead; never raises for what the file holds, nor for a file that can't be opened."""
        tree = self.tree
        if data is None and tree.overlays:
            data = tree.data(path)
        claims = find_claims(self.data_files, path) if self.data_files else ()
        reshaping = self.reshaping
        is_bare = bool(reshaping.bare) and not claims and reshaping.takes_bare(path)
        bare = _BARE[reshaping.rules.without_front_matter] if is_bare else frozenset()
        reading = read_file(path, data, handlers=self.handlers, place=tree.place(path), claims=claims, bare=bare)
        return reshaping.apply(reading) if reshaping.changes else reading

    def record(self, path: str, item: int = 0) -> Record | None:
        """Read one record again, by its number in its file; None where it can't be read any more."""
        each = self.read(path).each
        return each[item].record if item < len(each) else None


def read_file(
    path: str,
    data: bytes | None = None,
    *,
    handlers: Sequence[Handler] = DEFAULT,
    place: str | None = None,
    claims: Sequence[Claim] = (),
    bare: Collection[str] = (),
) -> Reading:
    r"""Read a record from a file, or from `data` in its stead; `place` is where the file lies, if not at `path`.

    With `claims` it is a data file, whose records these are; `bare` are reasons to skip it for which it is a record without keys.
    Never raises for what the file holds, nor for a file that can't be opened: the reading carries the problem.

    >>> read_file("a.md", b"---\ntitle: A\n---\nbody").record.front_matter
    {'title': 'A'}
    """
    if data is None:
        try:
            data = _read_bytes(path if place is None else place)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return Reading(path, problems=(Problem("READ-UNREADABLE", Location(path), f"the file can't be read: {reason.lower()}"),))
    try:
        text = decode(data)
    except ReadingError as error:
        return Reading(path, problems=(to_problem(error.fault, path, Lines(decode_leniently(data))),))
    reading = _read_decoded(path, text, handlers, claims)
    return _read_bare(reading, text) if reading.skipped in bare else reading


def read_text(path: str, text: str, *, handlers: Sequence[Handler] = DEFAULT) -> Reading:
    r"""Read a record from a text that is already decoded; `path` says the format of whole-file records.

    >>> read_text("a.md", "just text").skipped
    'no front matter'
    """
    half = _SURROGATE.search(text)  # bytes can't bring one in, so a file is not searched
    if half:
        fault = Fault("READ-CONTROL", "the text holds half a character", *half.span(), "give text that can be encoded")
        return Reading(path, problems=(to_problem(fault, path, Lines(text)),))
    return _read_decoded(path, text, handlers)


def _read_decoded(path: str, text: str, handlers: Sequence[Handler], claims: Sequence[Claim] = ()) -> Reading:
    try:
        return _read(path, text, handlers, claims)
    except ReadingError as error:
        return Reading(path, problems=(to_problem(error.fault, path, Lines(text)),))


def _read_bytes(path: str) -> bytes:
    """Read a file whole, or one byte more than is allowed; through `open` it would take 3 µs longer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, min(size, MAX_FILE_BYTES) + 1)
        while len(data) != size and len(data) <= MAX_FILE_BYTES:  # a pipe has no size, and a file may grow or shrink
            more = os.read(descriptor, MAX_FILE_BYTES + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(descriptor)


def _read(path: str, text: str, handlers: Sequence[Handler], claims: Sequence[Claim]) -> Reading:
    suffix = posixpath.splitext(path)[1].lower()
    if claims and suffix in framing.TABLE_SUFFIXES:
        return read_rows(path, text, framing.TABLE_SUFFIXES[suffix], claims)
    whole = WHOLE_FILE.get(suffix)
    if whole is not None:
        same = (handler for handler in handlers if isinstance(handler, FrontMatterHandler) and type(handler) is type(whole))
        whole = next(same, whole)
        return _read_framed(path, text, whole, Frame(0, len(text), len(text)), claims)
    handler = _detect(text, handlers)
    if handler is None:
        blank = len(text) - len(text.lstrip())
        if blank and _detect(text[blank:], handlers):
            return _read_after_blank_lines(path, text, blank, handlers, claims)
        from exporter.records.near_front_matter import refuse_near_front_matter  # takes 4 ms to import, and most files are records

        refuse_near_front_matter(text, lambda rest: _detect(rest, handlers) is not None)
        return Reading(path, skipped=name_metadata(text) or NO_FRONT_MATTER if text.strip() else "the file is empty")
    if isinstance(handler, FrontMatterHandler):
        return _read_framed(path, text, handler, handler.frame(text), claims)
    reading = read_foreign(path, text, handler)
    return read_items(reading.record, reading.record.front_matter, claims) if claims and reading.record else reading


def _read_framed(path: str, text: str, handler: FrontMatterHandler, frame: Frame, claims: Sequence[Claim]) -> Reading:
    start, end = frame.start, frame.end
    if end - start > MAX_FRONT_MATTER and not claims:
        raise ReadingError(
            Fault(
                "READ-TOO-LARGE",
                f"the front matter is longer than {MAX_FRONT_MATTER:,} characters",
                start,
                start,
                "move the text into the body",
            )
        )
    value, remarks = _read_value(handler, text, frame)
    problems: tuple[Problem, ...] = ()
    if frame.remarks or remarks:
        lines = Lines(text)
        problems = tuple(to_problem(remark, path, lines) for remark in (*frame.remarks, *remarks))
    if claims and isinstance(value, (dict, list)) and value:
        return read_items(Record(path, {}, text[frame.body :], handler.syntax, text, 1, (start, end)), value, claims, problems)
    if value is None or value == {}:
        return Reading(path, problems=problems, skipped=EMPTY_FILE if claims else EMPTY_FRONT_MATTER, body=frame.body)
    if not isinstance(value, dict):
        raise ReadingError(not_a_map(value, text, start, end, handler.syntax))
    body_line = text.count("\n", 0, frame.body) + 1
    return Reading(path, Record(path, value, text[frame.body :], handler.syntax, text, body_line, (start, end)), problems)


def _read_value(handler: FrontMatterHandler, text: str, frame: Frame) -> Readout:
    """Read the front matter; where that fails at or below what is nearly the closing fence, the fence is the fault."""
    try:
        return handler.read(text, frame.start, frame.end)
    except ReadingError as error:
        if frame.end < len(text):
            end = text.find("\n", error.fault.start, frame.end)
            framing.refuse_near_closing(text, frame.start, end if end >= 0 else frame.end, text[frame.end : frame.body].strip())
        raise


def _detect(text: str, handlers: Sequence[Handler]) -> Handler | None:
    for handler in handlers:
        if handler.detect(text):
            return handler
    return None


def _read_bare(reading: Reading, text: str) -> Reading:
    """Take a page without keys as a record: what there is to say of it stands in its name and its body."""
    start = 0
    if reading.skipped == EMPTY_FRONT_MATTER:
        start = reading.body if reading.body is not None else len(text)
    return replace(reading, record=Record(reading.path, {}, text[start:], "yaml", text, text.count("\n", 0, start) + 1), skipped=None)


def _read_after_blank_lines(path: str, text: str, blank: int, handlers: Sequence[Handler], claims: Sequence[Claim]) -> Reading:
    """Read a text that starts with blank lines: python-frontmatter and Hugo read it, Jekyll does not."""
    reading = _read_decoded(path, text[blank:], handlers, claims)
    lines = Lines(text)
    warning = to_problem(
        Fault(
            "READ-BLANK-START",
            "the file does not start with its front matter",
            0,
            blank,
            "remove the blank lines before it" if "\n" in text[:blank] else "remove the white space before it",
            severity=Severity.WARNING,
        ),
        path,
        lines,
    )
    line, column = lines.place(blank)
    return _shifted(reading, (warning,), text, blank, (line - 1, column - 1))


def _shifted(reading: Reading, before: tuple[Problem, ...], text: str, blank: int, by: tuple[int, int]) -> Reading:
    """Move what was read of a text to where it stands with `blank` characters before it."""
    problems = (*before, *(_moved(problem, *by) for problem in reading.problems))
    record = reading.record
    if record is not None:
        span = (record.span[0] + blank, record.span[1] + blank)
        record = replace(record, text=text, body_line=record.body_line + by[0], span=span)
    items = tuple(_shifted(item, (), text, blank, by) for item in reading.items)
    return replace(reading, record=record, problems=problems, items=items)


def _moved(problem: Problem, lines: int, columns: int) -> Problem:
    related = tuple(_moved_place(place, lines, columns) for place in problem.related)
    return replace(problem, location=_moved_place(problem.location, lines, columns), related=related)


def _moved_place(place: Location, lines: int, columns: int) -> Location:
    end_line, end_column = place.end_line or place.line, place.end_column or place.column
    return Location(
        place.path,
        place.line + lines,
        place.column + (columns if place.line == 1 else 0),
        end_line + lines,
        end_column + (columns if end_line == 1 else 0),
    )
