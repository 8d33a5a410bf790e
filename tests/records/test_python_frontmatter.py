"""On ordinary files we read what python-frontmatter reads; where we don't, the file has a name here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frontmatter
import pytest
import yaml
from frontmatter.default_handlers import YAMLHandler

from exporter.records.faults import ReadingError
from exporter.records.handlers import JSON, TOML, YAML
from exporter.records.reading import read_file
from exporter.records.values import Value
from tests.data import CORPORA, SEED, needs

OTHERWISE = {
    "2014-06-30-social-media-accessibility-issues-and-solutions.md": "YAML-DUPLICATE-KEY",
    "2020-10-21-analytics-case-study-part-3-action.md": "YAML-DUPLICATE-KEY",
    "omb-memos-circulars-executive-orders-and-other-policies.md": "YAML-DUPLICATE-KEY",
    "service_us-digital-registry.md": "YAML-DUPLICATE-KEY",
}
"""python-frontmatter keeps the last of two equal keys and says nothing."""

NULLS = {None, "", "~", "null", "Null", "NULL"}


class TypedText(YAMLHandler):
    """python-frontmatter's own handler, but every scalar stays the text that was typed: its YAML 1.1 guesses are not what is compared."""

    def load(self, fm: str, **kwargs: object) -> Any:  # noqa: ARG002, ANN401 - the signature is python-frontmatter's
        return yaml.load(fm, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dicts only


def as_typed(value: Value) -> object:
    if isinstance(value, dict):
        return {key: as_typed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_typed(child) for child in value]
    return "true" if value is True else "false" if value is False else value if value is None else str(value)


def matches(ours: object, theirs: object) -> bool:
    if ours is None:
        return theirs in NULLS
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(matches(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(matches, ours, theirs))
    return ours == theirs


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


@needs(*CORPORA)
@pytest.mark.parametrize("corpus", CORPORA, ids=lambda folder: folder.name)
def test_corpus_is_read_as_python_frontmatter_reads_it(corpus: Path) -> None:
    compared = 0
    for path in files(corpus):
        reading = read_file(str(path))
        if path.name in OTHERWISE:
            assert [problem.code for problem in reading.problems] == [OTHERWISE[path.name]]
            continue
        post = frontmatter.loads(path.read_text(encoding="utf-8"), handler=TypedText())
        if reading.record is None:
            assert not post.metadata, path
            assert reading.skipped, path
            continue
        assert matches(as_typed(reading.record.front_matter), post.metadata), path
        body = reading.record.body.replace("\r\n", "\n")  # ours has the file's line ends, Python's text mode has one kind
        assert body.strip() == post.content, path
        compared += 1
    assert compared > 200


@needs(SEED)
def test_our_handler_works_inside_python_frontmatter() -> None:
    post = frontmatter.load(str(SEED), handler=YAML)
    record = read_file(str(SEED)).record
    assert record is not None
    assert post.metadata == record.front_matter
    assert post.content == record.body.strip()
    again = frontmatter.loads(frontmatter.dumps(post), handler=YAML)
    assert (again.metadata, again.content) == (post.metadata, post.content)


@pytest.mark.parametrize(
    ("handler", "text"),
    [(YAML, "---\na: [1, b]\n---\nText."), (TOML, '+++\na = [1, "b"]\n+++\nText.'), (JSON, '{"a": [1, "b"]}\nText.')],
    ids=["yaml", "toml", "json"],
)
def test_every_handler_loads_through_python_frontmatter(handler: Any, text: str) -> None:  # noqa: ANN401 - not annotated
    post = frontmatter.loads(text, handler=handler)
    assert (post.metadata, post.content) == ({"a": [1, "b"]}, "Text.")


@pytest.mark.parametrize("text", ["---\na: 1\n", "---\n- a\n---\n", "---\na: 1\na: 2\n---\n"], ids=["unclosed", "list", "duplicate"])
def test_what_python_frontmatter_loses_is_raised_by_our_handler(text: str) -> None:
    assert frontmatter.loads(text).metadata in ({}, {"a": 2})
    with pytest.raises(ReadingError):
        frontmatter.loads(text, handler=YAML)
