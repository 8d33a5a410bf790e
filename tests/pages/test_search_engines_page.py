"""The sites of docs/search-engines.md are built as it says, by Hugo and Jekyll where they are installed, and a search engine reads them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import extruct
import pytest

from tests.walkthroughs import walkthroughs

SITES = {walk.name: walk for walk in walkthroughs("docs/search-engines.md")}
TOOLS = ("hugo", "jekyll")


def build(name: str, folder: Path) -> None:
    """Write the files of a section, and run its commands: each gives what the page shows."""
    SITES[name].prepare(folder)
    assert SITES[name].walk(folder, is_there=lambda tool: tool not in TOOLS or shutil.which(tool) is not None) == SITES[name].text


def found_in(page: Path) -> Any:  # noqa: ANN401 - JSON
    """Give the one piece of structured data in a page."""
    (found,) = extruct.extract(page.read_text("utf-8"), base_url="https://blog.example.org/", syntaxes=["json-ld"])["json-ld"]
    return found


def test_the_page_has_three_sites() -> None:
    assert list(SITES) == ["Hugo", "Jekyll", "Astro"]


@pytest.mark.parametrize("name", SITES)
def test_commands_give_what_the_page_shows(name: str, tmp_path: Path) -> None:
    build(name, tmp_path)


@pytest.mark.skipif(shutil.which("hugo") is None, reason="hugo is not installed")
def test_a_page_of_hugo_has_its_author_by_name(tmp_path: Path) -> None:
    build("Hugo", tmp_path)
    found = found_in(tmp_path / "public/posts/soup/index.html")
    assert (found["@id"], found["headline"]) == ("https://blog.example.org/posts/soup/", "A soup & a salad")
    assert (found["author"]["@type"], found["author"]["name"]) == ("Person", "Mira Sand")
    assert found["publisher"]["logo"] == "https://blog.example.org/logo.png"


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="jekyll is not installed")
def test_a_page_of_jekyll_has_its_author_by_name(tmp_path: Path) -> None:
    build("Jekyll", tmp_path)
    found = found_in(tmp_path / "_site/2026/08/16/lentil-soup.html")
    assert (found["@id"], found["headline"]) == ("https://blog.example.org/2026/08/16/lentil-soup.html", "Lentil soup with {{ herbs }}")
    assert (found["author"]["@type"], found["author"]["name"]) == ("Person", "Mira Sand")
