"""CONTRIBUTING names real files, and has a recipe for what is added most."""

from __future__ import annotations

import re

import pytest

from tests.modules import PACKAGE, ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PATHS = sorted(set(re.findall(r"`((?:exporter|tests|docs|ontology|shapes|examples|benchmarks|requirements)/[\w./-]*)`", TEXT)))
RECIPES = ("an output format", "a conversion", "a problem code", "a mapping term", "a report", "a case")


def test_there_are_paths() -> None:
    assert len(PATHS) > 20


@pytest.mark.parametrize("path", PATHS)
def test_path_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("recipe", RECIPES)
def test_there_is_a_recipe_to_add(recipe: str) -> None:
    assert f"**Add {recipe}.**" in TEXT


def test_every_package_is_described() -> None:
    packages = {f"exporter/{folder.name}/" for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()}
    assert packages <= set(PATHS)
