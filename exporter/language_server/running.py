"""Running the server over standard input and output. A request that fails is one request; the next is answered."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout

from exporter.language_server.features.answering import add_answers, add_views
from exporter.language_server.features.editing import add_edits
from exporter.language_server.features.following import add_buffers, add_files
from exporter.language_server.server import OwltypeServer
from exporter.language_server.session import MakeProject


def make_server(make: Callable[[bool], MakeProject], *, trusts: bool = False) -> OwltypeServer:
    """Make the server with everything that it answers."""
    server = OwltypeServer(make, trusts=trusts)
    add_buffers(server)
    add_files(server)
    add_answers(server)
    add_views(server)
    add_edits(server)
    return server


def run_server(make: Callable[[bool], MakeProject], *, trusts: bool) -> None:
    """Answer on standard input and output until the client ends it. What else is printed meanwhile goes to standard error."""
    server = make_server(make, trusts=trusts)
    with os.fdopen(os.dup(0), "rb") as messages, os.fdopen(os.dup(1), "wb") as answers, redirect_stdout(sys.stderr):
        try:
            server.start_io(messages, answers)
        finally:
            server.end()  # a client that is gone has not said so
