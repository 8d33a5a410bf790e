"""A folder of records with front matter becomes a knowledge graph.

The twenty-one public names are made when they are first asked for, so that `import exporter` costs nothing.

>>> import exporter
>>> exporter.__all__
['Export', 'ExporterError', 'Limits', 'Problem', 'Project', 'Record', 'Result', 'Selection', 'Validation', ...]
"""

# `python -m exporter` runs this with the current folder on the search path still (exporter.system.search_path): only what Python itself
# has loaded by then is imported here, so neither `from __future__` nor typing.
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from exporter.api import query
    from exporter.discovery import Selection
    from exporter.drift.checking import check
    from exporter.errors import ExporterError
    from exporter.inference.inferring import infer
    from exporter.mapping.mapping import map_record
    from exporter.pipeline.account import Export
    from exporter.pipeline.export import export
    from exporter.pipeline.reading import read
    from exporter.plan.compiling import load_plan
    from exporter.policy.runs import validate
    from exporter.problems import Problem
    from exporter.project import Project, make_project
    from exporter.publishing.publishing import publish
    from exporter.records.record import Record
    from exporter.recovery.restoring import restore
    from exporter.sparql.limits import Limits
    from exporter.sparql.opening import open_dataset
    from exporter.sparql.results.model import Result
    from exporter.validation.validating import Validation

__all__ = [
    "Export",
    "ExporterError",
    "Limits",
    "Problem",
    "Project",
    "Record",
    "Result",
    "Selection",
    "Validation",
    "check",
    "export",
    "infer",
    "load_plan",
    "make_project",
    "map_record",
    "open_dataset",
    "publish",
    "query",
    "read",
    "restore",
    "validate",
]

_HOMES = {
    "Export": "exporter.pipeline.account",
    "Limits": "exporter.sparql.limits",
    "Result": "exporter.sparql.results.model",
    "Selection": "exporter.discovery",
    "Validation": "exporter.validation.validating",
    "ExporterError": "exporter.errors",
    "Problem": "exporter.problems",
    "Project": "exporter.project",
    "Record": "exporter.records.record",
    "check": "exporter.drift.checking",
    "export": "exporter.pipeline.export",
    "infer": "exporter.inference.inferring",
    "load_plan": "exporter.plan.compiling",
    "make_project": "exporter.project",
    "map_record": "exporter.mapping.mapping",
    "open_dataset": "exporter.sparql.opening",
    "publish": "exporter.publishing.publishing",
    "query": "exporter.api",
    "read": "exporter.pipeline.reading",
    "restore": "exporter.recovery.restoring",
    "validate": "exporter.policy.runs",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'exporter' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
