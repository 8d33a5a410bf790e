"""Whatever is typed is looked up without an error, in steps whose first answer decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.mapping.model import Answers
from exporter.outcomes.outcome import RecordOutcome
from exporter.plan.model import Ambiguous
from exporter.references.comparing import folded
from exporter.references.known_records import KnownRecords, Occurrence
from exporter.references.matching import Matcher
from exporter.references.near_names import NearNames
from exporter.references.targets import read_targets

RANGE = "https://example.org/ns#Note"
SITE = "https://example.org"
HERE = Occurrence("content/here.md", f"{SITE}/here/")
PIECES = st.sampled_from([
    *("[[", "]]", "[", "](", ")", "{{< ref ", "{{< relref ", " >}}", "{% link ", "{% post_url ", " %}", "{{ site.baseurl }}"),
    *('"', "'", "<", ">", "/", "..", ".", "./", "../", "#", "?", "%20", "%", "%ff", "|", "\\|", ".md", "index", "_posts"),
    *("https://", "urn:", "note", "Note", "ö", " ", "\u0130", "ﬁ", "0", "007", "-", "_", "\n", "\x00", "\u200b", "😀", "مرحبا"),
])  # fmt: skip
TYPED = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=40))


def matcher(*records: tuple[str, str, tuple[str, ...]], ambiguous: Ambiguous = "problem") -> Matcher:
    """Make a matcher over records: IRI, path, and titles."""
    known = KnownRecords()
    for iri, path, titles in records:
        outcome = RecordOutcome(f"{SITE}{iri}", answers=(Answers(RANGE, (titles,)),))
        known.enter(str(outcome.iri), path, outcome.answers, alone=True)
    return Matcher(known, {RANGE: 1}, ambiguous)


SOME = matcher(
    ("/note/", "content/note.md", ("Note",)),
    ("/a/", "content/a/index.md", ("A", "Über")),
    ("/b/", "content/_posts/2026-08-16-b.md", ("007",)),
    ("/c", "content/a/c d.md", ("note 7", "C#")),
)


@given(TYPED)
def test_any_text_is_looked_up(text: str) -> None:
    for linked in (False, True):
        assert all(target.text for target in read_targets(text, linked=linked))
        found = SOME.find(text, HERE, [RANGE], linked=linked)
        assert (found.iri is None) == (len(found.numbers) != 1)


@given(TYPED)
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(f" {text.upper()}\t") == folded(text.upper())


@given(TYPED, st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_near_names_are_among_those_that_there_are(text: str, names: list[str]) -> None:
    near = NearNames([(name, number) for number, name in enumerate(names)]).near(text)
    assert all(names[number] == name for name, number in near)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("note", "/note/"),  # nearly, for lack of more
        ("Note", "/note/"),
        ("C#", "/c"),
        ("[[C#]]", "/c"),
        ("uber", "/a/"),
        ("7", "/b/"),
        ("Note-007", "/c"),
        ("[x](/a)", "/a/"),
        (f"{SITE}/note/index.html", "/note/"),
        ("/note?x=1#y", "/note/"),
        ("a/c%20d.md", "/c"),
        ("[[a/c d]]", "/c"),
        ("{% post_url 2026-08-16-b %}", "/b/"),
        ("{% post_url note %}", None),
        ("nothing", None),
        ("", None),
        ("#note", None),
    ],
)
def test_what_is_typed_leads_to(text: str, expected: str | None) -> None:
    assert SOME.find(text, HERE, [RANGE]).iri == (None if expected is None else SITE + expected)


def test_an_earlier_step_decides() -> None:
    found = matcher(("/x/", "content/y.md", ("z",)), ("/y/", "content/z.md", ("x",)), ("/z/", "content/x.md", ("Y",)))
    assert found.find("/x/", HERE, [RANGE]).iri == f"{SITE}/x/"  # the address, before the path
    assert found.find("x.md", HERE, [RANGE]).iri == f"{SITE}/z/"  # the path, before the titles
    assert found.find("x", HERE, [RANGE]).iri == f"{SITE}/y/"  # the title
    assert found.find("y", HERE, [RANGE]).loose


def test_the_nearest_is_the_one_in_the_folder_and_then_the_shortest_path() -> None:
    records = (("/1", "a/b/c/n.md", ("T",)), ("/2", "a/n.md", ("T",)), ("/3", "x/y/n.md", ("T",)))
    assert matcher(*records).find("T", HERE, [RANGE]).iri is None
    near = matcher(*records, ambiguous="nearest")
    assert near.find("T", HERE, [RANGE]).iri == f"{SITE}/2"
    assert near.find("T", Occurrence("x/y/m.md"), [RANGE]).iri == f"{SITE}/3"
    assert near.find("[[n]]", HERE, [RANGE]).nearest


def test_a_file_of_many_records_names_none_of_them() -> None:
    known = KnownRecords()
    records = tuple(RecordOutcome(f"{SITE}/{number}", answers=(Answers(RANGE, ((f"B{number}",),)),)) for number in range(2))
    for record in records:
        known.enter(str(record.iri), "data/books.csv", record.answers, alone=False)
    found = Matcher(known, {RANGE: 1})
    assert found.find("data/books.csv", HERE, [RANGE]).numbers == ()
    assert found.find("B1", HERE, [RANGE]).iri == f"{SITE}/1"


TRANSLATED = matcher(
    ("/a/", "content/a.md", ("A",)),
    ("/de/a/", "content/a.de.md", ("A",)),
    ("/only/", "content/only.md", ("Only",)),
    ("/de/nur/", "content/nur.de.md", ("Nur",)),
    ("/b/", "content/sub/b/index.md", ("B",)),
    ("/de/b/", "content/sub/b/index.de.md", ("Be",)),
)


@pytest.mark.parametrize(
    ("text", "from_english", "from_german"),
    [
        ('{{< ref "a" >}}', "/a/", "/de/a/"),
        ('{{< ref "a.md" >}}', "/a/", "/de/a/"),
        ('{{< ref "a.de.md" >}}', "/de/a/", "/de/a/"),
        ('{{< relref path="a" lang="de" >}}', "/de/a/", "/de/a/"),
        ('{{< ref path="a#part" lang="en" >}}', "/a/", "/a/"),
        ('{{< ref path="/sub/b/index.md" lang="de" >}}', "/de/b/", "/de/b/"),
        ('{{< ref path="only" lang="de" >}}', None, None),
        ('{{< ref path="nur" lang="en" >}}', None, None),
        ('{{< ref path="nur" lang="de" >}}', "/de/nur/", "/de/nur/"),
        ("A", "/a/", "/de/a/"),
        ("B", "/b/", "/de/b/"),
        ("Be", "/de/b/", "/de/b/"),
        (f"{SITE}/a/", "/a/", "/a/"),
        ("content/here.md", None, None),
    ],
)
def test_a_page_is_meant_in_the_language_of_the_file_or_in_the_one_that_is_asked_for(
    text: str, from_english: str | None, from_german: str | None
) -> None:
    for path, expected in (("content/here.md", from_english), ("content/here.de.md", from_german)):
        found = TRANSLATED.find(text, Occurrence(path), [RANGE])
        assert found.iri == (f"{SITE}{expected}" if expected else None)


def test_a_page_does_not_mean_itself_where_it_names_what_it_is_a_translation_of() -> None:
    for text in ("a.md", "content/a.md", "A"):
        assert TRANSLATED.find(text, Occurrence("content/a.de.md"), [RANGE]).iri == f"{SITE}/a/"


def test_a_page_is_meant_in_the_language_of_a_folder() -> None:
    folders = matcher(("/a/", "content/en/sub/a.md", ("A",)), ("/fr/a/", "content/fr/sub/a.md", ("A",)), ("/x/", "content/x/a.md", ("X",)))
    assert folders.find("A", Occurrence("content/fr/b.md"), [RANGE]).iri == f"{SITE}/fr/a/"
    assert folders.find('{{< ref path="sub/a" lang="en" >}}', Occurrence("content/fr/b.md"), [RANGE]).iri == f"{SITE}/a/"
    assert len(folders.find("A", Occurrence("content/b.md"), [RANGE]).numbers) == 2
