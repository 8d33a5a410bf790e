"""Which owltype this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version


def version() -> str:
    """Give the installed version; a work tree that was never installed has none."""
    try:
        return installed_version("owltype")
    except PackageNotFoundError:
        return "not installed"
