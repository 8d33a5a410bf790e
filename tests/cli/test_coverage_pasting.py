"""What `owltype coverage` suggests loads as it is, and is pasted until nothing is left."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.corpora.running import ontology_of
from tests.data import CORPORA, find, needs
from tests.running import ROOT, owltype

PASTES = 3
HEAD = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
OWN = "@prefix site: <https://ex.org/ns#> . <https://ex.org/ns> a owl:Ontology .\n"
PAGE = 'site:Page a owl:Class ; map:files "**" ; map:iri "https://ex.org/{file.stem}/" .\n'
ODD_KEYS = r"""---
کتاب‌ها: 1
"a.b": {"c d": x, "e[0]": y}
"@id": 1
"say \"x\"": 2
"back\\slash": 2
" space ": 3
2024: 4
"line\nend": 5
title: t
Title: u
empty: []
nothing:
map: {}
mixed: [1, 2.5, {x: 1}, {x: 2020-01-01, y: "https://e.org/"}]
mostly: {a: 1}
lists: [[1, 2], [3]]
---
"""
MORE = "---\nmostly: text\nmixed: [{z: true, y: no address}]\nkey: 1\n---\n"


def paste(records: Path, ontology: Path) -> str:
    """Paste until nothing is left, and give what was pasted; the ontology has to load each time."""
    pasted = ""
    for _ in range(PASTES):
        done = owltype("coverage", records, "--ontology", ontology, "--output-format", "turtle", "-q")
        assert not done.stderr, done.stderr
        if not done.stdout.strip():
            return pasted
        pasted += done.stdout
        with ontology.open("a", encoding="utf-8") as file:
            file.write("\n" + done.stdout)
    raise AssertionError(f"something is left after {PASTES} pastes: {done.stdout}")


def site(folder: Path, ontology: str, **records: str) -> tuple[Path, Path]:
    """Write an ontology and records."""
    (folder / "records").mkdir()
    for name, text in records.items():
        (folder / "records" / f"{name}.md").write_text(text, "utf-8")
    (folder / "site.ttl").write_text(ontology, "utf-8")
    return folder / "records", folder / "site.ttl"


@pytest.mark.slow
@needs(*CORPORA)
@pytest.mark.parametrize("folder", ["digitalgov/content", "obofoundry/ontology"])
def test_the_corpora_are_covered(folder: str, tmp_path: Path) -> None:
    ontology = tmp_path / "ontology.ttl"
    shutil.copyfile(ontology_of(folder.partition("/")[0]), ontology)
    assert paste(find("corpora", *folder.split("/")), ontology)


def test_the_examples_are_covered_by_an_ontology_of_one_class(tmp_path: Path) -> None:
    ontology = tmp_path / "site.ttl"
    ontology.write_text(HEAD + OWN + PAGE.replace("map:files", 'map:owlType "Medigy Communities" ; map:files'))
    assert "site:title a owl:DatatypeProperty" in paste(ROOT / "examples" / "medigy" / "content", ontology)


def test_the_first_step_of_the_tutorial_is_covered(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "mapping.md").read_text("utf-8")
    prefixes, step, record = (
        re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)[0] for kind in ("turtle prefixes", "turtle ontology", "markdown record")
    )
    records, ontology = site(tmp_path, prefixes + step, soup=record)
    pasted = paste(records, ontology)
    assert "@prefix ex:" not in pasted
    assert 'ex:Recipe map:reads [ map:property ex:minutes ; map:key "minutes" ; map:range xsd:integer ] .' in pasted
    assert "ex:minutes a owl:DatatypeProperty ." in pasted


def test_odd_keys_are_covered(tmp_path: Path) -> None:
    records, ontology = site(tmp_path, HEAD + OWN + PAGE, a=ODD_KEYS, b=MORE)
    assert "\\u200C" in paste(records, ontology)
    assert owltype("coverage", records, "--ontology", ontology, "--check", "-q").status == 0


def test_a_key_that_no_path_can_name_is_told(tmp_path: Path) -> None:
    records, ontology = site(tmp_path, HEAD + OWN + PAGE, a='---\n"": 1\n"@body": 2\n---\n')
    suggested = owltype("coverage", records, "--ontology", ontology, "--output-format", "turtle").stdout
    assert suggested.count("# no map:key can name") == 2


def test_a_key_of_an_embedded_class_is_suggested_for_that_class(tmp_path: Path) -> None:
    embedded = """site:Res a owl:Class . site:res a owl:ObjectProperty ; rdfs:domain site:Page ; rdfs:range site:Res ; map:key "res" .
        site:alt a owl:DatatypeProperty ; rdfs:domain site:Page ; rdfs:range xsd:string ; map:key "alt" .
        site:src a owl:DatatypeProperty ; rdfs:domain site:Res ; rdfs:range xsd:string ; map:key "src" ."""
    record = "---\nalt: a\nres:\n- {src: x, alt: b}\n- {src: y, alt: c, w: 1}\n- {src: z, w: 2.5}\n---\n"
    records, ontology = site(tmp_path, HEAD + OWN + PAGE + embedded, a=record)
    pasted = paste(records, ontology)
    assert 'site:Res map:reads [ map:property site:resAlt ; map:key "alt" ; map:range xsd:string ] .' in pasted
    assert 'site:Res map:reads [ map:property site:w ; map:key "w" ; map:range xsd:double ] .' in pasted


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        ("@prefix ex: <https://other.org/> . @prefix : <https://ex.org/ns#> .", ":Page map:reads [ map:property :key ;"),
        ("@prefix ex: <https://other.org/> .", "<https://ex.org/ns#Page> map:reads [ map:property ex1:key ;"),
        ("@prefix xsd: <https://other.org/> .", "map:range xsd1:integer"),
    ],
)
def test_prefixes_of_the_ontology_are_used_and_none_is_bound_anew(prefixes: str, expected: str, tmp_path: Path) -> None:
    head = HEAD.replace("@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .", "") + prefixes
    text = head + PAGE.replace("site:Page", "<https://ex.org/ns#Page>")
    records, ontology = site(tmp_path, text, a="---\nkey: 1\n---\n")
    assert expected in paste(records, ontology)


def test_names_of_properties_hold_no_characters_that_do_not_show(tmp_path: Path) -> None:
    record = '---\n"ali\\u200cas": a\nalias: b\nمی\u200cخواهم: c\n---\n'
    records, ontology = site(tmp_path, HEAD + OWN + PAGE, a=record)
    pasted = paste(records, ontology)
    assert ":ali\u200c" not in pasted
    assert ":می\u200cخواهم a" in pasted


def test_dates_and_languages_are_read_as_they_are_written(tmp_path: Path) -> None:
    """What is pasted reads every value: no problem is left, and no value is a plain string that could be more."""
    (tmp_path / "content").mkdir()
    for number, day in enumerate(("2018/09/16", "2018-09-17", "16.09.2018"), 1):
        page = f"slashed: {day}\nmixed: {day}\n" if number < 3 else f"mixed: {day}\nchanged: 2018-09-16 10:05:00 +0200\n"
        titles = "title: {en: Soup, pt-BR: Sopa}\nids: {id: x, to: y}\n"
        (tmp_path / "content" / f"{number}.md").write_text(f"---\n{page}{titles}sent: 'Sun, 16 Sep 2018 10:05:00 GMT'\n---\n")
    ontology = tmp_path / "ontology.ttl"
    ontology.write_text(HEAD + OWN + PAGE)
    pasted = paste(tmp_path / "content", ontology)
    for wanted in (
        'map:key "slashed" ; map:dateFormat "%Y/%m/%d" ; map:range xsd:date ]',
        'map:key "mixed" ; map:dateFormat ( "%Y/%m/%d" "%d.%m.%Y" ) ; map:range xsd:date ]',
        'map:key "changed" ; map:convert map:timestamp ; map:range xsd:dateTime ]',
        'map:key "sent" ; map:dateFormat "%a, %d %b %Y %H:%M:%S %z" ; map:range xsd:dateTime ]',
        'map:entries "title" ; map:language "{@key}" ; map:range rdf:langString ]',
        'map:key "ids.id" ;',
    ):
        assert wanted in pasted, pasted
    done = owltype("export", tmp_path / "content", "--ontology", ontology, "-o", "-", "-q")
    assert (done.status, done.stderr) == (0, "")
    assert '"2018-09-16"^^xsd:date' in done.stdout
    assert '"Sopa"@pt-br' in done.stdout
