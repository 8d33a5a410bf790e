"""The reference engine runs in a process that can be ended, that opens no connection and no file, and that serves many runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from exporter.validation.engines import EngineError, make_engine
from exporter.validation.engines.model import Engine, TimeoutEngineError
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import read_shapes

TEXT = b'<urn:x> <urn:p> "' + b"a" * 40 + b'" .\n'
CONFINED = """
import sys, socket, os, subprocess, urllib.request
from exporter.validation.engines.confining import confine
confine([*sys.path, sys.prefix, sys.base_prefix], 1 << 34)
{}
print("went on")
"""
ATTEMPTS = {
    "socket": "try:\n    socket.socket()\nexcept OSError: pass",
    "address": "try:\n    socket.getaddrinfo('localhost', 80)\nexcept OSError: pass",
    "url": "try:\n    urllib.request.urlopen('http://127.0.0.1:9/')\nexcept OSError: pass",
    "file-url": "try:\n    urllib.request.urlopen('file:///etc/hostname')\nexcept OSError: pass",
    "file": "try:\n    open('/etc/hostname')\nexcept OSError: pass",
    "file-beside-modules": "try:\n    open(os.path.join(os.path.dirname(os.__file__), 'LICENSE.txt'))\nexcept OSError: pass",
    "write": "try:\n    open(os.path.join(sys.path[-1], 'x'), 'w')\nexcept OSError: pass",
    "program": "try:\n    subprocess.run(['true'])\nexcept OSError: pass",
    "shell": "os.system('true')",
}


def _shapes(pattern: str) -> ShapesGraph:
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> ."
    text = f'{prefix}\n<urn:s> sh:targetNode <urn:x> ; sh:property <urn:q> .\n<urn:q> sh:path <urn:p> ; sh:pattern "{pattern}" .'
    return read_shapes("s.ttl", text.encode())


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = make_engine("pyshacl", 3)
    yield made
    made.close()


@pytest.mark.slow
def test_run_is_ended_from_outside_and_the_next_one_goes_on(engine: Engine) -> None:
    engine.run(TEXT, _shapes("^a"))  # pySHACL is imported by now
    with pytest.raises(TimeoutEngineError, match="it was ended after 3 seconds"):
        engine.run(TEXT, _shapes("^(a+)+b"))
    assert engine.run(TEXT, _shapes("^b")) != ()


def test_results_are_the_same_in_another_thread(engine: Engine) -> None:
    with ThreadPoolExecutor() as pool:
        assert pool.submit(engine.run, TEXT, _shapes("^b")).result(timeout=60) == engine.run(TEXT, _shapes("^b")) != ()


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_confined_process_is_ended_where_it_reaches_out(attempt: str) -> None:
    done = subprocess.run([sys.executable, "-c", CONFINED.format(attempt)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (77, ""), done.stderr


def test_confined_process_still_imports() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED.format("import sqlite3, html.parser")],
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "went on\n"), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_kernel_refuses_what_python_does_not_see() -> None:
    code = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
from exporter.validation.engines import confining
confining._filter_calls()
print(libc.socket(2, 1, 0), ctypes.get_errno())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "-1 13\n", done.stderr


def test_query_that_the_check_would_refuse_reaches_nothing(engine: Engine) -> None:
    text = """@prefix sh: <http://www.w3.org/ns/shacl#> .
    <urn:s> a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ; sh:select
      "SELECT ?this WHERE { ?this ?p ?a FILTER(?a<'x>' ) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #'\\n}" ] ."""
    with pytest.raises(EngineError, match="reach for the network"):
        engine.run(TEXT, read_shapes("s.ttl", text.encode()), advanced=True)
