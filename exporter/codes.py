"""The catalogue of problem codes, gathered from the packages that find the problems."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from exporter.codes_model import CodeEntry
from exporter.text import nearest, quote

MODULES = (
    "exporter.settings.codes",
    "exporter.records.codes",
    "exporter.ontology.codes",
    "exporter.mapping.codes",
    "exporter.pipeline.codes",
    "exporter.validation.codes",
    "exporter.sparql.codes",
)
"""The modules whose `CODES` make the catalogue, in the order of the docs."""


def unknown_code(code: str) -> str | None:
    """Say what is wrong with a code that the catalogue does not have, with the near one; None for one that it has.

    >>> unknown_code("SH-PATERN"), unknown_code("SH-PATTERN")
    ('"SH-PATERN" is not a problem code, did you mean SH-PATTERN?', None)
    """
    if code in catalogue():
        return None
    near = nearest(code, catalogue())
    return f"{quote(code)} is not a problem code" + (f", did you mean {near}?" if near else "; `owltype explain` lists all")


@cache
def catalogue() -> dict[str, CodeEntry]:
    """Give every code's entry, in the order of the docs.

    >>> catalogue()["SETTING-UNKNOWN"].title
    'There is no such setting'
    """
    entries: dict[str, CodeEntry] = {}
    for module in MODULES:
        for entry in import_module(module).CODES:
            if entry.code in entries:
                raise ValueError(f"{entry.code} stands in the catalogue twice")
            entries[entry.code] = entry
    return entries
