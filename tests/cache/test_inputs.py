"""A run knows the digest of its plan without compiling it, unless something changed that could change the plan: a case for each."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from exporter.cache.folder import Cache, open_cache
from exporter.cache.inputs import recall_digest
from exporter.cache.plan_inputs import keep_digest
from exporter.cache.stamps import GRANULARITY_NS
from exporter.plan.digest import plan_digest
from exporter.project import Caching, Project
from exporter.records.rules import ReadingRules
from exporter.system import versions
from exporter.tree import Tree
from tests.pipeline.test_plan_digest import HELPERS, WORDS

IMPORTING = "<https://example.org/words> <http://www.w3.org/2002/07/owl#imports> <more/deep.ttl> , <more/later.ttl> .\n"
LATER = "@prefix owl: <http://www.w3.org/2002/07/owl#> . <later.ttl> a owl:Ontology .\n"
ADDED = """@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:added rdfs:domain ex:Post ; rdfs:range <http://www.w3.org/2001/XMLSchema#string> ; map:key "added" .
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Make a project whose ontology is a folder, which imports a file that is there, and one that another file stands for."""
    ontology = tmp_path / "ontology"
    (ontology / "more").mkdir(parents=True)
    (ontology / "a.ttl").write_text(WORDS + IMPORTING)
    (ontology / "more" / "deep.ttl").write_text(ADDED.replace("added", "deep"))
    (ontology / "b.ttl").write_text(LATER.replace("<later.ttl>", "<more/later.ttl>"))
    return Project(ontology=("ontology",), tree=Tree(str(tmp_path), str(tmp_path)), cache=Caching())


@pytest.fixture(autouse=True)
def _standing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def cold(project: Project) -> str:
    return plan_digest(project.plan())


def keep(project: Project) -> str:
    plan = project.plan()
    assert keep_digest(project, open_cache(project), plan, plan_digest(plan))
    return plan_digest(plan)


def recall(project: Project) -> str | None:
    cache = open_cache(project)
    found = recall_digest(project, cache)
    assert not cache.notes
    return found


def test_the_digest_is_known_where_nothing_changed(project: Project) -> None:
    assert recall(project) is None
    kept = keep(project)
    assert recall(project) == kept


def touch(folder: Path) -> None:
    os.utime(folder / "ontology" / "a.ttl", (1, 1))


def copy(folder: Path) -> None:
    shutil.copytree(folder / "ontology", folder / "copied")
    shutil.rmtree(folder / "ontology")
    (folder / "copied").rename(folder / "ontology")


@pytest.mark.parametrize("change", [touch, copy])
def test_other_times_and_inodes_change_nothing(change: Callable[[Path], None], project: Project, tmp_path: Path) -> None:
    kept = keep(project)
    change(tmp_path)
    assert recall(project) == kept
    assert recall(project) == kept  # with the stamps that were taken then


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        before = path.stat()
        path.write_text(path.read_text().replace(old, new, 1))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # and sets the time back

    return change


def make_folder(folder: Path) -> None:
    (folder / "ontology" / "b.ttl").unlink()
    (folder / "ontology" / "b.ttl").mkdir()


def make_link(folder: Path) -> None:
    (folder / "other.ttl").write_text(WORDS + ADDED)
    (folder / "ontology" / "a.ttl").unlink()
    (folder / "ontology" / "a.ttl").symlink_to(folder / "other.ttl")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file of the ontology": edit("ontology/a.ttl", "headline", "headlines"),
    "a byte of it": edit("ontology/a.ttl", '"title"', '"titel"'),
    "a comment in it": edit("ontology/a.ttl", "\n", " # x\n"),
    "a file that it imports": edit("ontology/more/deep.ttl", '"deep"', '"deer"'),
    "a new file in its folder": lambda folder: (folder / "ontology" / "c.ttl").write_text(ADDED),
    "a file of its folder that is gone": lambda folder: (folder / "ontology" / "b.ttl").unlink(),
    "a file of its folder that is a folder": make_folder,
    "an import that was not there": lambda folder: (folder / "ontology" / "more" / "later.ttl").write_text(ADDED),
    "an import that is gone": lambda folder: (folder / "ontology" / "more" / "deep.ttl").unlink(),
    "a link in place of a file": make_link,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_files_makes_the_plan_be_compiled_again(change: str, project: Project, tmp_path: Path) -> None:
    if change == "a file of the ontology":
        edit("ontology/a.ttl", '"title"', '"headline"')(tmp_path)
    kept = keep(project)
    assert recall(project) == kept
    before = [path.read_bytes() for path in sorted(tmp_path.glob("ontology/**/*.ttl"))]
    CHANGES[change](tmp_path)
    assert [path.read_bytes() if path.is_file() else b"" for path in sorted(tmp_path.glob("ontology/**/*.ttl"))] != before
    assert recall(project) is None


SAID: dict[str, Callable[[Project], Project]] = {
    "ontology": lambda project: replace(project, ontology=("ontology/a.ttl",)),
    "constants": lambda project: replace(project, constants=(("site", "https://example.net"),)),
    "default class": lambda project: replace(project, default_class="Post"),
    "unmapped": lambda project: replace(project, unmapped="drop"),
    "handlers": lambda project: replace(project, handlers=("pelican",)),
    "duplicate keys": lambda project: replace(project, duplicate_keys="warn-if-equal"),
    "ambiguous references": lambda project: replace(project, ambiguous_references="nearest"),
    "file addresses": lambda project: replace(project, file_addresses=(("static", "/"),)),
    "reading": lambda project: replace(project, reading=ReadingRules(drafts="skip")),
    "contexts": lambda project: replace(project, reading=ReadingRules(json_ld=True, contexts=(("c", "{}"),))),
    "unclaimed": lambda project: replace(project, unclaimed="skip"),
    "where the user stands": lambda project: replace(project, tree=replace(project.tree, here="/")),
}
NOT_OF_THE_PLAN = {"paths", "selection", "jobs", "shapes", "imports", "cache"}


@pytest.mark.parametrize("said", SAID)
def test_what_the_project_says_is_in_the_name(said: str, project: Project) -> None:
    keep(project)
    assert recall(SAID[said](project)) is None


def test_every_field_of_a_project_is_in_the_name_or_has_no_part_in_the_plan() -> None:
    named = {said.replace(" ", "_") for said in SAID} | {"tree"}
    assert set(Project.__dataclass_fields__) - NOT_OF_THE_PLAN <= named


@pytest.mark.parametrize("field", ["paths", "shapes", "jobs"])
def test_what_has_no_part_in_the_plan_changes_nothing(field: str, project: Project) -> None:
    other = replace(project, **{field: 3 if field == "jobs" else ("x",)})  # type: ignore[arg-type]  # one of three
    kept = keep(project)
    assert recall(other) == kept


def test_the_build_of_owltype_and_of_python_are_in_the_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep(project)
    with monkeypatch.context() as patch:
        patch.setattr("exporter.cache.inputs.build", lambda: "9.9.9")
        assert recall(project) is None
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version", "3.99.0 (main)")
        assert recall(project) is None
    assert recall(project) == kept


def test_installed_packages_are_in_the_name(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may bring handlers; and readers of another version read otherwise."""
    site = tmp_path / "site"
    (site / "one-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(site)
    kept = keep(project)
    (site / "one-1.0.dist-info" / "entry_points.txt").write_text("[owltype.handlers]\n")
    assert recall(project) is None
    (site / "one-1.0.dist-info" / "entry_points.txt").unlink()
    assert recall(project) == kept
    (site / "one-1.0.dist-info").rename(site / "one-1.1.dist-info")
    assert recall(project) is None


def test_code_that_changed_is_another_build(tmp_path: Path) -> None:
    """The version stays while code changes."""
    package = shutil.copytree(
        Path(versions.__file__).parents[1], tmp_path / "work" / "exporter", ignore=shutil.ignore_patterns("__pycache__")
    )
    module: dict[str, object] = {"__name__": "copied", "__file__": str(package / "system" / "versions.py")}
    exec(compile((package / "system" / "versions.py").read_text(), "versions.py", "exec"), module)  # noqa: S102 - our own code, from a copy
    build = module["build"]
    assert callable(build)

    def built(record: str = "") -> str:
        build.cache_clear()  # type: ignore[attr-defined]  # as functools.cache gives it
        module["distribution"] = lambda _: SimpleNamespace(read_text=lambda _: record)
        return str(build())

    installed = {built(), built("exporter/text.py,sha256=abc,1"), built("exporter/text.py,sha256=abd,1")}
    (tmp_path / "work" / "pyproject.toml").write_text("")
    tree = {built()}
    os.utime(package / "text.py", (1, 1))
    tree.add(built())
    assert (len(installed), len(tree), len(installed | tree)) == (3, 2, 5)
    assert all(name.startswith(versions.version() + "+") for name in installed | tree)


@pytest.fixture
def plugged(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Give the project a handler of its own, whose code has rested."""
    code = tmp_path / "code"
    for name, text in HELPERS.items():
        (code / name).parent.mkdir(exist_ok=True, parents=True)
        (code / name).write_text(text)
    (tmp_path / "first").mkdir()
    monkeypatch.syspath_prepend(code)
    monkeypatch.syspath_prepend(tmp_path / "first")
    for name in list(sys.modules):
        if name.partition(".")[0].startswith("own_"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("exporter.cache.stamps.GRANULARITY_NS", 0)
    return replace(project, handlers=("own_notes:Notes",))


PLUGGED: dict[str, Callable[[Path], object]] = {
    "the handler": edit("code/own_notes.py", "clean(super()", "dict(super()"),
    "what it imports": edit("code/own_deep.py", "3", "4"),
    "what that imports": edit("code/own_parts/more.py", "return found", "return {**found}"),
    "a package that it is in": edit("code/own_parts/__init__.py", "", "y = 2"),
    "a new module beside it": lambda folder: (folder / "code" / "json.py").write_text(""),
    "a new module in a package": lambda folder: (folder / "code" / "own_parts" / "extra.py").write_text(""),
    "another module found first": lambda folder: (folder / "first" / "own_notes.py").write_text("from frontmatter import *\n"),
    "a handler that is gone": lambda folder: (folder / "code" / "own_notes.py").unlink(),
}


@pytest.mark.parametrize("change", PLUGGED)
def test_a_change_of_a_plug_in_makes_the_plan_be_compiled_again(change: str, plugged: Project, tmp_path: Path) -> None:
    kept = keep(plugged)
    forget_modules()
    assert recall(plugged) == kept
    PLUGGED[change](tmp_path)
    forget_modules()
    assert recall(plugged) is None


def forget_modules() -> None:
    """Be another process."""
    for name in [name for name in sys.modules if name.startswith("own_")]:
        del sys.modules[name]
    sys.path_importer_cache.clear()


def test_plug_ins_that_were_just_written_are_not_kept(plugged: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python has loaded may be older than what is there."""
    monkeypatch.setattr("exporter.cache.stamps.GRANULARITY_NS", GRANULARITY_NS)
    plan = plugged.plan()
    assert not keep_digest(plugged, open_cache(plugged), plan, plan_digest(plan))
    assert recall(plugged) is None


def test_an_ontology_that_changes_while_it_is_compiled_is_not_kept(project: Project, tmp_path: Path) -> None:
    plan = project.plan()
    edit("ontology/a.ttl", '"title"', '"headline"')(tmp_path)
    assert not keep_digest(project, open_cache(project), plan, plan_digest(plan))
    assert recall(project) is None


def test_without_a_cache_nothing_is_known(project: Project) -> None:
    off = replace(project, cache=None)
    plan = project.plan()
    assert not keep_digest(off, open_cache(off), plan, "x")
    assert recall_digest(off, open_cache(off)) is None


@pytest.mark.parametrize("parts", [[b""], [b"\0" * 8], [b"\xff" * 80]])
def test_what_is_not_inputs_is_not_believed(parts: list[bytes], project: Project) -> None:
    keep(project)
    cache: Cache = open_cache(project)
    (name,) = cache.names()
    cache.write(name, parts)
    assert recall(project) is None
