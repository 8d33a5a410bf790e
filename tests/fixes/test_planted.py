"""Two thousand records with slips that another program makes, and with texts that look wrong and are right."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
import typo

from exporter import make_project
from exporter.fixes.fixing import Fixing, find_fixes
from tests.fixes.sites import make

pytestmark = pytest.mark.slow

KINDS = ("How-to", "Reference", "Tutorial")
WORDS = [
    "winter",
    "garden",
    "compost",
    "heap",
    "telehealth",
    "consent",
    "clinic",
    "river",
    "market",
    "harvest",
    "kitchen",
    "bridge",
    "museum",
    "library",
    "signal",
    "harbour",
    "meadow",
    "engine",
    "lantern",
    "orchard",
    "valley",
    "bakery",
    "compass",
]
ENDS = ("", " — part 1", " — part 2", " — part 7", " für alle", " (2nd ed.)")
SLIPS = ("char_swap", "extra_char", "missing_char", "nearby_char", "repeated_char", "similar_char")
MARKS = frozenset(":#[]{}'\"\n&*!|>%@`,")
NOTATIONS = ("%d/%m/%Y", "%d %B %Y", "%Y/%m/%d", "%B %d %Y")
LOOKS_WRONG = (
    "text: on 16/08/2026 at www.example.org",
    "text: Referense and Tutorail",
    "text: |\n  a\tb\n  titel: x",
    "text: '[[Winter garden]]'",
    "an_old_titel: kept on purpose",
    "text: Published",
    "text: 'status: Draft'",
    "extra: {titel: x, Status: Draft}",
)


class Planter:
    """Writes records, each as it should be and as it is."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        titles: dict[str, None] = {}
        while len(titles) < 2000:
            titles[" ".join(self._chance.sample(WORDS, 4)).capitalize() + self._chance.choice(ENDS)] = None
        self._titles = list(titles)

    def record(self, number: int) -> tuple[str, str]:
        """Give the text with the faults, and the text without them."""
        keys, right = self._right(number)
        wrong = list(right)
        if number < 1300:
            for at in self._chance.sample(range(len(keys)), self._chance.randint(1, 2)):
                wrong[at] = self._faulty(keys[at], right[at])
        elif number < 1500:
            line = self._chance.choice(LOOKS_WRONG)
            right.append(line)
            wrong.append(line)
        return self._text(number, wrong), self._text(number, right)

    def _right(self, number: int) -> tuple[list[str], list[str]]:
        chance = self._chance
        day = date(2026, chance.randint(1, 12), chance.randint(13, 28))
        values = {
            "title": self._titles[number],
            "status": chance.choice(("draft", "published")) + chance.choice(("", "  # checked")),
            "kind": chance.choice(KINDS),
            "related": chance.choice(self._titles),
            "date": day.isoformat(),
            "site": f"https://www.example.org/a{number}",
        }
        keys = ["title", "status", *(key for key in ("kind", "related", "date", "site") if chance.random() < 0.7)]
        chance.shuffle(keys)
        return keys, [f"{key}: {values[key]}" for key in keys]

    def _faulty(self, key: str, line: str) -> str:
        value = line.removeprefix(f"{key}: ")
        if self._chance.random() < 0.35 or key == "title":
            return f"{self._slip(key)}: {value}"
        if key == "status":
            return f"{key}: {value.replace(value.split()[0], value.split()[0].upper())}"
        if key == "date":
            return f"{key}: {date.fromisoformat(value).strftime(self._chance.choice(NOTATIONS))}"
        if key == "site":
            return f"{key}: {value.removeprefix('https://')}"
        return f"{key}: {self._slip(value)}"

    def _slip(self, text: str) -> str:
        while True:
            made = getattr(typo.StrErrer(text, seed=self._chance.randrange(10**6)), self._chance.choice(SLIPS))().result
            if made != text and made.strip() == made and MARKS.isdisjoint(made) and made.casefold() != text.casefold():
                return str(made)

    def _text(self, number: int, lines: list[str]) -> str:
        return "\n".join(["---", "owlType: Note", f"slug: n{number}", *lines, "---", "The body.", ""])


def _fixing(site: Path) -> Fixing:
    return find_fixes(make_project(str(site / "content"), ontology=str(site / "ontology"), shapes=str(site / "shapes"), cache=False))


@pytest.mark.parametrize("seed", [20261127, 8])
def test_slips_are_fixed_and_nothing_is_wrongly_changed(tmp_path: Path, seed: int) -> None:
    planter = Planter(seed)
    records = {f"n{number:04}.md": planter.record(number) for number in range(2000)}
    site = make(tmp_path, {name: wrong for name, (wrong, _) in records.items()})
    found = _fixing(site)
    made = {Path(file.edited.path).name: file.edited.after.decode() for file in found.files}
    assert [name for name, (wrong, right) in records.items() if wrong == right and name in made] == []
    for name, text in made.items():
        wrong, right = (set(each.split("\n")) for each in records[name])
        assert set(text.split("\n")) <= wrong | right, "a line became neither what it was nor what it should be"
    whole = sum(made.get(name, wrong) == right for name, (wrong, right) in records.items())
    assert whole >= 1870  # left are other first letters of words, and other letters in short keys
    for file in found.files:
        (site / "content" / Path(file.edited.path).name).write_bytes(file.edited.after)
    again = _fixing(site)
    assert again.files == ()
    assert {_told(each) for each in again.remaining} == {_told(each) for each in found.remaining}


def _told(problem: object) -> tuple[object, ...]:
    return tuple(getattr(problem, name) for name in ("code", "location", "message"))


def test_a_number_is_no_slip(tmp_path: Path) -> None:
    site = make(tmp_path, {"a.md": "---\nowlType: Note\nslug: a\ntitle: T\nstatus: draft\nrelated: Right number 7\n---\n"})
    assert _fixing(site).files == ()
