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
    (tmp_path / "owltype.toml").write_text('handlers = ["own_handlers:EqualsHandler"]\nontology = "medigy"\nshapes = "medigy"\n')
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


@pytest.mark.parametrize(
    "name",
    [
        "json:JSONDecoder",
        "subprocess:Popen",  # a class, which would run a program
        "antigravity:geohash",  # opens a browser when it is imported
        "os.path:join",
        "idlelib.__main__:main",
        "exporter.__main__:main",
        "click:echo",
        "click:Command",
        "yaml:SafeLoader",
        "own_handlers:touch",
        "own_handlers:Touch",
        "own_handlers:TouchMaker",
        "own_handlers:re",
    ],
)
def test_what_is_not_a_handler_is_said_and_not_called(name: str, site: Path) -> None:
    with (site / "own_handlers.py").open("a") as file:
        file.write(TOUCHING)
    (site / "owltype.toml").write_text(f'handlers = ["{name}"]\nontology = "medigy"\n')
    done = owltype("export", "a.md", "-f", "nt", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}", "BROWSER": f"touch {site}/called"})
    assert (done.status, done.stderr) == (2, f'owltype: the handler "{name}" gives no python-frontmatter handler\n')
    assert not (site / "called").exists()


TOUCHING = """
def touch(*arguments):
    open("called", "w").close()

class Touch:
    __init__ = touch

class Meta(type):
    __call__ = touch

class TouchMaker(metaclass=Meta):
    pass
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('not today')", "can't be imported: not today; name it as module:Class, installed or on PYTHONPATH"),
        ("raise SystemExit", "can't be imported: SystemExit; name it as module:Class, installed or on PYTHONPATH"),
        ("import sys; sys.exit(0)", "can't be imported: 0; name it as module:Class, installed or on PYTHONPATH"),
        (HANDLER + "    def __init__(self, name): pass", "can't be made: "),
        (HANDLER + "    def __init__(self): raise KeyError('x')", "can't be made: 'x'; it is called without arguments"),
    ],
)
def test_what_a_handler_does_wrong_is_said(code: str, said: str, site: Path) -> None:
    (site / "own_handlers.py").write_text(code)
    done = owltype("export", "a.md", "-f", "nt", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}"})
    assert done.status == 2
    assert done.stderr.startswith(f'owltype: the handler "own_handlers:EqualsHandler" {said}')


def test_the_environment_can_leave_out_what_the_settings_name(site: Path) -> None:
    """What CI sets for the settings files of strangers (docs/security.md)."""
    done = owltype("export", "a.md", "-f", "nt", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}", "OWLTYPE_HANDLERS": ""})
    assert done.status == 2
    assert "a.md:1:1: error READ-NOTHING the file was named, but gives nothing to read: no front matter" in done.stderr


def test_what_a_handler_read_is_read_by_it_again_for_the_places_of_problems(site: Path) -> None:
    done = owltype("validate", "a.md", "--output-format", "concise", cwd=site, environment={"PYTHONPATH": f"{ROOT}:{site}"})
    assert done.status == 1, done.stderr
    missing = [line for line in done.stdout.splitlines() if "SH-MIN-COUNT" in line]
    assert "a.md:2:1: error SH-MIN-COUNT title: required key 'title' is missing" in missing, done.stdout
