"""Findings with a location: the one `Problem` type that reading, mapping and SHACL share, and the table of their codes."""

from __future__ import annotations

from exporter.problems.problem import KeyPath, Location, Problem, Severity, ShaclDetail, TextFix, format_key_path, key_names

__all__ = ["KeyPath", "Location", "Problem", "Severity", "ShaclDetail", "TextFix", "format_key_path", "key_names"]
