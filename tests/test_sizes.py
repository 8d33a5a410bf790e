"""A module is read in one sitting, a function does one thing (STYLE: about 300 and about 40 lines)."""

from __future__ import annotations

import ast
from collections import Counter

from tests.modules import modules

MODULE_LINES = 420
FUNCTION_LINES = 40


def test_modules_are_short() -> None:
    long = [f"{module.file}: {lines} lines" for module in modules() if (lines := module.text.count("\n")) > MODULE_LINES]
    assert not long, "\n".join(long)


def test_functions_are_short() -> None:
    """Counted without signature and docstring: options and examples may be as many as help."""
    long = [
        f"{module.file}:{node.lineno}: {node.name} has {lines} lines"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := _lines(node)) > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    start = (first.end_lineno or 0) + 1 if documented else first.lineno
    return (node.end_lineno or 0) - start + 1


PACKAGE_MODULES = 16


def test_packages_hold_what_fits_on_a_page() -> None:
    packages = Counter(module.file.parent for module in modules() if module.file.name != "__init__.py")
    assert len(packages) > 10
    large = [f"{folder}: {number} modules" for folder, number in packages.items() if number > PACKAGE_MODULES]
    assert not large, "\n".join(large)
