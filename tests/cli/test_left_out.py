"""What a folder has and a run does not read is counted, with the reason and what would read it, in every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import owltype

ONTOLOGY = """
@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <https://ex.org/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://ex.org/ns> a owl:Ontology .
ex:Page a owl:Class ; map:files "**" ; map:iri "https://ex.org/{title|slug}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
ex:see a owl:ObjectProperty ; rdfs:domain ex:Page ; rdfs:range ex:Page ; map:key "see" .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://ex.org/ns#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Page ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .
"""
COMMANDS = {
    "export": ("export", "content", "-o", "out.ttl"),
    "validate": ("validate", "content"),
    "coverage": ("coverage", "content"),
    "query": ("query", "-d", "content", "SELECT ?page { ?page a ?class }"),
    "test": ("test", "questions", "-d", "content"),
}


def page(title: str, *more: str) -> str:
    return "\n".join(("---", f"title: {title}", *more, "---", "Text.", ""))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two records, and beside them what is left out."""
    files = {
        "site.ttl": ONTOLOGY,
        "shapes.ttl": SHAPES,
        "owltype.toml": 'ontology = ["site.ttl"]\nshapes = ["shapes.ttl"]\nqueries = "questions"\n',
        "questions/pages.rq": "# expect: at least 1 row\nSELECT ?page { ?page a ?class }\n",
        "content/a.md": page("A"),
        "content/b.md": page("B"),
        "content/.hidden.md": page("Hidden"),
        "content/.git/c.md": page("C"),
        "content/.notes/d.md": page("D"),
        "content/e.qmd": page("E"),
        "content/f.Rmd": page("F"),
        "content/g.md": "Title: G\nDate: 2026-01-02\n\nText.\n",
        "content/h.md": "# A page\n",
        "content/._a.md": "\x00\x05",
        "content/i.png": "no text",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_counts_what_it_did_not_read_and_says_what_would(command: str, site: Path) -> None:
    done = owltype(*COMMANDS[command], cwd=site)
    assert done.status == 0, done.stderr
    assert "1 .Rmd, 1 .qmd, 2 hidden, 1 hidden folder, 1 no front matter, 1 with Pelican metadata" in done.stderr
    assert "--include '**/*.Rmd' --include '**/*.qmd'" in done.stderr


def exported(site: Path, *options: str) -> list[str]:
    """Export, and list the titles of the records."""
    done = owltype("export", "content", "-f", "ntriples", *options, cwd=site)
    assert done.status == 0, done.stderr
    return sorted(line.split('"')[1] for line in done.stdout.splitlines() if '"' in line)


@pytest.mark.parametrize(
    ("include", "titles"),
    [
        (("**/*.qmd",), ["E"]),
        (("**/*.md",), ["A", "B", "Hidden"]),
        (("content/**",), ["A", "B"]),
        (("content/*",), ["A", "B"]),
        (("**/.hidden.md",), ["Hidden"]),
        ((".notes/**",), ["D"]),
        (("**/*.md", "**/*.qmd", "**/*.Rmd"), ["A", "B", "E", "F", "Hidden"]),
    ],
)
def test_include_takes_what_it_writes_out(include: tuple[str, ...], titles: list[str], site: Path) -> None:
    assert (
        exported(site, *(word for glob in include for word in ("--include", glob)), "--exclude", "**/[.]_*", "--exclude", "._a.md")
        == titles
    )


def test_excluded_files_are_not_counted(site: Path) -> None:
    done = owltype("export", "content", "-o", "out.ttl", "--exclude", "**/.*", "--exclude", "**/*.qmd", "--exclude", "**/*.Rmd", cwd=site)
    assert "2 skipped (1 no front matter, 1 with Pelican metadata)" in done.stderr


@pytest.mark.parametrize(
    ("name", "why"), [(".hidden", 'the file "content/.hidden.md" would be, but it is hidden'), ("e", "has an ending that is not read")]
)
def test_reference_to_a_record_that_was_left_out_says_so(name: str, why: str, site: Path) -> None:
    (site / "content/z.md").write_text(page("Z", f"see: {name.strip('.')}"))
    done = owltype("export", "content", "-o", "out.ttl", cwd=site)
    assert done.status == 1
    assert "MAP-REFERENCE" in done.stderr
    assert why in done.stderr


def test_folder_of_other_endings_alone_says_what_would_read_them(tmp_path: Path, site: Path) -> None:
    (tmp_path / "only").mkdir()
    (tmp_path / "only/a.qmd").write_text(page("A"))
    done = owltype("export", "only", "-o", "out.ttl", cwd=site)
    assert done.status == 2
    assert "1 file was skipped (1 .qmd); files that end in .qmd are read with --include '**/*.qmd'" in done.stderr
