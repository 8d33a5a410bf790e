"""Closed, full and unread streams: `python -m tests.fuzz --only faults` tries more, and with other faults."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from benchmarks.records import write_records
from tests.running import MEDIGY, OWLTYPE, PATIENCE, clean_environment


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams") / "records"
    write_records(folder, 2)
    return folder


def shell(command: str, folder: Path, redirections: str) -> tuple[int, str, str]:
    """Run owltype as a shell does; what the redirections leave of the two streams is given after the status."""
    line = f"{shlex.join(OWLTYPE)} {command} --ontology {shlex.quote(str(MEDIGY))} {redirections}"
    done = subprocess.run(
        ["/bin/bash", "-c", line], cwd=folder, env=clean_environment({}), capture_output=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "redirections", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full 2>/dev/full", "2> >(exec true)"]
)
def test_a_product_that_goes_to_a_file_is_written_whatever_the_streams_are(records: Path, tmp_path: Path, redirections: str) -> None:
    output = tmp_path / "graph.nt"
    status, _, errors = shell(f"export {records} -o {output}", tmp_path, redirections)
    assert status == 0
    assert "Traceback" not in errors
    assert output.read_bytes().endswith(b" .\n")


@pytest.mark.parametrize(("redirection", "reason"), [(">&-", "it is closed"), (">/dev/full", "no space left on device")])
@pytest.mark.parametrize(
    "command", ["export {} -f nt", "query -d {} 'ASK {{ ?s ?p ?o }}'", "coverage {}", "validate {} --output-format json"]
)
def test_a_product_that_can_not_be_written_is_a_sentence(
    records: Path, tmp_path: Path, command: str, redirection: str, reason: str
) -> None:
    status, _, errors = shell(command.format(records), tmp_path, redirection)
    assert status == 2
    last = errors.splitlines()[-1].replace('"', "")
    assert last == f"owltype: can't write standard output: {reason}"


def test_a_current_folder_that_is_gone_is_a_sentence(records: Path, tmp_path: Path) -> None:
    line = f"mkdir gone && cd gone && rmdir ../gone && exec {shlex.join(OWLTYPE)} coverage {records}"
    done = subprocess.run(["/bin/bash", "-c", line], cwd=tmp_path, env=clean_environment({}), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"owltype: the current folder does not exist any more: go to another one\n")


def test_what_an_encoding_lacks_is_escaped(tmp_path: Path) -> None:
    environment = clean_environment({"PYTHONIOENCODING": "latin-1"})
    command = [*OWLTYPE, "coverage", "ガ.md", "--ontology", str(MEDIGY)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.stderr == b'owltype: "\\u30ac.md": no such file or directory\n'
