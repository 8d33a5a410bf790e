"""Each folder in `json_schema` is an ontology, perhaps with shapes, and whole-file records that are held against its JSON Schema.

What stands in `good` passes, and `owltype validate` finds no error in it. What stands in `bad` fails, where a comment in its first line
says, and `owltype validate` finds an error in it, too. What stands in `closed` fails the schema alone: an ontology's closed set is an
axiom, which no record can contradict.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exporter import validate
from exporter.mapping.mapping import Mapper
from exporter.problems import Severity
from exporter.project import make_project
from tests.cases import discover
from tests.data import DIGITALGOV, OBOFOUNDRY, needs
from tests.running import ROOT, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them


def check(schema: Path, files: list[Path]) -> dict[str, list[str]]:
    """Hold files against a schema with check-jsonschema, and give the paths of what it refuses, by file."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile", schema, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert not answer.get("parse_errors"), answer["parse_errors"]
    found: dict[str, list[str]] = {}
    for error in answer.get("errors", []):
        found.setdefault(Path(error["filename"]).name, []).append(error["path"])
    return found


def schemas(case: Path, folder: Path, *options: str) -> list[Path]:
    """Generate the schemas of a case, and hold them against the metaschema."""
    shapes: list[str | Path] = ["-s", case / "shapes.ttl"] if (case / "shapes.ttl").exists() else []
    done = owltype("gen", "json-schema", "--ontology", case / "ontology.ttl", *shapes, "-o", f"{folder}/", *options)
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    made = sorted(folder.glob("*.schema.json"))
    subprocess.run([sys.executable, "-m", "check_jsonschema", "--check-metaschema", *made], check=True, capture_output=True)
    return made


def errors(case: Path, folder: Path) -> set[str]:
    """Validate the records of a case, and name the files with an error."""
    shapes = case / "shapes.ttl" if (case / "shapes.ttl").exists() else _none(folder)
    found = validate(case / "content", ontology=[case / "ontology.ttl"], shapes=[shapes], jobs=1)
    return {Path(problem.location.path).name for problem in found.problems if problem.severity is Severity.ERROR} - {"none.ttl"}


@discover(__file__, least=5, below="json_schema")
def test_schema_takes_what_mapping_takes_and_refuses_what_validation_refuses(case: Path, tmp_path: Path) -> None:
    (schema,) = schemas(case, tmp_path)
    files = sorted((case / "content").glob("*/*.*"))
    refused = check(schema, files)
    wrong = errors(case, tmp_path)
    expected = {file.name: re.findall(r"^# fails: (\S+)", file.read_text("utf-8")) for file in files if file.parent.name != "good"}
    assert all(expected.values())
    assert {name: paths[:1] for name, paths in refused.items()} == expected
    assert wrong == {file.name for file in files if file.parent.name == "bad"}


EXAMPLES = ROOT / "examples"
PUBLIC = {
    "medigy": (EXAMPLES / "medigy" / "content", ROOT / "ontology" / "medigy.ttl", ROOT / "shapes" / "medigy.ttl"),
    "obofoundry": (OBOFOUNDRY / "ontology", EXAMPLES / "obofoundry" / "ontology.ttl", None),
    "digitalgov": (DIGITALGOV / "content", EXAMPLES / "digitalgov" / "ontology.ttl", EXAMPLES / "digitalgov" / "shapes.ttl"),
}


_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    [
        "medigy",
        pytest.param("obofoundry", marks=needs(OBOFOUNDRY)),
        pytest.param("digitalgov", marks=[needs(DIGITALGOV), pytest.mark.slow]),
    ],
)
def test_no_record_is_refused_in_which_owltype_finds_no_fault(name: str, tmp_path: Path) -> None:
    records, ontology, shapes = PUBLIC[name]
    (tmp_path / "case").mkdir()
    shutil.copy(ontology, tmp_path / "case" / "ontology.ttl")
    if shapes is not None:
        shutil.copy(shapes, tmp_path / "case" / "shapes.ttl")
    made = {schema.name.partition(".")[0]: schema for schema in schemas(tmp_path / "case", tmp_path / "schemas")}
    wrong = {problem.location.path for problem in validate(records, ontology=[ontology], shapes=[shapes or _none(tmp_path)]).problems}
    for class_, files in _written(records, ontology, tmp_path).items():
        refused: dict[str, list[str]] = {}
        for start in range(0, len(files), 500):
            refused |= check(made[class_], list(files)[start : start + 500])
        assert not {files[tmp_path / file]: paths for file, paths in refused.items() if files[tmp_path / file] not in wrong}


def _written(records: Path, ontology: Path, folder: Path) -> dict[str, dict[Path, str]]:
    """Write the front matter of records as whole files, by class, each with the path of its record."""
    project = make_project(records, ontology=ontology)
    mapper, reader, plan = Mapper(project.plan()), project.reader(), project.plan()
    local = {of.name: re.split("[/#]", of.iri.value)[-1] for of in plan.record_classes}
    found: dict[str, dict[Path, str]] = {}
    for number, path in enumerate(project.files()):
        record = reader.read(path).record
        front_matter = _FRONT_MATTER.match(Path(project.tree.place(path)).read_text("utf-8"))
        if record is not None and front_matter is not None:
            file = folder / f"{number}.yaml"
            file.write_text(front_matter[1], "utf-8")
            found.setdefault(local[mapper.map(record).class_name], {})[file] = path
    assert found
    return found


def _none(folder: Path) -> Path:
    """Write shapes that ask for nothing."""
    file = folder / "none.ttl"
    file.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:s> a sh:NodeShape ; sh:targetClass <urn:nothing> .\n", "utf-8")
    return file


def test_a_row_says_itself_what_its_key_is(tmp_path: Path) -> None:
    """A comment of a row is about this key, and goes before that of the property, which is about all of them."""
    ontology = tmp_path / "site.ttl"
    ontology.write_text(
        """@prefix ex: <https://e.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://e.org/{slug}/" ;
    map:reads [ map:property ex:name ; map:key "title" ; map:range xsd:string ; rdfs:label "Headline" ; rdfs:comment "What lists show." ] ,
        [ map:property ex:name ; map:key "short" ; map:range xsd:string ] .
ex:name a owl:DatatypeProperty ; rdfs:label "name" ; rdfs:comment "What it is called." .
""",
        "utf-8",
    )
    done = owltype("gen", "json-schema", "--ontology", ontology, "-o", f"{tmp_path}/schemas/")
    assert done.status == 0, done.stderr
    properties = json.loads((tmp_path / "schemas" / "Post.schema.json").read_text("utf-8"))["properties"]
    assert (properties["title"]["title"], properties["title"]["description"]) == ("Headline", "What lists show.")
    assert (properties["short"]["title"], properties["short"]["description"]) == ("name", "What it is called.")
