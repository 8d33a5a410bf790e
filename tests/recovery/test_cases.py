"""Each folder in `cases` is an ontology, some records, and `verified.txt`: what `export --verify` says of them.

The first lines are the account, then come the problems.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exporter.cli.verifying import describe_verification
from exporter.project import make_project
from exporter.recovery.verifying import Verification, verify
from tests.cases import Snapshot, discover, find
from tests.data import DIGITALGOV, OBOFOUNDRY, SEED, needs
from tests.running import ROOT

MAPPED = find(str(ROOT / "tests" / "mapping" / "test_cases.py"), least=30)
PAGE = ROOT / "docs" / "restoring.md"


def verify_case(case: Path) -> tuple[Verification, list[str]]:
    """Verify the export of a copy of a case, where its paths are as its user would write them."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(shutil.copytree(case, Path(folder, "case")))
        try:
            settings = "owltype.toml" if Path("owltype.toml").exists() else None
            project = make_project("content", config=settings, ontology="ontology.ttl", cache=False, jobs=1)
            found = verify(project)
            return found, [*describe_verification(found, project.tree)]
        finally:
            os.chdir(before)


@discover(__file__)
def test_verified_as_expected(case: Path, snapshot: Snapshot) -> None:
    found, said = verify_case(case)
    problems = [f"{each.location} {each.severity} {each.code} {each.message}; {each.help}" for each in found.problems]
    snapshot({case / "verified.txt": "\n".join([*said, *problems]) + "\n"})


@pytest.mark.slow
@pytest.mark.parametrize("case", MAPPED, ids=lambda case: case.name)
def test_every_value_of_every_mapping_case_is_accounted_for(case: Path) -> None:
    found, _ = verify_case(case)
    assert found.records
    assert found.values == found.returned + sum(each.count for each in found.lost)


ROWS = {
    "the record of the issue": (SEED, "medigy"),
    "Medigy's examples": (ROOT / "examples" / "medigy" / "content", "medigy"),
    "digital.gov": (DIGITALGOV / "content", str(ROOT / "examples" / "digitalgov" / "ontology.ttl")),
    "OBO Foundry": (OBOFOUNDRY / "ontology", str(ROOT / "examples" / "obofoundry" / "ontology.ttl")),
}


@pytest.mark.slow
@needs(SEED, DIGITALGOV, OBOFOUNDRY)
def test_page_shows_what_comes_back_of_real_sites(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, end = "<!-- measured: verify -->\n", "<!-- end measured -->\n"
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    rows = [
        "| records of | records | values | come back | without their order | written otherwise | on purpose | lost |\n",
        "|---|---|---|---|---|---|---|---|\n",
    ]
    for name, (place, ontology) in ROWS.items():
        monkeypatch.chdir(place.parent)
        found = verify(make_project(place.name, ontology=ontology, cache=False))
        counts = [found.count(kind) for kind in ("order", "otherwise", "on purpose", "lost")]
        rows.append(f"| {name} | {' | '.join(f'{count:,}' for count in (found.records, found.values, found.returned, *counts))} |\n")
    snapshot({PAGE: before + begin + "".join(rows) + end + rest.partition(end)[2]})
