"""The process that `apart` starts for pySHACL: it confines itself before it reads anything, and serves runs until it is ended."""

from __future__ import annotations

import json
import os
import sys

from exporter.sparql.processes.worker import die_with_parent
from exporter.system.undoing import ignore_endings
from exporter.validation.engines.confining import confine
from exporter.validation.engines.messages import Answer, receive, send
from exporter.validation.engines.reference import run_reference


def main() -> None:
    """Serve runs."""
    ignore_endings()  # the parent has them, too, and ends this process
    die_with_parent()
    # A library that prints must not reach the channel.
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    confine([*sys.path, sys.prefix, sys.base_prefix], int(sys.argv[1]))
    while (options := receive(requests)) is not None:
        shapes, data = receive(requests), receive(requests)
        if shapes is None or data is None:
            return
        answer = Answer(rows=[], error="")
        try:
            answer["rows"] = run_reference(data, shapes, advanced=json.loads(options)["advanced"])
        except MemoryError:
            answer["error"] = "it needs more memory than it may take"
        except Exception as error:  # noqa: BLE001 - pySHACL raises what it likes, and the parent must hear of it
            answer["error"] = reason(error)
        send(answers, json.dumps(answer).encode())


def reason(error: BaseException) -> str:
    """Give the sentence of an exception, as pySHACL and rdflib write theirs."""
    return " ".join(str(getattr(error, "message", "") or error).split()) or type(error).__name__
