"""The command line: one module per command, thin (parse, build, execute); `exporter.cli.app` lists them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `owltype` with `arguments`, the process's own by default, and end the process."""
    from exporter.cli.ending import run  # importing exporter.cli alone must not import click

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
