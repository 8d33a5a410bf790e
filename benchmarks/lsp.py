"""Measure `owltype lsp` as an editor feels it: from a keystroke to its diagnostics, from the start to the first answer, and memory.

    python -m benchmarks.lsp                 # 5,000 records, a minute
    python -m benchmarks.lsp --size 300 --keystrokes 50

The client is a program that writes messages to the server's standard input, with nothing between. One of the records is given 120 keys,
and a value of it is typed character by character. The floor beside it is an echo: the same messages to a process that answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.records import write_records
from benchmarks.systems import ENVIRONMENT

ROOT = Path(__file__).parents[1]
_KEYS = 120
_ECHO = """
import json, sys
inp, out = sys.stdin.buffer, sys.stdout.buffer
while True:
    length = 0
    while (line := inp.readline()).strip():
        length = int(line.partition(b":")[2]) if line.lower().startswith(b"content-length") else length
    if not length:
        break
    message = json.loads(inp.read(length))
    if "id" in message:
        said = {"jsonrpc": "2.0", "id": message["id"], "result": {"capabilities": {}}}
    elif message["method"].endswith("didChange") or message["method"].endswith("didOpen"):
        document = message["params"]["textDocument"]
        params = {"uri": document["uri"], "version": document["version"], "diagnostics": []}
        said = {"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params}
    else:
        continue
    body = json.dumps(said).encode()
    out.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    out.flush()
"""


class Client:
    """Talks to a server, one message after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._numbers = iter(range(1, 1_000_000))

    def send(self, method: str, params: object, *, asks: bool = False) -> Any:  # noqa: ANN401 - whatever it answers
        """Send a notification, or ask and wait for the answer."""
        message: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
        if asks:
            message["id"] = next(self._numbers)
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        while asks:
            answer = self.receive()
            if answer.get("id") == message["id"] and "method" not in answer:
                return answer.get("result")
        return None

    def receive(self) -> dict[str, Any]:
        """Wait for the next message; a request of the server is answered with nothing."""
        stream = self.process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            if line.lower().startswith(b"content-length"):
                length = int(line.partition(b":")[2])
        message: dict[str, Any] = json.loads(stream.read(length))
        if "id" in message and "method" in message:
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode()
            assert self.process.stdin is not None
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()
        return message

    def diagnostics(self, uri: str, version: int) -> list[Any]:
        """Wait for the problems of a version of a buffer."""
        while True:
            message = self.receive()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri and params.get("version") == version:
                return list(params["diagnostics"])


@contextmanager
def started(command: Sequence[str], folder: Path) -> Iterator[Client]:
    """Start a server in a folder."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env={**os.environ, **ENVIRONMENT})
    try:
        yield Client(process)
    finally:
        process.kill()
        process.wait()


def begin(client: Client, folder: Path) -> float:
    """Open a folder, and give the seconds that it took."""
    begun = time.perf_counter()
    client.send("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}, asks=True)
    client.send("initialized", {})
    return time.perf_counter() - begun


def type_into(client: Client, uri: str, text: str, count: int) -> list[float]:
    """Type a value of a record character by character, and give the milliseconds until its problems were there."""
    client.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "markdown", "version": 0, "text": text}})
    client.diagnostics(uri, 0)
    spent = []
    word = "A title that is typed character by character, as people do it, and then once more from the start. "
    for version in range(1, count + 1):
        typed = text.replace("title: ", f"title: {word[: version % len(word)].strip() or 'A'} ", 1)
        start = time.perf_counter()
        client.send("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": typed}]})
        client.diagnostics(uri, version)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def memory(process: subprocess.Popen[bytes]) -> float:
    """Give the megabytes (10⁶ bytes) that a process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def make_workspace(folder: Path, size: int) -> Path:
    """Write records with settings beside them, one of them with many keys, and give that one."""
    write_records(folder / "content", size)
    (folder / "owltype.toml").write_text(f'paths = ["content"]\nontology = "{ROOT / "ontology"}"\nshapes = "{ROOT / "shapes"}"\n', "utf-8")
    record = sorted((folder / "content").rglob("*.md"))[size // 2]
    more = "".join(f"further{number}: value {number}\n" for number in range(_KEYS - record.read_text("utf-8").count("\n", 0, 2000)))
    record.write_text(record.read_text("utf-8").replace("---\n", f"---\n{more}", 1), "utf-8")
    return record


def first_answer(command: Sequence[str], folder: Path, record: Path) -> float:
    """Give the seconds from the start of a process to its first answer: the keys that may stand at the end of a record's front matter."""
    text = record.read_text("utf-8")
    line = text[: text.index("\n---\n", 4)].count("\n") + 1
    begun = time.perf_counter()
    with started(command, folder) as client:
        begin(client, folder)
        text = text.replace("\n---\n", "\n\n---\n", 1)
        document = {"uri": record.as_uri(), "languageId": "markdown", "version": 0, "text": text}
        client.send("textDocument/didOpen", {"textDocument": document})
        asked = {"textDocument": {"uri": record.as_uri()}, "position": {"line": line, "character": 0}}
        client.send("textDocument/completion", asked, asks=True)
        return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--keystrokes", type=int, default=300)
    options = parser.parse_args(arguments)
    ours, echo = [sys.executable, "-m", "exporter", "lsp"], [sys.executable, "-c", _ECHO]
    with tempfile.TemporaryDirectory(prefix="owltype-lsp-") as name:
        folder = Path(name)
        record = make_workspace(folder, options.size)
        subprocess.run(
            [sys.executable, "-m", "exporter", "validate", "--exit-zero"],
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, **ENVIRONMENT},
        )
        firsts = [first_answer(ours, folder, record) for _ in range(5)]
        rows = []
        for label, command in (("owltype lsp", ours), ("an echo", echo)):
            with started(command, folder) as client:
                begin(client, folder)
                spent = type_into(client, record.as_uri(), record.read_text("utf-8"), options.keystrokes)
                held = memory(client.process)
            rows.append((label, statistics.median(spent), statistics.quantiles(spent, n=20)[-1], max(spent), held))
    print(f"{options.size:,} records, a record of {_KEYS} keys, {options.keystrokes} keystrokes")
    print("| | median ms | p95 ms | worst ms | memory MB |\n|---|--:|--:|--:|--:|")
    for label, *numbers in rows:
        print(f"| {label} | " + " | ".join(f"{number:.1f}" for number in numbers) + " |")
    print(f"start to the first answer: {statistics.median(firsts):.2f} s (median of {len(firsts)}), {max(firsts):.2f} s at most")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
