"""A glob means what its regular expression means, and takes few steps whatever it and the path are."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from exporter import Selection, load_plan
from exporter.discovery import discover
from exporter.errors import OntologyError, UsageError
from exporter.globs import GlobError, escape_glob, glob_pattern
from exporter.language.backtracking import cost
from exporter.language.regex import parse
from exporter.settings import load_settings
from tests.running import owltype

_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", ",": "|", "}": ")", "[ab]": "[ab]", "[!a]": "[^a/]"}


def meaning(glob: str) -> re.Pattern[str]:
    """The glob as a regular expression, which may be slow."""
    begin = glob.removeprefix("./").lstrip("/")
    stripped = begin.rstrip("/")
    tokens = re.split(r"(\\.|\[[^\]]*\]|\*\*/?|\*|\?|[{},])", stripped if stripped == begin else f"{stripped}/**")
    return re.compile("(?:.*/)?" + "".join(_MEANINGS.get(token, re.escape(token.removeprefix("\\"))) for token in tokens), re.DOTALL)


TOKENS = ["a", "b", "/", "*", "**", "**/", "?", "ab", "/a", "[ab]", "[!a]", "{a,b}", "{a,{b,?}}", r"\*", r"\["]


def test_globs_fit_what_their_meaning_fits() -> None:
    chance = Random(5)
    kinds = set()
    for _ in range(20_000):
        glob = "".join(chance.choice(TOKENS) for _ in range(chance.randint(0, 8)))
        if not glob.strip("/"):
            continue
        path = "".join(chance.choice(["a", "b", "/", "\n", "ab", "*"]) for _ in range(chance.randint(0, 9)))
        try:
            made = glob_pattern(glob)
        except GlobError as error:
            assert "more than 200" in str(error), glob  # noqa: PT017 - the only one that this test can make
            continue
        kinds |= {branch.compiled is None for branch in made.branches}
        assert made.fullmatch(path) == (meaning(glob).fullmatch(path) is not None), (glob, path)
    assert kinds == {True, False}


@pytest.mark.parametrize(
    ("glob", "fitting", "others"),
    [
        ("*.{md,qmd}", ["a.md", "x/a.qmd"], ["a.rmd", "a.{md,qmd}"]),
        ("{news,blog/{2019,2020}}/*.md", ["news/a.md", "blog/2020/a.md"], ["blog/a.md"]),
        ("post-[0-9].md", ["post-1.md"], ["post-10.md", "post-a.md"]),
        ("[!_]*.md", ["a.md"], ["_a.md"]),
        ("[^_]*.md", ["a.md"], ["_a.md"]),
        ("[]-]x", ["]x", "-x"], ["x", "ax"]),
        (r"[\]a]x", ["]x", "ax"], ["\\x"]),
        (r"pages/\[id\].md", ["pages/[id].md"], ["pages/i.md", "pages/d.md"]),
        (r"\{a,b\}", ["{a,b}"], ["a", "b"]),
        (r"{a\,b,c}", ["a,b", "c"], ["a", "b"]),
        (r"a\\b", ["a\\b"], ["ab"]),
        (r"\*\?", ["*?"], ["ab"]),
        (r"\!a", ["!a"], ["a"]),
        ("a,b}]", ["a,b}]"], ["a"]),
        ("./news/*.md", ["news/a.md"], ["a.md"]),
        ("drafts/", ["drafts/a.md", "x/drafts/b/c.md"], ["drafts.md"]),
        ("a{,.b}.md", ["a.md", "a.b.md"], ["a.c.md"]),
        ("[a-c]/[*].md", ["b/*.md"], ["b/a.md", "b//.md"]),
    ],
)
def test_sets_braces_and_backslashes(glob: str, fitting: list[str], others: list[str]) -> None:
    made = glob_pattern(glob)
    assert [path for path in (*fitting, *others) if made.fullmatch(path)] == fitting


WRONG = {
    "*.{md,qmd": "has a { that is not closed; a { itself is written \\{",
    "{a,[b}": "has a [ that is not closed; a [ itself is written \\[",
    "[id.md": "has a [ that is not closed; a [ itself is written \\[",
    "[]": "has a [ that is not closed; a [ itself is written \\[",
    "a\\": "ends with a \\ that nothing follows; a \\ itself is written \\\\",
    "[9-0].md": "has the range 9-0, which is empty; write 0-9",
    "[a/b].md": "has a / in [ ], which stands for one character of a name",
    "[[:digit:]].md": "has a class such as [:alpha:], which is not known here; write the characters out, as in [a-z]",
    "a{}": "has nothing in its braces",
    "/": "is empty; ** is everything",
    "!drafts/**": "begins with !, which turns nothing around here: name what to leave out in `exclude`, or write \\!",
    "../news/*.md": "leads out of the project: a glob counts from the project's root",
    "{1,2,3,4,5,6}{1,2,3,4,5,6}{1,2,3,4,5,6}": "stands for more than 200 globs; write fewer alternatives in braces",
    "{" * 5000 + "}" * 5000: "has more than 20 braces",
}


@pytest.mark.parametrize("glob", WRONG, ids=lambda glob: glob[:20])
def test_what_means_nothing_is_refused_with_a_sentence(glob: str) -> None:
    with pytest.raises(GlobError) as error:
        glob_pattern(glob)
    assert str(error.value).endswith(WRONG[glob])


def test_a_wrong_glob_is_told_where_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="not closed"):
        Selection(include=("*.{md",))
    (tmp_path / "owltype.toml").write_text(
        'unmapped = "drop"\nexclude = ["a", "[x"]\n[[suppressions]]\ncode = "MAP-IRI"\nreason = "r"\npath = "{a"\n'
    )
    with pytest.raises(UsageError) as settings:
        load_settings(environment={"OWLTYPE_INCLUDE": "a["})
    assert [(str(problem.location), problem.code, problem.message.split(" has")[0]) for problem in settings.value.problems] == [
        ("owltype.toml:2:1", "SETTING-VALUE", 'the glob "[x"'),
        ("owltype.toml:3:3", "SETTING-VALUE", 'the glob "{a"'),
        ("environment:1:1", "SETTING-VALUE", 'the glob "a["'),
    ]
    (tmp_path / "o.ttl").write_text(
        "@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        '<https://e.org/A> a owl:Class ; map:iri "https://e.org/{file.stem}" ;\n  map:files "notes/{a" .\n'
    )
    with pytest.raises(OntologyError) as ontology:
        load_plan("o.ttl")
    assert [(str(problem.location), problem.code) for problem in ontology.value.problems] == [("o.ttl:3:13", "ONT-VALUE")]


def test_an_ending_in_braces_is_written_out(tmp_path: Path) -> None:
    for name in ("a.qmd", "b.Rmd", "c.txt", ".d.md"):
        (tmp_path / name).write_text("---\na: 1\n---\n")
    found = [item.path for item in discover([str(tmp_path)], Selection(include=("**/{*.{q,R}md,.[a-e].md}",))) if item.is_record]
    assert [path.rpartition("/")[2] for path in found] == [".d.md", "a.qmd", "b.Rmd"]


@pytest.mark.parametrize("glob", ["content/**/*.md", "**/a/*b*c", "**/drafts/**", "a*/?b*.md", "**/_*/**/x", "[a-z]*/?.md"])
def test_what_is_a_regular_expression_takes_few_steps(glob: str) -> None:
    compiled = glob_pattern(glob.removesuffix("/**")).branches[0].compiled
    assert compiled is not None
    assert cost(parse(f"(?s){compiled.pattern}")).degree in {0, 1, 2}  # of a path, which has 4,096 characters at most


def test_a_glob_of_many_stars_ends() -> None:
    path = "/".join(["a" * 60] * 60)
    assert not glob_pattern("**/a*/**/a*a*a*a*a*b/**/a*/**/c").fullmatch(path)
    assert glob_pattern("**/a*/**/a*a*a*a*a*a/**/a*").fullmatch(path)


def test_a_start_fits_folders_whose_names_have_signs(tmp_path: Path) -> None:
    for folder in ("[drafts]", "!inbox", "{a,b}"):
        for number in range(4):
            path = tmp_path / "content" / folder / f"{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ntitle: Page {number} of this\ndate: 2026-01-0{number + 1}\n---\n")
    assert owltype("init", "content", "--yes", cwd=tmp_path).status == 0
    done = owltype("export", "content", "-o", "out.nt", cwd=tmp_path)
    assert "read 12 records" in done.stderr
    assert "MAP-TYPE-MISSING" not in done.stderr, done.stderr


def test_a_path_is_written_as_a_glob_that_fits_it_alone() -> None:
    for path in ("a[1].md", "a{b}.md", "!a.md", "a*.md", "a\\b.md"):
        assert glob_pattern(escape_glob(path)).fullmatch(path)
        assert not glob_pattern(escape_glob(path)).fullmatch("ab.md")
