"""What git ignores is left out of folders and counted; what is named, or tracked, is read."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from exporter import Selection, export, read
from exporter.discovery import IGNORED, IGNORED_FOLDER, discover
from exporter.gitignore import indexed_paths
from tests.running import owltype

RECORD = "---\ntitle: A\n---\n"
ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://ex.org/ns#> .
ex:Page a owl:Class ; map:files "**" ; map:iri "https://ex.org/{file.stem}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
ex:next a owl:ObjectProperty ; rdfs:domain ex:Page ; rdfs:range ex:Page ; map:key "next" .
"""


def git(folder: Path, *arguments: str) -> str:
    """Run git without the settings of this machine."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, check=False, capture_output=True, text=True)
    return done.stdout


def write(folder: Path, files: dict[str, str] | Sequence[str]) -> None:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name] if isinstance(files, dict) else RECORD)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git work tree with an ontology."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    write(tmp_path, {"ontology/site.ttl": ONTOLOGY})
    return tmp_path


def found(*paths: str, selection: Selection | None = None) -> tuple[list[str], dict[str, int]]:
    """The records that are found, and why files are left out."""
    skipped: Counter[str] = Counter()
    records = []
    for item in discover(paths, selection, lambda item: skipped.update([item.skipped or ""])):
        records += [item.path] if item.is_record else []
        skipped.update([item.skipped] if item.skipped else [])
    return records, dict(skipped)


def test_ignored_files_and_folders_are_left_out_and_counted(site: Path) -> None:
    write(site, ["content/a.md", "content/b.draft.md", "content/c.draft.md", "content/public/d.md", "content/public/e.md"])
    write(site, {".gitignore": "*.draft.md\npublic/\n"})
    assert found("content") == (["content/a.md"], {IGNORED: 2, IGNORED_FOLDER: 1})
    done = owltype("export", "content", "-f", "nt", cwd=site)
    assert (
        "read 4 records: 1 exported, 3 skipped (1 folder ignored by .gitignore, 2 ignored by .gitignore), 0 rejected; 2 triples"
        in done.stderr
    )
    assert [type(item).__name__ for item in read("content")] == ["Record"]


def test_a_file_or_folder_that_is_named_is_read(site: Path) -> None:
    write(site, ["content/a.md", "content/public/d.md", "content/public/deep/e.md", "content/public/deep/x.tmp.md"])
    write(site, {".gitignore": "*.md\npublic/\n", "content/public/.gitignore": "*.tmp.md\n"})
    assert found("content/a.md")[0] == ["content/a.md"]
    assert found("content/public") == (["content/public/d.md", "content/public/deep/e.md"], {IGNORED: 1})
    assert found("content/public/deep")[0] == ["content/public/deep/e.md"]
    assert found("content")[0] == []


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_git_tracks_is_content_whatever_the_patterns_say(version: str, site: Path) -> None:
    write(site, ["content/a.md", "content/data/kept.md", "content/data/other.md", "content/loose.md"])
    write(site, {".gitignore": "data/\n*.md\n"})
    git(site, "add", "-f", "content/a.md", "content/data/kept.md")
    git(site, "update-index", "--index-version", version)
    assert found("content") == (["content/a.md", "content/data/kept.md"], {IGNORED: 2})


def test_nested_files_negations_and_the_excludes_of_the_repository(site: Path) -> None:
    write(site, ["content/a.md", "content/news/b.md", "content/news/keep.md", "content/news/old/c.md", "content/local.md"])
    write(site, {".gitignore": "content/news/*\n!keep.md\n", "content/news/.gitignore": "!old/\n", ".git/info/exclude": "local.md\n"})
    assert found("content") == (["content/a.md", "content/news/keep.md", "content/news/old/c.md"], {IGNORED: 2})


def test_the_switch_reads_everything(site: Path) -> None:
    write(site, ["content/a.md", "content/b.md"])
    write(site, {".gitignore": "b.md\n"})
    assert found("content", selection=Selection(gitignore=False))[0] == ["content/a.md", "content/b.md"]
    assert export("content", [], selection=Selection(gitignore=False)).exported == 2
    assert "2 exported" in owltype("export", "content", "--no-gitignore", "-f", "nt", cwd=site).stderr
    (site / "owltype.toml").write_text("gitignore = false\n")
    assert "2 exported" in owltype("export", "content", "-f", "nt", cwd=site).stderr
    assert "1 exported" in owltype("export", "content", "-f", "nt", "--gitignore", cwd=site).stderr


def test_patterns_count_below_a_repository_or_the_root_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ["project/content/a.md", "project/content/b.md", "elsewhere/b.md", "other/notes/b.md"])
    write(tmp_path, {".gitignore": "a.md\n", "project/.gitignore": "b.md\n", "project/owltype.toml": "", "elsewhere/.gitignore": "b.md\n"})
    monkeypatch.chdir(tmp_path / "project")
    tree = ["--config", "owltype.toml", "--ontology", "o.ttl"]
    (tmp_path / "project" / "o.ttl").write_text(ONTOLOGY)
    done = owltype("export", "content", "../elsewhere", "-f", "nt", *tree, cwd=tmp_path / "project")
    assert "<https://ex.org/a/>" in done.stdout
    assert "1 ignored by .gitignore" in done.stderr  # the project's, and not that of a folder which is in no project
    assert "2 exported" in done.stderr
    git(tmp_path / "other", "init", "-q")
    write(tmp_path / "other", {".gitignore": "b.md\n"})
    assert found(str(tmp_path / "other" / "notes"))[0] == []


def test_a_repository_inside_another_has_rules_of_its_own(site: Path) -> None:
    write(site, ["content/a.md", "content/sub/a.md", "content/sub/b.md"])
    write(site, {".gitignore": "a.md\n", "content/sub/.gitignore": "b.md\n"})
    git(site / "content" / "sub", "init", "-q")
    assert found("content") == (["content/sub/a.md"], {IGNORED: 2})


def test_a_work_tree_beside_the_repository_has_its_index_and_excludes(site: Path) -> None:
    write(site, {"content/a.md": RECORD, ".gitignore": "*.md\n"})
    git(site, "add", "-f", ".")
    git(site, "-c", "user.name=A", "-c", "user.email=a@e.org", "commit", "-qm", "One")
    git(site, "worktree", "add", "-q", "beside")
    write(site / "beside", {"content/b.md": RECORD, "content/c.json": "{}"})
    (site / ".git" / "info" / "exclude").write_text("c.json\n")
    assert found("beside/content") == (["beside/content/a.md"], {IGNORED: 2})


def test_what_is_only_ignored_is_said_where_nothing_is_left(site: Path) -> None:
    write(site, {"content/a.md": RECORD, ".gitignore": "content/*.md\n"})
    done = owltype("export", "content", cwd=site)
    assert done.status == 2
    assert done.stderr == (
        'owltype: nothing to read: no record in "content"; 1 file was skipped (1 ignored by .gitignore); '
        "what git ignores is read with --no-gitignore\n"
    )


def test_a_reference_into_an_ignored_file_says_so(site: Path) -> None:
    write(site, {"content/a.md": "---\ntitle: A\nnext: https://ex.org/b/\n---\n", "content/b.md": RECORD, ".gitignore": "b.md\n"})
    problem = export("content", []).problems[0]
    assert problem.code == "MAP-REFERENCE"
    assert problem.message.endswith('; the file "content/b.md" would be, but it is ignored by .gitignore')
    assert problem.help == "name the file, or use --no-gitignore"


def test_the_base_of_a_change_is_read_whole(site: Path) -> None:
    write(site, {"content/a.md": "---\ntitle: [1, {a: 1}]\nnext: x y\n---\n", "content/b.md": RECORD, ".gitignore": "a.md\n"})
    git(site, "add", "-f", ".")
    commit = ("-c", "user.name=A", "-c", "user.email=a@e.org", "commit", "-qm", "One")
    git(site, *commit)
    write(site, {"content/b.md": "---\ntitle: B\n---\n"})
    assert owltype("validate", "content", cwd=site).status == 1
    since = owltype("validate", "content", "--changed-since", "HEAD", cwd=site)
    assert since.status == 0, since


def test_lines_that_are_wrong_or_slow_fit_nothing(site: Path) -> None:
    write(site, ["content/a.md", "content/b.md", "content/" + "a" * 200 + ".md"])
    slow = "*a" * 30 + "b\n" + "**/x/" * 8 + "y\n"
    (site / ".gitignore").write_bytes(b"\xef\xbb\xbf# comment\r\n\\\n!\n[z-a].md\n**a/[z-a]\n" + slow.encode() + b"b.md\r\n\xff\xfe\n")
    assert found("content") == (["content/a.md", "content/" + "a" * 200 + ".md"], {IGNORED: 1})


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\5", b"DIRC\0\0\0\11\0\0\0\0", b"x" * 200, b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 90]
)
def test_a_broken_index_tracks_nothing(data: bytes, site: Path) -> None:
    write(site, {"content/a.md": RECORD, "content/b.md": RECORD, ".gitignore": "b.md\n"})
    (site / ".git" / "index").write_bytes(data)
    assert found("content")[0] == ["content/a.md"]


def test_the_index_has_the_paths_that_git_lists(site: Path) -> None:
    write(site, [f"{folder}/{'x' * length}-é.md" for folder in ("a", "a/b", "zz") for length in range(1, 12)])
    for version in ("2", "4"):
        git(site, "add", ".")
        git(site, "update-index", "--index-version", version)
        listed = git(site, "-c", "core.quotePath=false", "ls-files").split("\n")[:-1]
        assert list(indexed_paths((site / ".git" / "index").read_bytes())) == listed


PIECES = ["a", r"\a", "b", "*", "a*", "?", "**", "[ab]", "a.md", "*.md", "!", "/", r"\*", " "]


def test_the_patterns_mean_what_they_mean_to_git(site: Path) -> None:
    """Git itself says which files it does not know and does not ignore."""
    chance = Random(7)
    write(site, [f"content/{folder}{name}" for folder in ("", "a/", "b/", "a/b/", "b/a/", "a/a/") for name in ("a.md", "b.md", "ab.md")])
    for _ in range(60):
        for place in (".gitignore", "content/.gitignore", "content/a/.gitignore"):
            lines = ["".join(chance.choice(PIECES) for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(0, 3))]
            (site / place).write_text("\n".join(lines) + "\n")
        expected = git(site, "ls-files", "--others", "--exclude-standard").split("\n")
        texts = {place: (site / place).read_text() for place in (".gitignore", "content/.gitignore", "content/a/.gitignore")}
        assert found(".")[0] == sorted((name for name in expected if name.endswith(".md")), key=lambda name: name.split("/")), texts
