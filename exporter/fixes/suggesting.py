"""From a problem to the fix that its words already name: a near name, another notation of the same day, a missing scheme."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date

from pyoxigraph import Literal

from exporter.edits.editing import AddValue, ChangeValue
from exporter.fixes.model import Fix, ReplaceTail
from exporter.language.conversions import from_json
from exporter.language.dates import read_date
from exporter.language.keypaths import is_special
from exporter.mapping.unquoted_links import read_unquoted
from exporter.plan.model import Plan
from exporter.problems import KeyPath, Location, Problem
from exporter.rdf.terms import XSD
from exporter.records.faults import Lines
from exporter.records.record import Record
from exporter.records.values import Value, look_up
from exporter.references.targets import read_targets
from exporter.text import is_near, is_slip, nearest, quote, quoted
from exporter.tree import Tree
from exporter.validation.shapes.graph import ShapesGraph

_HOST = re.compile(r"(?://)?(?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,})(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE)
_ENDINGS = frozenset({"com", "org", "net", "edu", "gov", "int", "info", "eu", "uk", "de", "fr", "nl", "ch", "at", "ca", "au", "jp"})
"""Top-level domains that no file ends in; other names are taken for hosts where they begin with `www.`."""
_ONE_WAY = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d. %B %Y", "%B %d, %Y", "%B %d %Y", "%d-%b-%Y")
_ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"((?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun),?\s+", re.IGNORECASE)
_OTHER_WAYS = (("%d/%m/%Y", "%m/%d/%Y"), ("%d.%m.%Y", "%m.%d.%Y"), ("%d-%m-%Y", "%m-%d-%Y"))
"""Forms in which day and month may stand in either order: a date is read where one of the two orders alone is a day."""


class Suggester:
    """Gives the fix of a problem in a record that can be read, or None."""

    def __init__(self, plan: Plan, shapes: ShapesGraph, tree: Tree) -> None:
        self.plan, self._tree = plan, tree
        self._labels = _labels(plan)
        self._shapes = shapes
        steps = (step for of in plan.classes.values() for step in of.steps if from_json in step.conversions)
        self._read_as_json = {path for step in steps for path in step.sources}
        classes = plan.ontology.classes.values()
        self._near_names = {
            "MAP-CONVERSION": [label for of in classes for label in of.concepts],
            "MAP-TYPE-UNKNOWN": [label.casefold() for of in classes for label in of.owl_types],
        }
        near, taken = self._near, self._taken
        self._by_code: Mapping[str, Callable[[Problem, str], str | None]] = {
            "MAP-TYPE-UNKNOWN": near,
            "MAP-CONVERSION": near,
            "REF-DANGLING": near,
            "SH-IN": near,
            "REF-LOOSE": taken,
            "MAP-IRI": _with_scheme,
            "MAP-DATATYPE": _as_day,
        }

    def suggest(self, problem: Problem, record: Record) -> Fix | None:
        """Look for a fix."""
        if problem.code == "REF-UNQUOTED":
            return _in_quotes(problem, record)
        if problem.code == "SH-MIN-COUNT":
            return self._with_default(problem, record)
        if problem.key_path and is_special(problem.key_path):
            return self._in_body(problem, record)
        write = self._by_code.get(problem.code)
        typed = look_up(record.front_matter, problem.key_path) if problem.key_path else None
        if (as_json := self._as_list(problem, typed)) is not None:
            return as_json
        if write is None or not isinstance(typed, (str, date)):
            return None
        text = str(typed)
        wrong = max((name for name in quoted(problem.message) if name and text.count(name) == 1), key=len, default="")
        new = write(problem, wrong) if wrong else None
        if new is None or new == wrong:
            return None
        path = problem.key_path
        safe = not self._is_doubtful(problem, wrong, new)
        new = _in_link(wrong, new) if problem.code.startswith("REF-") else new
        return Fix(problem, f"write {quote(new)}", ChangeValue(path, text.replace(wrong, new)), safe, path, path)

    def _near(self, problem: Problem, wrong: str) -> str | None:
        if problem.code == "REF-DANGLING":
            return _near_record(problem.help or "", wrong)
        meant = meant_name(f"{problem.message}; {problem.help or ''}")
        if meant is None:
            return None
        return self._labels.get(meant, meant) if problem.code == "MAP-CONVERSION" else meant

    def _at(self, place: Location) -> tuple[str, int, int]:
        return self._tree.project_path(place.path), place.line, place.column

    def _is_doubtful(self, problem: Problem, wrong: str, new: str) -> bool:
        """Say whether another name is near, too."""
        if problem.code == "SH-IN":
            named = list(quoted(problem.message))
            same = sum(name.casefold() == new.casefold() for name in named[1:])
            return same != 1 or wrong.casefold() != new.casefold()  # another word of the list is another thing said
        if problem.code == "REF-DANGLING":
            return not is_slip(_called(wrong), new)
        names = self._near_names.get(problem.code)
        if names is None:
            return False
        return not is_slip(wrong, new) or nearest(wrong.casefold(), [name for name in names if name != new.casefold()]) is not None

    def _taken(self, problem: Problem, wrong: str) -> str | None:  # noqa: ARG002 - as all of them
        return next(iter(quoted(problem.message.partition("is taken for")[2])), None)

    def _in_body(self, problem: Problem, record: Record) -> Fix | None:
        """Look for the fix of a link of the body: the name alone changes."""
        write, place = self._by_code.get(problem.code), problem.location
        if not problem.code.startswith("REF-") or write is None or place.end_line is None or place.end_column is None:
            return None
        lines = Lines(record.text)
        start, end = lines.offset(place.line, place.column), lines.offset(place.end_line, place.end_column)
        written = record.text[start:end]
        wrong = max((name for name in quoted(problem.message) if name and written.count(name) == 1), key=len, default="")
        new = write(problem, wrong) if wrong and start >= record.span[1] else None
        if new is None or new == wrong:
            return None
        size, safe = len(record.text), not self._is_doubtful(problem, wrong, new)
        edit = ReplaceTail(size - start, size - end, written.replace(wrong, new))
        return Fix(problem, f"write {quote(edit.text)}", edit, safe, problem.key_path, problem.key_path)

    def _as_list(self, problem: Problem, typed: Value) -> Fix | None:
        """Write what a text holds as JSON as a list or a map, where the ontology does not read it so; a guess: it may be meant as text."""
        path = problem.key_path
        if not isinstance(typed, str) or not typed.lstrip().startswith(("[", "{")) or path in self._read_as_json:
            return None
        try:
            value: Value = json.loads(typed)
        except (ValueError, RecursionError):
            return None
        kind = "list" if isinstance(value, list) else "map"
        return Fix(problem, f"write it as a {kind}", ChangeValue(path, value), safe=False, path=path, after=path)

    def _with_default(self, problem: Problem, record: Record) -> Fix | None:
        """Write the `sh:defaultValue` of what is missing; not safe, because it is a guess at what the author would have said."""
        place = problem.shacl.shape_location if problem.shacl is not None else None
        path = problem.key_path
        if place is None or not path or not isinstance(path[-1], str) or look_up(record.front_matter, path) is not None:
            return None
        at = self._at(place)
        asking = {triple.subject for triple in self._shapes.triples if at in {self._at(triple.subject_at), self._at(triple.object_at)}}
        defaults = [value for shape in asking for value in self._shapes.values(shape, "defaultValue") if isinstance(value, Literal)]
        if len(defaults) != 1:
            return None
        title = f"add {quote(defaults[0].value)}, the default"
        return Fix(problem, title, AddValue(path, _value(defaults[0])), safe=False, path=path, after=path)


def _near_record(advice: str, wrong: str) -> str | None:
    """Give the record that a text is a slip of, of those that may be meant; the only one where none is that near.

    >>> _near_record('did you mean "Bread soup" (a.md) or "Broad beans" (b.md)? Until then', "Bread suop")
    'Bread soup'
    >>> _near_record('did you mean "Chapter 1" (a.md) or "Chapter 2" (b.md)?', "Chapter 3")
    """
    names = [name for name in quoted(advice.partition("did you mean ")[2]) if "…" not in name]
    written = _called(wrong)
    near = [name for name in names if is_near(written, name)]
    if len(near) == 1:
        return near[0]
    return names[0] if len(names) == 1 else None


def _called(wrong: str) -> str:
    """Give the name in a link, or a text that is none."""
    target = read_targets(wrong)[-1:]
    return target[0].text if target and target[0].linked else wrong


def _in_link(wrong: str, name: str) -> str:
    """Put a name into a link in the place of what it is written for; the part behind # and the text that is shown stay.

    >>> _in_link("[[Compost heep#turning|heap]]", "Compost heap"), _in_link("compost heep", "Compost heap")
    ('[[Compost heap#turning|heap]]', 'Compost heap')
    """
    target = read_targets(wrong)[-1:]
    written = target[0].text if target and target[0].linked else ""
    return wrong.replace(written, name, 1) if written and written in wrong else name


def _labels(plan: Plan) -> dict[str, str]:
    """Give what the ontology's literals are, by their text without case: labels of concepts as they are written."""
    return {" ".join(of.value.split()).casefold(): of.value for _, _, of in plan.ontology.statements if isinstance(of, Literal)}


def meant_name(text: str) -> str | None:
    """Give the one name that a message or its advice asks for; None where it asks for none, or for several.

    >>> meant_name("did you mean 'Note'?"), meant_name('did you mean "A b" (content/a.md)? Until'), meant_name('did you mean "A" or "B"?')
    ('Note', 'A b', None)
    """
    asked = text.partition("did you mean ")[2]
    if asked.startswith("'"):
        name, _, rest = asked[1:].partition("'")
    else:
        name = next(iter(quoted(asked)), "") if asked.startswith('"') else ""
        rest = asked[len(quote(name)) :]
    place, bracket, after = rest.partition(")") if rest.startswith(" (") else ("", "", rest)
    return name if name and after.startswith("?") and "(" not in place[2:] and bool(bracket) == bool(place) else None


def _with_scheme(_problem: Problem, wrong: str) -> str | None:
    """Put a scheme before a host.

    >>> [_with_scheme(None, text) for text in ("www.bäcker.io/x", "//example.org", "read.me", "a.pdf")]
    ['https://www.bäcker.io/x', 'https://example.org', None, None]
    """
    found, host = _HOST.fullmatch(wrong), wrong.removeprefix("//")
    if found is None or not (host.lower().startswith("www.") or found[1].lower() in _ENDINGS):
        return None
    return f"https://{host}"


def _as_day(problem: Problem, wrong: str) -> str | None:
    return as_day(wrong) if "expected a date such as" in problem.message else None


def as_day(text: str) -> str | None:
    """Give the day that a text means, if it can mean no other, as XML Schema writes it.

    >>> as_day("2026/8/6"), as_day("16 August 2026"), as_day("16/8/2026"), as_day("5/8/2026"), as_day("5/5/2026")
    ('2026-08-06', '2026-08-16', '2026-08-16', None, '2026-05-05')
    >>> as_day("August 1st, 2019"), as_day("Thursday, 2 May 2019"), as_day("Friday, 2 May 2019")
    ('2019-08-01', '2019-05-02', None)
    """
    text = text.strip()
    weekday = _WEEKDAY.match(text)
    if weekday is not None:
        day = as_day(text[weekday.end() :])
        return day if day is not None and _WEEKDAYS[date.fromisoformat(day).weekday()] == weekday[1][:3].lower() else None
    text = _ORDINAL.sub(r"\1", text)
    read = [day for form in _ONE_WAY if (day := _read(text, form)) is not None]
    for pair in _OTHER_WAYS:
        read += {day for form in pair if (day := _read(text, form)) is not None}
    return read[0] if len(set(read)) == 1 else None


def _read(text: str, form: str) -> str | None:
    written, _ = read_date(text.strip(), (form,))
    return written if written is not None and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written) else None


def _in_quotes(problem: Problem, record: Record) -> Fix | None:
    """Put a wiki link in quotes, which YAML reads as a list in a list; a guess where it holds a comma, which may part two names."""
    path: KeyPath = problem.key_path
    link = read_unquoted(look_up(record.front_matter, path)) if path else None
    if link is None:
        return None
    return Fix(problem, f"write {quote(link)}", ChangeValue(path, link), safe=", " not in link, path=path, after=path)


def _value(literal: Literal) -> Value:
    if literal.datatype.value == XSD + "integer":
        return int(literal.value)
    if literal.datatype.value == XSD + "boolean":
        return literal.value in {"true", "1"}
    return literal.value
