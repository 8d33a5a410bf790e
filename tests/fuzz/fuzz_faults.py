"""Streams that are closed, full or without a reader, few resources, odd surroundings: the product is written, or one sentence says why not.

A fault that a command does not need to notice changes neither its product nor its status: a full disk behind standard error, a closed
standard output where the product goes to a file, a locale without the letters of a message.
"""

from __future__ import annotations

import random
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import write_records
from tests.fuzz.harness import Finding, Rounds
from tests.running import MEDIGY, OWLTYPE, PATIENCE, clean_environment

SMOKE = 12
_FAULTY = "---\nowlType: Medigy Communities\ntitle: [\n---\n"

_COMMANDS = {
    "export to a file": "export {in} -o {out}/product --ontology {ontology} -f ttl",
    "export with workers": "export {many} -o {out}/product --ontology {ontology} -f nt -j2",
    "export": "export {in} -o - --ontology {ontology} -f nt",
    "validate": "validate {in} --ontology {ontology} --output-format concise",
    "validate with a report": "validate {in} --ontology {ontology} --report json:{out}/product",
    "validate with pyshacl": "validate {in} --ontology {ontology} --engine pyshacl --output-format concise",
    "query": "query -d {in} --ontology {ontology} 'SELECT ?s {{ ?s a ?c }} ORDER BY ?s' --results-format csv",
    "query to a file": "query -d {in} --ontology {ontology} 'SELECT ?s {{ ?s a ?c }} ORDER BY ?s' --results-format csv -o {out}/product",
    "coverage": "coverage {in} --ontology {ontology}",
    "gen": "gen context --ontology {ontology} -o {out}/product",
    "explain": "explain MAP-DATATYPE",
    "help": "--help",
    "wrong": "export {in} --no-such-option",
}
_STREAMS = {"closed": "{}>&-", "full": "{}>/dev/full", "unread": "{}> >(exec true)"}
_LIMITS = ("ulimit -n {files}", "ulimit -v {memory}", "ulimit -f {blocks}")
_SURROUNDINGS = (
    "export TMPDIR=/nowhere/at/all",
    "unset HOME",
    "unset PATH",
    "export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0",
    "export PYTHONIOENCODING=ascii",
    "export LC_ALL=en_US.ISO-8859-1 LANG=",
    "export TERM=dumb COLUMNS=1",
    "mkdir gone && cd gone && rmdir ../gone",
    "exec <&-",
    "umask 777",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A command and what happens to it: redirections of its streams by number, and lines of shell before it."""

    command: str
    streams: dict[int, str]
    before: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Tell whether the surroundings may end the command: a limit, or a current folder that is gone."""
        return any(line.startswith(("ulimit", "umask", "mkdir gone")) for line in self.before)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: what is in the product's file is None where there is none."""

    status: int
    output: bytes
    errors: str
    product: bytes | None


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Run a command under faults, and compare with a run without any."""
    scene = Scene(rounds.folder)
    plain: dict[str, Ended] = {}
    for chance in rounds:
        run = draw(chance)
        if run.command not in plain:
            plain[run.command] = scene.run(Run(run.command, {}, ()))
        ended = scene.run(run)
        for fault in faults(run, ended, plain[run.command]):
            yield Finding(f"{fault}: {run.command}, {_name(run)}", f"{run}\nstatus {ended.status}\n{ended.errors}")
        if strays := [path.name for path in scene.out.iterdir() if path.name != "product"]:
            yield Finding(f"a temporary file is left: {run.command}, {_name(run)}", f"{run}\n{strays}")


def draw(chance: random.Random) -> Run:
    """Draw a command and its faults."""
    streams = {number: chance.choice(list(_STREAMS)) for number in (1, 2) if chance.random() < 0.5}
    before = tuple(line for line in _SURROUNDINGS if chance.random() < 0.15)
    if chance.random() < 0.3:
        limit = chance.choice(_LIMITS)
        before += (limit.format(files=chance.randint(4, 40), memory=chance.randint(60_000, 900_000), blocks=chance.choice([0, 1, 8])),)
    return Run(chance.choice(list(_COMMANDS)), streams, before)


class Scene:
    """Records, one of them faulty, and a folder for products."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.out = work / "out"
        write_records(work / "in", 5)
        write_records(work / "many", 200)
        (work / "in" / "caf\u00e9.md").write_text(_FAULTY, "utf-8")

    def run(self, run: Run) -> Ended:
        """Run a command, as a shell would, over an older product."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        (self.out / "product").write_bytes(b"old\n")
        places = {name: self.work / name for name in ("in", "many", "out")}
        command = _COMMANDS[run.command].format(**places, ontology=MEDIGY)
        redirected = " ".join(_STREAMS[kind].format(number) for number, kind in run.streams.items())
        script = "\n".join([*run.before, f"exec {shlex.join(OWLTYPE)} {command} {redirected}"])
        output, errors = self.work / "stdout", self.work / "stderr"
        with output.open("wb") as out, errors.open("wb") as err:
            done = subprocess.run(
                ["/bin/bash", "-c", script],
                cwd=self.work,
                env=clean_environment({"PYTHONDONTWRITEBYTECODE": "1"}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=PATIENCE,
                check=False,
            )
        product = self.out / "product"
        return Ended(
            done.returncode, output.read_bytes(), errors.read_text("utf-8", "replace"), product.read_bytes() if product.exists() else None
        )


def faults(run: Run, ended: Ended, plain: Ended) -> Iterator[str]:
    """Say what is wrong with how a run ended."""
    if _is_before_us(ended):
        return
    for word in ("Traceback", "internal error", "Exception ignored", "Error:\n"):
        if word in ended.errors:
            yield word.strip()
    if ended.product not in {b"old\n", plain.product}:
        yield "a product that is neither the old nor the new one"
    if ended.status == 2 and 2 not in run.streams and not any("-f" in line for line in run.before) and not ended.errors.strip():
        yield "status 2 without a word"
    yield from _faults_of_status(run, ended, plain)


def _faults_of_status(run: Run, ended: Ended, plain: Ended) -> Iterator[str]:
    needed = 1 in run.streams and plain.output != b""
    if run.is_short:
        if ended.status not in {plain.status, 1, 2, 141}:
            yield f"status {ended.status}"
    elif needed and run.streams[1] == "unread":
        if ended.status not in {141, plain.status}:
            yield f"status {ended.status} where nobody reads standard output"
    elif needed:
        if ended.status != 2:
            yield f"status {ended.status} where standard output can't be written"
    elif ended.status != plain.status:
        yield f"status {ended.status} instead of {plain.status}"
    elif ended.product != plain.product:
        yield "no product"


def _is_before_us(ended: Ended) -> bool:
    """Tell whether Python or the shell gave up before our code ran, or a library of C or Rust ended the process for want of memory."""
    signs = ("Fatal Python error", "error while loading shared libraries", "/bin/bash: ", "memory allocation of", "cannot allocate memory")
    return any(sign in ended.errors for sign in signs) or ("Traceback" in ended.errors and "exporter/" not in ended.errors)


def _name(run: Run) -> str:
    kinds = [f"{number} {kind}" for number, kind in run.streams.items()]
    return ", ".join([*kinds, *(" ".join(line.split()[:2]) for line in run.before)]) or "nothing"
