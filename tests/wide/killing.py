"""Front-matter handlers that end the process that they are in: what happens to executors when memory runs out."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from frontmatter.default_handlers import BaseHandler

ONCE = "OWLTYPE_TEST_KILL_ONCE"
"""The variable with the file that says that it has happened."""


class KillOnce(BaseHandler):
    """Ends the first process that asks whether a certain text is its own."""

    FM_BOUNDARY = re.compile(r"^-{3}$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        if "Post 17" in text:
            try:
                Path(os.environ[ONCE]).open("x").close()
            except FileExistsError:
                return False
            os.kill(os.getpid(), signal.SIGKILL)
        return False


class KillAlways(BaseHandler):
    """Ends each process that asks."""

    FM_BOUNDARY = re.compile(r"^-{3}$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        if "Post 17" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
