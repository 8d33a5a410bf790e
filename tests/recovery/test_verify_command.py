"""`owltype export --verify` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import owltype

CASE = Path(__file__).parent / "cases" / "every-reason"

pytestmark = pytest.mark.slow  # whole commands: `make test` leaves them out, `make test-all` and CI run them


def _export(folder: Path, *options: str) -> tuple[int, str, bytes]:
    output = folder / "graph.ttl"
    done = owltype("export", "content", "--ontology", "ontology.ttl", "--no-cache", "-o", output, *options, cwd=CASE)
    return done.status, done.stderr, output.read_bytes()


def test_verifying_changes_nothing_of_the_export_and_fails_where_it_is_asked_to(tmp_path: Path) -> None:
    status, said, written = _export(tmp_path)
    assert "EXPORT-LOST" not in said
    verified, lost, same = _export(tmp_path, "--verify")
    assert written == same
    assert verified == status
    assert lost.count("EXPORT-LOST") == 10
    assert "verified 35 values of 3 records" in lost


def test_a_project_that_wants_all_to_come_back_fails_on_warnings(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nowlType: Recipe\ntitle: Soup\nshort: s\n---\n")
    command = ("export", tmp_path, "--ontology", CASE / "ontology.ttl", "--no-cache", "-o", "-", "--fail-on", "warning")
    assert owltype(*command, cwd=tmp_path).status == 0
    assert owltype(*command, "--verify", cwd=tmp_path).status == 1
