"""The fast way gives the reference's answer wherever it answers, and it answers for nearly all real records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.records.faults import ReadingError
from exporter.records.handlers import YAML
from exporter.records.values import Value, is_same
from exporter.records.yaml.fast import read_fast
from exporter.records.yaml.values import read_slowly
from tests.data import CORPORA, HOSTILE, SEED, needs
from tests.records.yaml_soup import soup
from tests.records.yaml_text import SCALARS, front_matter

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


def same(one: Value, other: Value) -> bool:
    """Compare types, cores and the order of keys too."""
    return is_same(one, other) and keys(one) == keys(other)


def keys(value: Value) -> list[str]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*(value if isinstance(value, dict) else ()), *(key for child in children for key in keys(child))]


def slowly(source: str) -> Value:
    """Read with the reference; what it refuses is a value that equals nothing."""
    try:
        return read_slowly(source, 0, len(source))
    except ReadingError as error:
        return [f"refused: {error.fault.message}"]


def front_matters(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".html")):
        text = path.read_bytes().decode("utf-8-sig", "replace").lstrip()
        if YAML.detect(text):
            try:
                frame = YAML.frame(text)
            except ReadingError:
                continue
            yield path, text[frame.start : frame.end]


@needs(*CORPORA)
def test_both_ways_agree_on_the_corpora_and_nearly_all_go_the_fast_one() -> None:
    total = fast = 0
    for path, source in (pair for corpus in CORPORA for pair in front_matters(corpus)):
        total += 1
        value = read_fast(source)
        if value is not None:
            fast += 1
            assert same(value, slowly(source)), path
    assert total > 2000
    assert fast / total > 0.98, f"{fast} of {total}"


@needs(HOSTILE)
def test_both_ways_agree_on_hostile_records() -> None:
    for path, source in front_matters(HOSTILE / "records"):
        value = read_fast(source)
        assert value is None or same(value, slowly(source)), path


@needs(SEED)
def test_seed_record_goes_the_fast_way() -> None:
    ((_, source),) = front_matters(SEED.parent)
    value = read_fast(source)
    assert value is not None
    assert same(value, slowly(source))


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(front_matter())
def test_both_ways_agree_on_lines_near_the_border(source: str) -> None:
    value = read_fast(source)
    assert value is None or same(value, slowly(source))


@settings(max_examples=1500, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["", "\n", "\r\n"]))
def test_both_ways_agree_on_text_of_every_sort(chance: random.Random, end: str) -> None:
    source = soup(chance) + end
    value = read_fast(source)
    assert value is None or same(value, slowly(source))


@pytest.mark.parametrize("before", ["a: ", "a: 1\nb: ", "a:\n- ", "a:\n  b: ", "b: 2\na: |\n  ", "a: x\n  "])
def test_both_ways_agree_on_the_last_line(before: str) -> None:
    lasts = [*SCALARS, "02115", "1.10", "!foo bar", "x\x01", "\u00a0", "a\u00a0", "\u3000", "- 02115", "b: 1"]
    for source in (before + last + end for last in lasts for end in ("", "\n", " ", " \n", "\r\n")):
        value = read_fast(source)
        assert value is None or same(value, slowly(source)), repr(source)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=20)
    | st.sampled_from(["no", "1.10", "007", "a: b", "x\ny"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text("abcno1 -", min_size=1, max_size=4), children, max_size=3),
    max_leaves=12,
)


@settings(max_examples=600, deadline=None)
@given(
    st.dictionaries(st.text("abcdenoy-_", min_size=1, max_size=6), VALUES, min_size=1, max_size=5),
    st.sampled_from([None, False, True]),
    st.booleans(),
)
def test_both_ways_agree_on_what_pyyaml_dumps(values: dict[str, object], flow: bool | None, unicode: bool) -> None:
    source = yaml.safe_dump(values, default_flow_style=flow, allow_unicode=unicode)
    value = read_fast(source)
    assert value is None or same(value, slowly(source))


@pytest.mark.parametrize(
    "source",
    [
        "a: 1\na: 2\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a: 1.0\n",
        "a: True\n",
        "a: 0x1F\n",
        "a: +1\n",
        "a: +-5\n",
        "a: ++5\n",
        "a: 0x+5\n",
        "a: 0o-7\n",
        "true: 1\n",
        "1: a\n",
        "<<: {a: 1}\n",
        'a: "\\0"\n',
        "a: >\nb: 1\n",
        "a:\n  b: >\n  c: 1\n",
        "  a: 1\nb: 2\n",
        "a: \u2028\n",
        "a:\tb\n",
        "{a: 1, a: 2}\n",
        "a: [True]\n",
        "- a\n",
        "a",
        "c: 1\na: 2\nc: 3\nd: 4\r",
        "a: 1\rb: 2\n",
        "a:\n- 02115",
        "a:\n- 1.10",
        "a: 1\na: 2",
        "a: !foo bar",
        "a: x\x01",
        "a: \u00a0\n",
        "a:\n- \u3000\n",
        "a: [\u00a0]\n",
    ],
)
def test_doubtful_front_matter_goes_the_slow_way(source: str) -> None:
    assert read_fast(source) is None
