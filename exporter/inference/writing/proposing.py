"""The files of a start, and what becomes of those that exist already: nothing is overwritten, a diff says what would change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StartFile:
    """A file to write: its path below the root, the text, and what stands there now, if there is something."""

    path: str
    text: str
    existing: str | None = None

    @property
    def is_new(self) -> bool:
        """Whether the file is missing."""
        return self.existing is None

    @property
    def is_changed(self) -> bool:
        """Whether there is one that says something else."""
        return self.existing is not None and self.existing != self.text

    def diff(self) -> str:
        """Write what would change as `git apply` takes it; empty where nothing would."""
        if not self.is_changed:
            return ""
        before, after = (self.existing or "").splitlines(keepends=True), self.text.splitlines(keepends=True)
        return f"diff --git a/{self.path} b/{self.path}\n" + "".join(
            _ended(difflib.unified_diff(before, after, f"a/{self.path}", f"b/{self.path}"))
        )


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def start_files(root: str, texts: Mapping[str, str]) -> tuple[StartFile, ...]:
    """Hold what would be written against what is there."""
    return tuple(StartFile(path, text, _existing(Path(root, path))) for path, text in texts.items())


def _existing(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def write_new(root: str, files: Sequence[StartFile]) -> list[str]:
    """Write the files that are not there yet, and give their paths; raises OutputError."""
    from exporter.writers.files import open_output

    written = []
    for file in files:
        if file.is_new:
            target = Path(root, file.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with open_output(target) as sink:
                sink.write(file.text.encode())
            written.append(file.path)
    return written
