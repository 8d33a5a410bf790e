"""Every regular expression of the program, found in its syntax trees, with the ways in which it is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from tests.modules import Module, modules

_METHODS = frozenset({"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
_CALLS = frozenset(f"re.{name}" for name in (*_METHODS, "compile"))
_FLAGS = {"a": re.ASCII, "i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
ANCHORED = frozenset({"match", "fullmatch"})


@dataclass(frozen=True, slots=True)
class Regex:
    """One call of `re`: where it stands, the names in it, the pattern (None where it is made at run time), and the methods used."""

    place: str
    argument: str
    pattern: str | None
    methods: frozenset[str]

    @property
    def is_searched(self) -> bool:
        """Whether it is tried from every place of a text."""
        return bool(self.methods - ANCHORED)


def regexes() -> Iterator[Regex]:
    """Find every call of `re.compile` and of the functions that compile in passing."""
    everywhere: dict[str, set[str]] = {}
    for module in modules():
        for name, methods in _uses(module.tree).items():
            everywhere.setdefault(name, set()).update(methods)
    for module in modules():
        used = everywhere | _uses(module.tree)
        for node in ast.walk(module.tree):
            for call, names in _calls(node):
                yield _regex(module, call, names, used)


def _calls(node: ast.AST) -> Iterator[tuple[ast.Call, list[str]]]:
    """The calls of `re` that a statement holds, with the names that it gives their results to."""
    if not isinstance(node, ast.stmt):
        return
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    below = [child for child in ast.iter_child_nodes(node) if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))]
    for child in below:
        for found in ast.walk(child):
            if isinstance(found, ast.Call) and ast.unparse(found.func) in _CALLS:
                yield found, names


def _uses(tree: ast.Module) -> dict[str, set[str]]:
    """The methods that are called on each name or attribute of a module; `*` where it is handed on."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _METHODS:
            base = node.value
            name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
            used.setdefault(name, set()).add(node.attr)
    return used


def _regex(module: Module, call: ast.Call, names: list[str], used: dict[str, set[str]]) -> Regex:
    assert isinstance(call.func, ast.Attribute)
    name = call.func.attr
    methods = {name} if name in _METHODS else {method for known in names for method in used.get(known, ())}
    argument = " ".join(sorted({node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}))
    flags = next((keyword.value for keyword in call.keywords if keyword.arg == "flags"), None)
    if flags is None and name in {"compile", "match", "fullmatch", "search", "findall", "finditer"}:
        at = 1 if name == "compile" else 2
        flags = call.args[at] if len(call.args) > at else None
    pattern = _pattern(module, call.args[0], flags)
    return Regex(f"{module.name}:{call.lineno}", argument, pattern, frozenset(methods))


def _pattern(module: Module, argument: ast.expr, flags: ast.expr | None) -> str | None:
    names = vars(import_module(module.name))
    try:
        value = eval(compile(ast.Expression(argument), "", "eval"), dict(names))  # noqa: S307 - the program's own text
        given = 0 if flags is None else eval(compile(ast.Expression(flags), "", "eval"), dict(names))  # noqa: S307
    except NameError:
        return None
    if isinstance(value, bytes):
        value, given = value.decode("latin-1"), given | re.ASCII
    letters = "".join(letter for letter, flag in _FLAGS.items() if given & flag)
    return f"(?{letters}){value}" if letters else value
