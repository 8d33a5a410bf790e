"""What holds for any front matter: nothing is lost, nothing depends on what was mapped before, and a trace says the same as a run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal

from exporter.language.datatypes import lexical_form
from exporter.mapping.mapping import Mapper, map_record, trace_record
from exporter.mapping.model import MappedRecord
from exporter.mapping.unmapped import key_iri
from exporter.plan.compiling import load_plan
from exporter.plan.model import Plan
from exporter.problems import KeyPath
from exporter.rdf.terms import KEY, RDF_TYPE, Term
from exporter.records.reading import read_text
from exporter.records.record import Record
from exporter.records.values import Value

KEYS = ("text", "number", "day", "link", "part", "topic", "next", "trail", "trailLinks", "json", "data", "parts", "dropped", "none", "slug")
IGNORED = ("dropped",)
EMPTY = re.compile(r'\s*|\[(""(, "")*)?\]')
"""The empty text, and JSON in a string that holds no more."""

PLAN: Plan = load_plan(Path(__file__).with_name("everything.ttl"))

words = st.sampled_from(
    ["a", "b c", "Site: News", "Site: Other", "#", "/x/", "https://example.org/y", "2026-08-16", "", "True", "..", "é%2"]
)
texts = words | st.text("abz: /#.%é\u200b", max_size=6)
scalars = st.none() | st.booleans() | st.integers(-9, 99) | st.floats(-9, 9).map(lambda number: round(number, 2)) | texts
packed = st.lists(texts, max_size=3).map(partial(json.dumps, ensure_ascii=False))
values = st.recursive(
    scalars | packed,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)
front_matters = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)


def record_of(front_matter: dict[str, object], slug: str = "s") -> Record:
    """Read a record from JSON, so that every key has a place."""
    made = {**front_matter, "owlType": "Post", "slug": slug}
    record = read_text("content/a.json", json.dumps(made)).record
    assert record is not None
    return record


def said(mapped: MappedRecord) -> tuple[object, ...]:
    """What a record says; of a shared resource it may say the same in several places."""
    shared: dict[object, set[object]] = {}
    for block in mapped.shared:
        shared.setdefault(block.subject, set()).update(block.pairs)
    return mapped.iri, mapped.blocks, shared, mapped.references, mapped.unmapped, mapped.problems


def leaves(value: Value, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield each scalar that says something, with its key path."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    elif value is not None and not EMPTY.fullmatch(text := lexical_form(value)):
        yield path, text


def kernel(text: str) -> str:
    """What is left of a text in an address, a slug or a part of it."""
    return re.sub(r"[\W_]", "", unquote(text).casefold())


def is_seen(text: str, term: Term) -> bool:
    if isinstance(term, BlankNode) or not kernel(text):
        return True
    return kernel(text) in kernel(term.value) or (kernel(term.value) or "-") in kernel(text) or text == "#"


def packed_texts(text: str) -> set[str | None]:
    """The texts of a list of JSON in a string; of one that is none, something that nobody sees."""
    try:
        value = json.loads(text)
    except ValueError:
        return {None}
    return {inner for _, inner in leaves(value)} if isinstance(value, list) else {None}


def related(one: KeyPath, other: KeyPath) -> bool:
    return one[: len(other)] == other[: len(one)]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(front_matters)
def test_every_scalar_is_mapped_ignored_or_named_as_unmapped(front_matter: dict[str, object]) -> None:
    record = record_of(front_matter)
    mapped = trace_record(record, PLAN)
    unmapped = [entry.key_path for entry in mapped.unmapped]
    terms = [
        (origin.key_path, term)
        for blocks, origins in ((mapped.blocks, mapped.origins), (mapped.shared, mapped.shared_origins))
        for block, places in zip(blocks, origins, strict=True)
        for (predicate, term), origin in zip(block.pairs, places, strict=True)
        if predicate != RDF_TYPE
    ]
    seen = {text for path, text in leaves(record.front_matter) for place, term in terms if related(path, place) and is_seen(text, term)}
    seen |= {inner for text in seen for inner in packed_texts(text) if inner is not None}
    for path, text in leaves(record.front_matter):
        if path[0] in (*IGNORED, "owlType", "slug") or any(related(path, other) for other in unmapped):
            continue
        # of values that come twice the first is the origin
        assert text in seen or packed_texts(text) <= seen, f"{path} {text!r} is lost"


@settings(max_examples=200, deadline=None)
@given(front_matters)
def test_unmapped_keys_are_kept_with_their_values(front_matter: dict[str, object]) -> None:
    mapped = map_record(record_of(front_matter), PLAN)
    kept = [(b.subject, p, term) for b in (*mapped.blocks, *mapped.shared) for p, term in b.pairs if p.value.startswith(KEY)]
    assert len(set(kept)) == len(kept), "a statement is there once"
    own = {predicate for subject, predicate, _ in kept if subject == mapped.iri}
    for entry in mapped.unmapped:
        predicate = key_iri(entry.key_path[entry.depth :])
        made = own if entry.of is None else {other for subject, other, _ in kept if subject != mapped.iri}
        assert entry.value in (None, "") or predicate in made
    assert own <= {key_iri(entry.key_path) for entry in mapped.unmapped if entry.of is None}


@settings(max_examples=300, deadline=None)
@given(front_matters)
def test_a_trace_says_the_same_as_a_run_and_has_an_origin_for_each_statement(front_matter: dict[str, object]) -> None:
    record = record_of(front_matter)
    traced = trace_record(record, PLAN)
    assert said(traced) == said(map_record(record, PLAN))
    assert [len(block.pairs) for block in traced.blocks] == list(map(len, traced.origins))
    assert [len(block.pairs) for block in traced.shared] == list(map(len, traced.shared_origins))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(front_matters, min_size=2, max_size=4))
def test_a_record_is_mapped_as_if_it_were_the_first(front_matters: list[dict[str, object]]) -> None:
    mapper = Mapper(PLAN)
    records = [record_of(front_matter, f"s{number}") for number, front_matter in enumerate(front_matters)]
    for record in (*records, *records):
        assert said(mapper.map(record)) == said(map_record(record, PLAN))


@settings(max_examples=100, deadline=None)
@given(front_matters, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing_but_the_order_of_unmapped_ones(front_matter: dict[str, object], random: object) -> None:
    keys = list(front_matter)
    random.shuffle(keys)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = map_record(record_of(front_matter), PLAN), map_record(record_of({key: front_matter[key] for key in keys}), PLAN)
    for mine, others in zip(one.blocks, other.blocks, strict=True):
        assert mine.subject == others.subject
        assert sorted(map(str, mine.pairs)) == sorted(map(str, others.pairs))
        named = [[pair for pair in block.pairs if not pair[0].value.startswith(KEY)] for block in (mine, others)]
        assert named[0] == named[1]
    assert (said(one)[2], said(one)[3]) == (said(other)[2], said(other)[3])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3))
def test_a_key_can_be_read_from_the_iri_it_is_kept_under(path: list[str]) -> None:
    iri = key_iri(tuple(path)).value
    name = iri.removeprefix(KEY)
    assert re.search(r"[A-Za-z_][A-Za-z0-9._-]*$", name), "RDF/XML needs an XML name at the end"
    assert [unquote(part) for part in name.split(".")] in (path, [*path[:-1], path[-1] + "_"])


@given(
    st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=2),
    st.lists(st.text("a_.%1", min_size=1, max_size=4), min_size=1, max_size=2),
)
def test_two_keys_never_share_an_iri(one: list[str], other: list[str]) -> None:
    assert (key_iri(tuple(one)) == key_iri(tuple(other))) == (one == other)


@pytest.mark.parametrize("text", ["a\nb", "\u2028", '"', "\\", "\x00".replace("\x00", "0"), "𐀀"])
def test_a_text_keeps_its_characters(text: str) -> None:
    mapped = map_record(record_of({"text": text}), PLAN)
    assert [term for _, term in mapped.blocks[0].pairs[1:] if isinstance(term, Literal)] == [Literal(text)]
