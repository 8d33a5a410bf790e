"""The package's modules as syntax trees, for the tests that hold the house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "exporter"


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, its file, text and tree."""

    name: str
    file: Path
    text: str
    tree: ast.Module

    @property
    def unit(self) -> str:
        """The part of the package that it belongs to: `records` for `exporter.records.reading`."""
        return [*self.name.split("."), "", ""][1]

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield what is imported anywhere in the module, inside functions too, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.file}:{node.lineno}: imports are absolute here"
                yield from ((_target(str(node.module), alias.name), node.lineno) for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """Read every module of the package."""
    return tuple(_read(file) for file in sorted(PACKAGE.rglob("*.py")))


def _read(file: Path) -> Module:
    text = file.read_text("utf-8")
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, file, text, ast.parse(text))


def _target(module: str, name: str) -> str:
    """Say what `from module import name` imports: the module, or the module `name` below it."""
    inner = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inner.is_dir() or inner.with_suffix(".py").is_file() else module
