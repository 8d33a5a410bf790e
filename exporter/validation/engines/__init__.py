"""The SHACL engines behind one interface, and which of them is right for a shapes graph."""

from __future__ import annotations

from exporter.errors import UsageError
from exporter.text import enumerate_names
from exporter.validation.engines.features import Blocks, Suitability, no_data
from exporter.validation.engines.model import Engine, EngineError
from exporter.validation.shapes.graph import ShapesGraph

NAMES = ("auto", "shacl", "pyshacl", "both")
"""What `--engine` takes. `auto` prefers the fast one."""

SECONDS = 600.0
"""How long one run of an engine may take that can be ended."""

_PREFERENCE = ("shacl", "pyshacl")

__all__ = ["NAMES", "SECONDS", "Engine", "EngineError", "choose", "choose_suited", "make_engine"]


def make_engine(name: str, seconds: float = SECONDS) -> Engine:
    """Make the engine called `shacl` or `pyshacl`; only the one asked for is imported. `seconds` bounds a run where it can be ended."""
    if name == "shacl":
        from exporter.validation.engines.shacl import RustEngine

        return RustEngine()
    if name == "pyshacl":
        from exporter.validation.engines.pyshacl import ReferenceEngine

        return ReferenceEngine(seconds)
    raise UsageError(f"no engine is called {name!r}; there are {enumerate_names(NAMES, 'and')}")


def choose(name: str, shapes: ShapesGraph, data: Blocks = no_data) -> tuple[str, ...]:
    """Say which engines run for `--engine name`, as `choose_suited` does."""
    return choose_suited(name, Suitability(shapes, data))


def choose_suited(name: str, suited: Suitability) -> tuple[str, ...]:
    """Say which engines run for `--engine name`: two for `both`; for `auto` one that has no known fault with these shapes and data.

    Where each has one, the engine with the fewer and lesser ones is taken; whoever runs it reports `unsuited` features.
    """
    if name == "both":
        return _PREFERENCE
    if name == "auto":
        return (min(_PREFERENCE, key=lambda engine: _faults(engine, suited)),)
    if name not in _PREFERENCE:
        raise UsageError(f"no engine is called {name!r}; there are {enumerate_names(NAMES, 'and')}")
    return (name,)


def _faults(engine: str, suited: Suitability) -> tuple[int, int]:
    found = suited.unsuited(engine)
    return sum(not feature.conforms for feature, _ in found), len(found)
