"""The digest of a plan: all that decides what becomes of a file besides its bytes and its path.

It is taken of the compiled plan: comments, white space, the names of ontology files and the order of statements that say the same
are not in it.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from types import CodeType

from pyoxigraph import BlankNode, NamedNode

from exporter.globs import Glob
from exporter.plan.model import ClassPlan, Plan
from exporter.plan.plugin_code import plugin_code
from exporter.rdf.terms import MAP
from exporter.records.handlers import Handler
from exporter.records.plugging import load_handlers
from exporter.system.versions import version_of

_PACKAGES = ("owltype", "pyoxigraph", "PyYAML", "py-yaml12", "python-frontmatter", "markdown-it-py", "tzdata")


def plan_digest(plan: Plan) -> str:
    """Give the digest of a plan; two that are equal make equal outcomes of every file, in each format.

    Of a handler and a conversion that are not ours it covers the code of its module and of all modules from the same folder that are
    imported there, as far as they are Python files; of other packages that they use, nothing.
    """
    digest = hashlib.blake2b(digest_size=16)
    for line in _lines(plan):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _lines(plan: Plan) -> Iterator[str]:
    yield from (f"{name} {version_of(name)}" for name in _PACKAGES)
    yield f"python {platform.python_implementation()} {platform.python_version()}"
    policies, ontology = plan.policies, plan.ontology
    yield from map(_handler, load_handlers(policies.handlers, policies.duplicate_keys))
    yield from (repr(_parts(of)) for of in sorted(plan.classes.values(), key=lambda of: of.iri.value))
    yield from (
        f"{item.name} {_canonical(getattr(plan, item.name))!r}" for item in fields(plan) if item.name not in {"ontology", "classes"}
    )
    yield repr((sorted(plan.used_prefixes.items()), sorted(ontology.datatypes.items())))
    yield from (f"{of.iri.value} {sorted(ontology.ancestors(of.iri.value))}" for of in plan.classes.values())
    described = {iri for iri in ontology.individuals if not iri.startswith(MAP)}
    yield from sorted(described)
    said = (statement for statement in ontology.statements if isinstance(statement[0], NamedNode) and statement[0].value in described)
    yield from sorted(" ".join("_" if isinstance(term, BlankNode) else str(term) for term in statement) for statement in said)


def _handler(handler: Handler) -> str:
    kind = type(handler)
    own = [_code(entry) for entry in vars(kind).values() if callable(entry)]
    return repr((kind.__module__, kind.__qualname__, own, [plugin_code(base.__module__) for base in kind.__mro__]))


_DERIVED = frozenset({"type_pairs", "covered", "new_file"})
"""Fields that follow from others, and what only `restore` reads."""


def _canonical(value: object) -> object:
    """Write any part of a plan as plain values whose text is the same in every process; a class inside another is its IRI."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, ClassPlan):
        return value.iri.value
    if isinstance(value, NamedNode):
        return value.value
    if isinstance(value, Glob):
        return value.text
    if isinstance(value, re.Pattern):
        return (value.pattern, value.flags)
    if isinstance(value, Mapping):
        pairs = [(repr(_canonical(key)), _canonical(inner)) for key, inner in value.items()]
        return pairs if all(isinstance(inner, ClassPlan) for inner in value.values()) else sorted(pairs, key=lambda pair: pair[0])
    if isinstance(value, (frozenset, set)):
        return sorted(map(repr, map(_canonical, value)))
    if isinstance(value, (list, tuple)):
        return [_canonical(inner) for inner in value]
    if is_dataclass(value):
        return _parts(value)
    assert callable(value), f"a plan holds a {type(value).__name__}"
    return _code(value)


def _parts(value: object) -> object:
    assert is_dataclass(value)
    return (
        type(value).__name__,
        *((item.name, _canonical(getattr(value, item.name))) for item in fields(value) if item.name not in _DERIVED),
    )


def _code(function: Callable[..., object]) -> object:
    """Name a function and what it runs: a plug-in may change while its version stays."""
    if isinstance(function, partial):
        return (_code(function.func), _canonical(function.args), _canonical(function.keywords))
    code = getattr(function, "__code__", None)
    name = (getattr(function, "__module__", ""), getattr(function, "__qualname__", type(function).__qualname__))
    return (name, _instructions(code) if isinstance(code, CodeType) else "", plugin_code(name[0]))


def _instructions(code: CodeType) -> object:
    constants = [_instructions(part) if isinstance(part, CodeType) else repr(part) for part in code.co_consts]
    return (code.co_code.hex(), constants, code.co_names, code.co_varnames)
