"""What each problem code means: the prose of `exporter/problems/catalogue/`, read as the records that they are.

`owltype explain`, the docs and the reports that carry explanations ask here. A run never does: it needs the table of codes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exporter.problems import Severity
from exporter.problems.codes import CODES, Code
from exporter.records.reading import read_file

CATALOGUE = Path(__file__).parent / "problems" / "catalogue"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code's row with its prose: what it means, a file that has the problem (`bad`) and the same file without it (`good`)."""

    row: Code
    title: str
    text: str
    bad: str
    good: str

    @property
    def code(self) -> str:
        """The code's name."""
        return self.row.name

    @property
    def severity(self) -> Severity:
        """How bad its problems are by default."""
        return self.row.severity


@cache
def explain(code: str) -> Explanation:
    """Read the prose of a code; raises KeyError for one that the table does not have.

    >>> explain("SETTING-UNKNOWN").title
    'A setting is unknown'
    """
    row = CODES[code]
    reading = read_file(str(CATALOGUE / f"{code}.md"))
    assert reading.record is not None, reading.problems
    text, bad, good = _sections(reading.record.body)
    return Explanation(row, str(reading.record.front_matter["title"]), " ".join(text.split()), bad, good)


def explanations() -> dict[str, Explanation]:
    """Give every code's explanation, in the order of the table."""
    return {code: explain(code) for code in CODES}


def _sections(body: str) -> tuple[str, str, str]:
    """Split a body into its text and the blocks of code below `## Bad` and `## Good`."""
    texts = {"": "", "## Bad": "", "## Good": ""}
    section, fence = "", ""
    for line in body.splitlines(keepends=True):
        bare = line.rstrip("\n")
        if fence:
            fence = "" if bare == fence else fence
            texts[section] += line if fence else ""
        elif bare and bare in texts:
            section = bare
        elif bare.startswith("```") and section:
            fence = bare.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif not section:
            texts[section] += line
    return texts[""], texts["## Bad"], texts["## Good"]
