"""`owltype gen`: files for other tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import MEDIGY, ROOT, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


def test_context_is_the_one_that_exports_use() -> None:
    done = owltype("gen", "context")
    assert done.status == 0
    exported = owltype("export", ROOT / "examples" / "medigy" / "content", "-f", "jsonld", "-q")
    assert json.loads(exported.stdout)["@context"] == json.loads(done.stdout)["@context"]


def test_context_goes_to_a_file(tmp_path: Path) -> None:
    done = owltype("gen", "context", "-o", tmp_path / "context.jsonld")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "context.jsonld").read_text())["@context"]


@pytest.mark.parametrize("name", ["context", "shapes", "ontology", "json-schema", "docs", "diagram"])
def test_check_compares_with_the_file(name: str, tmp_path: Path) -> None:
    output = tmp_path / "made"
    for _ in range(2):
        done = owltype("gen", name, "--ontology", MEDIGY, "-o", output)
        assert (done.status, done.stdout, done.stderr) == (0, "", "")
        done = owltype("gen", name, "--ontology", MEDIGY, "-o", output, "--check")
        assert (done.status, done.stdout, done.stderr) == (0, "", f"{output} is what would be written\n")
    before = output.read_text("utf-8").splitlines(keepends=True)
    output.write_text("".join([*before[:2], "other\n", *before[3:]]), "utf-8")
    done = owltype("gen", name, "--ontology", MEDIGY, "-o", output, "--check", "-q")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.startswith(f'{output}:3: error: the file has "other", and ')
    assert done.stderr.endswith(" would be written; generate it again without --check\n")


@pytest.mark.parametrize("name", ["context", "shapes", "ontology", "json-schema", "docs", "diagram"])
def test_check_of_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    done = owltype("gen", name, "--ontology", MEDIGY, "-o", tmp_path / "none", "--check")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path / 'none'}:1: error: the file has nothing, and ")
    assert not (tmp_path / "none").exists()


def test_check_needs_a_file() -> None:
    done = owltype("gen", "context", "--ontology", MEDIGY, "--check")
    assert (done.status, done.stderr) == (2, "owltype: --check compares with a file: name it with -o\n")


DIGITALGOV = ROOT / "examples" / "digitalgov" / "ontology.ttl"


def test_schemas_of_all_classes_go_to_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "-o", folder)
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert {file.name for file in folder.glob("[A-Z]*.json")} == {
        f"{name}.schema.json" for name in ("Author", "Community", "Event", "News", "Resource", "Service", "Source", "Topic")
    }
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "-o", folder, "--check")
    assert (done.status, done.stderr) == (0, f"{folder} is what would be written\n")
    (folder / "Event.schema.json").unlink()
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "-o", folder, "--check")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{folder}/Event.schema.json:1: error: the file has nothing, and ")


def test_schemas_of_several_classes_need_a_folder() -> None:
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        "owltype: there are 8 classes of records: name a folder with -o, or one of them with --class: "
        '"News", "Author", "Topic", "Community", "Event", "Resource", "Service" or "Source"\n'
    )


@pytest.mark.parametrize("name", ["News", ":News", "https://w3id.org/owltype/examples/digitalgov#News"])
def test_class_is_named_by_label_or_iri(name: str) -> None:
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "--class", name)
    assert (done.status, done.stderr, json.loads(done.stdout)["title"]) == (0, "", "News")


def test_what_is_only_a_warning_is_told_as_one() -> None:
    shapes = ROOT / "examples" / "digitalgov" / "shapes.ttl"
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "-s", shapes, "--class", "News")
    told = "every page has one title\nwarning: search engines cut a title after 110 characters\nwarning: a title is plain text"
    assert json.loads(done.stdout)["properties"]["title"]["description"] == told


def test_unknown_class_has_a_near_name() -> None:
    done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "--class", "newz")
    assert (done.status, done.stderr) == (2, 'owltype: no class of the ontology is called "newz"; did you mean "News"?\n')


def test_unknown_keys_are_refused_where_they_fail(tmp_path: Path) -> None:
    (tmp_path / "owltype.toml").write_text('unmapped = "fail"\n')
    for cwd, closed in ((tmp_path, True), (ROOT, False)):
        done = owltype("gen", "json-schema", "--ontology", DIGITALGOV, "--class", "News", cwd=cwd)
        assert ("additionalProperties" in json.loads(done.stdout)) is closed


def test_shell_completes_classes() -> None:
    completed = owltype(
        environment={"_OWLTYPE_COMPLETE": "bash_complete", "COMP_WORDS": "owltype gen json-schema --class Cur", "COMP_CWORD": "4"}
    )
    assert "CuratedContent" in completed.stdout


def test_a_bad_ontology_is_located(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("@prefix ex: <https://ex.org/> .\nex:a ex:b .\n")
    done = owltype("gen", "context", "--ontology", "bad.ttl", cwd=tmp_path)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("bad.ttl:2:")
