"""A user's own front-matter format plugs in by a setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import ROOT, owltype

HANDLER = """
import re
from frontmatter.default_handlers import BaseHandler

class EqualsHandler(BaseHandler):
    FM_BOUNDARY = re.compile(r"^={3,}$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "==="

    def load(self, fm, **kwargs):
        return dict(line.split(" = ", 1) for line in fm.strip().splitlines())
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A record in a format of the user's own."""
    (tmp_path / "own_handlers.py").write_text(HANDLER)
    (tmp_path / "owltype.toml").write_text('handlers = ["own_handlers:EqualsHandler"]\n')
    (tmp_path / "a.md").write_text("===\nowlType = Medigy Communities\nslug = a\nbasePath = /c/\nheadline = A\n===\nBody\n")
    return tmp_path


def test_a_handler_on_the_path_reads_its_format(site: Path) -> None:
    done = owltype("export", "a.md", "-f", "nt", "--exit-zero", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}"})
    assert done.status == 0, done.stderr
    assert "1 exported" in done.stderr


def test_a_handler_in_the_project_alone_is_not_run(site: Path) -> None:
    done = owltype("export", "a.md", "-f", "nt", cwd=site, environment={"PYTHONSAFEPATH": "1"})
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith('owltype: the handler "own_handlers:EqualsHandler" can\'t be imported: ')


def test_what_is_no_handler_is_said(site: Path) -> None:
    (site / "owltype.toml").write_text('handlers = ["json:JSONDecoder"]\n')
    done = owltype("export", "a.md", "-f", "nt", cwd=site)
    assert (done.status, done.stderr) == (2, 'owltype: the handler "json:JSONDecoder" gives no python-frontmatter handler\n')


def test_what_a_handler_read_is_read_by_it_again_for_the_places_of_problems(site: Path) -> None:
    done = owltype("validate", "a.md", "--output-format", "concise", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}"})
    assert done.status == 1, done.stderr
    missing = [line for line in done.stdout.splitlines() if "SH-MIN-COUNT" in line]
    assert "a.md:2:1: error SH-MIN-COUNT title: the key 'title' is missing: add \"title: …\"" in missing, done.stdout
