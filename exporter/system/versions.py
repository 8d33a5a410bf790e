"""Which version of a package is installed: owltype itself, and those that can change what it makes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version


def version_of(package: str) -> str:
    """Give the version of an installed package, nothing where it is not installed."""
    try:
        return installed_version(package)
    except PackageNotFoundError:
        return ""


def version() -> str:
    """Give the version of owltype; a work tree that was never installed has none."""
    return version_of("owltype") or "not installed"
