"""The digest of a plan changes with everything that can change an outcome, and with nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from exporter.language import conversions
from exporter.plan.compiling import load_plan
from exporter.plan.digest import plan_digest
from exporter.project import Project
from exporter.rdf.terms import MAP
from exporter.records.rules import ReadingRules
from tests.pipeline.test_merging import ONTOLOGY

MORE = '[ map:property ex:more ; map:key "more" ; map:range xsd:date , xsd:string ]'
LESS = '[ map:property ex:less ; map:key "less" ; map:range xsd:string ]'
WORDS = (
    ONTOLOGY.replace('"https://example.org/{file.stem}"', '"{+const.site}/{file.stem}"')
    + """
<https://example.org/words> a owl:Ontology ; map:constant "site=https://example.org" .
ex:title rdfs:domain ex:Post ; rdfs:range xsd:string ; map:key "title" .
ex:kind rdfs:domain ex:Post ; rdfs:range xsd:string ; map:key "kind" ; map:convert map:trim .
ex:Post map:reads
    """
    + f"{MORE} ,\n    {LESS} .\n"
)

CHANGES = {
    "a key": ('map:key "title"', 'map:key "headline"'),
    "a range": ('rdfs:range xsd:string ; map:key "title"', 'rdfs:range xsd:token ; map:key "title"'),
    "a template": ("/t/{@value|slug}", "/topics/{@value|slug}"),
    "a label": ('map:owlType "Post"', 'map:owlType "Page"'),
    "a conversion": ("map:convert map:trim", "map:convert map:lowerCase"),
    "a prefix": (
        "@prefix ex: <https://example.org/ns#>",
        "@prefix other: <https://example.org/ns#> . @prefix ex: <https://example.org/ns#>",
    ),
    "a language": ('map:key "title"', 'map:key "title" ; map:language "en"'),
    "a language that the record says": ('map:key "title"', 'map:key "title" ; map:language "{lang}"'),
    "a default": ('map:key "title"', 'map:key "title" ; map:default "none"'),
    "entries": ('map:key "title"', 'map:entries "title"'),
    "a form of dates": ('rdfs:range xsd:string ; map:key "kind"', 'rdfs:range xsd:date ; map:key "kind" ; map:dateFormat "%Y/%m/%d"'),
    "what is replaced in an IRI": ('/t/{@value|slug}"', '/t/{@value|slug}" ; map:replace ( ( "C#" "c-sharp" ) )'),
    "what is replaced in a slug": ("map:convert map:trim", 'map:convert map:slug ; map:replace ( ( "C#" "c-sharp" ) )'),
    "what is ignored": ('map:owlType "Post"', 'map:owlType "Post" ; map:ignore "layout"'),
    "files": ('map:owlType "Post"', 'map:owlType "Post" ; map:files "*.md"'),
    "a constant": ("site=https://example.org", "site=https://example.net"),
    "the key of a row": ('map:key "more"', 'map:key "much"'),
    "the property of a row": ("map:property ex:more", "map:property ex:most"),
    "a range of a row": ("map:range xsd:date ,", "map:range xsd:gYear ,"),
    "one row more": (MORE, f'{MORE} , [ map:property ex:more ; map:key "a" ; map:range xsd:string ]'),
    "the order of rows": (f"{MORE} ,\n    {LESS}", f"{LESS} ,\n    {MORE}"),
    "a list of templates": ('"{+const.site}/{file.stem}"', '( "{+const.site}/{slug}" "{+const.site}/{file.stem}" )'),
    "the type key": ("a owl:Ontology ;", 'a owl:Ontology ; map:typeKey "meta.type" ;'),
    "a superclass": ("ex:Post map:reads", "ex:Post rdfs:subClassOf ex:Page . ex:Page a owl:Class . ex:Post map:reads"),
    "the order of properties": ("ex:title rdfs:domain", 'ex:kind rdfs:comment "" . ex:title rdfs:domain'),
}
SAME = {
    "a comment": ("ex:title rdfs", "# the title\nex:title rdfs"),
    "white space": (" ; ", "\n    ;  "),
    "the order of what is said in a row": ('map:property ex:more ; map:key "more"', 'map:key "more" ; map:property ex:more'),
    "the order of ranges": ("xsd:date , xsd:string", "xsd:string , xsd:date"),
    "a row with a name": (
        f"ex:Post map:reads\n    {MORE}",
        f"ex:row {MORE.strip('[ ]')} . ex:Post map:reads ex:row",
    ),
    "a comment of a row": ('map:key "more"', 'map:key "more" ; rdfs:comment "More."'),
    "the order of what is said of a property": ('rdfs:range xsd:string ; map:key "title"', 'map:key "title" ; rdfs:range xsd:string'),
}


def digest(folder: Path, text: str, name: str = "ontology.ttl", options: Project | None = None) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    project = replace(options or Project(), ontology=(str(folder / name),))
    return plan_digest(project.plan())


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_an_outcome_changes_the_digest(change: str, tmp_path: Path) -> None:
    changed = WORDS.replace(*CHANGES[change])
    assert changed != WORDS
    assert digest(tmp_path, changed) != digest(tmp_path, WORDS)


@pytest.mark.parametrize("change", SAME)
def test_what_changes_no_outcome_does_not_change_the_digest(change: str, tmp_path: Path) -> None:
    changed = WORDS.replace(*SAME[change])
    assert changed != WORDS
    assert digest(tmp_path / "a", changed, "other.ttl") == digest(tmp_path / "b", WORDS)


POLICIES = [
    Project(unmapped="drop"),
    Project(duplicate_keys="warn-if-equal"),
    Project(ambiguous_references="nearest"),
    Project(reading=ReadingRules(key_case="ignore")),
    Project(reading=ReadingRules(drafts="skip")),
    Project(reading=ReadingRules(without_front_matter="read")),
    Project(unclaimed="skip"),
    Project(default_class="Post"),
    Project(handlers=("frontmatter.default_handlers:YAMLHandler",)),
    Project(constants=(("site", "https://example.com"),)),
]


@pytest.mark.parametrize("change", POLICIES)
def test_policies_are_in_the_digest(change: Project, tmp_path: Path) -> None:
    assert digest(tmp_path, WORDS, options=change) != digest(tmp_path, WORDS)


@pytest.mark.parametrize("package", ["owltype", "pyoxigraph", "PyYAML", "py-yaml12", "python-frontmatter", "markdown-it-py", "tzdata"])
def test_versions_are_in_the_digest(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(tmp_path, WORDS)
    installed = version
    assert installed(package)
    monkeypatch.setattr("exporter.plan.digest.version_of", lambda name: "99" if name == package else installed(name))
    assert digest(tmp_path, WORDS) != before


def test_the_version_of_python_is_in_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(tmp_path, WORDS)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert digest(tmp_path, WORDS) != before


def test_the_code_of_a_conversion_is_in_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(tmp_path, WORDS)

    def trim(text: str, _options: conversions.ConversionOptions) -> str:
        return text.rstrip()

    trim.__module__, trim.__qualname__ = conversions.trim.__module__, conversions.trim.__qualname__
    monkeypatch.setitem(conversions.BUILT_IN, MAP + "trim", trim)
    assert digest(tmp_path, WORDS) != before


HANDLER = """
import json
import own_words
from own_parts.reading import clean


class Notes(own_words.YAMLHandler):
    def load(self, fm, **kwargs):
        return clean(super().load(fm, **kwargs))
"""
HELPERS = {
    "own_notes.py": HANDLER,
    "own_words.py": "from frontmatter.default_handlers import YAMLHandler\nfrom own_deep import limit\n",
    "own_deep.py": "limit = 3\n",
    "own_parts/__init__.py": "",
    "own_parts/reading.py": "from .more import clean\n",
    "own_parts/more.py": "def clean(found):\n    return found\n",
    "own_other.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("file", "old", "new", "differs"),
    [
        ("own_notes.py", "clean(super()", "dict(super()", True),
        ("own_words.py", "limit", "limit as most", True),
        ("own_deep.py", "3", "4", True),
        ("own_parts/more.py", "return found", "return {**found}", True),
        ("own_parts/__init__.py", "", "y = 2", True),
        ("own_deep.py", "limit", "# how deep\nlimit", False),
        ("own_other.py", "1", "2", False),
    ],
)
def test_the_code_of_a_handler_and_its_helpers_is_in_the_digest(
    file: str, old: str, new: str, differs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in HELPERS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in list(sys.modules):
        if name.partition(".")[0].startswith("own_"):
            monkeypatch.delitem(sys.modules, name)
    project = Project(handlers=("own_notes:Notes",))
    before = digest(tmp_path, WORDS, options=project)
    (tmp_path / file).write_text(HELPERS[file].replace(old, new, 1))
    assert (digest(tmp_path, WORDS, options=project) != before) is differs


def test_every_process_gives_the_same_digest() -> None:
    code = "from exporter.plan.compiling import load_plan; from exporter.plan.digest import plan_digest; "
    code += "print([plan_digest(load_plan(path)) for path in ('ontology', 'examples/obofoundry/ontology.ttl')])"
    made = set()
    for seed in ("1", "2", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        made.add(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout)
    assert len(made) == 1


def test_everything_in_a_plan_is_in_the_digest() -> None:
    """A field that is added to what a plan is made of is there without a word: what is left out is named."""
    plan = load_plan(["ontology"])
    before = plan_digest(plan)
    of = plan.classes[min(plan.classes)]
    step = of.steps[0]
    changes: list[tuple[object, str, object]] = [
        (of, "match", (("title",),)),
        (of, "reads_scalar", not of.reads_scalar),
        (of.keys, "whole", not of.keys.whole),
        (step, "entries", True),
        (step, "options", step.options._replace(days=True)),
        (step.values[0], "date_forms", ("dd.MM.yyyy",)),
    ]
    for owner, name, value in changes:
        kept = getattr(owner, name)
        setattr(owner, name, value)
        assert plan_digest(plan) != before, name
        setattr(owner, name, kept)
    assert plan_digest(plan) == before


def test_a_prefix_that_no_export_uses_is_not_in_the_digest(tmp_path: Path) -> None:
    assert digest(tmp_path, f"@prefix unused: <https://unused.example/> .\n{WORDS}") == digest(tmp_path, WORDS)
