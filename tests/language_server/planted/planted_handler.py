"""A handler as a folder's settings may name one; it leaves a trace where it is imported."""

import os
from pathlib import Path

from frontmatter.default_handlers import YAMLHandler

Path(os.environ["PLANTED"]).touch()


class Handler(YAMLHandler):
    """Reads what YAML reads."""
