"""Buffers that do not parse, each in a file of its own: what completion at the cursor has to offer, and what hover has to say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CURSOR = "‸"
FOLDER = Path(__file__).parent / "buffers"
_CUT = "---8<---\n"


@dataclass(frozen=True, slots=True)
class Buffer:
    """A case: the file that the text is of, the text, where the cursor is in it, and what has to be offered, not offered, and said."""

    name: str
    file: str
    text: str
    offset: int
    offers: tuple[str, ...]
    refuses: tuple[str, ...]
    hovers: str


def read_buffers() -> list[Buffer]:
    """Read all of them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.case"))]


def _read(path: Path) -> Buffer:
    head, _, text = path.read_bytes().decode().partition(_CUT)
    said = dict(line.split(": ", 1) for line in head.splitlines())
    listed = {name: tuple(filter(None, said.get(name, "").split("; "))) for name in ("offers", "not")}
    offset = text.index(CURSOR)
    return Buffer(path.stem, said["file"], text.replace(CURSOR, ""), offset, listed["offers"], listed["not"], said.get("hovers", ""))
