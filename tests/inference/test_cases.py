"""Each folder in `cases` is somebody's site, and what `owltype init --yes` makes of it.

`site/` is the site as its tool takes it. `addresses.txt` has the address of each page that the tool itself wrote for a record, below
the site's own, and `unwritten.txt` those that records get for which it wrote none (drafts, permalinks that a program fills in).
`problems.txt` has what is wrong with the records. `expected/` holds what is written and `said.txt` what is said; `pytest
tests/inference --update` writes it anew: read it before it is committed.

What is written has to work without an edit: every record is exported, and validation finds what is known to be wrong, and nothing else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from exporter import export, infer, validate
from exporter.cli.ending import run
from exporter.project import make_project
from exporter.rdf.terms import RDF_TYPE, Statement
from tests.cases import Snapshot, discover

each_case = discover(__file__, least=8)


@contextmanager
def standing_in(case: Path) -> Iterator[Path]:
    """Stand in a copy of a case's site, which is called after the case."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(shutil.copytree(case / "site", Path(folder, case.name)))
        try:
            yield Path.cwd()
        finally:
            os.chdir(before)


def lines(file: Path) -> list[str]:
    """Read a list of addresses; there may be none."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


@each_case
def test_a_start_is_what_is_expected(case: Path, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    with standing_in(case) as folder:
        assert run(["init", "--yes"]) == 0
        said = capsys.readouterr()
        assert said.out == ""
        texts = {"said.txt": said.err} | {
            name: (folder / path).read_text("utf-8")
            for name, path in (
                ("owltype.toml", "owltype.toml"),
                ("ontology.ttl", f"ontology/{case.name}.ttl"),
                ("shapes.ttl", f"shapes/{case.name}.ttl"),
            )
        }
    snapshot({case / "expected" / name: text for name, text in texts.items()})


@each_case
def test_every_record_is_exported_at_the_address_of_its_page(case: Path) -> None:
    with standing_in(case):
        assert run(["init", "--yes", "-q"]) == 0
        start, project = infer(), make_project()
        site = start.site.address
        assert not project.plan().ontology.problems
        statements: list[Statement] = []
        account = export((), statements, project=project)
        found = validate(project=project)
    assert account.rejected == 0
    assert account.exported == start.records
    assert not account.unmapped
    kinds = {f"{site}/ns#{each.name}" for each in start.model.classes if each.is_of_records}
    typed = [(str(s.value), str(o.value)) for s, p, o in statements if p == RDF_TYPE]
    records = {subject for subject, kind in typed if kind in kinds}
    addresses = {iri.removeprefix(site) for iri in records}
    written = [quote(address, safe="/!$&'()*+,;=:@") for address in lines(case / "addresses.txt")]
    written += [quote(address, safe="/!$&'()*+,;=:@#") for address in lines(case / "unwritten.txt")]  # entries of data files have parts
    assert sorted(addresses) == sorted(written)
    known = [f"{problem.location.path}:{problem.location.line}: {problem.code} {problem.key}" for problem in found.problems]
    assert known == lines(case / "problems.txt")


@each_case
def test_a_second_run_has_nothing_to_propose(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with standing_in(case) as folder:
        assert run(["init", "--yes"]) == 0
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        capsys.readouterr()
        assert run(["init", "--yes"]) == 0
        assert "nothing to propose" in capsys.readouterr().err
        assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
