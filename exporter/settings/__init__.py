"""What a project decides once: `[tool.owltype]` in `pyproject.toml`, or `owltype.toml`, then `OWLTYPE_…`, then options."""

from exporter.settings.loading import load_settings
from exporter.settings.model import Settings, fails
from exporter.settings.suppressions import Suppression

__all__ = ["Settings", "Suppression", "fails", "load_settings"]
