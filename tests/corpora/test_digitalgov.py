"""digitalgov: 2,212 records of a Hugo site, with an ontology of eight classes and seven properties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from tests.corpora.running import Account, export_corpus
from tests.data import DIGITALGOV, needs

CONTENT = DIGITALGOV / "content"
SITE = "https://digital.gov"
FENCE = re.compile(r"^---\s*$", re.MULTILINE)
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

pytestmark = needs(DIGITALGOV)


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    return export_corpus("digitalgov", CONTENT, tmp_path_factory.mktemp("digitalgov"))


def test_every_file_is_exported_skipped_or_rejected(account: Account) -> None:
    assert account.seen == len(list(CONTENT.rglob("*.md"))) == 2212
    assert account.seen == account.exported + account.skipped + account.rejected


def test_what_is_rejected_has_a_problem_with_its_place(account: Account) -> None:
    """The four are keys that stand twice in one record, of which other readers keep the last without a word."""
    assert account.codes(rejecting=True) == ["YAML-DUPLICATE-KEY"] * account.rejected
    for problem in account.problems:
        if problem["code"] == "YAML-DUPLICATE-KEY":
            key = re.findall(r'"(\w+)"', str(problem["message"]))[0]
            lines = _file(problem).read_text(encoding="utf-8").split("\n")
            assert lines[int(str(problem["line"])) - 1].startswith(f"{key}:")


def test_each_folder_gives_its_class(account: Account) -> None:
    made = Counter(str(quad.object).rpartition("#")[2].rstrip(">") for quad in account.quads if str(quad.predicate) == TYPE)
    folders = Counter(path.relative_to(CONTENT).parts[0] for path in CONTENT.rglob("*.md"))
    rejected = Counter(_file(p).relative_to(CONTENT).parts[0] for p in account.problems if p["code"] == "YAML-DUPLICATE-KEY")
    names = {"communities": "Community", "services": "Service", "news": "News"}
    assert made == {names.get(folder, folder.rstrip("s").title()): number - rejected[folder] for folder, number in folders.items()}


def test_dangling_references_are_those_that_a_plain_look_at_the_folders_finds(account: Account) -> None:
    said = Counter(
        re.findall(r"<([^>]+)>", str(problem["message"]))[0] for problem in account.problems if problem["code"] == "MAP-REFERENCE"
    )
    assert said == Counter(_dangling())
    assert said.total() == 17


def test_a_dangling_reference_points_at_its_value(account: Account) -> None:
    for problem in account.problems:
        if problem["code"] == "MAP-REFERENCE":
            line = _file(problem).read_text(encoding="utf-8").split("\n")[int(str(problem["line"])) - 1]
            value = line[int(str(problem["column"])) - 1 : int(str(problem["endColumn"])) - 1].strip("'\"")
            assert f"/{quote(value)}>" in str(problem["message"])


def _file(problem: Mapping[str, object]) -> Path:
    return DIGITALGOV / str(problem["file"])


def _dangling() -> Iterator[str]:
    """Look every reference up in the folders, with nothing of ours."""
    folders = {"authors": {path.parent.name for path in (CONTENT / "authors").rglob("*.md")}}
    folders["topics"] = {path.parent.name for path in (CONTENT / "topics").rglob("*.md")}
    folders["communities"] = {path.stem for path in (CONTENT / "communities").rglob("*.md")}
    for path in CONTENT.rglob("*.md"):
        front_matter = yaml.load(FENCE.split(path.read_text(encoding="utf-8-sig"), 2)[1], Loader=yaml.CBaseLoader)  # noqa: S506  # it makes strings only
        kind = path.relative_to(CONTENT).parts[0]
        keys = {"topics": {"featured_communities": "communities"}, "authors": {}}.get(kind, {})
        keys = keys | ({} if kind == "authors" else {"authors": "authors", "topics": "topics"})
        for key, folder in keys.items():
            for name in _as_list(front_matter.get(key)):
                if name and name not in folders[folder]:
                    yield f"{SITE}/{folder}/{quote(name)}"


def _as_list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
