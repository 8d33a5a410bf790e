"""A folder full of modules named like everything that the program imports runs none of them, whatever is done in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.modules import modules
from tests.running import ROOT

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

TURTLE = """@prefix ex: <https://e.org/> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Note a owl:Class ; rdfs:label "Note" ; map:owlType "note" ; map:iri "https://e.org/{slug}" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Note ; rdfs:range xsd:string ; map:key "title" .
"""
SHAPES = """@prefix ex: <https://e.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ; sh:property [ sh:path ex:title ; sh:minCount 1 ; sh:pattern "^N" ] .
"""
DATA = """<https://e.org/n0> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://e.org/Note> .
<https://e.org/n0> <https://e.org/title> "Note 0" .
"""
QUERY = "SELECT ?title { ?note <https://e.org/title> ?title } LIMIT 1"
FILES = 200  # as many as make `-j 2` start processes
COMMANDS = (
    ("export", "notes", "-j", "2", "-o", "out.ttl"),
    ("export", "notes", "-j", "2", "-f", "jsonld", "-o", "out.jsonld.gz"),
    ("export", "notes", "--split", "class", "-o", "parts"),
    ("validate", "notes", "--engine", "both", "-j", "2", "--report", "html:report.html", "--report", "junit:report.xml"),
    ("validate", "notes", "--engine", "pyshacl", "--output-format", "sarif"),
    ("validate", "data.nt", "--engine", "both"),
    ("query", "-d", "data.nt", QUERY),
    ("query", "-d", "notes", QUERY),
    ("query", "-d", "notes", "titles"),
    ("test",),
    ("coverage", "notes"),
    ("gen", "context"),
    ("explain", "SH-PATTERN"),
    ("--version",),
    ("--help",),
)


def imported_names() -> set[str]:
    """Name what the program or what it uses may import: every module of Python's, and of what is installed here."""
    installed = {path.name.partition(".")[0] for entry in sys.path if entry.endswith("site-packages") for path in Path(entry).iterdir()}
    direct = {name.split(".")[0] for module in modules() for name, _ in module.imports()}
    optional = {
        "zstandard",
        "orjson",
        "lxml",
        "pyduktape2",
        "usercustomize",
        "sitecustomize",
        "berkeleydb",
        "isodate",
        "html5lib",
        "chardet",
    }
    return {name for name in {*sys.stdlib_module_names, *installed, *direct, *optional} if name.isidentifier()} - {"exporter"}


def run_by_python_m() -> set[str]:
    """Name what `python -m` itself looks for in the current folder, before it starts any program (docs/security.md)."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import runpy, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("stranger"), imported_names())


@pytest.fixture(scope="module")
def folder_for_python_m(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("stranger"), imported_names() - run_by_python_m())


def make_folder(site: Path, names: set[str]) -> Path:
    """Make a folder as a stranger's pull request may leave it."""
    for name in names:
        code = f"open({str(site / 'marker')!r}, 'a').write({name + chr(10)!r})\n"
        (site / f"{name}.py").write_text(code)
    (site / "evil-1.0.dist-info").mkdir()
    groups = ("owltype.handlers", "owltype.conversions", "rdf.plugins.parser", "rdf.plugins.store", "rdf.plugins.serializer")
    entries = "".join(f"[{group}]\nevil = json:loads\n" for group in groups)
    (site / "evil-1.0.dist-info" / "entry_points.txt").write_text(entries)
    (site / "evil-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (site / "ontology.ttl").write_text(TURTLE)
    (site / "shapes.ttl").write_text(SHAPES)
    (site / "owltype.toml").write_text('paths = "notes"\nontology = "ontology.ttl"\nshapes = "shapes.ttl"\n')
    notes = site / "notes"
    notes.mkdir()
    for number in range(FILES):
        (notes / f"{number}.md").write_text(f"---\nowlType: note\nslug: n{number}\ntitle: Note {number}\n---\n")
    (site / "data.nt").write_text(DATA)
    (site / "queries").mkdir()
    (site / "queries" / "titles.rq").write_text(f"# description: One title.\n# expect: at least 1 row\n{QUERY}\n")
    return site


def run(folder: Path, command: Sequence[str], **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OWLTYPE_", "PYTHON"))}
    return subprocess.run(
        command, cwd=folder, env={**inherited, "NO_COLOR": "1", **variables}, capture_output=True, text=True, check=False, timeout=120
    )


def ran(folder: Path) -> str:
    marker = folder / "marker"
    text = marker.read_text() if marker.exists() else ""
    marker.unlink(missing_ok=True)
    return text


OWLTYPE = Path(sys.executable).parent / "owltype"


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_the_command_runs_nothing_of_the_folder(folder: Path, arguments: Sequence[str]) -> None:
    done = run(folder, [str(OWLTYPE), *arguments], PYTHONPATH=str(ROOT))
    assert ran(folder) == "", done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_python_m_exporter_runs_nothing_of_the_folder(folder_for_python_m: Path, arguments: Sequence[str]) -> None:
    done = run(folder_for_python_m, [sys.executable, "-m", "exporter", *arguments], PYTHONPATH=str(ROOT))
    assert ran(folder_for_python_m) == "", done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_entry_in_pythonpath_is_not_the_current_folder(tmp_path: Path) -> None:
    """`PYTHONPATH=$PYTHONPATH:/more` has one where the variable was empty; nobody meant the current folder."""
    (tmp_path / "click.py").write_text("open('marker', 'w').write('click')")
    done = run(tmp_path, [str(OWLTYPE), "explain", "SH-PATTERN"], PYTHONPATH=os.pathsep + str(ROOT))
    assert (done.returncode, ran(tmp_path)) == (0, ""), done.stderr


def test_a_folder_that_pythonpath_names_is_searched(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("open('marker', 'w').write('click')")
    run(tmp_path, [str(OWLTYPE), "explain", "SH-PATTERN"], PYTHONPATH=os.pathsep.join([".", str(ROOT)]))
    assert ran(tmp_path) == "click"


WITHOUT_FORK = "import exporter.outcomes.process_pool as pool; pool.forks = lambda: False; from exporter.cli import main; main()"


def test_workers_that_are_new_programs_run_nothing_of_the_folder(folder: Path) -> None:
    """As they are started where processes can't fork: macOS."""
    for jobs in ("1", "2"):
        command = [sys.executable, "-P", "-c", WITHOUT_FORK, "export", "notes", "-j", jobs, "-o", f"jobs-{jobs}.ttl"]
        done = run(folder, command, PYTHONPATH=str(ROOT))
        assert (done.returncode, ran(folder)) == (0, ""), done.stderr
    assert (folder / "jobs-1.ttl").read_bytes() == (folder / "jobs-2.ttl").read_bytes()
