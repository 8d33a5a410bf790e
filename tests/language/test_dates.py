"""Dates in the forms of sites: what Python's own formatter writes is read back, on a machine of any language."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.language.datatypes import fits
from exporter.language.dates import FormError, date_form, read_date

DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%B %d, %Y", "%A, %d. %B %Y", "%Y%m%d", "%j of %Y", "%F", "%Y年%m月%d日")
TIMES = ("%Y/%m/%d %H:%M:%S", "%d %b %Y %I:%M:%S %p", "%FT%T", "%d/%m/%Y at %T.%f", "%a, %d %b %Y %H:%M:%S")
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31))  # noqa: DTZ001 - as sites write them
OFFSETS = st.integers(min_value=-14 * 60, max_value=14 * 60)


@given(moment=MOMENTS, form=st.sampled_from(DAYS))
def test_days_are_read_back(moment: datetime, form: str) -> None:
    assert date_form(form).read(moment.strftime(form)) == (moment.date().isoformat(), False)


@given(moment=MOMENTS, form=st.sampled_from(TIMES))
def test_times_are_read_back(moment: datetime, form: str) -> None:
    found = date_form(form).read(moment.strftime(form))
    assert found is not None
    expected = moment if "%f" in form else moment.replace(microsecond=0)
    assert (datetime.fromisoformat(found[0]), found[1]) == (expected, True)


@given(moment=MOMENTS, minutes=OFFSETS, form=st.sampled_from(("%d.%m.%Y %H:%M:%S %z", "%a, %d %b %Y %T %z")))
def test_offsets_are_read_back(moment: datetime, minutes: int, form: str) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    found = date_form(form).read(aware.strftime(form))
    assert found is not None
    assert found[0] == aware.isoformat()


@given(text=st.text(alphabet="0123456789-/:. TZ+apmonsejul,%", max_size=30), form=st.sampled_from((*DAYS, *TIMES, "%y %b %e %R %Z", "%s")))
def test_what_is_read_is_a_date_of_xml_schema(text: str, form: str) -> None:
    written, has_time = read_date(text, [form])
    assert written is None or fits("dateTime" if has_time else "date", written)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("%d.%m.%Y", "6.9.2018", "2018-09-06"),
        ("%d.%m.%Y", "31.02.2018", None),
        ("%d.%m.%Y", "16.09.18", None),
        ("%d.%m.%y", "16.09.68", "2068-09-16"),
        ("%d.%m.%y", "16.09.69", "1969-09-16"),
        ("%b %d, %Y", "SEPTEMBER 6, 2018", "2018-09-06"),
        ("%b %d, %Y", "Sept. 6, 2018", "2018-09-06"),
        ("%b %d, %Y", "September  6,  2018", "2018-09-06"),
        ("%b %d, %Y", "Septober 6, 2018", None),
        ("%a %d %b %Y", "Mon 16 Sep 2018", "2018-09-16"),
        ("%j %Y", "366 2019", None),
        ("%j %Y", "366 2020", "2020-12-31"),
        ("%F %R %z", "2018-09-16 24:00 Z", "2018-09-16T24:00:00Z"),
        ("%F %I:%M %p", "2018-09-16 12:30 a.m.", "2018-09-16T00:30:00"),
        ("%F %I:%M %p", "2018-09-16 12:30 PM", "2018-09-16T12:30:00"),
        ("%F %R %z", "2018-09-16 10:00 +8", "2018-09-16T10:00:00+08:00"),
        ("%F %R %z", "2018-09-16 10:00 +0530", "2018-09-16T10:00:00+05:30"),
        ("%F %R %z", "2018-09-16 10:00 -330", "2018-09-16T10:00:00-03:30"),
        ("%F %R %z", "2018-09-16 10:00 +15:00", None),
        ("%F %R %z", "2018-09-16 10:00 EST", "2018-09-16T10:00:00-05:00"),
        ("%F %R %Z", "2018-09-16 10:00 CET", None),
        ("%F %R %z %Z", "2018-09-16 10:00 +0100 CET", "2018-09-16T10:00:00+01:00"),
        ("%F %T.%f", "2018-09-16 10:00:00.500", "2018-09-16T10:00:00.500"),
        ("%s", "1537092300", "2018-09-16T10:05:00Z"),
        ("%s", "-1", "1969-12-31T23:59:59Z"),
        ("100%% %F", "100% 2018-09-16", "2018-09-16"),
    ],
)
def test_form_reads_what_sites_write(form: str, text: str, expected: str | None) -> None:
    assert read_date(text, [form])[0] == expected


@pytest.mark.parametrize(
    ("other", "instead"),
    [
        ("dd.MM.yyyy", "%d.%m.%Y"),
        ("YYYY/MM/DD HH:mm", "%Y/%m/%d %H:%M"),
        ("EEEE, d MMMM yyyy", "%A, %d %B %Y"),
        ("2006-01-02 15:04:05 -0700 MST", "%Y-%m-%d %H:%M:%S %z %Z"),
        ("Mon, 02 Jan 2006", "%a, %d %b %Y"),
        ("nonsense", None),
    ],
)
def test_forms_of_others_are_shown_as_they_are_to_be_written(other: str, instead: str | None) -> None:
    with pytest.raises(FormError, match="has no directive such as") as caught:
        date_form(other)
    assert caught.value.instead == instead


def test_the_language_of_the_machine_takes_no_part() -> None:
    code = (
        "import locale\n"
        "try: locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n"
        "except locale.Error: pass\n"
        "from exporter.language.dates import date_form\n"
        "print(date_form('%d %B %Y').read('16 May 2018'), date_form('%d %B %Y').read('16 Mai 2018'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "('2018-05-16', False) None\n"
