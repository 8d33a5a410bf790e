"""What a body says stands where it is said to stand, and no body takes long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.records.body.content import MAX_BODY
from exporter.records.body.parsing import parse_body
from exporter.records.reading import read_text
from exporter.records.record import Record
from tests.data import DIGITALGOV, needs
from tests.records.places import text_at

PARTS = st.lists(
    st.sampled_from(
        [
            *("[[Note]]", "![[a.png|b]]", "[text](x.md)", "[t](<a b.md> 'q')", "#tag", "key:: value", "(mood:: good)", "`[[code]]`"),
            *('{{< ref "p" >}}', '<a href="/h">', "https://example.net/a", "[r][x]", "\\|", "|", "*b*", "é", "\n", "\r\n", "\n\n"),
            *("> ", "- ", "    ", "\t", "# ", "1. ", "| a | b |\n|---|---|\n| ", "\n```\n", "<div>", "<!-- ", "-->", "%%", "==="),
        ]
    ),
    max_size=25,
).map("".join)


def record_of(body: str) -> Record:
    record = read_text("a.md", f"---\nk: v\n---\n{body}").record
    assert record is not None
    return record


@given(PARTS)
def test_what_is_found_stands_at_its_place(body: str) -> None:
    record = record_of(body)
    content = record.body_content()
    for number, tag in enumerate(content.tags):
        assert text_at(record.text, record.locate(("@tags", number))) == tag.text
    for number, link in enumerate(content.links):
        place = record.locate(("@links", number, "target"))
        assert place.line > 3
        typed = text_at(record.text, place)
        assert link.target in typed or typed == "[r][x]" or "\t" in body or "|" in body
    for key, values in content.fields:
        assert record.text[slice(*key.moved(len(record.text) - len(body)).place)].strip("*_~ ") == key.text.strip("*_~ ")
        assert all(value.text for value in values)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# A #\n", "A"),
        ("text\n\nA *b* `c`\n---\n", "A b c"),
        ("<h1>A &amp; b</h1>\n", "A & b"),
        ("## Second [x](y) ![z](i) {#id .c}\n# First\n", "Second x z"),
        ("```\n# no\n```\n#no\n", None),
        ("> # Quoted\n", "Quoted"),
        ("<h2>no</h2>\n", None),
        ("# {{< icon >}} A\n", "A"),
        ("#\n# B\n", "B"),
    ],
)
def test_title_is_the_first_heading(body: str, title: str | None) -> None:
    found = parse_body("a.md", body).title
    assert (found.text if found else None) == title


@pytest.mark.parametrize(
    ("body", "tags"),
    [
        ("#a #b/c #d-e #f_g #ü #🙂", ["a", "b/c", "d-e", "f_g", "ü", "🙂"]),
        ("#1984 #y1984 a#b (#c) #d, #e. \\#f", ["y1984", "d", "e"]),
        ("`#a` [#b](x) https://e.org/#c [[#d]] <b title='#e'>", []),
        ("    #code", []),
    ],
)
def test_tags_are_obsidians(body: str, tags: list[str]) -> None:
    assert [tag.text for tag in parse_body("a.md", body).tags] == tags


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("rating:: 5\n", {"rating": "5"}),
        ("- **Basic Field**:: a value\n", {"Basic Field": "a value"}),
        ("- [ ] due:: 2026-01-02\n", {"due": "2026-01-02"}),
        ("I give [rating:: 5] and (mood:: [[Good|ok]]).\n", {"rating": "5", "mood": "[[Good|ok]]"}),
        ('x:: [[A]], [[B]]\ny:: "a", "b"\nz:: a, b\n', {"x": ["[[A]]", "[[B]]"], "y": ["a", "b"], "z": "a, b"}),
        ("a:: 1\na:: 2\n", {"a": ["1", "2"]}),
        ("empty::\n`a:: 1`\n\n    b:: 2\n", {}),
        ("see https://e.org :: x\n", {}),
    ],
)
def test_fields_are_dataviews(body: str, fields: dict[str, object]) -> None:
    assert parse_body("a.md", body).field_values == fields


def test_links_of_pelican_lead_to_its_files() -> None:
    body = "[a]({filename}/posts/a.md#b) [c](|filename|c.md) ![d]({static}/d.png) [e]({attach}e.pdf)\n"
    found = parse_body("x.md", body).links
    assert [(link.target, link.part, link.embedded) for link in found] == [
        ("/posts/a.md", "b", False),
        ("c.md", "", False),
        ("/d.png", "", True),
        ("e.pdf", "", True),
    ]


@pytest.mark.parametrize("text", ["[" * 20_000, "[a:: " * 20_000, "a <![CDATA[" * 20_000, "![" * 20_000 + "]" * 20_000])
def test_brackets_that_nobody_could_pair_are_not_read(text: str) -> None:
    content = parse_body("a.md", f"# Title\n\n{text}\n")
    assert content.unread is not None
    assert content.title is not None


def test_a_body_that_is_too_long_is_not_read() -> None:
    assert parse_body("a.md", "a" * (MAX_BODY + 1)).unread == "is longer than 524,288 characters"


def test_quotes_and_lists_are_read_as_deep_as_anyone_writes() -> None:
    assert [link.target for link in parse_body("a.md", "> " * 50 + "[[deep]]").links] == ["deep"]
    assert parse_body("a.md", "> " * 5_000 + "[[deep]]").links == ()


@needs(DIGITALGOV)
def test_links_of_a_real_site_stand_where_they_are_typed() -> None:
    checked = 0
    for file in sorted(DIGITALGOV.rglob("*.md"))[::40]:
        text = file.read_text("utf-8")
        record = read_text(file.name, text).record
        if record is None:
            continue
        for number, link in enumerate(record.body_content().links):
            assert link.target in text_at(record.text, record.locate(("@links", number, "target"))).replace("&amp;", "&")
            checked += 1
    assert checked > 50
