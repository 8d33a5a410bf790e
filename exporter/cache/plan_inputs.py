"""Finding what a plan was compiled from, once it is compiled (`exporter.cache.inputs`): that takes what compiling itself has loaded."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode

from exporter.cache.folder import Cache
from exporter.cache.inputs import Inputs, names_in, origin_of, pack_inputs, plan_name
from exporter.cache.stamps import look, stamp_file, unchanged
from exporter.plan.model import Plan
from exporter.plan.plugin_code import plugin_files
from exporter.project import Project
from exporter.rdf.base import file_path
from exporter.rdf.reading import RdfError, read_rdf_text
from exporter.rdf.terms import OWL
from exporter.records.plugging import load_handlers


def keep_digest(project: Project, cache: Cache, plan: Plan, digest: str) -> bool:
    """Keep the digest of a plan that this run has compiled; not where a file was changed since, or may have been."""
    inputs = _inputs(project, plan) if cache.is_on else None
    return inputs is not None and cache.write(plan_name(project), pack_inputs(digest, inputs))


def _inputs(project: Project, plan: Plan) -> Inputs | None:
    """Look at what a plan was compiled from; None where what was read is not what is there now."""
    sources = [source.path for source in plan.ontology.sources]
    modules = sorted(_plugins(project, plan))
    code = sorted({str(path) for module in modules for path in (*plugin_files(module), *_packages(module))})
    folders = [path for path in project.plan_files() if os.path.isdir(path)]  # noqa: PTH112 - beside what os gives
    folders += sorted({os.path.dirname(path) for path in code})  # noqa: PTH120 - as above
    try:
        before = time.time_ns()
        files = {path: stamp_file(path) for path in (*sources, *code)}
        if any(read_rdf_text(source.path, source.syntax).text != source.text for source in plan.ontology.sources):
            return None
        if not all(unchanged(files[path], look(path), before) for path in code):  # what Python has loaded can't be asked
            return None
        missing = tuple(path for path in _imported(plan) if not os.path.isfile(path))  # noqa: PTH113 - as above
        listed = {path: names_in(path) for path in folders}
    except (OSError, RdfError):
        return None
    return Inputs(files, missing, listed, {top: origin_of(top) for top in {module.partition(".")[0] for module in modules}})


def _plugins(project: Project, plan: Plan) -> set[str]:
    """Name the modules of handlers and conversions; of those that a version stands for no file is looked at."""
    handlers = load_handlers(project.handlers, project.duplicate_keys)
    used = {base.__module__ for handler in handlers for base in type(handler).__mro__}
    for of in plan.classes.values():
        for conversion in (conversion for step in of.steps for conversion in step.conversions):
            function = conversion.func if isinstance(conversion, partial) else conversion
            used.add(getattr(function, "__module__", "") or "")
    return {module for module in used if plugin_files(module)}


def _packages(module: str) -> Iterator[Path]:
    """Yield the files of the packages that a module is in: they run before it, and may put another in its place."""
    while module := module.rpartition(".")[0]:
        origin = getattr(sys.modules.get(module), "__file__", None)
        if origin:
            yield Path(origin)


def _imported(plan: Plan) -> Iterator[str]:
    """Yield the paths of the local files that the ontology imports, whether or not they are there."""
    for _, predicate, value in plan.ontology.statements:
        if predicate.value == OWL + "imports" and isinstance(value, NamedNode) and (path := file_path(value.value)) is not None:
            yield str(path)
