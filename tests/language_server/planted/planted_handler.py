"""A handler as a folder's settings may name one; it leaves a trace where it is imported."""

import os
from pathlib import Path

from frontmatter.default_handlers import YAMLHandler

if trace := os.environ.get("PLANTED"):
    Path(trace).touch()


class Handler(YAMLHandler):
    """Reads what YAML reads."""
