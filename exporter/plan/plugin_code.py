"""The code of plug-ins: a handler or conversion that a user writes may change while no version does."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

_VERSIONED = ("exporter", "frontmatter")
"""Packages whose versions stand in the digest."""


def plugin_code(module: str) -> str:
    """Give the hash of a loaded module's code, and of the modules of its folder that it imports, and those in turn; '' for versioned ones.

    It is taken of the syntax trees: comments and layout are not in it.
    """
    digest = hashlib.blake2b(digest_size=16)
    read = False
    for path, tree in _trees(module):
        read = True
        digest.update(f"{path.name}\0{ast.dump(tree) if isinstance(tree, ast.AST) else tree.hex()}\0".encode())
    return digest.hexdigest() if read else ""


def plugin_files(module: str) -> list[Path]:
    """List the files whose code `plugin_code` hashes."""
    return [path for path, _ in _trees(module)]


def _trees(module: str) -> Iterator[tuple[Path, ast.AST | bytes]]:
    """Yield the files of a loaded module's code with what is in them; nothing for one that a version stands for."""
    if not module or module.partition(".")[0] in _VERSIONED or module.partition(".")[0] in sys.stdlib_module_names:
        return
    origin = getattr(sys.modules.get(module), "__file__", None)
    if not origin:
        return
    package = getattr(sys.modules[module], "__package__", "") or ""
    queue = [Path(origin)]
    for path in queue:
        tree = _tree(path)
        yield path, tree
        if isinstance(tree, ast.AST):
            queue += [found for found in _imported(tree, package, Path(origin).parent) if found not in queue]


def _tree(path: Path) -> ast.AST | bytes:
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    try:
        return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return data  # what no syntax tree can be made of: a compiled module


def _imported(tree: ast.AST, package: str, folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that a module imports, in a fixed order; `package` is what the folder is called."""
    inside = f"{package}." if package else ""
    for node in ast.walk(tree):
        for name in _names(node, package):
            if name.startswith(inside):
                first = name.removeprefix(inside).partition(".")[0]
                if first:
                    yield from _files(folder, first)


def _names(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        try:
            source = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
        except ImportError:  # more dots than packages
            return
        yield from (f"{source}.{alias.name}" for alias in node.names)


def _files(folder: Path, name: str) -> Iterator[Path]:
    if (module := folder / f"{name}.py").is_file():
        yield module
    elif (folder / name).is_dir():
        yield from sorted((folder / name).rglob("*.py"))
