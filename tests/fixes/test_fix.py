"""Fixes: what is repaired, byte for byte, what is left with its reason, and that nothing that is right is touched."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from exporter import make_project
from exporter.fixes.fixing import Fixing, find_fixes
from tests.fixes.sites import make, record
from tests.running import owltype

pytestmark = pytest.mark.slow

GOOD = ("title: A title", "status: draft", "kind: Reference")

FIXED: dict[str, tuple[str, str]] = {
    "a misspelt key": ("titel: A title\nstatus: draft", "title: A title\nstatus: draft"),
    "a key in another case": ("Title: A title\nstatus: draft", "title: A title\nstatus: draft"),
    "a value of a list in another case": ("title: T\nstatus: Published  # since May", "title: T\nstatus: published  # since May"),
    "a quoted value": ('title: T\nstatus: "PUBLISHED"', 'title: T\nstatus: "published"'),
    "a misspelt concept": ("title: T\nstatus: draft\nkind: Referense", "title: T\nstatus: draft\nkind: Reference"),
    "a concept that is written otherwise": ("title: T\nstatus: draft\nkind: how to", "title: T\nstatus: draft\nkind: How-to"),
    "a reference in another case": (
        "title: T\nstatus: draft\nrelated: right NUMBER 3",
        "title: T\nstatus: draft\nrelated: Right number 3",
    ),
    "a misspelt reference": (
        "title: T\nstatus: draft\nrelated: [Right number 3, A chapterr of its own]",
        "title: T\nstatus: draft\nrelated: [Right number 3, A chapter of its own]",
    ),
    "a host": ("title: T\nstatus: draft\nsite: www.example.io/a?b=c", "title: T\nstatus: draft\nsite: https://www.example.io/a?b=c"),
    "a host by its end": ("title: T\nstatus: draft\nsite: example.org", "title: T\nstatus: draft\nsite: https://example.org"),
    "a day with slashes": ("title: T\nstatus: draft\ndate: 2026/8/6", "title: T\nstatus: draft\ndate: 2026-08-06"),
    "a day in words": ("title: T\nstatus: draft\ndate: August 16, 2026", "title: T\nstatus: draft\ndate: 2026-08-16"),
    "a day after the twelfth": ("title: T\nstatus: draft\ndate: 16/8/2026", "title: T\nstatus: draft\ndate: 2026-08-16"),
    "a day of a week": ("title: T\nstatus: draft\ndate: Sunday, August 16th, 2026", "title: T\nstatus: draft\ndate: 2026-08-16"),
    "a day without zeros": ("title: T\nstatus: draft\ndate: 2026-8-6", "title: T\nstatus: draft\ndate: 2026-08-06"),
    "a host in any alphabet": ("title: T\nstatus: draft\nsite: //www.bäcker.de", "title: T\nstatus: draft\nsite: https://www.bäcker.de"),
    "a key and its value": ("title: T\nStatus: PUBLISHED", "title: T\nstatus: published"),
    "beside what is left": ("title: T\nStatus: in review\ndate: 2026/8/6", "title: T\nStatus: in review\ndate: 2026-08-06"),
    "tabs and a key that stands twice": (
        "title: T\nlist:\n\t- a\nkind: 'Reference'\nkind: 'Reference'\nstatus: draft",
        "title: T\nlist:\n  - a\nkind: 'Reference'\nstatus: draft",
    ),
    "a wiki link": ("title: T\nstatus: draft\nrelated: [[Right number 2]]", 'title: T\nstatus: draft\nrelated: "[[Right number 2]]"'),
    "tabs": ("title: T\nlist:\n\t- a\n\t- b\nstatus: draft", "title: T\nlist:\n  - a\n  - b\nstatus: draft"),
    "a key that stands twice": ("title: T\nstatus: draft\nstatus: draft", "title: T\nstatus: draft"),
    "what is seen when it can be read": (
        "title: T\nstatus: Draft\nstatus: Draft\nkind: Tutorail",
        "title: T\nstatus: draft\nkind: Tutorial",
    ),
}
LEFT: dict[str, str] = {
    "another word": "title: T\nstatus: finished",
    "a name with two that are near": "title: T\nstatus: draft\nkind: Carx",
    "a day that may be two": "title: T\nstatus: draft\ndate: 5/8/2026",
    "the name of a file": "title: T\nstatus: draft\nsite: readme.md",
    "a day of another weekday": "title: T\nstatus: draft\ndate: Friday, 2 May 2019",
    "a name of a program": "title: T\nstatus: draft\nsite: node.js",
    "a key beside the right one": "title: T\ntitel: Of nobility\nstatus: draft",
    "a key of the site's own": "title: T\nstatus: draft\nkin: Mira",
    "two keys near one": "titel: A\ntitl: B\nstatus: draft",
    "a key that is another word": "title: T\nstatus: draft\ntest: true",
    "a concept that is another word": "title: T\nstatus: draft\nkind: Preference",
    "a concept that is another word by its end": "title: T\nstatus: draft\nkind: Referee",
    "a page of another number": "title: T\nstatus: draft\nrelated: Chapter V",
    "a page with another word": "title: T\nstatus: draft\nrelated: A matter of taste",
    "a value of another record": "title: T\nstatus: &s Draft\nother: *s",
    "an address of mail": "title: T\nstatus: draft\nsite: info@example.org",
    "two values of one key": "title: T\nstatus: draft\nstatus: published",
    "two lists of one key": "title: T\nstatus: draft\ntags:\n  - a\ntags:\n  - a",
    "tabs and spaces": "title: T\nlist:\n \t- a\nstatus: draft",
    "a tab in a text": "title: T\nstatus: draft\ntext: |\n  a\tb",
    "links as text": "title: T\nstatus: draft\ntext: www.example.org",
    "a link in quotes": 'title: T\nstatus: draft\nrelated: "[[Right number 1]]"',
    "what is not there": "title: T",
    "a class of nobody": "title: T\nstatus: draft\nowlTyp: Note",
}


def fixing(site: Path, *, unsafe: bool = False) -> Fixing:
    project = make_project(str(site / "content"), ontology=str(site / "ontology"), shapes=str(site / "shapes"))
    return find_fixes(project, unsafe=unsafe)


def texts(found: Fixing) -> dict[str, str]:
    return {Path(file.edited.path).name: file.edited.after.decode() for file in found.files}


def write(found: Fixing, site: Path) -> None:
    for file in found.files:
        (site / "content" / Path(file.edited.path).name).write_bytes(file.edited.after)


@pytest.mark.parametrize("name", FIXED)
def test_it_is_fixed_and_nothing_else(tmp_path: Path, name: str) -> None:
    before, after = FIXED[name]
    site = make(tmp_path, {"a.md": record("a", before)})
    found = fixing(site)
    assert texts(found) == {"a.md": record("a", after)}
    write(found, site)
    assert texts(fixing(site)) == {}


@pytest.mark.parametrize("name", LEFT)
def test_it_is_left(tmp_path: Path, name: str) -> None:
    others = {
        f"{slug}.md": record(slug, f"title: {title}", "status: draft")
        for slug, title in (("six", "Chapter VI"), ("b", "A batter of taste"))
    }
    assert texts(fixing(make(tmp_path, {**others, "a.md": record("a", LEFT[name])}))) == {}


def test_json_in_a_text_is_a_guess(tmp_path: Path) -> None:
    site = make(tmp_path, {"a.md": record("a", "title: T", "status: draft", """related: '["Right number 1", "Right number 2"]'""")})
    assert texts(fixing(site)) == {}
    assert [fix.title for fix in fixing(site).unsafe] == ["write it as a list"]
    expected = record("a", "title: T", "status: draft", "related: [Right number 1, Right number 2]")
    assert texts(fixing(site, unsafe=True)) == {"a.md": expected}


MANY = """# kept
- {slug: one, title: One, status: draft}
- slug: two
  title: Two
  status: Published   # since May
  kind: Referense
  related: [Right number 3, A chapterr of its own]
- {slug: three, title: Three, status: "DRAFT"}
"""


def test_each_record_of_a_data_file_is_fixed_in_its_place(tmp_path: Path) -> None:
    site = make(tmp_path, {"many.yaml": MANY})
    ontology = site / "ontology/notes.ttl"
    known = 'map:owlType "Note" ;'
    ontology.write_text(ontology.read_text("utf-8").replace(known, f'{known} map:files "**/many.yaml" ; map:records "" ;'), "utf-8")
    found = fixing(site)
    expected = (
        MANY.replace("Published", "published")
        .replace("Referense", "Reference")
        .replace("chapterr", "chapter")
        .replace('"DRAFT"', '"draft"')
    )
    assert texts(found) == {"many.yaml": expected}
    assert len(found.files[0].fixes) == 4
    write(found, site)
    assert texts(fixing(site)) == {}


def test_another_word_of_a_list_and_a_link_with_a_comma_are_guesses(tmp_path: Path) -> None:
    site = make(tmp_path, {"a.md": record("a", "title: T", "status: draftt", "related: [[Bread, fresh]]")})
    assert texts(fixing(site)) == {}
    assert sorted(fix.title for fix in fixing(site).unsafe) == ['write "[[Bread, fresh]]"', 'write "draft"']


def test_a_default_is_a_guess(tmp_path: Path) -> None:
    site = make(tmp_path, {"a.md": record("a", "title: T")})
    assert [fix.title for fix in fixing(site).unsafe] == ['add "draft", the default']
    assert texts(fixing(site, unsafe=True)) == {"a.md": record("a", "title: T", "status: draft")}


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_comments_line_ends_and_the_mark_stay(tmp_path: Path, end: str) -> None:
    before = record("a", "# of the page", "titel:   A title   # with spaces", "status: 'Draft'", "kind: How-to").replace("\n", end)
    site = make(tmp_path, {"a.md": "\ufeff" + before})
    assert texts(fixing(site)) == {"a.md": "\ufeff" + before.replace("titel", "title").replace("'Draft'", "'draft'")}


def test_toml_and_json_are_fixed_too(tmp_path: Path) -> None:
    toml = '+++\nowlType = "Note"\nslug = "a"\ntitel = "T" # here\nstatus = "Draft"\n+++\n'
    json = '{\n  "owlType": "Note",\n  "slug": "b",\n  "title": "T",\n  "status": "PUBLISHED"\n}\n'
    site = make(tmp_path, {"a.md": toml, "b.md": json})
    assert texts(fixing(site)) == {
        "a.md": toml.replace("titel", "title").replace("Draft", "draft"),
        "b.md": json.replace("PUBLISHED", "published"),
    }


def test_the_command_shows_writes_and_is_done(tmp_path: Path) -> None:
    site = make(tmp_path, {"a.md": record("a", "titel: A", "status: Draft")})
    shown = owltype("fix", cwd=site)
    assert shown.status == 1
    assert [line for line in shown.stdout.splitlines() if line[:1] in "+-"][2:] == [
        "-titel: A",
        "-status: Draft",
        "+title: A",
        "+status: draft",
    ]
    assert "nothing is written without --write" in shown.stderr
    some = owltype("fix", "--select", "SH-IN", cwd=site)
    assert "+status: draft" in some.stdout
    assert "+title" not in some.stdout
    done = owltype("fix", "--write", cwd=site)
    assert (done.status, done.stdout) == (0, "")
    assert (site / "content/a.md").read_text("utf-8") == record("a", "title: A", "status: draft")
    again = owltype("fix", cwd=site)
    assert (again.status, again.stdout) == (0, "")
    assert "nothing to fix; no problem is left" in again.stderr
    assert owltype("fix", "--select", "SH-INN", cwd=site).status == 2


def test_a_file_that_leads_out_of_the_root_is_left(tmp_path: Path) -> None:
    site = make(tmp_path / "site", {})
    outside = tmp_path / "outside.md"
    outside.write_text(record("a", "title: A", "status: Draft"), "utf-8")
    (site / "content/a.md").symlink_to(outside)
    done = owltype("fix", "--write", cwd=site)
    assert outside.read_text("utf-8") == record("a", "title: A", "status: Draft")
    assert "+" not in done.stdout


def test_of_two_thousand_records_those_with_faults_are_fixed_and_no_other_is_touched(tmp_path: Path) -> None:
    chance = random.Random(20261126)
    records, expected = {}, {}
    for number in range(2000):
        name, slug = f"n{number:04}.md", f"n{number}"
        extra = [f"extra{chance.randrange(5)}: {chance.choice(['1', 'x', '[a, b]', '{a: 1}'])}"] * chance.randrange(2)
        if number < 1500:
            before, after = chance.choice(list(FIXED.values()))
            records[name], expected[name] = record(slug, *extra, before), record(slug, *extra, after)
        elif number < 1700:
            records[name] = record(slug, *extra, chance.choice(list(LEFT.values())))
        else:
            records[name] = record(slug, *extra, *GOOD)
    site = make(tmp_path, records)
    found = fixing(site)
    made = texts(found)
    assert {name for name in made if made[name] != expected.get(name)} == set(), "wrongly changed"
    assert expected.keys() - made.keys() == set(), "not fixed"
    write(found, site)
    again = fixing(site)
    assert texts(again) == {}
    where = {(problem.location.path, problem.code, problem.key_path) for problem in found.remaining}
    assert {(problem.location.path, problem.code, problem.key_path) for problem in again.remaining} == where
