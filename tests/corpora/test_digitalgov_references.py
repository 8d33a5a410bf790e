"""digitalgov by what its authors type: names of folders for people and topics, names of files in 954 `ref` links of the bodies."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from exporter.pipeline.exporting import Exporting
from exporter.project import make_project
from exporter.references.known_records import Occurrence
from exporter.references.settling import References
from exporter.settings.model import Settings
from tests.data import DIGITALGOV, needs

CONTENT = DIGITALGOV / "content"
ONTOLOGY = Path(__file__).with_name("digitalgov-references.ttl")
CLASSES = "https://w3id.org/owltype/examples/digitalgov#"
FENCE = re.compile(r"^---\s*$", re.MULTILINE)
REF = re.compile(r'\{\{[<%]\s*(?:rel)?ref\s+"([^"]*)"\s*[>%]\}\}')
KEYS = {"authors": ("Author", "authors"), "topics": ("Topic", "topics"), "source": ("Source", "sources")}

pytestmark = needs(DIGITALGOV)


@pytest.fixture(scope="module")
def references() -> References:
    """Enter what the records answer to; bodies are not read for that."""
    project = make_project(CONTENT, settings=Settings(), ontology=ONTOLOGY, jobs=1)
    run = Exporting(project, project.plan())
    assert run.references is not None
    list(run.exported())
    return run.references


@pytest.fixture(scope="module")
def files(references: References) -> frozenset[str]:
    """The records that are exported, below the folder."""
    return frozenset(record.path.removeprefix("content/") for record in references.known.records)


def test_every_ref_in_a_body_leads_to_the_page_that_hugo_takes(references: References, files: frozenset[str]) -> None:
    by_name: dict[str, list[str]] = {}
    for file in files:
        name, folder = posixpath.basename(file), posixpath.basename(posixpath.dirname(file))
        for called in (name, name.removesuffix(".md"), *([folder] if name == "_index.md" else [])):
            by_name.setdefault(called, []).append(file)
    found: Counter[tuple[str, str]] = Counter()
    for page in sorted(files):
        for link in REF.finditer((CONTENT / page).read_text("utf-8-sig")):
            expected = _hugo(link[1].partition("#")[0], page, files, by_name)
            assert _answer(references, link[0], page, "Page") == expected, f"{page}: {link[0]}"
            found["a page" if expected else "nowhere", "with its path" if "/" in link[1] else "by its name"] += 1
    assert found == {
        ("a page", "with its path"): 230,
        ("a page", "by its name"): 469,
        ("nowhere", "with its path"): 50,
        ("nowhere", "by its name"): 200,
    }


def test_every_name_in_the_front_matter_leads_to_the_record_of_its_folder(references: References, files: frozenset[str]) -> None:
    folders = {
        "authors": {posixpath.dirname(file).rpartition("/")[2]: file for file in files if file.startswith("authors/")},
        "topics": {posixpath.dirname(file).rpartition("/")[2]: file for file in files if file.startswith("topics/")},
        "sources": {file[len("sources/source_") : -3]: file for file in files if file.startswith("sources/source_")},
    }
    ended: Counter[tuple[str, str]] = Counter()
    for page, key, name in _typed(files):
        of, folder = KEYS[key]
        expected, answer = folders[folder].get(name), _answer(references, name, page, of)
        assert expected in (None, answer)
        ended[key, "found" if expected else "nearly" if answer else "dangling"] += 1
    assert ended == {
        ("authors", "found"): 1331,
        ("authors", "nearly"): 1,
        ("topics", "found"): 2686,
        ("topics", "nearly"): 2,
        ("topics", "dangling"): 14,
        ("source", "found"): 69,
        ("source", "dangling"): 1,
    }


def _answer(references: References, text: str, page: str, of: str) -> str | None:
    found = references.matcher.find(text, Occurrence(f"content/{page}"), [CLASSES + of])
    records = (references.known.records[number] for number in found.numbers)
    return next((record.path.removeprefix("content/") for record in records if record.iri == found.iri), None)


def _hugo(typed: str, page: str, files: frozenset[str], by_name: Mapping[str, list[str]]) -> str | None:
    """Look a `ref` up as Hugo does: below the folder of the page, below the content, or the one file that is called so."""
    if "/" not in typed:
        beside = [file for file in by_name.get(typed, []) if posixpath.dirname(file) == posixpath.dirname(page)]
        found = beside or by_name.get(typed, [])
        return found[0] if len(found) == 1 else None
    for base in ("", *([] if typed.startswith("/") else [posixpath.dirname(page)])):
        path = posixpath.normpath(posixpath.join(base, typed.strip("/") if not base else typed))
        for file in (path, f"{path}.md", f"{path}/_index.md", f"{path}/index.md"):
            if file in files:
                return file
    return None


def _typed(files: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield file, key and text of every reference in front matter, with nothing of ours."""
    for page in sorted(files):
        text = (CONTENT / page).read_text("utf-8-sig")
        front_matter = yaml.load(FENCE.split(text, maxsplit=2)[1], Loader=yaml.CBaseLoader)  # noqa: S506  # it makes strings only
        for key in KEYS:
            value = front_matter.get(key)
            for name in value if isinstance(value, list) else [value]:
                if name:
                    yield page, key, str(name)
