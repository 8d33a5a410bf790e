"""`owltype init --yes`, then `export`, `validate` and `check`, on whole sites that others wrote, without an edit.

Each folder in `cases` is a site (`site/`) as its author keeps it, written before `init` was, with `truth.json`: the address of the page
that the site's own tool wrote for each file, found in its built output, and the references that a person sees. `open.txt` lists what is
otherwise today: it can only become less. `pytest tests/strangers --update` writes it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exporter.project import make_project
from tests.cases import Snapshot, discover
from tests.running import owltype
from tests.strangers.comparing import differences, read_graph, read_truth

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


@pytest.mark.slow
@discover(__file__, least=8)
def test_a_site_becomes_a_graph(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot) -> None:
    site = shutil.copytree(case / "site", tmp_path / case.name)
    assert owltype("init", "--yes", cwd=site).status == 0
    again = owltype("init", "--yes", cwd=site)
    assert (again.status, again.stdout) == (0, "")
    runs = [
        owltype("export", "-o", "graph.nt", "--output-format", "concise", cwd=site),
        owltype("validate", "--output-format", "concise", cwd=site),
        owltype("check", "--output-format", "concise", cwd=site),
    ]
    assert all(run.status in {0, 1} for run in runs), "".join(run.stderr for run in runs)
    monkeypatch.chdir(site)
    graph = read_graph(make_project(), (site / "graph.nt").read_text("utf-8"), "".join(run.stdout + run.stderr for run in runs))
    snapshot({case / "open.txt": "".join(f"{line}\n" for line in differences(read_truth(case / "truth.json"), graph))})
