"""Reading the examples out of a Markdown page: an ontology, its records, and the Turtle that comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
DEFAULT_PATH = "content/record.md"


@dataclass(slots=True)
class Example:
    """One example: `records` by path, the `output` without the prefixes, and the `problems` line by line.

    `name` is the heading above, `others` are files beside the records.
    """

    name: str
    ontology: str
    records: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    problems: str = ""
    output: str | None = None


def read_examples(page: Path) -> tuple[str, list[Example]]:
    """Give the page's prefixes and its examples, in their order; a block without its place in an example is an error."""
    text = page.read_text(encoding="utf-8")
    prefixes = ""
    examples: list[Example] = []
    for match in _FENCE.finditer(text):
        kind, _, path = match["info"].partition(" ")[2].partition(" ")
        if kind == "prefixes":
            prefixes = match["text"]
        elif kind == "ontology":
            name = _HEADING.findall(text, 0, match.start())[-1]
            examples.append(Example(name, match["text"]))
        elif kind == "record":
            assert examples[-1].output is None, f"a record stands after the output, under {examples[-1].name}"
            examples[-1].records[path or DEFAULT_PATH] = match["text"]
        elif kind == "file":
            examples[-1].others[path] = match["text"]
        elif kind == "problems":
            examples[-1].problems = match["text"]
        elif kind == "output":
            examples[-1].output = match["text"]
    return prefixes, examples
