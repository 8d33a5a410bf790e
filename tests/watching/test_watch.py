"""`--watch` with real processes: whatever happens to the files, it ends in the state that a run without it and without a cache gives."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import OWLTYPE, PATIENCE, ROOT, clean_environment, owltype

pytestmark = pytest.mark.slow

ONTOLOGY = """\
@prefix ex: <https://example.org/> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/> a owl:Ontology ; owl:imports <file://{imported}> .
ex:Note a owl:Class ; map:owlType "Note" ; map:iri "https://example.org/{{title|slug}}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Note ; rdfs:range xsd:string ; map:key "title" .
"""
IMPORTED = """\
@prefix ex: <https://example.org/> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:size a owl:DatatypeProperty ; rdfs:domain ex:Note ; rdfs:range xsd:integer ; map:key "size" .
"""
SHAPES = """\
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ; sh:property [ sh:path ex:title ; sh:maxLength 20 ] .
"""


def note(title: str, more: str = "") -> str:
    return f"---\nowlType: Note\ntitle: {title}\n{more}---\nText.\n"


class Site:
    """A project in a folder, and a run over it that goes on."""

    def __init__(self, folder: Path, command: str) -> None:
        self.folder = folder / "site"
        self.command = command
        (self.folder / "ontology").mkdir(parents=True)
        (folder / "elsewhere").mkdir()
        self.write("ontology/notes.ttl", ONTOLOGY.format(imported=folder / "elsewhere" / "more.ttl"))
        (folder / "elsewhere" / "more.ttl").write_text(IMPORTED)
        self.write("shapes/notes.ttl", SHAPES)
        self.write("owltype.toml", f'paths = ["content"]\noutput = "graph.nt"\nhandlers = {[]}\n')
        for name in "abc":
            self.write(f"content/{name}.md", note(f"Note {name}", "size: 3\n"))
        self.lines: list[str] = []
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(self, *options: str) -> None:
        report = ["--report", "jsonl:found.jsonl", "--exit-zero"] if self.command == "validate" else []
        self._process = subprocess.Popen(
            [*OWLTYPE, self.command, *report, *options, "--watch"],
            cwd=self.folder,
            env=clean_environment(self.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait(lambda: any("watching" in line for line in self.lines))
        assert not any(line.startswith("owltype: ") for line in self.lines), "".join(self.lines)

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self.lines.append(line)

    def wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until, "".join(self.lines)
            assert self._process is not None
            assert self._process.poll() is None, "".join(self.lines)
            time.sleep(0.02)
        assert "Traceback" not in "".join(self.lines), "".join(self.lines)

    def settles(self) -> None:
        """Wait until the product is that of a cold run, of another process."""
        if self.command == "export":
            cold = owltype("export", "--no-cache", "-o", "../cold.nt", cwd=self.folder, environment=self.environment)
            wanted, product = (self.folder.parent / "cold.nt"), self.folder / "graph.nt"
        else:
            cold = owltype(
                "validate", "--no-cache", "--report", "jsonl:../cold.jsonl", "--exit-zero", cwd=self.folder, environment=self.environment
            )
            wanted, product = (self.folder.parent / "cold.jsonl"), self.folder / "found.jsonl"
        if cold.status == 2:
            said = cold.stderr.splitlines()[-1]
            self.wait(lambda: any(line.rstrip() == said for line in self.lines))
        else:
            self.wait(lambda: product.is_file() and product.read_bytes() == wanted.read_bytes())

    def end(self, number: int = signal.SIGINT) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        status = self._process.wait(PATIENCE)
        self._reader.join()
        assert "Traceback" not in "".join(self.lines), "".join(self.lines)
        return status

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._reader.join()


@pytest.fixture(params=["export", "validate"])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    made = Site(tmp_path, request.param)
    yield made
    made.kill()


@pytest.fixture
def exported(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, "export")
    yield made
    made.kill()


def edit(site: Site) -> None:
    site.write("content/a.md", note("Another title that is far too long", "size: x\n"))


def edit_by_renaming(site: Site) -> None:
    site.write("content/.a.md.swp", "of an editor")
    site.write("content/a.md~", note("An older title"))
    site.write("content/new", note("Another title that is far too long"))
    (site.folder / "content/new").replace(site.folder / "content/a.md")


def add_rename_and_remove(site: Site) -> None:
    site.write("content/d.md", note("Note d", "size: y\n"))
    (site.folder / "content/a.md").rename(site.folder / "content/e.md")
    (site.folder / "content/b.md").unlink()


def add_folders(site: Site) -> None:
    site.write("content/deep/er/still/f.md", note("A title that is far too long here"))


def add_in_an_added_folder(site: Site) -> None:
    site.write("content/deep/f.md", note("Note f"))
    site.settles()
    site.write("content/deep/g.md", note("A title that is far too long here"))


def move_a_folder_in_and_out(site: Site) -> None:
    site.write("aside/h.md", note("A title that is far too long here"))
    (site.folder / "aside").rename(site.folder / "content/inside")
    site.settles()
    (site.folder / "content/inside").rename(site.folder / "aside")


def remove_all_and_put_it_back(site: Site) -> None:
    shutil.copytree(site.folder / "content", site.folder / "copy")
    shutil.rmtree(site.folder / "content")
    site.settles()
    (site.folder / "copy").rename(site.folder / "content")
    site.settles()
    site.write("content/i.md", note("A title that is far too long here"))


def change_the_ontology(site: Site) -> None:
    path = site.folder / "ontology/notes.ttl"
    path.write_text(path.read_text().replace('"title"', '"titel"'))


def break_the_ontology_and_heal_it(site: Site) -> None:
    path = site.folder / "ontology/notes.ttl"
    text = path.read_text()
    path.write_text(text + "ex:broken")
    site.settles()
    edit(site)
    path.write_text(text)


def change_what_is_imported(site: Site) -> None:
    path = site.folder.parent / "elsewhere/more.ttl"
    path.write_text(path.read_text().replace('"size"', '"length"'))


def remove_what_is_imported_and_put_it_back(site: Site) -> None:
    path = site.folder.parent / "elsewhere/more.ttl"
    text = path.read_text()
    path.unlink()
    site.settles()
    path.write_text(text.replace('"size"', '"length"'))


def change_the_shapes(site: Site) -> None:
    site.write("shapes/notes.ttl", SHAPES.replace("20", "3"))


def add_shapes(site: Site) -> None:
    site.write("shapes/more.ttl", SHAPES.replace("NoteShape", "More").replace("20", "3"))


def change_the_settings(site: Site) -> None:
    site.write("owltype.toml", 'paths = ["content", "more"]\noutput = "graph.nt"\nexclude = ["**/b.md"]\n')
    site.write("more/j.md", note("A title that is far too long here"))
    site.settles()
    site.write("more/k.md", note("Note k"))


def break_the_settings_and_heal_them(site: Site) -> None:
    site.write("owltype.toml", "paths = [")
    site.settles()
    edit(site)
    site.write("owltype.toml", 'paths = ["content"]\noutput = "graph.nt"\n')


def ignore(site: Site) -> None:
    site.write(".gitignore", "a.md\n")
    site.settles()
    site.write("content/.gitignore", "b.md\n!a.md\n")


def write_in_halves(site: Site) -> None:
    with (site.folder / "content/a.md").open("w") as file:
        file.write("---\nowlType: Note\ntitle: 'A ti")
        file.flush()
        site.settles()
        file.write("tle that is far too long here'\n---\n")


def clear_the_cache(site: Site) -> None:
    shutil.rmtree(site.folder / ".owltype_cache")
    edit(site)


def link_a_file(site: Site) -> None:
    target = site.folder.parent / "elsewhere/l.md"
    target.write_text(note("Note l"))
    (site.folder / "content/l.md").symlink_to(target)
    site.settles()
    target.write_text(note("A title that is far too long here"))


def many(site: Site) -> None:
    for number in range(300):
        site.write(f"content/part{number % 7}/{number}.md", note("A title that is far too long" if number % 3 else "Short"))
    for number in range(0, 300, 5):
        (site.folder / f"content/part{number % 7}/{number}.md").unlink()


CHANGES = [
    *(edit, edit_by_renaming, add_rename_and_remove, add_folders, add_in_an_added_folder, move_a_folder_in_and_out),
    *(remove_all_and_put_it_back, change_the_ontology, break_the_ontology_and_heal_it, change_what_is_imported),
    *(remove_what_is_imported_and_put_it_back, change_the_shapes, add_shapes, change_the_settings, break_the_settings_and_heal_them),
    *(ignore, write_in_halves, clear_the_cache, link_a_file, many),
]


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_ends_in_the_state_of_a_cold_run(site: Site, change: Callable[[Site], None]) -> None:
    site.start()
    site.settles()
    change(site)
    site.settles()
    assert site.end() == 130


def test_edits_are_seen_one_after_the_other(exported: Site) -> None:
    exported.start()
    for change in (edit, add_in_an_added_folder, change_what_is_imported, break_the_settings_and_heal_them):
        change(exported)
        exported.settles()
    assert exported.end(signal.SIGTERM) == 143
    assert any("content/a.md has changed" in line for line in exported.lines)


def test_a_product_that_is_gone_is_made_again_and_one_that_is_written_starts_nothing(exported: Site) -> None:
    exported.start()
    (exported.folder / "graph.nt").unlink()
    exported.settles()
    exported.write("content/z.md", note("Note z"))
    exported.settles()
    runs = len([line for line in exported.lines if "done in" in line])
    assert runs <= 3  # a run per change, and no more, though each writes below the root
    time.sleep(0.5)
    assert len([line for line in exported.lines if "done in" in line]) == runs


def test_an_edit_during_a_run_is_not_missed(exported: Site) -> None:
    for number in range(400):
        exported.write(f"content/many/{number}.md", note(f"Note {number}"))
    exported.start()
    for turn in range(3):
        shutil.rmtree(exported.folder / ".owltype_cache")
        exported.write("content/a.md", note(f"Turn {turn}"))
        for part in range(20):
            exported.write(f"content/many/{part}.md", note(f"Turn {turn} part {part}"))
            time.sleep(0.02)
        exported.settles()


def test_the_code_of_a_handler_that_changes_is_loaded_anew(exported: Site) -> None:
    handler = (
        "import re\nfrom frontmatter.default_handlers import YAMLHandler\n\nclass Handler(YAMLHandler):\n"
        "    FM_BOUNDARY = re.compile('^={4,}$', re.M)\n    START_DELIMITER = END_DELIMITER = '===='\n"
        "    def load(self, fm, **kwargs):\n        return {**super().load(fm, **kwargs), 'title': 'WORD'}\n"
    )
    plugins = exported.folder.parent / "plugins"
    plugins.mkdir()
    (plugins / "own_handler.py").write_text(handler)
    exported.write("owltype.toml", 'paths = ["content"]\noutput = "graph.nt"\nhandlers = ["own_handler:Handler"]\n')
    exported.write("content/h.md", "====\nowlType: Note\ntitle: x\n====\n")
    exported.environment = {"PYTHONPATH": f"{ROOT}:{plugins}"}
    exported.start()
    exported.settles()
    assert "WORD" in (exported.folder / "graph.nt").read_text()
    (plugins / "own_handler.py").write_text(handler.replace("WORD", "OTHER"))
    exported.settles()
    assert "OTHER" in (exported.folder / "graph.nt").read_text()
    edit(exported)
    exported.settles()


@pytest.mark.slow
def test_a_branch_switch_of_many_files(site: Site) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=site.folder, check=True, capture_output=True)

    for number in range(2000):
        site.write(f"content/{number % 40}/{number}.md", note(f"Note {number}"))
    site.write(".gitignore", ".owltype_cache\ngraph.nt\nfound.jsonl\n")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("switch", "-qc", "other")
    for number in range(2000):
        if number % 10:
            site.write(f"content/{number % 40}/{number}.md", note(f"Other {number} {'and long' * (number % 4)}"))
        else:
            (site.folder / f"content/{number % 40}/{number}.md").unlink()
    git("commit", "-qam", "two")
    site.start()
    for branch in ("main", "other", "main"):
        git("switch", "-q", branch)
        site.settles()
    assert site.end() == 130


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["export"], "standard output (name a file with -o)"),
        (["export", "-o", "graph.nt", "--check"], "--check"),
        (["export", "--store", "store"], "--store"),
        (["export", "-o", "graph", "--runner", "spark"], "--runner spark"),
        (["export", "-o", "graph.nt", "-"], "standard input"),
        (["export", "-o", "graph.nt", "--output-format", "json"], "--report NAME:FILE"),
        (["validate", "--changed-since", "HEAD"], "--changed-since"),
        (["validate", "--baseline", "b.json", "--update-baseline"], "--update-baseline"),
        (["validate", "--output-format", "turtle"], "--report NAME:FILE"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_done_again_and_again_is_refused(tmp_path: Path, command: list[str], said: str) -> None:
    site = Site(tmp_path, command[0])
    site.write("owltype.toml", 'paths = ["content"]\n')
    done = owltype(*command, "--watch", cwd=site.folder)
    assert done.status == 2
    assert said in done.stderr


def test_a_command_that_is_wrong_from_the_start_ends(tmp_path: Path) -> None:
    site = Site(tmp_path, "export")
    assert owltype("export", "missing", "-o", "graph.nt", "--ontology", "no.ttl", "--formt", "--watch", cwd=site.folder).status == 2
