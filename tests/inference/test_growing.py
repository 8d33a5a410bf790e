"""What a person edited after `init` stays as it is: proposals are added lines, and after `git apply` there is nothing more to propose.

Edits are made at random, from a seed, to what was written for three sites; then the content grows, and what holds always is asked.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.cli.ending import run
from tests.inference.test_cases import standing_in
from tests.running import owltype

CASES = Path(__file__).parent / "cases"
SITES = {"plain-folders": "content/zebras", "jekyll-blog": "_posts", "hugo-sections-and-translations": "content/zebras"}
SEEDS = range(3)
ROW = re.compile(r"^ +\[ map:property [^\n]*\] [.,]$", re.MULTILINE)
Edit = Callable[[random.Random, dict[str, str]], None]


def rename_a_property(chance: random.Random, texts: dict[str, str]) -> None:
    name = chance.choice(sorted(set(re.findall(r"map:property ([a-z]+:\w+)", texts["ontology"]))))
    own = "mysite" if "@prefix mysite:" in texts["ontology"] else "site"
    for file in ("ontology", "shapes"):
        texts[file] = re.sub(rf"(?<=[\s(]){re.escape(name)}(?=[\s)])", f"{own}:renamed", texts[file])


def delete_a_row(chance: random.Random, texts: dict[str, str]) -> None:
    rows = [match for match in ROW.finditer(texts["ontology"]) if match[0].endswith(",")]
    for row in rows and [chance.choice(rows)]:
        texts["ontology"] = texts["ontology"][: row.start()] + texts["ontology"][row.end() + 1 :]


def comment_a_row_out(chance: random.Random, texts: dict[str, str]) -> None:
    rows = [match for match in ROW.finditer(texts["ontology"]) if match[0].endswith(",")]
    for row in rows and [chance.choice(rows)]:
        texts["ontology"] = texts["ontology"][: row.start()] + "#" + texts["ontology"][row.start() :]


def change_a_datatype(chance: random.Random, texts: dict[str, str]) -> None:
    found = chance.choice([*re.finditer(r"map:range xsd:\w+", texts["ontology"])])
    texts["ontology"] = texts["ontology"][: found.start()] + "map:range xsd:string" + texts["ontology"][found.end() :]


def reorder_rows(chance: random.Random, texts: dict[str, str]) -> None:
    rows = [match for match in ROW.finditer(texts["ontology"]) if match[0].endswith(",")]
    if not rows:
        return
    one = chance.choice(rows)
    same = [row for row in rows if texts["ontology"].count(" .\n", *sorted((one.start(), row.start()))) == 0]
    first, second = sorted((one, chance.choice(same)), key=lambda match: match.start())
    if first.start() != second.start():
        text = texts["ontology"]
        texts["ontology"] = text[: first.start()] + second[0] + text[first.end() : second.start()] + first[0] + text[second.end() :]


def write_comments(chance: random.Random, texts: dict[str, str]) -> None:
    for file in ("ontology", "shapes"):
        lines = texts[file].split("\n")
        for _ in range(5):
            lines.insert(chance.randrange(len(lines) - 1), "    # a note \u2014 [ map:reads ; . ,")
        number = chance.randrange(len(lines) - 1)
        lines[number] += "  # and here"
        texts[file] = "\n".join(lines)


def put_rows_on_one_line(_chance: random.Random, texts: dict[str, str]) -> None:
    if "#  " not in texts["ontology"] and "  # and here" not in texts["ontology"]:
        texts["ontology"] = re.sub(r"\] ,\n(?: +#[^\n]*\n)* +\[", "] , [", texts["ontology"])


def rename_the_prefix(_chance: random.Random, texts: dict[str, str]) -> None:
    for file in ("ontology", "shapes"):
        texts[file] = re.sub(r"(?<![\w:/])(site|schema):(?=[A-Za-z ])", r"my\1:", texts[file])


def rename_a_class(chance: random.Random, texts: dict[str, str]) -> None:
    name = chance.choice(re.findall(r"^(\w+:\w+) a owl:Class", texts["ontology"], re.MULTILINE))
    for file in ("ontology", "shapes"):
        texts[file] = re.sub(rf"(?<![\w]){name}(?=[\s)]|Shape)", f"{name}OfMine", texts[file])


def delete_a_shape(chance: random.Random, texts: dict[str, str]) -> None:
    blocks = texts["shapes"].split("\n\n")
    if len(blocks) > 4:
        del blocks[chance.randrange(2, len(blocks) - 1)]
    texts["shapes"] = "\n\n".join(blocks)


def delete_a_property_shape(chance: random.Random, texts: dict[str, str]) -> None:
    lines = texts["shapes"].split("\n")
    found = [number for number, line in enumerate(lines) if "sh:property" in line and line.endswith(";")]
    if found:
        del lines[chance.choice(found)]
    texts["shapes"] = "\n".join(lines)


def add_settings(_chance: random.Random, texts: dict[str, str]) -> None:
    texts["settings"] += '\nfail-on = "error"\n\n[constants]\nhome = "https://example.org"\n'


def end_lines_as_windows_does(_chance: random.Random, texts: dict[str, str]) -> None:
    for file in ("ontology", "shapes"):
        texts[file] = texts[file].replace("\n", "\r\n")


EDITS: tuple[Edit, ...] = (
    rename_a_property,
    delete_a_row,
    comment_a_row_out,
    change_a_datatype,
    reorder_rows,
    write_comments,
    put_rows_on_one_line,
    rename_the_prefix,
    rename_a_class,
    delete_a_shape,
    delete_a_property_shape,
    add_settings,
)


def grow(chance: random.Random, folder: Path, new: str) -> None:
    """Give records keys that nothing reads yet, and add some in a folder that there was not."""
    pages = sorted(path for path in folder.rglob("*.md") if path.read_text("utf-8").startswith("---\n") and path.stem != "README")
    for page in chance.sample(pages, min(3, len(pages))):
        said = "height: 12\nmaker:\n  name: Ann\n  born: 1960-01-02\nletters: [alpha, beta]\n"
        page.write_text(page.read_text("utf-8").replace("---\n", f"---\n{said}", 1), "utf-8")
    (folder / new).mkdir(parents=True, exist_ok=True)
    for name in ("2024-01-01-ada", "2024-01-02-bob"):
        (folder / new / f"{name}.md").write_text(
            f"---\ntitle: {name}\nstripes: 12\nletters: [alpha, beta]\n---\nSee [it](https://example.net/).\n"
        )


def is_part_of(old: list[str], new: list[str]) -> bool:
    """Say whether all lines of one text stand in another, in their order."""
    lines = iter(new)
    return all(line in lines for line in old)


def files_of(folder: Path, name: str) -> dict[str, Path]:
    return {
        "ontology": folder / "ontology" / f"{name}.ttl",
        "shapes": folder / "shapes" / f"{name}.ttl",
        "settings": folder / "owltype.toml",
    }


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("seed", SEEDS)
def test_edits_stay_and_additions_are_enough(site: str, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(f"{site} {seed}")
    with standing_in(CASES / site) as folder:
        assert run(["init", "--yes"]) == 0
        files = files_of(folder, site)
        texts = {name: path.read_text("utf-8") for name, path in files.items()}
        for edit in chance.sample(EDITS, 4):
            edit(chance, texts)
        if seed == 2:
            end_lines_as_windows_does(chance, texts)
        for name, path in files.items():
            path.write_bytes(texts[name].encode())
        grow(chance, folder, SITES[site])
        capsys.readouterr()
        assert run(["export", "-o", "before.nt"]) in (0, 1), capsys.readouterr().err
        status = run(["init", "--yes"])
        said = capsys.readouterr()
        diff = said.out
        assert status == 1, said.err
        assert not [line for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")], diff
        subprocess.run(["git", "apply", "--whitespace=nowarn"], input=diff.encode(), cwd=folder, check=True)
        for name, path in files.items():
            assert is_part_of(texts[name].splitlines(keepends=True), path.read_bytes().decode().splitlines(keepends=True))
        assert run(["init", "--yes"]) == 0, capsys.readouterr().out
        assert capsys.readouterr().out == ""
        assert run(["export", "-o", "after.nt"]) in (0, 1), capsys.readouterr().err
        before, after = (set(Path(name).read_text("utf-8").splitlines()) for name in ("before.nt", "after.nt"))
        lost = {line for line in before - after if "https://w3id.org/owltype/key#" not in line}
        assert not lost
        assert run(["validate"]) in (0, 1), capsys.readouterr().err


BY_HAND = """@prefix ex: <https://recipes.example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Recipe a owl:Class ; map:owlType "Recipe" ; map:iri "https://recipes.example.org/{slug}/" ; map:ignore "draft" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Recipe ; rdfs:range xsd:string ; map:key "title" .
# ex:Recipe map:reads [ map:property ex:mood ; map:key "mood" ; map:range xsd:string ] .
"""


def test_an_ontology_that_init_never_wrote_gets_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "ontology" / "mine.ttl").write_text(BY_HAND)
    for number in range(1, 6):
        said = f"slug: r{number}\ntitle: R\ndate: 2024-01-0{number}\nmood: calm\ndraft: true\nlink:\n  href: https://example.net/\n"
        (tmp_path / "content" / f"r{number}.md").write_text(f"---\nowlType: Recipe\n{said}---\n")
    first = owltype("init", "content", "--yes", cwd=tmp_path)
    assert (first.status, first.stdout) == (1, owltype("init", "content", "--yes", cwd=tmp_path).stdout)
    added = [line[1:] for line in first.stdout.splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert not [line for line in first.stdout.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert '    [ map:property schema:datePublished ; map:key "date" ; map:range xsd:date ] ,' in added
    assert '    [ map:property ex:link ; map:key "link" ; map:range ex:Link ] .' in added
    assert not [line for line in added if "draft" in line or "mood" in line or "title" in line]
    subprocess.run(["git", "apply"], input=first.stdout.encode(), cwd=tmp_path, check=True)
    assert owltype("init", "content", "--yes", cwd=tmp_path).status == 0
    assert owltype("export", "-o", "out.nt", cwd=tmp_path).status == 0
    assert owltype("validate", cwd=tmp_path).status == 0
    assert "<http://schema.org/datePublished>" in (tmp_path / "out.nt").read_text()
