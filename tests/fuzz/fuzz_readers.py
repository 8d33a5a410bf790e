"""Ontologies, shapes and settings that are nearly right: the only exceptions that leave their readers are the program's own."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from exporter import ExporterError, load_plan
from exporter.settings import load_settings
from exporter.validation.shapes.loading import load_shapes
from tests.fuzz.harness import Finding, Rounds
from tests.fuzz.mutating import encode, mutate
from tests.running import ROOT

SMOKE = 60


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Change a file that loads, and load it."""
    kinds = [_Kind(*kind) for kind in _KINDS]
    for chance in rounds:
        kind = chance.choice(kinds)
        yield from _try(kind, chance, rounds.folder)


class _Kind:
    """One reader, the suffix its files have, and texts to begin with."""

    def __init__(self, name: str, suffix: str, read: Callable[[Path], object], pattern: str) -> None:
        self.name, self.suffix, self.read = name, suffix, read
        self.texts = [path.read_text("utf-8") for path in sorted(ROOT.glob(pattern)) if _is_text(path)]
        assert self.texts, pattern


def _try(kind: _Kind, chance: random.Random, folder: Path) -> Iterator[Finding]:
    text = mutate(chance, chance.choice(kind.texts), kind.texts)
    path = folder / f"{kind.name}{kind.suffix}"
    data = encode(chance, text)
    path.write_bytes(data)
    try:
        kind.read(path)
    except ExporterError as error:
        if not str(error).strip() or "\n" in str(error):
            yield Finding(f"{kind.name}: an error is not one sentence", f"{error!r}\n{data!r}")
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        frame = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{kind.name}: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        yield Finding(what, f"{traceback.format_exc()}\n{data!r}")


def _is_text(path: Path) -> bool:
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_settings(path: Path) -> object:
    return load_settings(path, environment={})


_KINDS: tuple[tuple[str, str, Callable[[Path], object], str], ...] = (
    ("ontology", ".ttl", load_plan, "ontology/*.ttl"),
    ("ontology-case", ".ttl", load_plan, "tests/ontology/cases/*/*.ttl"),
    ("shapes", ".ttl", lambda path: load_shapes([path]), "shapes/*.ttl"),
    ("shapes-example", ".ttl", lambda path: load_shapes([path]), "examples/*/shapes*.ttl"),
    ("owltype", ".toml", _read_settings, "tests/fuzz/seeds/owltype.toml"),
    ("pyproject", ".toml", _read_settings, "tests/fuzz/seeds/pyproject.toml"),
)
