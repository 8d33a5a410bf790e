"""Signals at random moments and in bursts: one line, the right status, the old file or the new one, and nothing left behind.

The moment is drawn from the round's chance, but what the process does then depends on the machine: a round is as repeatable as time is.
A signal is sent only when the process handles signals; what Python does of one while it starts is not ours.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import write_records
from tests.crashes.kill import living
from tests.fuzz.harness import Finding, Rounds
from tests.running import MEDIGY, OWLTYPE, PATIENCE, ROOT, clean_environment

SMOKE = 6
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LINES = {signal.SIGINT: "owltype: interrupted", signal.SIGTERM: "owltype: terminated", signal.SIGHUP: "owltype: hung up"}
_GRACE = 5.0  # seconds that processes have to go


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Start a command over an older output, and send it signals."""
    scene = Scene(rounds.folder)
    seconds: dict[str, float] = {}
    for chance in rounds:
        name = chance.choice(list(_COMMANDS))
        scene.clear()
        if name not in seconds:
            seconds[name] = scene.time(name)
            scene.clear()
        shot = Shot(
            name,
            tuple(chance.choice(_SIGNALS) for _ in range(chance.choice([1, 1, 2, 4, 8]))),
            chance.random() < 0.5,
            chance.uniform(0, seconds[name]),
            chance.choice([0, 0.0001, 0.002]),
        )
        for fault, detail in scene.shoot(shot):
            yield Finding(f"{name}: {fault}", f"{shot}\n{detail}")


@dataclass(frozen=True, slots=True)
class Shot:
    """What is sent when: the signals one after the other with pauses between them, to the process or to its whole group."""

    command: str
    signals: tuple[signal.Signals, ...]
    group: bool
    moment: float
    pause: float


_COMMANDS: dict[str, Sequence[str]] = {
    "export": ("export", "{in}", "-o", "{out}/graph.ttl", "-j1", "-q"),
    "export few": ("export", "{few}", "-o", "{out}/graph.ttl", "-q"),
    "export few --split": ("export", "{few}", "-o", "{out}/split", "--split", "record", "-q"),
    "export -j2": ("export", "{in}", "-o", "{out}/graph.ttl", "-j2", "-q"),
    "export --split": ("export", "{in}", "-o", "{out}/split", "--split", "record", "-q"),
    "export --store": ("export", "{in}", "--store", "{out}/store", "-q"),
    "validate": ("validate", "{in}", "--engine", "shacl", "--report", "json:{out}/report.json", "--exit-zero", "-q"),
    "validate pyshacl": ("validate", "{few}", "--engine", "pyshacl", "--report", "json:{out}/report.json", "--exit-zero", "-q"),
    "query": ("query", "-d", "{in}", "SELECT ?s {{ ?s ?p ?o }}", "-o", "{out}/answer.csv", "--results-format", "csv", "-q"),
}


class Scene:
    """Records, a folder of outputs that stand, and a folder for temporary files."""

    def __init__(self, work: Path) -> None:
        self.places = {"in": work / "in", "few": work / "few", "out": work / "out"}
        self.temporary = work / "tmp"
        write_records(self.places["in"], 400)
        write_records(self.places["few"], 3)

    def clear(self) -> None:
        """Put the old outputs back."""
        for folder in (self.places["out"], self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for name in ("graph.ttl", "report.json", "answer.csv"):
            (self.places["out"] / name).write_text("old\n")

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own."""
        arguments = [part.format(**self.places) for part in _COMMANDS[name]]
        ontology = ["--ontology", str(MEDIGY)]
        environment = clean_environment({"TMPDIR": str(self.temporary)})
        return subprocess.Popen(
            [*OWLTYPE, *arguments, *ontology],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def time(self, name: str) -> float:
        """Run a command undisturbed, from the moment when it handles signals."""
        process = self.start(name)
        _await_handler(process)
        start = time.monotonic()
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors.decode()
        return time.monotonic() - start

    def shoot(self, shot: Shot) -> Iterator[tuple[str, str]]:
        """Run a command, send the signals, and say what is wrong afterwards."""
        process = self.start(shot.command)
        _await_handler(process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(shot.moment)
        for each in shot.signals:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if shot.group else os.kill)(process.pid, each)
            time.sleep(shot.pause)
        try:
            _, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            yield "it does not end", process.communicate()[1].decode(errors="replace")
            return
        said = errors.decode(errors="replace")
        yield from _faults_of_end(process.returncode, said, shot)
        yield from self._faults_left(process.pid, said)

    def _faults_left(self, session: int, said: str) -> Iterator[tuple[str, str]]:
        end = time.monotonic() + _GRACE
        while living(session) and time.monotonic() < end:
            time.sleep(0.01)
        if left := living(session):
            os.killpg(session, signal.SIGKILL)
            yield "processes are left", f"{left}\n{said}"
        out = self.places["out"]
        strays = [path.name for path in (*out.rglob("*.owltype-tmp"), *out.glob("store/new"), *self.temporary.iterdir())]
        if strays:
            yield "temporary files are left", f"{strays}\n{said}"
        for name in ("graph.ttl", "report.json", "answer.csv"):
            text = (out / name).read_bytes()
            if text != b"old\n" and not _is_whole(name, text):
                yield "a file is neither the old nor the new one", f"{name}\n{text[-200:]!r}"


def _faults_of_end(status: int, said: str, shot: Shot) -> Iterator[tuple[str, str]]:
    """A run that ended before the signal came has status 0, and says what it has to say of the records."""
    allowed = {128 + each: _LINES[each] for each in shot.signals}
    if status == 0 and "Traceback" not in said and "owltype: " not in said:
        return
    if status not in allowed:
        yield f"status {status}", said
    elif "Traceback" in said or not said.rstrip().endswith(allowed[status]) or said.count("owltype: ") > 1:
        yield "other words than one line", said


def _is_whole(name: str, text: bytes) -> bool:
    ends = {"graph.ttl": b" .\n", "report.json": b"}\n", "answer.csv": b"\n"}
    return text.endswith(ends[name])


def _await_handler(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process handles SIGTERM, or has ended."""
    bit = 1 << (signal.SIGTERM - 1)
    while process.poll() is None:
        with contextlib.suppress(OSError, IndexError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            if int(status.split("SigCgt:")[1].split()[0], 16) & bit:
                return
        time.sleep(0.001)
