"""The programs that ours starts: a Python of our own, and git. Neither may run what lies in the folder that is read (docs/security.md)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from exporter.errors import UsageError
from exporter.system.search_path import search_path
from exporter.text import quote


def own_python() -> str:
    """Give the Python that runs this program."""
    return sys.executable


def python_command(module: str, arguments: Sequence[str] = ()) -> list[str]:
    """Give the command that runs `main()` of one of our modules in a new Python; `sys.argv[1:]` there are the arguments.

    It looks for modules where this process does but for the current folder, and heeds no `PYTHON…` variable, no user's site folder
    and no `-m` (option `-I`): what those would add to the search path is in ours already, or was taken off it on purpose.

    >>> python_command("exporter.sparql.processes.fork_server", ["7"])[-2:]
    ["import sys; sys.path[:] = [...]; from exporter.sparql.processes.fork_server import main; main()", '7']
    """
    # Written out in ASCII: a path that is not valid UTF-8 has surrogates, which `-c` refuses.
    start = f"import sys; sys.path[:] = {search_path()!a}; from {module} import main; main()"
    return [sys.executable, "-I", *_options(), "-c", start, *arguments]


def _options() -> list[str]:
    """Pass on what `-I` would make the new Python forget."""
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    prefix = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    return [*bytecode, *prefix, "-X", f"utf8={sys.flags.utf8_mode}"]


_GIT_OPTIONS = (
    *("-c", "core.fsmonitor=false"),  # a program that says what was changed
    *("-c", f"core.hooksPath={os.devnull}"),  # git runs a hook when it has written its index
    *("-c", "safe.bareRepository=explicit"),  # a folder in the work tree that looks like a repository has settings of its own
)
_GIT_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",  # reading writes no index
    "GIT_NO_LAZY_FETCH": "1",  # a missing object is not fetched: a remote's settings name programs, too
    "GIT_ALLOW_PROTOCOL": "none",  # as above, for a git older than 2.45
    "GIT_TERMINAL_PROMPT": "0",
}
_NAMES_A_PROGRAM = re.compile(r"filter\..*\.(?:clean|smudge|process|required)|diff\.(?:.*\.)?(?:command|textconv|external)", re.DOTALL)


class Git:
    """The git on the path, for a work tree that may be a stranger's: no program that the work tree's own settings name is run.

    A work tree that was unpacked brings its `.git/config`. The programs there that see files before they are compared have names
    that only the settings tell, so these are listed first, which runs nothing, and emptied.
    """

    def __init__(self, folder: str | Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        absolute = [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(entry).is_absolute()]
        self._program = shutil.which("git", path=os.pathsep.join(absolute))
        self._emptied: tuple[str, ...] = ()
        self._emptied = self._programs()

    def _programs(self) -> tuple[str, ...]:
        listed = self.run("config", "--list", "--show-scope", "--name-only", "-z")
        if listed.returncode:  # broken settings, or a git before 2.26: what they name is not known
            said = " ".join(listed.stderr.decode(errors="replace").split()).removeprefix("fatal: ")
            raise UsageError(f"the settings of this git work tree can't be listed: {said}")
        words = listed.stdout.decode(errors="surrogateescape").split("\0")
        own = sorted({name for scope, name in zip(words[::2], words[1::2], strict=False) if scope in {"local", "worktree"}})
        named = [name for name in own if _NAMES_A_PROGRAM.fullmatch(name)]
        if wrong := [name for name in named if "=" in name]:  # `-c` takes what stands behind the first one for the value
            raise UsageError(f"the settings of this git work tree name a program as {quote(wrong[0])}, which can't be set aside")
        return tuple(part for name in named for part in ("-c", f"{name}="))

    def run(self, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run one command of git's, which reads `data`. Raises FileNotFoundError without git, and subprocess.TimeoutExpired."""
        if self._program is None:
            raise FileNotFoundError("git")
        return subprocess.run(  # noqa: S603 - git, no shell
            [self._program, *_GIT_OPTIONS, *self._emptied, *arguments],
            cwd=self._folder,
            env={**os.environ, **_GIT_VARIABLES},
            input=data,
            capture_output=True,
            check=False,
            timeout=self._seconds,
        )
