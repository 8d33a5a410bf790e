"""The digest of a plan: all that decides what becomes of a file besides its bytes and its path.

It is taken of the compiled plan: comments, white space, the names of ontology files and the order of statements that say the same
are not in it.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from types import CodeType

from exporter.globs import Glob
from exporter.language.patterns import Pattern
from exporter.language.templates import Template
from exporter.plan.model import ClassPlan, KeyNode, Plan, Step, ValuePlan
from exporter.plan.plugin_code import plugin_code
from exporter.rdf.terms import MAP
from exporter.records.handlers import Handler
from exporter.records.plugging import load_handlers

_PACKAGES = ("owltype", "pyoxigraph", "PyYAML", "py-yaml12", "python-frontmatter", "markdown-it-py")


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
    yield from (f"{name} {_version(name)}" for name in _PACKAGES)
    yield f"python {platform.python_implementation()} {platform.python_version()}"
    policies = plan.policies
    yield repr(policies)
    yield from map(_handler, load_handlers(policies.handlers, policies.duplicate_keys))
    yield repr((plan.type_key, [(label, of.iri.value) for label, of in plan.labels.items()]))
    yield repr([(glob.text, of.iri.value) for glob, of in plan.files])
    yield repr(plan.default_class and plan.default_class.iri.value)
    yield from (_class(of) for of in sorted(plan.classes.values(), key=lambda of: of.iri.value))
    yield repr((sorted(plan.used_prefixes.items()), plan.properties))
    yield repr(sorted(iri for iri in plan.ontology.individuals if not iri.startswith(MAP)))
    yield repr(sorted(plan.ontology.datatypes.items()))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _handler(handler: Handler) -> str:
    kind = type(handler)
    own = [_code(entry) for entry in vars(kind).values() if callable(entry)]
    return repr((kind.__module__, kind.__qualname__, own, [plugin_code(base.__module__) for base in kind.__mro__]))


def _class(of: ClassPlan) -> str:
    head = (of.iri.value, of.name, [type_.value for type_ in of.types], _plain(of.template), _plain(of.pattern), of.makes_records)
    files = (_plain(of.file_pattern), of.records, of.match, of.answers)
    return repr((head, files, [_step(step) for step in of.steps], _keys(of.keys)))


def _step(step: Step) -> object:
    options = step.options
    return (
        *(step.predicate.value, step.sources, [_value(value) for value in step.values], step.each, step.entries, _plain(step.value)),
        *([_code(convert) for convert in step.conversions], options.separator, options.base, sorted(options.concepts.items())),
        *(_plain(step.base), _plain(step.default), step.relative_to_record, step.ordered, options.date_forms, options.replace),
    )


def _value(value: ValuePlan) -> object:
    of = value.of and value.of.iri.value
    return (value.kind, value.datatype and value.datatype.iri, value.language, value.languages, value.date_forms, of)


def _keys(node: KeyNode) -> object:
    below = sorted(((repr(key), _keys(child)) for key, child in node.children.items()), key=lambda pair: pair[0])
    return (below, node.whole, node.ignored, [of.iri.value for of in node.classes], node.rest and _keys(node.rest))


def _plain(part: Template | Pattern | Glob | None) -> object:
    return part if not isinstance(part, Pattern) else (part.text, part.compiled.flags, part.longest)


def _code(function: Callable[..., object]) -> object:
    """Name a function and what it runs: a plug-in may change while its version stays."""
    if isinstance(function, partial):
        return (_code(function.func), repr(function.args), repr(function.keywords))
    code = getattr(function, "__code__", None)
    name = (getattr(function, "__module__", ""), getattr(function, "__qualname__", type(function).__qualname__))
    return (name, _instructions(code) if isinstance(code, CodeType) else "", plugin_code(name[0]))


def _instructions(code: CodeType) -> object:
    constants = [_instructions(part) if isinstance(part, CodeType) else repr(part) for part in code.co_consts]
    return (code.co_code.hex(), constants, code.co_names, code.co_varnames)
