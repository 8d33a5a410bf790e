"""Records that no class claims are rejected where keys say the class, and left out and counted where paths do, or as the settings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import owltype

PREFIXES = """@prefix ex: <https://e.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Post a owl:Class ; map:iri "https://e.org/{file.stem}/" ; map:reads [ map:property ex:title ; map:key "title" ; map:range xsd:string ] .
"""
BY_KEY = 'ex:Post map:owlType "Post" ; map:files "content/posts/**" .\n'
BY_PATH = 'ex:Post map:files "content/posts/**" .\n'


def site(folder: Path, ontology: str, settings: str = "") -> Path:
    (folder / "content" / "posts").mkdir(parents=True)
    for name, text in {"posts/a": "title: A", "about": "title: B", "odd": "owlType: Pots"}.items():
        (folder / "content" / f"{name}.md").write_text(f"---\n{text}\n---\n", "utf-8")
    (folder / "site.ttl").write_text(PREFIXES + ontology, "utf-8")
    (folder / "owltype.toml").write_text(f'ontology = "site.ttl"\npaths = "content"\nunmapped = "drop"\n{settings}', "utf-8")
    return folder


@pytest.mark.parametrize(
    ("ontology", "settings", "status", "codes", "summary"),
    [
        (BY_KEY, "", 1, ["MAP-TYPE-MISSING", "MAP-TYPE-UNKNOWN"], "1 exported, 0 skipped, 2 rejected"),
        (BY_KEY, 'unclaimed = "skip"', 0, [], "1 exported, 2 skipped (2 that no class claims), 0 rejected"),
        (BY_PATH, "", 0, [], "1 exported, 2 skipped (2 that no class claims), 0 rejected"),
        (BY_PATH, 'unclaimed = "reject"', 1, ["MAP-TYPE-MISSING", "MAP-TYPE-MISSING"], "1 exported, 0 skipped, 2 rejected"),
    ],
)
def test_records_that_no_class_claims(ontology: str, settings: str, status: int, codes: list[str], summary: str, tmp_path: Path) -> None:
    done = owltype("export", "-o", "out.ttl", "--output-format", "concise", cwd=site(tmp_path, ontology, settings))
    assert done.status == status, done.stderr
    assert [code for line in done.stderr.splitlines() for code in line.split() if code.startswith("MAP-")] == codes
    assert summary in done.stderr


def test_a_run_that_leaves_everything_out_can_not_run(tmp_path: Path) -> None:
    folder = site(tmp_path, BY_PATH.replace("posts", "nothing"))
    done = owltype("export", "-o", "out.ttl", cwd=folder)
    assert done.status == 2
    assert "3 files were skipped (3 that no class claims)" in done.stderr
    assert 'unclaimed = "reject"' in done.stderr


def test_a_named_record_that_no_class_claims_is_told(tmp_path: Path) -> None:
    done = owltype("validate", "content/about.md", "content/posts/a.md", "--output-format", "concise", cwd=site(tmp_path, BY_PATH))
    assert done.status == 1, done.stderr
    assert "content/about.md:1:1: error READ-NOTHING" in done.stdout + done.stderr
    assert "no class claims it" in done.stdout + done.stderr


def test_coverage_counts_what_no_class_claims(tmp_path: Path) -> None:
    done = owltype("coverage", cwd=site(tmp_path, BY_PATH))
    assert "2 that no class claims" in done.stdout + done.stderr
