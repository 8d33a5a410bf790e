"""Rules that hold for all modules: nothing hidden, nothing printed, nothing undocumented, nothing left to do."""

from __future__ import annotations

import ast
import re

import pytest

from tests.modules import ROOT, modules


def test_only_the_command_line_prints_and_exits() -> None:
    wrong = [
        f"{module.file}:{node.lineno}: {ast.unparse(node.func)}"
        for module in modules()
        if module.unit not in {"cli", "__main__"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit", "quit"}
    ]
    assert not wrong, "\n".join(wrong)


def test_every_module_says_what_it_is_for() -> None:
    assert not [str(module.file) for module in modules() if not ast.get_docstring(module.tree)]


def test_no_function_takes_options_that_it_does_not_name() -> None:
    """`**kwargs` hides what a function takes; a decorator that passes on what it was given names their types with a ParamSpec."""
    wrong = [
        f"{module.file}:{node.lineno}: {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
        and node.args.kwarg
        and node.name != "export"  # a method that python-frontmatter's handlers have
        and ast.unparse(node.args.kwarg.annotation or ast.Constant(0)) != "P.kwargs"
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_to_do() -> None:
    wrong = [f"{module.file}: {found[0]}" for module in modules() if (found := re.search(r"\b(TODO|FIXME|XXX|HACK)\b.*", module.text))]
    assert not wrong, "\n".join(wrong)


CHANGING = {
    "records.nodes": "grown while a parser gives its events, and read-only from then on",
    "plan.model": "classes refer to each other in a circle, so they are completed after they are made",
    "pipeline.coverage": "counts",
    "pipeline.ledger": "counts",
    "inference.facts": "counts",
    "inference.observing": "counts",
    "inference.classes": "grows until all records have a class",
    "inference.embedding": "grows while maps are met",
    "inference.values": "grows while values are met",
    "mapping.model": "what one record's mapping gathers",
    "validation.shapes.patterns": "a parser's place in its text",
    "policy.suppressing": "notes what was used",
    "language_server.sketch.flow": "what is open while brackets are read",
    "language_server.sketch.yaml": "what is open while lines are read",
    "pages.gathering": "grows while a project is looked through, and follows it",
    "comparing.states": "grows while records are read",
    "tracing.tracing": "gathers what records say",
    "server.answers": "remembers answers",
    "server.application": "counts",
    "rdf.xml_places": "a parser's place in its text",
    "validation.data.rdf_files": "holds what is looked up once (cached_property)",
    "validation.shapes.graph": "holds what is looked up once (cached_property)",
    "validation.data.graphs": "grows by record",
    "validation.results.locating": "holds what is looked up once (cached_property)",
    "rdf.lexer": "a lexer's place in its text",
    "drift.survey": "grows by record",
    "language.automaton": "grows while a pattern is read",
    "language.stepping": "counts steps",
    "dataset.exact": "notes what is met while loading",
    "sparql.queries.rewriting": "a rewriter's place in its text",
    "sparql.queries.bindings": "a rewriter's place in its text",
    "sparql.asking": "holds processes and closes them",
    "sparql.results.serialising": "counts what is written",
    "generate.diagrams.layout": "cells move until all are placed",
    "inference.growing.missing": "what is missing is gathered",
    "validation.batches.index": "lines are added",
    "validation.batches.sight": "a walk notes what it sees",
}
"""Modules with a data class that changes, and why; all others are frozen."""


def test_data_classes_are_frozen_but_for_those_that_have_a_reason() -> None:
    changing = {
        module.name.removeprefix("exporter."): f"{module.file}:{node.lineno}: {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if ast.unparse(decorator).startswith("dataclass") and "frozen=True" not in ast.unparse(decorator)
    }
    assert not {name: place for name, place in changing.items() if name not in CHANGING}
    assert not CHANGING.keys() - changing.keys(), "frozen by now"


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"])
def test_the_repository_has(name: str) -> None:
    assert (ROOT / name).read_text("utf-8").strip()


NOT_OURS_TO_USE = {"sys.executable", "os.system", "os.popen", "multiprocessing.Process", "multiprocessing.Pool"}


def test_programs_are_started_in_one_way() -> None:
    """Only `exporter.system.processes` knows how to start a Python or git that runs nothing of the current folder (docs/security.md)."""
    wrong = [
        f"{module.file}:{node.lineno}: {ast.unparse(node)}"
        for module in modules()
        if module.name != "exporter.system.processes"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in NOT_OURS_TO_USE)
        or (isinstance(node, ast.Constant) and node.value in {"git", "spawn", "forkserver"})
    ]
    assert not wrong, "\n".join(wrong)


def test_one_class_name_is_one_idea() -> None:
    homes: dict[str, list[str]] = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module.name)
    assert len(homes) > 100
    assert not {name: names for name, names in homes.items() if len(names) > 1}
