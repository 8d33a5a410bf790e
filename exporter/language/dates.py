"""Dates as sites write them: ISO 8601 first, then the forms that an ontology names (`map:dateFormat`), to the way of XML Schema.

A form is one of strptime's (POSIX, https://pubs.opengroup.org/onlinepubs/9699919799/functions/strptime.html). It is read here and not
by `datetime.strptime`: that takes the names of months from the machine's locale, where the same record would then be another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from exporter.language.datatypes import fits, next_day
from exporter.text import enumerate_names, quote

_ISO = re.compile(
    r"(?P<day>-?[0-9]{4,18}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:[Tt]|[ \t]++)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]++)?))?"
    r"(?:[ \t]*+(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZONES = {
    **dict.fromkeys(("UTC", "UT", "GMT", "Z"), "Z"),
    "EST": "-05:00",
    "EDT": "-04:00",
    "CST": "-06:00",
    "CDT": "-05:00",
    "MST": "-07:00",
    "MDT": "-06:00",
    "PST": "-08:00",
    "PDT": "-07:00",
}
"""The zones that have a name in RFC 2822, section 4.3; any other name means several."""
_OFFSET = r"[+-][0-9]{1,2}(?::?[0-9]{2})?"
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\.?|" + "|".join(MONTH_NAMES)
_DAY_NAME = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\.?|" + "|".join(DAY_NAMES)
_DAY = r"3[01]|[12][0-9]|0[1-9]| ?[1-9]"

_DIRECTIVES: dict[str, tuple[str, str]] = {
    "Y": ("year", r"[0-9]{4}"),
    "y": ("short_year", r"[0-9]{2}"),
    "m": ("month", r"1[0-2]|0[1-9]|[1-9]"),
    "b": ("month_name", _MONTH_NAME),
    "B": ("month_name", _MONTH_NAME),
    "h": ("month_name", _MONTH_NAME),
    "d": ("day", _DAY),
    "e": ("day", _DAY),
    "j": ("day_of_year", r"36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|(?:00)?[1-9]"),
    "a": ("weekday", _DAY_NAME),
    "A": ("weekday", _DAY_NAME),
    "H": ("hour", r"2[0-4]|[01][0-9]|[0-9]"),
    "I": ("half_hour", r"1[0-2]|0[1-9]|[1-9]"),
    "p": ("half", r"[ap]\.?m\.?"),
    "M": ("minute", r"[0-5][0-9]|[0-9]"),
    "S": ("second", r"[0-5][0-9]|[0-9]"),
    "f": ("fraction", r"[0-9]{1,9}"),
    "z": ("zone", rf"{_OFFSET}|" + "|".join(_ZONES)),
    "Z": ("zone_name", r"[A-Za-z]+|" + _OFFSET),
    "s": ("seconds", r"-?[0-9]{1,11}"),
}
"""Each directive: what it reads, which it may do once in a form, and how that is written."""
_SHORT = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y"}
_LOCAL = {"c", "x", "X"}
_IN_FORM = re.compile(r"%[-_0]?(?P<directive>.)|(?P<lone>%)|(?P<white>\s+)|(?P<literal>[^%\s]+)", re.DOTALL)
_COMPLETE = ({"year", "short_year"}, {"month", "month_name", "day_of_year"}, {"day", "day_of_year"})


class FormError(ValueError):
    """A form that reads no date; `instead` is what was meant, if that can be told."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.instead = instead


@dataclass(frozen=True, slots=True)
class DateForm:
    """A form, ready to read."""

    text: str
    pattern: re.Pattern[str]

    def read(self, text: str) -> tuple[str, bool] | None:
        """Write a text of this form as XML Schema does, and say whether it has a time; None where it is none."""
        match = self.pattern.fullmatch(text)
        if match is None:
            return None
        said = {name: part.strip() for name, part in match.groupdict().items() if part is not None}
        if "seconds" in said:
            return _of_seconds(int(said["seconds"]))
        day, time = _day(said), _time(said)
        if day is None or time is None:
            return None
        return f"{day}T{time}" if time else day, bool(time)


@lru_cache(maxsize=256)
def date_form(text: str) -> DateForm:
    """Read a form; raises FormError with a sentence.

    >>> date_form("%d.%m.%Y").read("16.09.2018"), date_form("%a, %d %b %Y %H:%M %z").read("Sun, 16 Sep 2018 10:05 GMT")
    (('2018-09-16', False), ('2018-09-16T10:05:00Z', True))
    """
    expanded = re.sub("%([FTRD])", lambda match: _SHORT[match[1]], text)
    pattern, reads = "", set()
    for part in _IN_FORM.finditer(expanded):
        letter = part["directive"]
        if part["white"]:
            pattern += r"\s+"
        elif part["literal"] or letter == "%":
            pattern += re.escape(part["literal"] or "%")
        else:
            name, written = _directive(letter, text)
            if name in reads:
                raise FormError(f"the form {quote(text)} reads the {name.replace('_', ' ')} twice")
            reads.add(name)
            pattern += f"(?P<{name}>{written})"
    _check_complete(text, reads)
    return DateForm(text, re.compile(pattern, re.IGNORECASE | re.ASCII))


def _directive(letter: str | None, text: str) -> tuple[str, str]:
    if letter in _LOCAL:
        raise FormError(f"the form {quote(text)} has %{letter}, which is another on each machine; write its parts")
    found = _DIRECTIVES.get(letter or "")
    if found is None:
        there_are = ", ".join(f"%{known}" for known in (*_DIRECTIVES, *_SHORT))
        raise FormError(f"the form {quote(text)} has %{letter or ''}, which is not a directive: there are {there_are}")
    return found


def _check_complete(text: str, reads: set[str]) -> None:
    if not reads:
        instead = _translated(text)
        raise FormError(f"the form {quote(text)} has no directive such as %Y: forms are written as strptime's", instead)
    if "seconds" not in reads and any(reads.isdisjoint(either) for either in _COMPLETE):
        missing = next(name for name, either in zip(("year", "month", "day"), _COMPLETE, strict=True) if reads.isdisjoint(either))
        raise FormError(f"the form {quote(text)} does not read the {missing}, and a date needs year, month and day")
    if ("half_hour" in reads) != ("half" in reads):
        raise FormError(f"the form {quote(text)} has %I or %p alone: the twelve hours of %I need AM or PM")
    if "hour" not in reads and "half_hour" not in reads and not reads.isdisjoint({"minute", "second", "zone", "zone_name"}):
        raise FormError(f"the form {quote(text)} reads parts of a time and not the hour")


_OTHERS = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "yy": "%y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "dd": "%d",
    "DD": "%d",
    "d": "%d",
    "D": "%d",
    "EEEE": "%A",
    "EEE": "%a",
    "dddd": "%A",
    "ddd": "%a",
    "HH": "%H",
    "H": "%H",
    "hh": "%I",
    "h": "%I",
    "mm": "%M",
    "ss": "%S",
    "SSS": "%f",
    "a": "%p",
    "A": "%p",
    "X" * 3: "%z",
    "xx": "%z",
    "ZZ": "%z",
    "Z": "%z",
    "z": "%Z",
    "2006": "%Y",
    "January": "%B",
    "Jan": "%b",
    "01": "%m",
    "02": "%d",
    "2": "%d",
    "Monday": "%A",
    "Mon": "%a",
    "15": "%H",
    "03": "%I",
    "04": "%M",
    "05": "%S",
    "PM": "%p",
    "-0700": "%z",
    "-07:00": "%z",
    "MST": "%Z",
}
"""How Unicode (https://unicode.org/reports/tr35/tr35-dates.html), moment.js and Go write a directive."""
_OTHER = re.compile("|".join(map(re.escape, sorted(_OTHERS, key=lambda name: (-len(name), name)))) + r"|'(?P<quoted>[^']*)'")


def _translated(text: str) -> str | None:
    """Write a form of Unicode's, moment.js's or Go's as strptime has it."""
    written = _OTHER.sub(lambda match: match["quoted"] if match["quoted"] is not None else _OTHERS[match[0]], text)
    try:
        return date_form(written).text if written != text else None
    except FormError:
        return None


def _day(said: Mapping[str, str]) -> str | None:
    year = said.get("year") or _full_year(said["short_year"])
    if "day_of_year" in said:
        first = date(int(year) % 400 + 2000, 1, 1) + timedelta(int(said["day_of_year"]) - 1)
        if first.year != int(year) % 400 + 2000:
            return None
        return f"{year}-{first.month:02}-{first.day:02}"
    month = said.get("month") or next(f"{i}" for i, name in enumerate(MONTH_NAMES, 1) if name.startswith(said["month_name"][:3].lower()))
    day = f"{year}-{int(month):02}-{int(said['day']):02}"
    return day if fits("date", day) else None


def _full_year(short: str) -> str:
    return ("19" if int(short) >= 69 else "20") + short


def _time(said: Mapping[str, str]) -> str | None:
    """Write the time with its zone, empty where the form reads none; None for a zone whose name does not say which it is."""
    if "half_hour" in said:
        hour = int(said["half_hour"]) % 12 + (12 if said["half"][0].lower() == "p" else 0)
    elif "hour" in said:
        hour = int(said["hour"])
    else:
        return ""
    time = f"{hour:02}:{int(said.get('minute', 0)):02}:{int(said.get('second', 0)):02}"
    fraction = said.get("fraction", "")
    zone = said.get("zone", said.get("zone_name", ""))
    written = _ZONES.get(zone.upper()) or (_offset(zone) if zone[:1] in ("+", "-") else None if zone else "")
    if written is None:
        return None
    time += (f".{fraction}" if fraction else "") + written
    return time if fits("time", time) else None


def _offset(zone: str) -> str:
    """Write an offset in full.

    >>> _offset("+8"), _offset("-0330"), _offset("+05:30")
    ('+08:00', '-03:30', '+05:30')
    """
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    return f"{zone[0]}{hours.zfill(2)}:{minutes}"


def _of_seconds(seconds: int) -> tuple[str, bool] | None:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20), True


def read_date(text: str, forms: Sequence[str] = ()) -> tuple[str | None, bool]:
    """Write a date, or a date and time, as XML Schema does, and say whether it has a time; None where there is no such day or time.

    It is read by ISO 8601, with a blank for the `T` too, and then by each of `forms`.

    >>> read_date("2014-03-13 14:32 -0400"), read_date("16.09.2018", ("%d.%m.%Y",)), read_date("2026-02-30")
    (('2014-03-13T14:32:00-04:00', True), ('2018-09-16', False), (None, False))
    """
    text = text.strip()
    written, has_time = _read_iso(text)
    if written is None:
        for form in forms:
            found = date_form(form).read(text)
            if found is not None:
                return found
    return written, has_time


def in_zone(written: str, zone: tzinfo) -> str:
    """Write an xsd:dateTime in a zone; one without a zone is taken for UTC, and one that Python has no date for stays.

    >>> in_zone("2021-12-31T23:30:00-05:00", UTC), in_zone("2021-12-31T23:30:00", UTC)
    ('2022-01-01T04:30:00Z', '2021-12-31T23:30:00Z')
    """
    day, _, time = written.partition("T")
    if time.startswith("24"):
        written = f"{next_day(day)}T00{time[2:]}"
    try:
        moment = datetime.fromisoformat(written)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        there = moment.astimezone(zone).isoformat()
    except (ValueError, OverflowError):
        return written
    return f"{there.removesuffix('+00:00')}Z" if there.endswith("+00:00") else there


def is_timestamp(text: str) -> bool:
    """Whether a text is a date and time that `map:timestamp` and `map:day` read.

    >>> is_timestamp("2014-03-13 14:32:42 -0400"), is_timestamp("2014-03-13")
    (True, False)
    """
    written, has_time = _read_iso(text.strip())
    return written is not None and has_time


def _read_iso(text: str) -> tuple[str | None, bool]:
    match = _ISO.fullmatch(text)
    if match is None:
        return (text if fits("date", text) else None), False  # a date may have a zone
    day, hour, minute, second, zone = match.groups()
    if hour is None:
        return (day if fits("date", day) else None), False
    zone = (zone or "").upper()
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    written = f"{day}T{hour.zfill(2)}:{minute}:{second or '00'}{zone}"
    return (written if fits("dateTime", written) else None), True


def or_forms(forms: Sequence[str]) -> str:
    """Say which forms are read beside ISO 8601, as the end of what is expected.

    >>> or_forms(["%d.%m.%Y"])
    ', or one of the form %d.%m.%Y'
    """
    return f", or one of the form {enumerate_names(forms)}" if forms else ""
