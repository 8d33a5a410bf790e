"""The SHACL engines behind one interface, and which of them is right for a shapes graph."""

from __future__ import annotations

from exporter.errors import UsageError
from exporter.text import enumerate_names
from exporter.validation.engines.features import unsuited
from exporter.validation.engines.model import Engine, EngineError
from exporter.validation.shapes import ShapesGraph

NAMES = ("auto", "shacl", "pyshacl", "both")
"""What `--engine` takes. `auto` prefers the fast one."""

_PREFERENCE = ("shacl", "pyshacl")

__all__ = ["NAMES", "Engine", "EngineError", "choose", "make_engine"]


def make_engine(name: str) -> Engine:
    """Make the engine called `shacl` or `pyshacl`; only the one asked for is imported (pySHACL takes 0.3 s)."""
    if name == "shacl":
        from exporter.validation.engines.shacl import RustEngine

        return RustEngine()
    if name == "pyshacl":
        from exporter.validation.engines.pyshacl import ReferenceEngine

        return ReferenceEngine()
    raise UsageError(f"no engine is called {name!r}; there are {enumerate_names(NAMES, 'and')}")


def choose(name: str, shapes: ShapesGraph) -> tuple[str, ...]:
    """Say which engines run for `--engine name`: two for `both`; for `auto` one that has no known fault with these shapes.

    Where each has one, the engine with fewer of them is taken; whoever runs it reports `unsuited` features.
    """
    if name == "both":
        return _PREFERENCE
    if name == "auto":
        return (min(_PREFERENCE, key=lambda engine: len(unsuited(engine, shapes))),)
    if name not in _PREFERENCE:
        raise UsageError(f"no engine is called {name!r}; there are {enumerate_names(NAMES, 'and')}")
    return (name,)
