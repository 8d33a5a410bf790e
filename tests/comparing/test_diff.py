"""Two states compared: each change once, in words; what only stands in another order is none; strangers' programs never run."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import Dataset, RdfFormat, parse

from tests.fixes.sites import make, record
from tests.running import Finished, owltype

pytestmark = pytest.mark.slow


def git(site: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=site, check=True, capture_output=True, text=True).stdout


def commit(site: Path) -> None:
    git(site, "add", "-A")
    git(site, "commit", "-q", "--allow-empty", "-m", "A state")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    records = {f"n{n}.md": record(f"n{n}", f"title: Note {n}", "status: draft", "kind: How-to", f"date: 2026-08-0{n}") for n in range(1, 8)}
    folder = make(tmp_path / "site", records)
    git(folder, "init", "-q")
    commit(folder)
    return folder


def edit(site: Path, name: str, old: str, new: str) -> None:
    file = site / "content" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def diff(site: Path, *arguments: str) -> dict[str, object]:
    done = owltype("diff", *arguments, "--format", "json", cwd=site)
    found: dict[str, object] = json.loads(done.stdout)
    assert done.status == int(any(found[name] for name in ("records", "shared", "new_problems", "gone_problems", "by_ontology")))
    return found


def kinds(found: dict[str, object]) -> list[tuple[str, str]]:
    records = found["records"]
    assert isinstance(records, list)
    return [(change["kind"], change["iri"].split("/")[-2]) for change in records]


def test_nothing_differs(site: Path) -> None:
    done = owltype("diff", "HEAD", cwd=site)
    assert (done.status, done.stdout) == (0, "no difference\n")


def test_each_kind_of_change_is_told_once(site: Path) -> None:
    edit(site, "n1.md", "Note 1", "First")
    edit(site, "n2.md", "slug: n2", "slug: second")
    (site / "content/n3.md").unlink()
    (site / "content/new.md").write_text(record("new", "title: New", "status: draft"), "utf-8")
    edit(site, "n5.md", "draft", "published")
    (site / "content/n6.md").rename(site / "content/moved.md")
    done = owltype("diff", "HEAD", cwd=site)
    assert done.status == 1
    assert done.stdout.splitlines() == [
        "~ Note 6 <https://e.org/notes/n6/> (content/moved.md)",
        "    file: content/n6.md → content/moved.md",
        "~ First <https://e.org/notes/n1/> (content/n1.md)",
        '    schema:name: "Note 1" → "First"',
        "> Note 2 <https://e.org/notes/second/> (content/n2.md), was <https://e.org/notes/n2/>",
        "- Note 3 <https://e.org/notes/n3/> (content/n3.md)",
        "~ Note 5 <https://e.org/notes/n5/> (content/n5.md)",
        '    schema:status: "draft" → "published"',
        "+ New <https://e.org/notes/new/> (content/new.md)",
        "1 record added, 1 record removed, 1 record renamed, 3 records changed",
    ]


def test_an_order_that_means_nothing_is_no_difference(site: Path) -> None:
    edit(site, "n1.md", "title: Note 1\nstatus: draft\n", "status: draft\ntitle: Note 1\n")
    edit(site, "n2.md", "kind: How-to", "kind:   'How-to'  # the same")
    assert owltype("diff", "HEAD", cwd=site).stdout == "no difference\n"


def test_references_that_break_and_heal_are_told(site: Path) -> None:
    edit(site, "n1.md", "status: draft", "status: draft\nrelated: Note 2")
    commit(site)
    edit(site, "n2.md", "Note 2", "Something else")
    broken = diff(site, "HEAD")
    assert any("REF-DANGLING" in str(problem) for problem in list(broken["new_problems"]))  # type: ignore[call-overload]
    commit(site)
    edit(site, "n2.md", "Something else", "Note 2")
    healed = diff(site, "HEAD")
    assert any("REF-DANGLING" in str(problem) for problem in list(healed["gone_problems"]))  # type: ignore[call-overload]
    assert healed["new_problems"] == []


def test_what_shapes_find_is_told(site: Path) -> None:
    edit(site, "n1.md", "status: draft", "status: finished")
    found = diff(site, "HEAD")["new_problems"]
    assert isinstance(found, list)
    assert len(found) == 1
    assert "SH-IN" in found[0]


def test_what_the_ontology_does_by_itself_is_apart(site: Path) -> None:
    ontology = site / "ontology/notes.ttl"
    ontology.write_text(ontology.read_text("utf-8").replace('map:key "date"', 'map:key "day"'), "utf-8")
    found = diff(site, "HEAD")
    assert found["records"] == []
    assert "schema:datePublished differs in 7 records" in str(found["by_ontology"])


def test_two_revisions_and_two_graphs_say_the_same(site: Path, tmp_path: Path) -> None:
    owltype("export", "-q", "-o", tmp_path / "old.ttl", cwd=site)
    edit(site, "n4.md", "Note 4", "Fourth")
    commit(site)
    owltype("export", "-q", "-o", tmp_path / "new.nt", cwd=site)
    by_revisions, by_graphs = diff(site, "HEAD~1", "HEAD"), diff(site, str(tmp_path / "old.ttl"), str(tmp_path / "new.nt"))
    assert kinds(by_revisions) == kinds(by_graphs) == kinds(diff(site, str(tmp_path / "old.ttl"), "HEAD")) == [("changed", "n4")]


def test_a_patch_makes_the_new_graph_of_the_old(site: Path, tmp_path: Path) -> None:
    owltype("export", "-q", "-o", tmp_path / "old.nt", cwd=site)
    edit(site, "n4.md", "Note 4", "Fourth")
    (site / "content/n5.md").unlink()
    owltype("export", "-q", "-o", tmp_path / "new.nt", cwd=site)
    lines = set((tmp_path / "old.nt").read_text("utf-8").splitlines())
    for line in owltype("diff", "HEAD", "--format", "patch", cwd=site).stdout.splitlines():
        if line[:2] == "D ":
            lines.remove(line[2:])
        elif line[:2] == "A ":
            lines.add(line[2:])
    made = Dataset(parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES))
    assert set(made) == set(Dataset(parse((tmp_path / "new.nt").read_bytes(), format=RdfFormat.N_TRIPLES)))


def test_a_pair_of_files_is_the_same_patch(site: Path, tmp_path: Path) -> None:
    edit(site, "n4.md", "Note 4", "Fourth")
    patch = owltype("diff", "HEAD", "--format", "patch", "--nquads", tmp_path / "changes", cwd=site).stdout.splitlines()
    for name, sign in (("removed", "D "), ("added", "A ")):
        lines = (tmp_path / f"changes.{name}.nq").read_text("utf-8").splitlines()
        assert lines == [line[2:] for line in patch if line.startswith(sign)] != []
        assert len(list(parse("\n".join(lines).encode(), format=RdfFormat.N_QUADS))) == len(lines)
    assert owltype("diff", "HEAD", "--nquads", tmp_path / "no/such", cwd=site).status == 2


def test_markdown_is_text_and_never_too_long(site: Path) -> None:
    edit(site, "n1.md", "Note 1", "'<script>alert(1)</script> *b* @everyone #1'")
    for number in range(1500):
        (site / f"content/m{number}.md").write_text(record(f"m{number}", f"title: {'Long ' * 10}{number}", "status: draft"), "utf-8")
    shown = owltype("diff", "HEAD", "--format", "markdown", cwd=site).stdout
    assert len(shown) < 65_536
    assert "more lines: `owltype diff` shows them all" in shown
    assert "<script>" not in shown
    assert "@everyone" not in shown
    page = owltype("diff", "HEAD", "--format", "html", cwd=site).stdout
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_no_program_of_the_repository_runs(site: Path, tmp_path: Path) -> None:
    (site / ".gitattributes").write_text("*.md filter=evil diff=evil\n", "utf-8")
    for name in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.fsmonitor"):
        git(site, "config", name, f"touch {tmp_path / 'ran'}")
    (site / ".git/hooks/post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n", "utf-8")
    (site / ".git/hooks/post-checkout").chmod(0o755)
    edit(site, "n1.md", "Note 1", "First")
    assert kinds(diff(site, "HEAD")) == [("changed", "n1")]
    assert not (tmp_path / "ran").exists()
    assert git(site, "stash", "list") == ""


@pytest.mark.parametrize(
    ("arguments", "said"), [(["HAED"], "git knows no such revision"), (["--", "--help"], "git knows no such revision")]
)
def test_what_is_no_side_is_said(site: Path, arguments: list[str], said: str) -> None:
    done: Finished = owltype("diff", *arguments, cwd=site)
    assert done.status == 2
    assert said in done.stderr


def test_of_a_history_every_change_is_named_once(site: Path) -> None:
    chance = random.Random(50)
    for number in range(50):
        names = sorted(file.name for file in (site / "content").glob("n*.md"))
        name, kind = chance.choice(names), chance.choice(["title", "remove", "add", "slug", "order"])
        file, text = site / "content" / name, (site / "content" / name).read_text("utf-8")
        slug = text.partition("slug: ")[2].partition("\n")[0]
        if kind == "title":
            title = text.partition("title: ")[2].partition("\n")[0]
            file.write_text(text.replace(f"title: {title}", f"title: T{number}"), "utf-8")
        elif kind == "remove" and len(names) > 3:
            file.unlink()
        elif kind == "slug":
            file.write_text(text.replace(f"slug: {slug}\n", f"slug: s{number}\n"), "utf-8")
        elif kind == "order":
            head, title, rest = text.partition("\ntitle:")
            file.write_text(head.replace("\nowlType: Note", "", 1).replace("---", "---\nowlType: Note", 1) + title + rest, "utf-8")
        else:
            kind = "add"
            (site / f"content/n9{number}.md").write_text(record(f"x{number}", f"title: X{number}", "status: draft"), "utf-8")
        commit(site)
        expected = {"title": [("changed", slug)], "remove": [("removed", slug)], "slug": [("renamed", f"s{number}")], "order": []}
        assert kinds(diff(site, "HEAD~1", "HEAD")) == expected.get(kind, [("added", f"x{number}")]), (number, kind)
